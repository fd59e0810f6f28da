import pytest

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Severity
from tests.controlplane.servers import wait_until
from tests.deletion.hazards.surroundings import RBAC, Surroundings

pytestmark = pytest.mark.integration

ROLES = f"{RBAC}/clusterroles"


def owner(around: Surroundings, name: str) -> dict[str, str]:
    uid = around.api.get(f"/api/v1/namespaces/{name}")["metadata"]["uid"]
    return {"apiVersion": "v1", "kind": "Namespace", "name": name, "uid": uid}


def test_without_any_nothing_is_found(around: Surroundings) -> None:
    around.put(ROLES, metadata={"ownerReferences": [owner(around, around.other)]})
    assert around.hazards("cluster-owned") == []


def test_what_the_namespace_owns_goes_with_it_and_nothing_else(around: Surroundings) -> None:
    ours, others = owner(around, around.namespace), owner(around, around.other)
    api = around.definition("towers.hazards.example.com", "Tower", scope="Cluster")
    tower = around.custom_in("", api, "towers", metadata={"ownerReferences": [ours]})
    role = around.put(ROLES, metadata={"ownerReferences": [ours]})["metadata"]["name"]
    shared = around.put(ROLES, metadata={"ownerReferences": [ours, others]})["metadata"]["name"]
    (found,) = around.hazards("cluster-owned")
    assert (found.severity, found.effect) == (Severity.WARNING, Effect.DESTROYS)
    assert set(found.objects) == {
        f"clusterrole.rbac.authorization.k8s.io/{role}",
        f"tower.hazards.example.com/{tower}",
    }
    around.delete_namespace()
    wait_until(lambda: not around.api.exists(f"{ROLES}/{role}"))
    assert around.api.exists(f"{ROLES}/{shared}")


def test_kinds_that_cannot_be_seen_are_named(around: Surroundings) -> None:
    from tests.deletion.world import rule

    user = f"user-{around.namespace}"
    around.grant(user, rule("rbac.authorization.k8s.io", "clusterroles", "list"))
    error = around.unseen("cluster-owned", user)
    kinds = error.what.split(", ")
    assert {"nodes", "clusterrolebindings.rbac.authorization.k8s.io"} <= set(kinds)
    assert "clusterroles.rbac.authorization.k8s.io" not in kinds
    assert "componentstatuses" not in kinds
    assert error.reason == "forbidden"
