from typing import Any

import pytest

from kubectl_ns_tools.deletion.hazards.selectors import as_query, is_empty, matches, names_given

NAME = "kubernetes.io/metadata.name"


def expression(key: str, operator: str, *values: str) -> dict[str, Any]:
    return {"matchExpressions": [{"key": key, "operator": operator, "values": list(values)}]}


@pytest.mark.parametrize(
    ("selector", "wanted"),
    [
        (None, True),
        ({}, True),
        ({"matchLabels": None, "matchExpressions": None}, True),
        ({"matchLabels": {"a": "1"}}, True),
        ({"matchLabels": {"a": "2"}}, False),
        ({"matchLabels": {"b": "1"}}, False),
        (expression("a", "In", "1", "2"), True),
        (expression("a", "In", "2"), False),
        (expression("b", "In", "1"), False),
        (expression("a", "NotIn", "1"), False),
        (expression("b", "NotIn", "1"), True),
        (expression("a", "Exists"), True),
        (expression("b", "Exists"), False),
        (expression("a", "DoesNotExist"), False),
        (expression("b", "DoesNotExist"), True),
        (expression("a", "Wishes"), False),
    ],
)
def test_labels_match_as_in_kubernetes(selector: Any, wanted: bool) -> None:
    assert matches(selector, {"a": "1"}) is wanted


def test_a_query_says_the_same() -> None:
    terms = [("a", "In", "1", "2"), ("b", "NotIn", "3"), ("c", "Exists"), ("d", "DoesNotExist")]
    expressions = [each for term in terms for each in expression(*term)["matchExpressions"]]
    selector = {"matchLabels": {"x": "y"}, "matchExpressions": expressions}
    assert as_query(selector) == "x=y,a in (1,2),b notin (3),c,!d"


def test_an_empty_selector_has_nothing_to_select_by() -> None:
    assert is_empty(None)
    assert is_empty({"matchLabels": {}, "matchExpressions": []})
    assert not is_empty(expression("a", "Exists"))


def test_namespaces_named_one_by_one() -> None:
    assert names_given({"matchLabels": {NAME: "blue"}}) == {"blue"}
    assert names_given(expression(NAME, "In", "blue", "green")) == {"blue", "green"}
    assert names_given(expression(NAME, "NotIn", "blue")) == set()
    assert names_given({"matchLabels": {"team": "blue"}}) == names_given(None) == set()
