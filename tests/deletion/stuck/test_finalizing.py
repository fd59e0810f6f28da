from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from pytest_mock import MockerFixture

from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.cluster.errors import ApiForbidden, ApiNotFound, ApiUnauthorized
from kubectl_ns_tools.cluster.namespaces import NAMESPACES
from kubectl_ns_tools.cluster.permissions import can_i
from kubectl_ns_tools.deletion.inventory import Gap, Inventory, Reason
from kubectl_ns_tools.deletion.stuck.finalizing import FinalizePlan, examine, finalize, judge
from kubectl_ns_tools.errors import NsToolsError, Refused
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.builders import Namespace, active, configmap, inventory, pod_metrics, terminating
from tests.deletion.conftest import BROKEN_GROUP
from tests.deletion.world import World, rule

MERGE = "application/merge-patch+json"
BROKEN = Gap(BROKEN_GROUP, Reason.BROKEN_GROUP, "stale")
OTHER = Gap("x.io/v1", Reason.BROKEN_GROUP, "stale")
SECRETS = Gap("secrets", Reason.FORBIDDEN, "no")
VIEWS = Gap("pods.metrics.k8s.io", Reason.FAILED, "ill", deletable=False)


def judged(namespace: Namespace, left: Inventory, *groups: str, uid: str = "u1") -> FinalizePlan:
    return judge(namespace.object, uid, left, groups)


@pytest.mark.parametrize(
    ("left", "groups", "given_up"),
    [
        (inventory(), (), ()),
        (inventory(pod_metrics("a"), gaps=(VIEWS,)), (), ()),
        (inventory(gaps=(BROKEN,)), ("broken.example.com",), (BROKEN,)),
        (inventory(gaps=(BROKEN, OTHER)), ("x.io/v1", BROKEN_GROUP), (BROKEN, OTHER)),
    ],
    ids=["nothing left", "views", "a group given up", "groups and versions given up"],
)
def test_what_may_be_finalized(left: Inventory, groups: tuple[str, ...], given_up: tuple[Gap, ...]) -> None:
    plan = judged(terminating(), left, *groups)
    assert (plan.refusal, plan.leaks, plan.given_up) == ("", (), given_up)


REFUSALS: dict[str, tuple[FinalizePlan, str, str]] = {
    "another uid": (
        judged(terminating(), inventory(), uid="u0"),
        'namespace "blue" is another one now: it was deleted and made again',
        "that was uid u0, now there is u1",
    ),
    "not being deleted": (
        judged(active(), inventory()),
        'namespace "blue" is not being deleted',
        "kubectl ns-delete blue",
    ),
    "finalizers of its own": (
        judged(terminating().finalizer("a.io/f").spec_finalizer("b.io/g"), inventory()),
        'namespace "blue" itself waits for b.io/g, a.io/f: finalizing it would skip that',
        "the controller that set the finalizer",
    ),
    "something left": (
        judged(terminating(), inventory(configmap("a"), configmap("b"), gaps=(BROKEN,)), BROKEN_GROUP),
        "there is something left: configmap/a (and 1 more); it would stay in the store, out of reach, "
        "and show up again in the next namespace of that name",
        "kubectl ns-status blue -o wide",
    ),
    "not all seen": (
        judged(terminating(), inventory(gaps=(SECRETS, BROKEN)), BROKEN_GROUP),
        "it is not certain that nothing is left: secrets cannot be seen (no)",
        "somebody who may list all kinds",
    ),
    "a group not named": (
        judged(terminating(), inventory(gaps=(BROKEN, OTHER)), "x.io"),
        f"what {BROKEN_GROUP} may have left cannot be seen, and would leak",
        f"kubectl ns-delete blue --force-finalize --give-up {BROKEN_GROUP} --give-up x.io/v1",
    ),
    "a group that is not broken": (
        judged(terminating(), inventory(gaps=(BROKEN,)), "broken.exmaple.com/v1"),
        '"broken.exmaple.com/v1" is not a broken API group',
        f"did you mean '{BROKEN_GROUP}'?",
    ),
    "no version of a group": (
        judged(terminating(), inventory(gaps=(BROKEN,)), "broken.example.com/v2"),
        '"broken.example.com/v2" is not a broken API group',
        BROKEN_GROUP,
    ),
}


