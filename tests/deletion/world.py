"""What tests put into a namespace of the real cluster, and take out again when nothing else would."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from kubectl_ns_tools.deletion.clock import now, seconds_since
from kubectl_ns_tools.deletion.stuck.conditions import bad_conditions
from tests.controlplane.api import Api
from tests.controlplane.servers import wait_until

_VALIDATING = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
# What the server leaves to those who choose: it gives these itself only when it has no others.
_CHOSEN_PORTS = range(30000, 30086)
_MERGE = "application/merge-patch+json"
PATHS = {
    "ConfigMap": "/api/v1/namespaces/{}/configmaps",
    "Event": "/api/v1/namespaces/{}/events",
    "Pod": "/api/v1/namespaces/{}/pods",
    "Deployment": "/apis/apps/v1/namespaces/{}/deployments",
    "Role": "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/roles",
    "RoleBinding": "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/rolebindings",
}
_CONTAINER = {"name": "main", "image": "registry.example.com/none"}


class World:
    """One namespace. Every method returns the object as the server made it."""

    def __init__(self, api: Api, namespace: str) -> None:
        self.api = api
        self.namespace = namespace
        self._undo: list[Callable[[], object]] = []

    @classmethod
    @contextmanager
    def of(cls, api: Api, namespace: str) -> "Iterator[World]":
        """Afterwards nothing holds the namespace, and what is outside of it is gone."""
        world = cls(api, namespace)
        try:
            yield world
        finally:
            for undo in reversed(world._undo):
                undo()

    def make(self, kind: str, name: str, *, finalizers: Sequence[str] = (), **fields: Any) -> Any:
        path = PATHS[kind].format(self.namespace)
        metadata = {"name": name, "finalizers": list(finalizers), **fields.pop("metadata", {})}
        if finalizers:
            self._undo.append(lambda: self._release(f"{path}/{name}"))
        return self.api.create(path, {"metadata": metadata, **fields})

    def configmap(self, name: str, **fields: Any) -> Any:
        return self.make("ConfigMap", name, **fields)

    def configmaps(self, number: int) -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(self.configmap, (f"many-{index:04}" for index in range(number))))

    def event(self, name: str) -> Any:
        involved = {"kind": "Namespace", "name": self.namespace, "namespace": self.namespace}
        return self.make("Event", name, involvedObject=involved, reason="Test", message="…", type="Normal")

    def deployment(self, name: str, *, replicas: int) -> Any:
        """Returns when its pods are there; without nodes they stay Pending."""
        labels = {"app": name}
        template = {"metadata": {"labels": labels}, "spec": {"containers": [_CONTAINER]}}
        spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
        made = self.make("Deployment", name, spec=spec)
        wait_until(lambda: len(self.pods()) == replicas)
        return made

    def pods(self) -> list[Any]:
        return list(self.api.get(PATHS["Pod"].format(self.namespace))["items"])

    def bound_pod(self, name: str, *, grace: int = 1) -> Any:
        """A pod on a node that has no kubelet: nobody ever confirms that it has ended."""
        node = f"node-{uuid4().hex[:8]}"
        self.api.create("/api/v1/nodes", {"metadata": {"name": node}})
        self._undo.append(lambda: self.api.call("DELETE", f"/api/v1/nodes/{node}"))
        pod = f"{PATHS['Pod'].format(self.namespace)}/{name}"
        self._undo.append(lambda: self.api.call("DELETE", f"{pod}?gracePeriodSeconds=0"))
        spec = {"containers": [_CONTAINER], "nodeName": node, "terminationGracePeriodSeconds": grace}
        return self.make("Pod", name, spec=spec)

    def custom_kind(self, kind: str) -> str:
        """A new kind in a group of its own; returns the group. Custom objects are made with `custom`."""
        group, plural = f"g{uuid4().hex[:8]}.example.com", f"{kind.lower()}s"
        schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
        spec = {
            "group": group,
            "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
            "scope": "Namespaced",
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": schema}],
        }
        path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        self.api.create(path, {"metadata": {"name": f"{plural}.{group}"}, "spec": spec})
        self._undo.append(lambda: self.api.call("DELETE", f"{path}/{plural}.{group}"))
        wait_until(lambda: self._is_discovered(group, plural))
        return group

    def _is_discovered(self, group: str, plural: str) -> bool:
        _, answer = self.api.call("GET", f"/apis/{group}/v1/namespaces/{self.namespace}/{plural}")
        return "items" in answer and bool(self.api.discovered(group, plural))

    def custom(self, group: str, kind: str, name: str, **metadata: Any) -> Any:
        path = f"/apis/{group}/v1/namespaces/{self.namespace}/{kind.lower()}s"
        body = {"apiVersion": f"{group}/v1", "kind": kind, "metadata": {"name": name, **metadata}}
        if metadata.get("finalizers"):
            self._undo.append(lambda: self._release(f"{path}/{name}"))
        return self.api.create(path, body)

    def webhook_that_never_answers(self, operation: str = "DELETE") -> str:
        """Asked about every deletion (or creation) of a ConfigMap in the namespace; returns its name."""
        name = f"w{uuid4().hex[:8]}.example.com"
        label = {"kubernetes.io/metadata.name": self.namespace}
        webhook = {
            "name": name,
            "admissionReviewVersions": ["v1"],
            "sideEffects": "None",
            "clientConfig": {"service": {"namespace": self.namespace, "name": "nobody"}},
            "namespaceSelector": {"matchLabels": label},
            "rules": [
                {
                    "apiGroups": [""],
                    "apiVersions": ["v1"],
                    "operations": [operation],
                    "resources": ["configmaps"],
                }
            ],
        }
        self.api.create(_VALIDATING, {"metadata": {"name": name}, "webhooks": [webhook]})
        self._undo.append(lambda: self.api.call("DELETE", f"{_VALIDATING}/{name}"))
        return name

    def refuse_configmaps(self) -> str:
        """No ConfigMap can be created in the namespace any more, by a webhook, whose path is returned. The
        namespace must be there: the API server asks a webhook some time after it was told of it."""
        name = self.webhook_that_never_answers("CREATE")
        wait_until(self.refuses_configmaps)
        return f"{_VALIDATING}/{name}"

    def refuses_configmaps(self) -> bool:
        path = f"{PATHS['ConfigMap'].format(self.namespace)}?dryRun=All"
        return self.api.call("POST", path, {"metadata": {"name": "probe"}})[0] == 500

    def free_node_port(self) -> int:
        """One that neither the server takes by itself nor a test of another worker of pytest-xdist."""
        worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
        workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
        services = self.api.get("/api/v1/services")["items"]
        taken = {port.get("nodePort") for each in services for port in each["spec"].get("ports", ())}
        return next(port for port in _CHOSEN_PORTS[worker::workers] if port not in taken)

    def allow(self, user: str, rules: Sequence[dict[str, Any]]) -> None:
        """Gives the user rights by a Role and a RoleBinding in the namespace; returns when they hold."""
        self.make("Role", user, rules=list(rules))
        subject = {"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": user}
        role = {"kind": "Role", "apiGroup": "rbac.authorization.k8s.io", "name": user}
        self.make("RoleBinding", user, subjects=[subject], roleRef=role)
        self.await_rule(user, rules[0])

    def await_rule(self, user: str, rule: Mapping[str, Any]) -> None:
        """Returns when the first right of a rule holds in the namespace."""
        group, resource, verb = (rule[part][0] for part in ("apiGroups", "resources", "verbs"))
        self.api.await_right(user, namespace=self.namespace, group=group, resource=resource, verb=verb)

    def uid(self) -> str:
        return str(self.api.get(f"/api/v1/namespaces/{self.namespace}")["metadata"]["uid"])

    def delete_namespace(self) -> None:
        self.api.call("DELETE", f"/api/v1/namespaces/{self.namespace}")

    def is_gone(self) -> bool:
        return not self.api.exists(f"/api/v1/namespaces/{self.namespace}")

    def is_terminating(self) -> bool:
        _, found = self.api.call("GET", f"/api/v1/namespaces/{self.namespace}")
        return "deletionTimestamp" in found.get("metadata", {})

    def is_deleted(self, kind: str, name: str, seconds_ago: float = 0) -> bool:
        """Whether the object has a deletionTimestamp, and it was so long ago."""
        found = self.api.get(f"{PATHS[kind].format(self.namespace)}/{name}")
        return (seconds_since(found["metadata"].get("deletionTimestamp", ""), now()) or -1) >= seconds_ago

    def controller_complains(self, words: str = "") -> bool:
        """Whether a condition of the deletion is True, one with these words in its message."""
        found = bad_conditions(self.api.get(f"/api/v1/namespaces/{self.namespace}"))
        return any(words in condition.message for condition in found)

    def _release(self, path: str) -> None:
        self.api.call("PATCH", path, {"metadata": {"finalizers": None}}, _MERGE)


def rule(groups: str, resources: str, *verbs: str) -> dict[str, Any]:
    return {"apiGroups": [groups], "resources": resources.split(","), "verbs": list(verbs)}
