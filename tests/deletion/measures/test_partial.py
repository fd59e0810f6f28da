import re
import shlex
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest

from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.cluster.discovery import Discovery, Resource, discover
from kubectl_ns_tools.deletion.inventory import Gap, Reason
from kubectl_ns_tools.deletion.items import Item
from kubectl_ns_tools.deletion.measures.partial import PartialPlan, delete_items, follow_items, narrowed
from kubectl_ns_tools.deletion.measures.removal import Outcome
from kubectl_ns_tools.deletion.preview import preview
from kubectl_ns_tools.errors import NotFound, NsToolsError, Refused, TimedOut
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.builders import (
    Thing,
    configmap,
    deployment,
    event,
    plan,
    pod,
    pod_metrics,
    replicaset,
    resource,
)
from tests.deletion.world import PATHS, World, rule

VERBS = frozenset({"delete", "list"})
DISCOVERY = Discovery(
    (
        Resource("", "v1", "configmaps", "ConfigMap", True, VERBS, ("cm",), "configmap"),
        Resource("", "v1", "events", "Event", True, VERBS, ("ev",), "event"),
        Resource("", "v1", "pods", "Pod", True, VERBS, ("po",), "pod"),
        Resource("", "v1", "secrets", "Secret", True, VERBS, (), "secret"),
        Resource("", "v1", "serviceaccounts", "ServiceAccount", True, VERBS, ("sa",), "serviceaccount"),
        Resource("apps", "v1", "deployments", "Deployment", True, VERBS, ("deploy",), "deployment"),
        Resource("apps", "v1", "replicasets", "ReplicaSet", True, VERBS, ("rs",), "replicaset"),
        Resource("metrics.k8s.io", "v1", "pods", "PodMetrics", True, frozenset({"list"})),
    )
)
WEB = deployment("web")
WEB_RS = replicaset("web-1").owned_by(WEB)
WEB_POD = pod("web-1-a").owned_by(WEB_RS)
DEFAULT = Thing(resource("serviceaccounts", "ServiceAccount"), "default")
ROOT_CA = configmap("kube-root-ca.crt")
SETTINGS, NEWS = configmap("settings"), event("news")
THERE = (WEB, WEB_RS, WEB_POD, DEFAULT, ROOT_CA, SETTINGS, NEWS, pod_metrics("web-1-a"))
SECRETS = Gap("secrets", Reason.FORBIDDEN, "no")


def labels(items: Sequence[Item]) -> list[str]:
    return [item.label for item in items]


def narrow(
    *, only: Sequence[str] = (), excepted: Sequence[str] = (), gaps: tuple[Gap, ...] = ()
) -> PartialPlan:
    return narrowed(plan(*THERE, gaps=gaps), DISCOVERY, only, excepted)


@pytest.mark.parametrize(
    ("only", "excepted", "requested", "following"),
    [
        (["deploy"], [], ["deployment.apps/web"], ["replicaset.apps/web-1", "pod/web-1-a"]),
        (["cm"], [], ["configmap/settings"], []),
        (["cm/*"], [], ["configmap/settings"], []),
        (["cm/kube-root-ca.crt"], [], ["configmap/kube-root-ca.crt"], []),
        (["cm", "cm/kube-root-ca.crt"], [], ["configmap/kube-root-ca.crt", "configmap/settings"], []),
        (["cm", "po"], [], ["pod/web-1-a", "configmap/settings"], []),
        ([], ["deploy"], ["configmap/settings", "event/news"], []),
        (
            [],
            ["cm", "ev/news"],
            ["deployment.apps/web"],
            ["replicaset.apps/web-1", "pod/web-1-a"],
        ),
        (["po", "cm"], ["deploy/web"], ["configmap/settings"], []),
    ],
    ids=str,
)
def test_what_is_named_goes_with_what_it_owns(
    only: list[str], excepted: list[str], requested: list[str], following: list[str]
) -> None:
    part = narrow(only=only, excepted=excepted)
    assert labels(part.requested) == requested
    assert labels(part.following) == following
    assert {*labels(part.going), *labels(part.staying)} == {thing.item.label for thing in THERE[:-1]}
    assert len(part.going) + len(part.staying) == len(THERE) - 1


def test_what_its_controller_makes_again_is_named() -> None:
    assert labels(narrow(only=["po", "cm"]).remade) == ["pod/web-1-a"]
    assert labels(narrow(only=["deploy"]).remade) == []
    assert labels(narrow(only=["sa/default"]).remade) == ["serviceaccount/default"]