@pytest.mark.parametrize(("plan", "refusal", "hint"), REFUSALS.values(), ids=REFUSALS)
def test_what_may_not_be_finalized(plan: FinalizePlan, refusal: str, hint: str) -> None:
    assert plan.refusal == refusal
    assert hint in plan.hint
    with pytest.raises(Refused):
        finalize(None, plan)  # type: ignore[arg-type]


class Broken:
    """Namespaces of a cluster with a broken API group, none of which goes by itself."""

    def __init__(self, controlplane: ControlPlane) -> None:
        self.controlplane = controlplane
        self.api = controlplane.api
        self.connection = connect(controlplane.kubeconfig_dict())

    def terminating(self, name: str, **metadata: Any) -> World:
        """One that waits for nothing but the group, if its controller is right."""
        self.controlplane.create_namespace(name)
        world = World(self.api, name)
        if metadata:
            self.api.call("PATCH", f"/api/v1/namespaces/{name}", {"metadata": metadata}, MERGE)
        world.delete_namespace()
        wait_until(world.controller_complains)
        return world

    def examine(self, world: World, groups: Sequence[str] = (BROKEN_GROUP,)) -> FinalizePlan:
        wait_until(lambda: not self.left(world))
        return examine(self.connection, world.namespace, world.uid(), groups)

    def left(self, world: World) -> tuple[object, ...]:
        return examine(self.connection, world.namespace, world.uid()).leaks


@pytest.fixture
def broken(broken_controlplane: ControlPlane) -> Iterator[Broken]:
    made = Broken(broken_controlplane)
    yield made
    made.connection.close()


@pytest.mark.integration
def test_a_namespace_that_a_broken_group_holds_is_finalized(broken: Broken) -> None:
    world = broken.terminating("finalized")
    unnamed = broken.examine(world, groups=())
    assert "would leak" in unnamed.refusal
    with pytest.raises(Refused):
        finalize(broken.connection, unnamed)
    assert not world.is_gone()
    plan = broken.examine(world)
    assert [gap.what for gap in plan.given_up] == [BROKEN_GROUP]
    finalize(broken.connection, plan, dry_run=True)
    assert not world.is_gone()
    finalize(broken.connection, plan)
    assert world.is_gone()


@pytest.mark.integration
def test_a_write_in_between_refuses(broken: Broken) -> None:
    world = broken.terminating("written-to")
    plan = broken.examine(world)
    change = {"metadata": {"annotations": {"a": "b"}}}
    broken.api.call("PATCH", "/api/v1/namespaces/written-to", change, MERGE)
    with pytest.raises(Refused, match="was changed since it was looked at; nothing was done"):
        finalize(broken.connection, plan)
    assert not world.is_gone()


@pytest.mark.integration
def test_a_namespace_that_went_meanwhile_needs_nothing(broken: Broken) -> None:
    world = broken.terminating("went")
    plan = broken.examine(world)
    finalize(broken.connection, plan)
    finalize(broken.connection, plan)
    with pytest.raises(ApiNotFound):
        examine(broken.connection, "went", "any")


@pytest.mark.integration
def test_one_that_was_made_anew_is_left_alone(broken: Broken) -> None:
    world = broken.terminating("made-anew")
    plan = broken.examine(world)
    finalize(broken.connection, plan)
    broken.controlplane.create_namespace("made-anew")
    with pytest.raises(Refused):
        finalize(broken.connection, plan)
    assert not world.is_terminating()
    assert (
        "is another one now"
        in examine(
            broken.connection, "made-anew", str(plan.namespace["metadata"]["uid"]), (BROKEN_GROUP,)
        ).refusal
    )


