import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.deletion.hazards import pods
from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, Severity
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.hazards.inside import Inside, as_user, look, scene, seen
from tests.deletion.world import World, rule

pytestmark = pytest.mark.integration

FIRST = "; pods go first, nothing else is deleted before"


def of(effect: Effect, hazards: list[Hazard]) -> list[Hazard]:
    return [hazard for hazard in hazards if hazard.effect is effect]


@pytest.mark.parametrize("ready", [None, False], ids=["never heard of", "not ready"])
def test_a_pod_on_a_silent_node_blocks_everything(
    connection: Connection, inside: Inside, ready: bool | None
) -> None:
    node = inside.node(ready=ready)
    inside.pod("web", node=node, spec={"terminationGracePeriodSeconds": 1})
    inside.put("configmaps", "waits")
    (hazard,) = of(Effect.BLOCKS, look(connection, inside.namespace, "pods"))
    assert hazard == Hazard(
        "pods",
        Severity.DANGER,
        Effect.BLOCKS,
        f"pod/web is on node/{node}, which is not ready: nobody confirms the end of the pod{FIRST}",
        ("pod/web",),
        f"where the node is gone for good: kubectl delete pod web -n {inside.namespace} --force "
        "--grace-period=0",
    )
    inside.delete_namespace()
    wait_until(lambda: inside.condition("NamespaceDeletionContentFailure") == "True")
    waiting = inside.api.get(f"/api/v1/namespaces/{inside.namespace}/configmaps/waits")
    assert "deletionTimestamp" not in waiting["metadata"]
    inside.api.call("DELETE", f"/api/v1/namespaces/{inside.namespace}/pods/web?gracePeriodSeconds=0")
    wait_until(inside.is_gone)


def test_pods_of_a_silent_node_are_one_hazard(connection: Connection, inside: Inside) -> None:
    node = inside.node()
    for name in ("a", "b"):
        inside.pod(name, node=node)
    (hazard,) = of(Effect.BLOCKS, look(connection, inside.namespace, "pods"))
    assert hazard.summary.startswith(
        f"pod/a and pod/b are on node/{node}, which is not ready: nobody confirms the end of the pods"
    )


def test_servers_before_1_33_delete_the_rest_all_the_same(connection: Connection, inside: Inside) -> None:
    old = scene(connection, inside.namespace)
    for version, words in {(1, 32): "", (): "", (1, 33): FIRST, (2, 0): FIRST}.items():
        old.server_version = version
        assert pods.pods_first(old) == words


def test_pods_that_a_ready_node_ends_only_take_their_time(connection: Connection, inside: Inside) -> None:
    inside.pod("web", node=inside.node(ready=True))
    (hazard,) = look(connection, inside.namespace, "pods")
    assert hazard == Hazard(
        "pods", Severity.INFO, Effect.DELAYS, "pod/web may take up to 30s to end", ("pod/web",)
    )


def test_a_node_that_was_given_up_blocks_nothing(connection: Connection, inside: Inside) -> None:
    taint = {"key": "node.kubernetes.io/out-of-service", "value": "x", "effect": "NoExecute"}
    inside.pod("web", node=inside.node(ready=False, taints=[taint]))
    assert of(Effect.BLOCKS, look(connection, inside.namespace, "pods")) == []


def test_pods_on_a_node_that_is_gone_wait_for_the_garbage_collector(
    connection: Connection, inside: Inside
) -> None:
    node = inside.node()
    inside.pod("web", node=node)
    inside.api.call("DELETE", f"/api/v1/nodes/{node}")
    _, hazard = look(connection, inside.namespace, "pods")
    assert (hazard.severity, hazard.effect) == (Severity.WARNING, Effect.DELAYS)
    assert hazard.summary == (
        f"pod/web is on node/{node}, which does not exist: it goes when the pod garbage collector removes it"
    )


def test_long_grace_periods_are_a_warning(connection: Connection, inside: Inside) -> None:
    node = inside.node(ready=True)
    inside.pod("db", node=node, spec={"terminationGracePeriodSeconds": 3600})
    inside.pod("web", node=node, spec={"terminationGracePeriodSeconds": 300})
    (hazard,) = look(connection, inside.namespace, "pods")
    assert (hazard.severity, hazard.summary) == (Severity.WARNING, "pod/db may take up to 60m to end")


def test_pods_that_go_at_once_are_no_hazard(connection: Connection, inside: Inside) -> None:
    node = inside.node()
    inside.pod("unscheduled")
    inside.pod("done", node=node, phase="Succeeded")
    inside.pod("hurried", node=node, spec={"terminationGracePeriodSeconds": 0})
    assert look(connection, inside.namespace, "pods") == []
    inside.delete_namespace()
    wait_until(inside.is_gone)


def test_without_the_right_to_read_nodes_grace_periods_are_told(
    controlplane: ControlPlane, world: World, inside: Inside
) -> None:
    inside.pod("web", node=inside.node())
    user = as_user(controlplane, world, rule("", "pods", "list"))
    (hazard,), unseen = seen(user, inside.namespace, "pods")
    assert (hazard.effect, unseen) == (Effect.DELAYS, "nodes: forbidden")


def test_without_the_right_to_read_pods_nothing_is_said_of_them(
    controlplane: ControlPlane, world: World, inside: Inside
) -> None:
    inside.pod("web", node=inside.node())
    assert seen(as_user(controlplane, world), inside.namespace, "pods") == ([], "pods: forbidden")
