import pytest

from kubectl_ns_tools.deletion.hazards.wording import doing, form, label, some

NAMES = ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("number", "text"), [(1, "a"), (2, "a and b"), (3, "a, b and c"), (4, "a, b, c and 1 more")]
)
def test_names_are_counted_after_the_third(number: int, text: str) -> None:
    assert some(NAMES[:number]) == text


def test_words_follow_the_number() -> None:
    assert (doing(NAMES[:1], "is", "are"), doing(NAMES[:2], "is", "are")) == ("a is", "a and b are")
    assert (form(NAMES[:1], "it", "them"), form(NAMES, "it", "them")) == ("it", "them")


@pytest.mark.parametrize(
    ("api_version", "kind", "text"),
    [("v1", "Service", "service/x"), ("apps/v1", "Deployment", "deployment.apps/x")],
)
def test_objects_are_called_as_kubectl_does(api_version: str, kind: str, text: str) -> None:
    assert label({"apiVersion": api_version, "kind": kind, "metadata": {"name": "x"}}) == text