@pytest.mark.integration
def test_without_the_right_nothing_is_done(broken: Broken) -> None:
    world = broken.terminating("forbidden")
    plan = broken.examine(world)
    with pytest.raises(ApiForbidden):
        finalize(connect(broken.controlplane.kubeconfig_dict("nobody")), plan)
    assert not world.is_gone()


@pytest.mark.integration
def test_what_would_leak_is_shown_and_refused(connection: Connection, world: World) -> None:
    world.configmap("held", finalizers=["example.com/hold"])
    world.delete_namespace()
    wait_until(lambda: world.is_deleted("ConfigMap", "held"))
    wait_until(lambda: len(examine(connection, world.namespace, world.uid()).leaks) == 1)
    plan = examine(connection, world.namespace, world.uid())
    assert [item.label for item in plan.leaks] == ["configmap/held"]
    assert plan.refusal.startswith("there is something left: configmap/held; it would stay in the store")


@pytest.mark.integration
def test_one_who_cannot_see_everything_is_refused(controlplane: ControlPlane, world: World) -> None:
    world.configmap("held", finalizers=["example.com/hold"])
    uid = world.uid()
    world.delete_namespace()
    with reader(controlplane, f"user-{world.namespace}") as theirs:
        plan = examine(theirs, world.namespace, uid)
    assert plan.leaks == ()
    assert plan.refusal.startswith("it is not certain that nothing is left: ")
    assert "configmaps" in plan.refusal


@contextmanager
def reader(controlplane: ControlPlane, user: str) -> Iterator[Connection]:
    """Of namespaces and pods, by rights that no namespace's end takes away."""
    root, group = "/apis/rbac.authorization.k8s.io/v1/", "rbac.authorization.k8s.io"
    rules = [rule("", "namespaces", "get"), rule("", "pods", "list")]
    controlplane.api.create(f"{root}clusterroles", {"metadata": {"name": user}, "rules": rules})
    subject = {"kind": "User", "apiGroup": group, "name": user}
    role = {"kind": "ClusterRole", "apiGroup": group, "name": user}
    binding = {"metadata": {"name": user}, "subjects": [subject], "roleRef": role}
    controlplane.api.create(f"{root}clusterrolebindings", binding)
    connection = connect(controlplane.kubeconfig_dict(user))
    wait_until(lambda: can_i(connection, "get", NAMESPACES))
    yield connection
    connection.close()
    for kind in ("clusterrolebindings", "clusterroles"):
        controlplane.api.call("DELETE", f"{root}{kind}/{user}")


@pytest.mark.integration
def test_the_namespaces_of_kubernetes_are_never_finalized(connection: Connection) -> None:
    with pytest.raises(Refused):
        examine(connection, "kube-system", "any")


@pytest.mark.integration
def test_one_that_is_finalized_but_stays_is_told(connection: Connection, world: World) -> None:
    path = f"/api/v1/namespaces/{world.namespace}"
    world.api.call("PATCH", path, {"metadata": {"finalizers": ["example.com/hold"]}}, MERGE)
    world.delete_namespace()
    try:
        wait_until(lambda: not world.api.get(path)["spec"].get("finalizers"))
        with pytest.raises(NsToolsError, match="is finalized, but not gone"):
            finalize(connection, FinalizePlan(world.api.get(path)))
    finally:
        world.api.call("PATCH", path, {"metadata": {"finalizers": None}}, MERGE)


def test_credentials_that_are_not_accepted_are_told(mocker: MockerFixture) -> None:
    connection = mocker.Mock(**{"request.side_effect": ApiUnauthorized("who", status=401)})
    with pytest.raises(ApiUnauthorized):
        finalize(connection, judged(terminating(), inventory()))
    assert connection.get.mock_calls == []
