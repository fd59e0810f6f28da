"""What the tests of a creation set up on the real cluster, and what they look at afterwards."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event
from typing import Any
from uuid import uuid4

import pytest

from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.cluster.discovery import discover
from kubectl_ns_tools.errors import NsToolsError, Unreachable
from kubectl_ns_tools.templates.cancellation import Cancellation
from kubectl_ns_tools.templates.creation.creation import create
from kubectl_ns_tools.templates.creation.ledger import Ledger
from kubectl_ns_tools.templates.creation.manner import Created, Listener, Manner, Outcome
from kubectl_ns_tools.templates.planning.check import ServedKinds
from kubectl_ns_tools.templates.planning.plan import CreatePlan, plan_creation
from kubectl_ns_tools.templates.planning.provenance import origin_stamp
from tests.controlplane.servers import ControlPlane
from tests.templates.builders import expanded

RBAC = "/apis/rbac.authorization.k8s.io/v1"
NAMESPACES_RULE = ("", "namespaces", "create get list watch patch delete")
QUOTA = "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {hard: {pods: '5'}}}"


def prepared(connection: Connection, text: str, namespace: str) -> tuple[CreatePlan, ServedKinds]:
    """The plan of a template called f.yaml for a namespace of this cluster."""
    objects = expanded(text, namespace).objects
    kinds = ServedKinds(discover(connection), objects)
    return plan_creation(objects, kinds, namespace, origin_stamp("f.yaml")), kinds


@contextmanager
def user_with(controlplane: ControlPlane, *rules: tuple[str, str, str]) -> Iterator[Connection]:
    """A connection as a user who may do only this in the whole cluster: (group, resource, verbs)."""
    name = f"user-{uuid4().hex[:8]}"
    metadata = {"name": name}
    listed = [
        {"apiGroups": [group], "resources": [resource], "verbs": verbs.split()}
        for group, resource, verbs in rules
    ]
    subject = {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": name}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name}
    controlplane.api.create(f"{RBAC}/clusterroles", {"metadata": metadata, "rules": listed})
    controlplane.api.create(
        f"{RBAC}/clusterrolebindings", {"metadata": metadata, "roleRef": role, "subjects": [subject]}
    )
    limited = connect(controlplane.kubeconfig_dict(name))
    try:
        for group, resource, verbs in rules[:1]:
            controlplane.api.await_right(name, group=group, resource=resource, verb=verbs.split()[0])
        yield limited
    finally:
        limited.close()
        for kind in ("clusterrolebindings", "clusterroles"):
            controlplane.api.call("DELETE", f"{RBAC}/{kind}/{name}")


@contextmanager
def policy_against(controlplane: ControlPlane, resource: str, name: str) -> Iterator[None]:
    """A ValidatingAdmissionPolicy that denies the creation of the core `resource` of this name."""
    base = "/apis/admissionregistration.k8s.io/v1"
    policy = f"policy-{uuid4().hex[:8]}"
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": [resource]}
    check = {"expression": f"object.metadata.name != '{name}'", "message": f"{name} is not wanted here"}
    spec = {"matchConstraints": {"resourceRules": [rule]}, "validations": [check], "failurePolicy": "Fail"}
    binding = {"policyName": policy, "validationActions": ["Deny"]}
    kinds = {"validatingadmissionpolicies": spec, "validatingadmissionpolicybindings": binding}
    try:
        for kind, body in kinds.items():
            controlplane.api.create(f"{base}/{kind}", {"metadata": {"name": policy}, "spec": body})
        yield
    finally:
        for kind in reversed(kinds):
            controlplane.api.call("DELETE", f"{base}/{kind}/{policy}")


def definition(plural: str, kind: str, group: str, scope: str = "Namespaced") -> dict[str, Any]:
    """A CustomResourceDefinition whose objects have a number spec.size."""
    size = {"type": "object", "properties": {"size": {"type": "integer"}}}
    schema = {"openAPIV3Schema": {"type": "object", "properties": {"spec": size}}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "names": {"plural": plural, "kind": kind, "singular": kind.lower()},
            "scope": scope,
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": schema}],
        },
    }


class FaultyConnection:
    """A connection on which requests fail: `fault` is asked before each, and may raise; with `after` the
    request is sent nevertheless, and only its answer is lost."""

    def __init__(self, connection: Connection, fault: Callable[[str, str], bool], *, after: bool) -> None:
        self._connection = connection
        self._fault = fault
        self._after = after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def request(self, method: str, path: str, **options: Any) -> Any:
        fails = self._fault(method, path)
        if fails and not self._after:
            raise Unreachable("connection reset by peer")
        answer = self._connection.request(method, path, **options)
        if fails:
            raise Unreachable("connection reset by peer")
        return answer


def names(items: Sequence[dict[str, Any]]) -> set[str]:
    return {item["metadata"]["name"] for item in items}


def configmap(name: str, data: str = "{}") -> str:
    return f"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}}}, data: {data}}}"


def documents(*texts: str) -> str:
    return "\n---\n".join(texts)


def carry_out(
    connection: Any,
    text: str,
    namespace: str,
    *,
    created: Callable[[Created], None] = lambda result: None,
    cancellation: Cancellation | None = None,
    ledger: Ledger | None = None,
    **manner: Any,
) -> Outcome:
    plan, kinds = prepared(connection, text, namespace)
    return create(
        connection,
        plan,
        kinds,
        manner=Manner(**manner),
        listener=Listener(created, lambda text: None),
        cancellation=cancellation or Cancellation(),
        ledger=ledger or Ledger(),
    )


def failed(connection: Any, text: str, namespace: str, **manner: Any) -> NsToolsError:
    with pytest.raises(NsToolsError) as caught:
        carry_out(connection, text, namespace, **manner)
    return caught.value


def told_taken_back(namespace: str, *gone: str) -> tuple[str, ...]:
    """What an impatient rollback says; gone: what was created inside the namespace."""
    told = f"namespace/{namespace} is being deleted; kubectl ns-status {namespace} shows what is left"
    return (told, *([f"gone with the namespace: {', '.join(gone)}"] if gone else []))


def together(connection: Connection, *ends: str) -> FaultyConnection:
    """A connection on which the PATCH requests whose paths end so are sent when all of them have begun: what
    has not begun when the first of them fails is not begun any more."""
    begun = {end: Event() for end in ends}

    def wait(method: str, path: str) -> bool:
        for end in ends:
            if method == "PATCH" and path.endswith(end):
                begun[end].set()
                assert all(each.wait(60) for each in begun.values())
        return False

    return FaultyConnection(connection, wait, after=True)


def is_taken_back(controlplane: ControlPlane, namespace: str) -> bool:
    status, found = controlplane.api.call("GET", f"/api/v1/namespaces/{namespace}")
    return bool(status == 404 or found["metadata"].get("deletionTimestamp"))


def is_gone(controlplane: ControlPlane, namespace: str) -> bool:
    return controlplane.api.call("GET", f"/api/v1/namespaces/{namespace}")[0] == 404


def once(method: str, end: str) -> Callable[[str, str], bool]:
    """True for the first request of this method whose path ends so."""
    left = [None]

    def fault(asked: str, path: str) -> bool:
        return bool(asked == method and path.endswith(end) and left and left.pop() is None)

    return fault
