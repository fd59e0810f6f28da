from typing import Any

import pytest

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Severity
from tests.controlplane.servers import wait_until
from tests.deletion.hazards.surroundings import RBAC, Surroundings

pytestmark = pytest.mark.integration

CLUSTER, OTHERS = "cluster-role-bindings", "role-bindings"
VIEW = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"}


def account(around: Surroundings, name: str = "robot") -> dict[str, str]:
    return {"kind": "ServiceAccount", "namespace": around.namespace, "name": name}


def other(kind: str, name: str) -> dict[str, str]:
    return {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": name}


def bind(around: Surroundings, *subjects: dict[str, Any], namespace: str = "", **fields: Any) -> str:
    path = f"{RBAC}/namespaces/{namespace}/rolebindings" if namespace else f"{RBAC}/clusterrolebindings"
    return str(around.put(path, roleRef=VIEW, subjects=list(subjects), **fields)["metadata"]["name"])


def test_without_any_nothing_is_found(around: Surroundings) -> None:
    bind(around, other("User", "ada"), other("Group", f"system:serviceaccounts:{around.other}"))
    bind(around, account(around), namespace=around.namespace)
    assert around.hazards(CLUSTER) == around.hazards(OTHERS) == []


def test_a_cluster_role_binding_is_inherited_by_a_new_namespace(around: Surroundings) -> None:
    name = bind(around, account(around))
    (found,) = around.hazards(CLUSTER)
    assert (found.severity, found.effect) == (Severity.WARNING, Effect.LEAVES)
    label = f"clusterrolebinding.rbac.authorization.k8s.io/{name}"
    assert found.objects == (label,)
    assert "goes on giving clusterrole/view to serviceaccount/robot of here" in found.summary
    assert found.remedy == f"kubectl delete {label}"
    around.delete_namespace()
    wait_until(around.is_gone)
    around.controlplane.create_namespace(around.namespace)
    asked = {"namespace": around.other, "verb": "list", "resource": "pods"}
    user = f"system:serviceaccount:{around.namespace}:robot"
    review = {"spec": {"user": user, "resourceAttributes": asked}}
    path = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
    assert around.api.create(path, review)["status"]["allowed"]


def test_a_role_binding_of_another_namespace_is_too(around: Surroundings) -> None:
    name = bind(around, account(around), other("User", "ada"), namespace=around.other)
    (found,) = around.hazards(OTHERS)
    label = f"rolebinding.rbac.authorization.k8s.io/{name} -n {around.other}"
    assert found.objects == (label,)
    assert found.remedy == f"kubectl edit {label}"  # somebody else has it too


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("User", "system:serviceaccount:{}:robot", "serviceaccount/robot of here"),
        ("Group", "system:serviceaccounts:{}", "all ServiceAccounts of here"),
    ],
)
def test_accounts_have_names_as_users_and_groups_too(
    around: Surroundings, kind: str, name: str, words: str
) -> None:
    bind(around, other(kind, name.format(around.namespace)))
    (found,) = around.hazards(CLUSTER)
    assert words in found.summary


def test_one_that_the_namespace_owns_goes_with_it(around: Surroundings) -> None:
    owner = {"apiVersion": "v1", "kind": "Namespace", "name": around.namespace, "uid": around.uid()}
    bind(around, account(around), metadata={"ownerReferences": [owner]})
    assert around.hazards(CLUSTER) == []