def test_the_parts_are_shown_as_a_whole_plan_is() -> None:
    part = narrow(only=["deploy", "cm"])
    assert [(count.resource.name, count.number) for count in part.counts] == [
        ("configmaps", 1),
        ("deployments", 1),
        ("pods", 1),
        ("replicasets", 1),
    ]
    assert labels(part.forest.roots) == ["deployment.apps/web", "configmap/settings"]


class Refusal(NamedTuple):
    only: list[str]
    excepted: list[str]
    gaps: tuple[Gap, ...]
    error: type[NsToolsError]
    message: str
    hint: str


REFUSALS = {
    "no such name": Refusal(
        ["deploy/wbe"], [], (), NotFound, "--only deploy/wbe matches nothing", "mean 'web'"
    ),
    "none of the kind": Refusal(
        [],
        ["secrets"],
        (),
        NotFound,
        "--except secrets matches nothing: there are no secrets here",
        "",
    ),
    "no such kind": Refusal(
        ["deplyoments"], [], (), NotFound, "resource type", "did you mean 'deployments'?"
    ),
    "a view": Refusal(["pods.metrics.k8s.io"], [], (), NotFound, "there are no pods.metrics.k8s.io here", ""),
    "kept, though its owner goes": Refusal(
        ["deploy"],
        ["po"],
        (),
        Refused,
        "pod/web-1-a cannot be kept: replicaset.apps/web-1 goes, and takes along what it owns",
        "--except deployment.apps/web",
    ),
    "nothing left": Refusal(
        ["cm"], ["cm"], (), Refused, 'nothing of namespace "blue" is left to be deleted', ""
    ),
    "only what Kubernetes makes": Refusal(["sa"], [], (), Refused, "nothing of namespace", "--only names it"),
    "chosen, but not to be seen": Refusal(
        ["secrets"], [], (SECRETS,), Refused, "cannot be seen (no)", "it stays"
    ),
    "kept, but not to be seen": Refusal(
        [], ["secrets/a"], (SECRETS,), Refused, "cannot be seen (no)", "it stays"
    ),
}


@pytest.mark.parametrize("case", REFUSALS.values(), ids=REFUSALS)
def test_what_cannot_be_is_refused(case: Refusal) -> None:
    with pytest.raises(case.error) as refused:
        narrow(only=case.only, excepted=case.excepted, gaps=case.gaps)
    assert case.message in refused.value.message
    assert case.hint in refused.value.hint


def test_a_kind_whose_number_is_uncertain_can_be_chosen() -> None:
    uncertain = Gap("configmaps", Reason.INCONSISTENT, "1 is not their exact number")
    part = narrow(only=["cm"], gaps=(uncertain, SECRETS))
    assert labels(part.requested) == ["configmap/settings"]
    assert part.unseen == (uncertain, SECRETS)


def test_an_object_without_uid_stays() -> None:
    nameless = configmap("nameless").uid("")
    part = narrowed(plan(SETTINGS, nameless), DISCOVERY, [], [])
    assert (labels(part.requested), labels(part.staying)) == (["configmap/settings"], ["configmap/nameless"])


def test_a_namespace_that_goes_as_a_whole_has_no_parts() -> None:
    terminating = plan(SETTINGS, terminating_since="2026-05-17T12:00:00Z")
    with pytest.raises(Refused, match="is being deleted already"):
        narrowed(terminating, DISCOVERY, ["cm"], [])


class Part:
    """A part of a real namespace."""

    def __init__(self, connection: Connection, namespace: str) -> None:
        self.connection = connection
        self.namespace = namespace

    def of(self, *, only: Sequence[str] = (), excepted: Sequence[str] = ()) -> PartialPlan:
        whole = preview(self.connection, self.namespace, context="test")
        return narrowed(whole, discover(self.connection), only, excepted)

    def delete(self, part: PartialPlan, *, timeout: float = 60) -> list[tuple[str, Outcome]]:
        """Until all that was said to go is gone; returns what came of the requests."""
        removals = delete_items(self.connection, part)
        departures = list(follow_items(self.connection, part, removals=removals, timeout=timeout))
        assert [departure.ended for departure in departures] == [False] * (len(departures) - 1) + [True]
        return [(removal.item.label, removal.outcome) for removal in removals]


@pytest.fixture
def part(connection: Connection, world: World) -> Part:
    return Part(connection, world.namespace)


