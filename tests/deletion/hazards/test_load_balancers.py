from typing import Any

import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.deletion.hazards.hazard import Effect, Severity
from kubectl_ns_tools.deletion.hazards.load_balancers import CLEANUP
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.hazards.inside import Inside, as_user, look, seen
from tests.deletion.world import World

pytestmark = pytest.mark.integration

ADDRESS = "192.0.2.7"
NETWORKING = "networking.k8s.io/v1"


def service(
    inside: Inside, name: str, *, finalizer: str = "", address: str = "", kind: str = "LoadBalancer"
) -> None:
    spec = {"type": kind, "ports": [{"port": 80}], "selector": {"app": name}}
    metadata = {"finalizers": [finalizer]} if finalizer else {}
    inside.put("services", name, spec=spec, metadata=metadata)
    if address:
        inside.set_status("services", name, balanced(address))


def balanced(address: str) -> dict[str, Any]:
    return {"loadBalancer": {"ingress": [{"ip": address}]}}


def test_a_load_balancer_with_the_finalizer_is_waited_for(connection: Connection, inside: Inside) -> None:
    service(inside, "web", finalizer=CLEANUP, address=ADDRESS)
    (hazard,) = look(connection, inside.namespace, "load-balancers")
    assert (hazard.severity, hazard.effect) == (Severity.INFO, Effect.DELAYS)
    assert hazard.objects == ("service/web",)
    assert hazard.summary == (
        f"service/web waits for the cloud controller to remove the load balancer ({ADDRESS}); "
        "the address is given back"
    )
    # the finalizers' check leaves it to this one
    assert look(connection, inside.namespace, "finalizers") == []


def test_one_that_no_controller_has_served_may_wait_for_ever(connection: Connection, inside: Inside) -> None:
    service(inside, "web", finalizer=CLEANUP)
    (hazard,) = look(connection, inside.namespace, "load-balancers")
    assert (hazard.severity, hazard.effect) == (Severity.WARNING, Effect.BLOCKS)
    inside.delete_namespace()
    wait_until(lambda: inside.condition("NamespaceFinalizersRemaining") == "True")


def test_the_finalizer_counts_whatever_the_type_has_become(connection: Connection, inside: Inside) -> None:
    service(inside, "web", finalizer=CLEANUP, kind="ClusterIP")
    (hazard,) = look(connection, inside.namespace, "load-balancers")
    assert hazard.effect is Effect.BLOCKS


def test_without_the_finalizer_it_may_be_left_behind(connection: Connection, inside: Inside) -> None:
    service(inside, "web", address=ADDRESS)
    (hazard,) = look(connection, inside.namespace, "load-balancers")
    assert (hazard.severity, hazard.effect) == (Severity.WARNING, Effect.LEAVES)
    assert hazard.summary == (
        f"the load balancer of service/web ({ADDRESS}) may be left behind: "
        "no finalizer holds the Service until it is removed"
    )
    assert hazard.remedy.startswith(f"kubectl delete service/web -n {inside.namespace} first, ")
    inside.delete_namespace()
    wait_until(inside.is_gone)


def test_other_services_are_no_hazard(connection: Connection, inside: Inside) -> None:
    service(inside, "inner", kind="ClusterIP")
    service(inside, "pending")
    service(inside, "aws", finalizer="service.k8s.aws/resources", address=ADDRESS)
    assert look(connection, inside.namespace, "load-balancers") == []


def test_addresses_of_ingresses_are_told(connection: Connection, inside: Inside) -> None:
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    for name in ("a", "b", "pending"):
        inside.put("ingresses", name, NETWORKING, spec={"defaultBackend": backend})
    for name in ("a", "b"):
        inside.set_status("ingresses", name, balanced(ADDRESS), NETWORKING)
    (hazard,) = look(connection, inside.namespace, "entrances")
    assert (hazard.severity, hazard.effect) == (Severity.INFO, Effect.NOTES)
    assert hazard.summary == (
        f"ingress.networking.k8s.io/a and ingress.networking.k8s.io/b answer at {ADDRESS} no more; "
        "made again, it may get another address"
    )


def test_a_namespace_without_entrances_has_none(connection: Connection, inside: Inside) -> None:
    assert look(connection, inside.namespace, "entrances") == []


@pytest.mark.parametrize(
    ("check", "kind"), [("load-balancers", "services"), ("entrances", "ingresses.networking.k8s.io")]
)
def test_without_the_right_to_read_them_it_is_said(
    controlplane: ControlPlane, world: World, inside: Inside, check: str, kind: str
) -> None:
    service(inside, "web", address=ADDRESS)
    assert seen(as_user(controlplane, world), inside.namespace, check) == ([], f"{kind}: forbidden")
