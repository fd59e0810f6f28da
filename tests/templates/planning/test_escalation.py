import pytest

from kubectl_ns_tools.cluster.permissions import Rules
from kubectl_ns_tools.templates.planning.escalation import uncovered


def rule(verbs: str, groups: str = "", resources: str = "pods", names: str = "") -> dict[str, list[str]]:
    found = {"verbs": verbs.split(), "apiGroups": groups.split(","), "resources": resources.split()}
    return found | ({"resourceNames": names.split()} if names else {})


def beyond(wanted: dict[str, list[str]], *own: dict[str, list[str]]) -> list[str]:
    return list(uncovered([wanted], Rules(own, (), True)))


@pytest.mark.parametrize(
    ("wanted", "own"),
    [
        (rule("get list"), [rule("get"), rule("list")]),
        (rule("get"), [rule("*", "*", "*")]),
        (rule("*", "*", "*"), [rule("*", "*", "*")]),
        (rule("get", resources="pods/log"), [rule("get", resources="pods/log")]),
        (rule("get", resources="pods/log"), [rule("get", resources="*/log")]),
        (rule("get", names="a"), [rule("get")]),
        (rule("get", names="a b"), [rule("get", names="a"), rule("get", names="b")]),
        (rule("get", "apps,batch", "jobs"), [rule("get", "apps,batch", "jobs")]),
    ],
)
def test_rights_that_one_holds(wanted: dict[str, list[str]], own: list[dict[str, list[str]]]) -> None:
    assert beyond(wanted, *own) == []


@pytest.mark.parametrize(
    ("wanted", "own", "lacking"),
    [
        (rule("get delete"), [rule("get")], ["delete pods"]),
        (rule("*"), [rule("get list watch create update patch delete")], ["* pods"]),
        (rule("get", resources="pods/log"), [rule("get")], ["get pods/log"]),
        (rule("get"), [rule("get", names="a")], ["get pods"]),
        (rule("get", names="a b"), [rule("get", names="a")], ["get pods b"]),
        (rule("get", "apps", "deployments"), [rule("get", "", "*")], ["get deployments.apps"]),
    ],
)
def test_rights_that_one_does_not_hold(
    wanted: dict[str, list[str]], own: list[dict[str, list[str]]], lacking: list[str]
) -> None:
    assert beyond(wanted, *own) == lacking


def test_urls_that_are_no_resources() -> None:
    own = Rules((), ({"verbs": ["get"], "nonResourceURLs": ["/healthz", "/logs/*"]},), True)
    wanted = {"verbs": ["get"], "nonResourceURLs": ["/healthz", "/logs/a", "/metrics"]}
    assert list(uncovered([wanted], own)) == ["get /metrics"]


def test_malformed_rules_grant_nothing() -> None:
    assert beyond({"verbs": "get"}, {}) == []  # type: ignore[dict-item]