def exists(world: World, kind: str, name: str) -> bool:
    return world.api.exists(f"{PATHS[kind].format(world.namespace)}/{name}")


@pytest.mark.integration
def test_a_deployment_goes_with_its_pods_and_nothing_else(part: Part, world: World) -> None:
    world.deployment("other", replicas=0)
    world.deployment("web", replicas=2)
    world.configmap("settings")
    found = part.of(only=["deploy/web"])
    assert len(found.following) >= 3
    assert part.delete(found) == [("deployment.apps/web", Outcome.DELETED)]
    # a controller that has not heard of its ReplicaSet's end makes one pod more, which goes too
    wait_until(lambda: world.pods() == [])
    assert exists(world, "Deployment", "other")
    assert exists(world, "ConfigMap", "settings")
    assert not world.is_terminating()


@pytest.mark.integration
def test_a_service_goes_with_its_endpoints(part: Part, world: World) -> None:
    root = f"/api/v1/namespaces/{world.namespace}/"
    spec = {"selector": {"app": "web"}, "ports": [{"port": 80}]}
    for name in ("web", "other"):
        world.api.create(f"{root}services", {"metadata": {"name": name}, "spec": spec})
    wait_until(lambda: all(world.api.exists(f"{root}endpoints/{name}") for name in ("web", "other")))
    slices = f"/apis/discovery.k8s.io/v1/namespaces/{world.namespace}/endpointslices"
    wait_until(lambda: len(world.api.get(slices)["items"]) == 2)
    found = part.of(only=["svc/web"])
    assert [item.resource.name for item in found.following] == ["endpoints", "endpointslices"]
    assert part.delete(found) == [("service/web", Outcome.DELETED)]
    assert world.api.exists(f"{root}endpoints/other")


@pytest.mark.integration
def test_everything_goes_but_what_is_excepted_with_what_it_owns(part: Part, world: World) -> None:
    world.deployment("web", replicas=1)
    kept = {pod["metadata"]["uid"] for pod in world.pods()}
    world.configmap("settings")
    world.allow("somebody", [rule("", "configmaps", "get")])
    found = part.of(excepted=["deployment/web"])
    outcomes = dict(part.delete(found))
    assert outcomes["configmap/settings"] is Outcome.DELETED
    assert outcomes["rolebinding.rbac.authorization.k8s.io/somebody"] is Outcome.DELETED
    assert not exists(world, "ConfigMap", "settings")
    assert {pod["metadata"]["uid"] for pod in world.pods()} == kept
    assert "serviceaccount/default" in labels(found.staying)


@pytest.mark.integration
def test_an_object_that_was_made_anew_is_left_alone(part: Part, world: World) -> None:
    old = world.configmap("a")["metadata"]["uid"]
    world.configmap("b")
    world.configmap("c")
    found = part.of(only=["cm/?"])
    path = PATHS["ConfigMap"].format(world.namespace)
    for name in ("a", "b"):
        world.api.call("DELETE", f"{path}/{name}")
    new = world.configmap("a")["metadata"]["uid"]
    outcomes = part.delete(found)
    assert outcomes == [
        ("configmap/a", Outcome.REPLACED),
        ("configmap/b", Outcome.GONE),
        ("configmap/c", Outcome.DELETED),
    ]
    assert world.api.get(f"{path}/a")["metadata"]["uid"] == new != old


@pytest.mark.integration
def test_a_dry_run_asks_and_deletes_nothing(connection: Connection, part: Part, world: World) -> None:
    world.configmap("a")
    removals = delete_items(connection, part.of(only=["cm/a"]), dry_run=True)
    assert [removal.outcome for removal in removals] == [Outcome.DELETED]
    assert exists(world, "ConfigMap", "a")


@pytest.mark.integration
def test_what_is_forbidden_does_not_stop_the_rest(
    controlplane: ControlPlane, part: Part, world: World
) -> None:
    user = f"user-{world.namespace}"
    world.allow(user, [rule("", "configmaps", "delete", "list"), rule("", "events", "list")])
    world.configmap("a")
    world.event("e")
    found = part.of(only=["cm/a", "ev/e"])
    theirs = connect(controlplane.kubeconfig_dict(user))
    removals = {removal.item.label: removal for removal in delete_items(theirs, found)}
    assert removals["configmap/a"].outcome is Outcome.DELETED
    assert removals["event/e"].outcome is Outcome.FAILED
    assert "cannot delete resource" in removals["event/e"].message
    (*_, last) = follow_items(theirs, found, removals=tuple(removals.values()), timeout=30)
    assert last.ended
    assert exists(world, "Event", "e")


