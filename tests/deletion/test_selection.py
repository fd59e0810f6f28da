from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.cluster.errors import ApiForbidden
from kubectl_ns_tools.deletion.selection import Selection, Wanted, is_pattern, select
from kubectl_ns_tools.errors import NotFound, Refused
from tests.controlplane.servers import ControlPlane
from tests.deletion.world import World, rule

pytestmark = pytest.mark.integration


@pytest.fixture
def names(controlplane: ControlPlane, namespace_name: str) -> Iterator[list[str]]:
    """Three namespaces of one prefix, the first two of the team of that name."""
    found = [f"{namespace_name}-{letter}" for letter in "abc"]
    for name in found:
        labels = {} if name.endswith("c") else {"team": namespace_name}
        controlplane.api.create("/api/v1/namespaces", {"metadata": {"name": name, "labels": labels}})
    yield found
    for name in found:
        controlplane.api.call("DELETE", f"/api/v1/namespaces/{name}")


def chosen(selection: Selection) -> list[str]:
    return [each["metadata"]["name"] for each in selection.namespaces]


@pytest.mark.parametrize(("word", "wanted"), [("a*", True), ("a?", True), ("[ab]", True), ("a-b", False)])
def test_what_no_name_has_makes_a_pattern(word: str, wanted: bool) -> None:
    assert is_pattern(word) is wanted


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["{0}"], [0]),
        (["{2}", "{0}", "{2}"], [0, 2]),
        (["{p}-*"], [0, 1, 2]),
        (["{p}-[ab]"], [0, 1]),
        (["{p}-?", "{0}"], [0, 1, 2]),
    ],
    ids=["a name", "each once, by name", "a glob", "a class", "both"],
)
def test_names_and_patterns_are_taken_together(
    connection: Connection, names: list[str], words: list[str], wanted: list[int]
) -> None:
    prefix = names[0][:-2]
    found = select(connection, Wanted([word.format(*names, p=prefix) for word in words]))
    assert chosen(found) == [names[index] for index in wanted]
    assert not found.missing


def test_the_selector_narrows_down(connection: Connection, names: list[str]) -> None:
    team = f"team={names[0][:-2]}"
    assert chosen(select(connection, Wanted(selector=team))) == names[:2]
    assert chosen(select(connection, Wanted([f"{names[0][:-2]}-[bc]"], team))) == names[1:2]
    with pytest.raises(Refused, match=f'namespace "{names[2]}" is not among those of -l {team}'):
        select(connection, Wanted(names, team))


def test_a_rule_narrows_down(connection: Connection, names: list[str]) -> None:
    def ends_with_c(namespace: Mapping[str, Any]) -> bool:
        return str(namespace["metadata"]["name"]).endswith("-c")

    found = select(connection, Wanted([f"{names[0][:-2]}-*"], rule=ends_with_c, rule_name="--old"))
    assert chosen(found) == names[2:]
    with pytest.raises(Refused, match=r"is not among those of --old; nothing was deleted"):
        select(connection, Wanted(names[:1], rule=ends_with_c, rule_name="--old"))


def test_what_a_pattern_matches_only_before_it_is_narrowed_is_not_missing(
    connection: Connection, names: list[str]
) -> None:
    found = select(connection, Wanted([f"{names[0][:-2]}-*"], "team=nobody"))
    assert found == Selection()


def test_what_stands_for_nothing_is_missing_with_the_nearest_name(
    connection: Connection, names: list[str]
) -> None:
    words = [f"{names[0]}x", f"{names[0]}x*", names[1]]
    found = select(connection, Wanted(words))
    assert chosen(found) == [names[1]]
    assert list(found.missing) == words[:2]
    name, pattern = found.missing.values()
    assert isinstance(pattern, NotFound)
    assert name.message == f'Error from server (NotFound): namespaces "{names[0]}x" not found'
    assert {name.hint, pattern.hint} == {f"did you mean '{names[0]}'?"}


def test_no_pattern_and_no_label_stands_for_what_kubernetes_lives_in(connection: Connection) -> None:
    (error,) = select(connection, Wanted(["kube-sys*"])).missing.values()
    assert error.message == 'no namespace matches "kube-sys*"'
    assert error.hint.startswith("kube-system would, but Kubernetes itself lives there")
    by_label = select(connection, Wanted(selector="kubernetes.io/metadata.name=kube-system"))
    assert by_label == Selection()


def test_names_alone_need_no_right_to_list(
    connection: Connection, controlplane: ControlPlane, namespace: str
) -> None:
    user = f"user-{namespace}"
    with World.of(controlplane.api, namespace) as world:
        world.allow(user, [rule("", "namespaces", "get")])
        theirs = connect(controlplane.kubeconfig_dict(user))
        assert chosen(select(theirs, Wanted([namespace]))) == [namespace]
        with pytest.raises(ApiForbidden):
            select(theirs, Wanted(["*"]))
        theirs.close()
