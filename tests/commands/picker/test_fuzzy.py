import pytest

from kubectl_ns_tools.commands.picker.fuzzy import Text, places, ranked


def found(query: str, *names: str) -> list[str]:
    return [names[index] for index in ranked(query, [Text(name) for name in names], range(len(names)))]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("prod", ["prod-eu", "p-r-o-d"]),
        ("prod", ["eu-prod", "approd"]),
        ("eu", ["prod-eu", "museum", "e-u", "e--u"]),
        ("pe", ["pepper", "apex", "prod-eu", "x-p1-x-e1"]),
        ("prd", ["prd-long-name", "eu-p-r-d", "prod"]),
        ("adm", ["adm", "admin", "kubernetes-admin@kubernetes"]),
        ("PROD", ["Prod", "my-prod"]),
        ("eu prod", ["prod-eu", "prod-museum"]),
        ("-eu", ["x-eu", "x-e-u"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_better_fit_comes_first(query: str, names: list[str]) -> None:
    assert found(query, *reversed(names)) == names
    assert found(query, *names) == names


def test_letters_must_be_there_in_their_order() -> None:
    assert found("ba", "ab", "abc", "b", "a") == []
    assert found("aab", "ab", "aab") == ["aab"]


def test_each_word_must_fit() -> None:
    assert found("prod eu", "prod-eu", "eu-prod", "prod", "eu") == ["prod-eu", "eu-prod"]


def test_of_equals_the_shorter_and_then_the_earlier_comes_first() -> None:
    assert found("x", "x-bbb", "x-aaa", "x-a") == ["x-a", "x-bbb", "x-aaa"]


def test_only_those_asked_for_are_looked_at() -> None:
    texts = [Text(name) for name in ("a1", "a2", "a3")]
    assert ranked("a", texts, [2, 0]) == [0, 2]


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("eu", "museum-eu", [7, 8]),
        ("use", "museum", [1, 2, 3]),
        ("me", "museum-eu", [0, 7]),
        ("mm", "museum", [0, 5]),
        ("eu mu", "museum-eu", [0, 1, 7, 8]),
        ("日", "x日本", [1]),
        ("i", "İi", [1]),
        ("pd", "ppd", [1, 2]),
    ],
)
def test_the_letters_that_fit_can_be_marked(query: str, text: str, marked: list[int]) -> None:
    assert sorted(places(query, Text(text))) == marked
