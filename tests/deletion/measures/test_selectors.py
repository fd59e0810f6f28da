import pytest

from kubectl_ns_tools.cluster.discovery import BrokenGroup, Discovery, Resource
from kubectl_ns_tools.deletion.measures.selectors import parse
from kubectl_ns_tools.errors import NotFound, NsToolsError, Refused
from tests.deletion.builders import configmap, deployment, event, pod

VERBS = frozenset({"delete", "list"})
DISCOVERY = Discovery(
    (
        Resource("", "v1", "configmaps", "ConfigMap", True, VERBS, ("cm",), "configmap"),
        Resource("", "v1", "events", "Event", True, VERBS, ("ev",), "event"),
        Resource("", "v1", "nodes", "Node", False, VERBS, ("no",), "node"),
        Resource("", "v1", "pods", "Pod", True, VERBS, ("po",), "pod", ("all",)),
        Resource("apps", "v1", "deployments", "Deployment", True, VERBS, ("deploy",), "deployment", ("all",)),
        Resource("events.k8s.io", "v1", "events", "Event", True, VERBS, ("ev",), "event"),
    ),
    (BrokenGroup("ill.example.com/v1", "stale"),),
)
THERE = [configmap("a"), configmap("tmp-1"), deployment("web"), event("e"), pod("web-1")]


@pytest.mark.parametrize(
    ("argument", "picked"),
    [
        ("deploy", ["web"]),
        ("Deployment", ["web"]),
        ("deployments.apps", ["web"]),
        ("deployments.v1.apps/web", ["web"]),
        ("deployment.apps/web", ["web"]),
        ("cm/a", ["a"]),
        ("cm/tmp-*", ["tmp-1"]),
        ("cm/[b-z]*-?", ["tmp-1"]),
        ("cm/A", []),
        ("cm,po", ["a", "tmp-1", "web-1"]),
        ("all", ["web", "web-1"]),
        ("events.events.k8s.io", ["e"]),
    ],
)
def test_kinds_are_called_as_kubectl_calls_them(argument: str, picked: list[str]) -> None:
    selector = parse("--only", argument, DISCOVERY)
    assert [thing.item.name for thing in THERE if selector.picks(thing.item)] == picked


@pytest.mark.parametrize(
    ("argument", "error", "message", "hint"),
    [
        ("", Refused, "--only '' is not KIND or KIND/NAME", "configmap/settings"),
        ("/a", Refused, "is not KIND or KIND/NAME", ""),
        ("cm/", Refused, "is not KIND or KIND/NAME", ""),
        ("cm/a/b", Refused, "is not KIND or KIND/NAME", ""),
        ("confimap", NotFound, '--only: the server doesn\'t have a resource type "confimap"', "configmap"),
        ("cm,xyz", NotFound, 'resource type "xyz"', "kinds that the server has: "),
        ("w.ill.example.com", NotFound, 'resource type "w"', "ill.example.com/v1: stale"),
        ("nodes/n1", Refused, "--only nodes: nodes are not in a namespace", "the namespace itself stays"),
    ],
)
def test_what_is_no_kind_is_refused(
    argument: str, error: type[NsToolsError], message: str, hint: str
) -> None:
    with pytest.raises(error) as refused:
        parse("--only", argument, DISCOVERY)
    assert message in refused.value.message
    assert hint in refused.value.hint


@pytest.mark.parametrize(("argument", "one"), [("cm/a", True), ("cm", False), ("cm/a*", False)])
def test_one_object_is_told_from_many(argument: str, one: bool) -> None:
    assert parse("--only", argument, DISCOVERY).names_one is one
