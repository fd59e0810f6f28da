from uuid import uuid4

import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiError
from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.templates.creation.claim import NamespaceTaken
from kubectl_ns_tools.templates.planning.rehearsal import rehearse, unchecked_lines
from tests.controlplane.servers import ControlPlane
from tests.templates.ground import RBAC, prepared

pytestmark = pytest.mark.integration

ROLE = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: %s}\n"
CONFIGMAP = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}\n"


def test_what_the_server_cannot_validate_is_named_with_the_reason(
    controlplane: ControlPlane, connection: Connection, namespace_name: str
) -> None:
    role = f"role-{uuid4().hex[:8]}"
    plan, kinds = prepared(connection, f"{CONFIGMAP}---\n{ROLE % role}", namespace_name)
    rehearsal = rehearse(connection, plan, kinds)
    assert list(unchecked_lines(rehearsal)) == [
        f'not validated, because namespace "{namespace_name}" does not exist yet: configmap/c'
    ]
    assert not controlplane.api.exists(f"/api/v1/namespaces/{namespace_name}")
    assert not controlplane.api.exists(f"{RBAC}/clusterroles/{role}")


def test_all_that_the_server_refuses_is_told_at_once_with_its_place(
    connection: Connection, namespace_name: str
) -> None:
    text = f"{ROLE % 'rude'}rules:\n- {{verbs: []}}\n---\n{ROLE % 'fine'}rules:\n- {{verb: [get]}}\n"
    plan, kinds = prepared(connection, text, namespace_name)
    with pytest.raises(Refused) as caught:
        rehearse(connection, plan, kinds)
    first, second = caught.value.problems
    assert first.startswith("f.yaml:5: clusterrole.rbac.authorization.k8s.io/rude: ")
    assert second.startswith("f.yaml:11: clusterrole.rbac.authorization.k8s.io/fine: ")
    assert second.endswith(".rules[0].verb: field not declared in schema")


def test_a_namespace_that_exists_is_told(connection: Connection, namespace: str) -> None:
    plan, kinds = prepared(connection, "", namespace)
    with pytest.raises(NamespaceTaken):
        rehearse(connection, plan, kinds)


def test_a_webhook_that_knows_no_dry_run_means_not_checked(
    connection: Connection, namespace_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only webhooks that were stored through admissionregistration/v1beta1 can still answer this.
    message = 'admission webhook "w.example.com" does not support dry run'
    plan, kinds = prepared(connection, ROLE % "r", namespace_name)

    def refuse(*arguments: object, **options: object) -> None:
        raise ApiError(message, status=400)

    monkeypatch.setattr(connection, "request", refuse)
    assert list(unchecked_lines(rehearse(connection, plan, kinds))) == [
        "not validated, because a webhook does not support dry runs:"
        f" namespace/{namespace_name}, clusterrole.rbac.authorization.k8s.io/r"
    ]
