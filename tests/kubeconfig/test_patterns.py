import pytest

from kubectl_ns_tools.errors import NotFound
from kubectl_ns_tools.kubeconfig.patterns import matching, meant_by

NAMES = ["Prod-eu", "prod-us", "dev", "dev-eu", "a*", "ab", "[x]", "straße"]


@pytest.mark.parametrize(
    ("patterns", "found"),
    [
        (["dev"], ["dev"]),
        (["prod-*"], ["prod-us"]),
        (["*"], sorted(NAMES)),
        (["*-eu", "dev*"], ["Prod-eu", "dev", "dev-eu"]),
        (["a*"], ["a*"]),
        (["[x]"], ["[x]"]),
        (["?b"], ["ab"]),
        ([], []),
    ],
)
def test_names_and_globs_of_the_whole_name(patterns: list[str], found: list[str]) -> None:
    assert matching(patterns, NAMES) == found


@pytest.mark.parametrize("pattern", ["prod", "DEV", "x", ""])
def test_a_pattern_for_nothing_is_an_error(pattern: str) -> None:
    with pytest.raises(NotFound, match=f'no context matches "{pattern}"'):
        matching(["dev", pattern], NAMES)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("dev", ["dev"]),
        ("a*", ["a*"]),
        ("*-eu", ["Prod-eu", "dev-eu"]),
        ("PROD", ["Prod-eu", "prod-us"]),
        ("v-", ["dev-eu"]),
        ("STRASSE", ["straße"]),
        ("[x", ["[x]"]),
        ("nothing", []),
    ],
)
def test_a_word_is_a_name_a_glob_or_a_part(word: str, meant: list[str]) -> None:
    assert meant_by(word, NAMES) == meant
