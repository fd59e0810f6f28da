from typing import Any

import pytest

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Severity
from tests.controlplane.servers import wait_until
from tests.deletion.hazards.surroundings import Surroundings

pytestmark = pytest.mark.integration

CHECK = "api-services"
PATH = "/apis/apiregistration.k8s.io/v1/apiservices"
GROUP_VERSION = "unserved.example.com/v1"  # a group that no test defines a kind of


def api_service(around: Surroundings, namespace: str) -> str:
    """An API that nobody serves, though the namespace should; returns when the server has noticed."""
    group, _, version = GROUP_VERSION.partition("/")
    spec: dict[str, Any] = {
        "group": group,
        "version": version,
        "groupPriorityMinimum": 1,
        "versionPriority": 1,
    }
    service = {"namespace": namespace, "name": "nobody"}
    around.at_the_end(lambda: not around.api.is_stale(group))
    around.put(PATH, f"{version}.{group}", spec={**spec, "service": service, "insecureSkipTLSVerify": True})
    wait_until(lambda: around.api.call("GET", f"/apis/{GROUP_VERSION}")[0] == 503)
    wait_until(lambda: around.api.is_stale(group))
    wait_until(lambda: _is_judged(around, f"{PATH}/{version}.{group}"))
    return f"apiservice.apiregistration.k8s.io/{version}.{group}"


def _is_judged(around: Surroundings, path: str) -> bool:
    conditions = around.api.get(path).get("status", {}).get("conditions", [])
    return any(each["status"] == "False" for each in conditions)


def test_where_all_answer_nothing_is_found(around: Surroundings) -> None:
    assert around.hazards(CHECK) == []


def test_one_served_from_here_breaks_the_cluster_and_holds_every_deletion(around: Surroundings) -> None:
    name = api_service(around, around.namespace)
    blocks, breaks = around.hazards(CHECK)
    assert (blocks.severity, blocks.effect) == (Severity.DANGER, Effect.BLOCKS)
    assert (breaks.severity, breaks.effect) == (Severity.DANGER, Effect.BREAKS)
    assert f"API {GROUP_VERSION} is served from here" in breaks.summary
    assert blocks.objects == (name, "service/nobody")
    assert blocks.remedy == f"kubectl delete {name}"
    around.delete_namespace()
    wait_until(around.is_stuck_with("NamespaceDeletionDiscoveryFailure", GROUP_VERSION))


def test_one_that_does_not_answer_holds_this_deletion(around: Surroundings) -> None:
    name = api_service(around, around.other)
    (found,) = around.hazards(CHECK)
    assert (found.severity, found.effect) == (Severity.DANGER, Effect.BLOCKS)
    assert "does not answer (ServiceNotFound)" in found.summary
    assert found.objects == (name, f"service/nobody -n {around.other}")
    assert found.remedy == f"repair service nobody -n {around.other}, or kubectl delete {name}"


def test_without_rights_discovery_tells_all_the_same(around: Surroundings) -> None:
    from kubectl_ns_tools.deletion.hazards.api_services import api_services
    from kubectl_ns_tools.deletion.hazards.scene import CannotSee

    name = api_service(around, around.other)
    check = api_services(around.scene("nobody"))
    found = next(check)
    assert found.effect is Effect.BLOCKS
    assert found.summary.startswith(f"API {GROUP_VERSION} does not answer (")
    assert found.objects == (name,)
    with pytest.raises(CannotSee, match=r"apiservices.apiregistration.k8s.io: forbidden"):
        next(check)