@pytest.mark.integration
def test_rights_that_hang_on_what_is_deleted_last_until_the_end(
    controlplane: ControlPlane, part: Part, world: World
) -> None:
    user = f"user-{world.namespace}"
    world.allow(user, [rule("*", "*", "delete")])
    world.configmaps(30)
    found = part.of()
    removals = delete_items(connect(controlplane.kubeconfig_dict(user)), found)
    failed = [removal.item.label for removal in removals if not removal.done]
    assert failed in ([], [f"rolebinding.rbac.authorization.k8s.io/{user}"])
    assert not exists(world, "ConfigMap", "many-0029")


@pytest.mark.integration
def test_rights_that_went_with_what_was_deleted_are_told(
    controlplane: ControlPlane, part: Part, world: World
) -> None:
    user = f"user-{world.namespace}"
    world.allow(user, [rule("*", "*", "delete", "list")])
    world.configmap("held", finalizers=["example.com/hold"])
    theirs = connect(controlplane.kubeconfig_dict(user))
    found = part.of()
    delete_items(theirs, found)
    with pytest.raises(NsToolsError, match="your rights went with the role bindings"):
        list(follow_items(theirs, found, timeout=60))


@pytest.mark.integration
@pytest.mark.usefixtures("patient")
def test_what_is_held_is_named_when_the_time_is_up(part: Part, world: World) -> None:
    world.configmap("held", finalizers=["example.com/hold"])
    with pytest.raises(TimedOut) as late:
        part.delete(part.of(only=["cm/held"]), timeout=0)
    opening = r"timed out after \d+s: not all of it is gone, the deletion goes on in"
    assert re.match(opening, late.value.message)
    assert "configmap/held waits for the finalizer example.com/hold to be removed" in late.value.message
    assert late.value.hint.startswith(f"kubectl get configmap/held -n {world.namespace} -o yaml")


@pytest.mark.integration
@pytest.mark.usefixtures("patient")
def test_the_remedy_for_a_finalizer_is_a_command_that_works(
    part: Part, world: World, kubectl: Callable[..., object]
) -> None:
    world.configmap("held", finalizers=["example.com/first", "example.com/hold"])
    with pytest.raises(TimedOut) as late:
        part.delete(part.of(only=["cm/held"]), timeout=0)
    command = late.value.hint.partition("it stands for: ")[2]
    kubectl(*shlex.split(command)[1:])
    path = f"{PATHS['ConfigMap'].format(world.namespace)}/held"
    assert world.api.get(path)["metadata"]["finalizers"] == ["example.com/hold"]


@pytest.mark.integration
@pytest.mark.usefixtures("patient")
def test_a_pod_that_no_node_ends_is_named_when_the_time_is_up(part: Part, world: World) -> None:
    world.bound_pod("lost", grace=0)
    world.bound_pod("slow", grace=3000)
    with pytest.raises(TimedOut, match=r"pod/slow has \d+m left to end"):
        part.delete(part.of(only=["po/slow"]), timeout=0)


@pytest.mark.integration
@pytest.mark.usefixtures("patient")
def test_what_the_collector_has_not_taken_yet_is_named(part: Part, world: World) -> None:
    owner = world.configmap("owner", finalizers=["example.com/hold"])["metadata"]
    reference = {"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": owner["uid"]}
    world.make("ConfigMap", "owned", metadata={"ownerReferences": [reference]})
    with pytest.raises(TimedOut, match="nobody has begun to delete configmap/owned"):
        part.delete(part.of(only=["cm/owner"]), timeout=1)


@pytest.mark.integration
def test_a_kind_whose_definition_went_is_gone(part: Part, world: World) -> None:
    group = world.custom_kind("Widget")
    world.custom(group, "Widget", "one")
    found = part.of(only=[f"widgets.{group}"])
    path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.{group}"
    world.api.call("DELETE", path)
    wait_until(lambda: not world.api.exists(path))
    wait_until(lambda: world.api.call("GET", f"/apis/{group}/v1/widgets")[0] == 404)
    assert part.delete(found) == [(f"widget.{group}/one", Outcome.GONE)]


@pytest.mark.integration
def test_many_objects_go_at_once(part: Part, world: World) -> None:
    world.configmaps(300)
    outcomes = part.delete(part.of(only=["cm/many-*"]))
    assert len(outcomes) == 300
    assert {outcome for _, outcome in outcomes} == {Outcome.DELETED}
