"""What the tests of the hazards inside a namespace make, and how they look at it."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from uuid import uuid4

from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.cluster.discovery import discover
from kubectl_ns_tools.cluster.namespaces import get_namespace
from kubectl_ns_tools.cluster.versions import server_version
from kubectl_ns_tools.deletion.hazards.finding import CHECKS
from kubectl_ns_tools.deletion.hazards.hazard import Hazard
from kubectl_ns_tools.deletion.hazards.scene import CannotSee, Scene
from kubectl_ns_tools.deletion.inventory import take_inventory
from tests.controlplane.api import Api
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.world import World, rule

MERGE = "application/merge-patch+json"
CONTAINER = {"name": "main", "image": "registry.example.com/none"}


def scene(connection: Connection, namespace: str) -> Scene:
    discovery = discover(connection)
    return Scene(
        connection,
        discovery,
        get_namespace(connection, namespace),
        take_inventory(connection, namespace, discovery=discovery),
        server_version=server_version(connection),
    )


def seen(connection: Connection, namespace: str, check: str) -> tuple[list[Hazard], str]:
    """What one check finds, and what it could not see ("" where it saw all)."""
    hazards: list[Hazard] = []
    try:
        hazards.extend(CHECKS[check](scene(connection, namespace)))
    except CannotSee as error:
        return hazards, str(error)
    return hazards, ""


def look(connection: Connection, namespace: str, check: str) -> list[Hazard]:
    """The same for one who may see everything."""
    hazards, unseen = seen(connection, namespace, check)
    assert unseen == ""
    return hazards


def as_user(controlplane: ControlPlane, world: World, *rights: dict[str, Any]) -> Connection:
    """Somebody new with these rights in the namespace, and that of reading the Namespace itself."""
    name = f"user-{uuid4().hex[:8]}"
    world.allow(name, [*rights, rule("", "namespaces", "get")])
    return connect(controlplane.kubeconfig_dict(name))


class Inside:
    """One namespace and what its objects need outside of it. Every method returns what the server made."""

    def __init__(self, api: Api, namespace: str, undo: ExitStack) -> None:
        self.api = api
        self.namespace = namespace
        self.tag = uuid4().hex[:8]
        self.undo = undo

    @classmethod
    @contextmanager
    def of(cls, api: Api, namespace: str) -> "Iterator[Inside]":
        """Afterwards nothing holds the namespace, and what is outside of it is gone."""
        with ExitStack() as undo:
            yield cls(api, namespace, undo)

    def put(self, plural: str, name: str, group: str = "", **fields: Any) -> Any:
        """An object of the namespace; its finalizers are removed at the end."""
        root = f"/apis/{group}" if group else "/api/v1"
        path = f"{root}/namespaces/{self.namespace}/{plural}"
        metadata = {"name": name, **fields.pop("metadata", {})}
        made = self.api.create(path, {"metadata": metadata, **fields})
        if metadata.get("finalizers"):
            free = {"metadata": {"finalizers": None}}
            self.undo.callback(self.api.call, "PATCH", f"{path}/{name}", free, MERGE)
        return made

    def put_outside(self, path: str, name: str, **fields: Any) -> Any:
        """An object of the cluster; it is deleted at the end."""
        made = self.api.create(path, {"metadata": {"name": name, **fields.pop("metadata", {})}, **fields})
        self.undo.callback(self.api.call, "DELETE", f"{path}/{name}")
        return made

    def set_status(self, plural: str, name: str, status: Any, group: str = "") -> None:
        root = f"/apis/{group}" if group else "/api/v1"
        path = f"{root}/namespaces/{self.namespace}/{plural}/{name}/status"
        code, answer = self.api.call("PATCH", path, {"status": status}, MERGE)
        assert code == 200, answer

    def volume(
        self, claim: str, policy: str, *, size: str = "1Gi", storage_class: str = "", path: str = ""
    ) -> str:
        """A volume that the claim is bound to; returns its name.

        path: below /tmp, the only place where the controller manager deletes the data of a hostPath.
        """
        name = f"pv-{self.tag}-{claim}"
        spec = {
            "accessModes": ["ReadWriteOnce"],
            "capacity": {"storage": size},
            "claimRef": {"namespace": self.namespace, "name": claim},
            "hostPath": {"path": path or f"/tmp/nowhere-{name}"},
            "persistentVolumeReclaimPolicy": policy,
            "storageClassName": storage_class,
        }
        self.put_outside("/api/v1/persistentvolumes", name, spec=spec)
        self.claim(claim, size=size, storage_class=storage_class, volumeName=name)
        wait_until(lambda: self.phase_of_claim(claim) == "Bound")
        return name

    def claim(self, name: str, *, size: str = "1Gi", storage_class: str = "", **spec: Any) -> Any:
        wanted = {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": size}},
            "storageClassName": storage_class,
        }
        return self.put("persistentvolumeclaims", name, spec={**wanted, **spec})

    def phase_of_claim(self, name: str) -> str:
        path = f"/api/v1/namespaces/{self.namespace}/persistentvolumeclaims/{name}"
        return str(self.api.get(path)["status"].get("phase", ""))

    def phase_of_volume(self, name: str) -> str:
        return str(self.api.get(f"/api/v1/persistentvolumes/{name}")["status"].get("phase", ""))

    def node(self, *, ready: bool | None = None, taints: Sequence[dict[str, str]] = ()) -> str:
        """A node without a kubelet; ready: what it says of itself, None for nothing. Returns its name."""
        name = f"node-{uuid4().hex[:8]}"
        self.put_outside("/api/v1/nodes", name, spec={"taints": list(taints)})
        if ready is not None:
            condition = {"type": "Ready", "status": str(ready), "reason": "Test", "message": "…"}
            status = {"status": {"conditions": [condition]}}
            code, answer = self.api.call("PATCH", f"/api/v1/nodes/{name}/status", status, MERGE)
            assert code == 200, answer
        return name

    def pod(self, name: str, *, node: str = "", phase: str = "", claim: str = "", **fields: Any) -> Any:
        """node: where it is bound to; it is taken from there by force at the end."""
        spec: dict[str, Any] = {"containers": [CONTAINER], **fields.pop("spec", {})}
        if node:
            spec["nodeName"] = node
            path = f"/api/v1/namespaces/{self.namespace}/pods/{name}?gracePeriodSeconds=0"
            self.undo.callback(self.api.call, "DELETE", path)
        if claim:
            spec["volumes"] = [{"name": "data", "persistentVolumeClaim": {"claimName": claim}}]
        made = self.put("pods", name, spec=spec, **fields)
        if phase:
            self.set_status("pods", name, {"phase": phase})
        return made

    def deployment(self, name: str, *, account: str = "default", image: str = "", **spec: Any) -> Any:
        """One without pods, unless asked for."""
        labels = {"app": name}
        container = {**CONTAINER, "image": image or CONTAINER["image"]}
        pod = {"containers": [container], "serviceAccountName": account}
        wanted = {
            "replicas": 0,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        }
        return self.put("deployments", name, "apps/v1", spec={**wanted, **spec})

    def bind(self, account: str, rules: Sequence[dict[str, Any]], *, everywhere: bool = False) -> None:
        """Gives a ServiceAccount of the namespace rights in it, or everywhere."""
        name, kind = f"{account}-{self.tag}", "ClusterRole" if everywhere else "Role"
        role = {"kind": kind, "apiGroup": "rbac.authorization.k8s.io", "name": name}
        subject = {"kind": "ServiceAccount", "name": account, "namespace": self.namespace}
        root = "/apis/rbac.authorization.k8s.io/v1"
        if everywhere:
            self.put_outside(f"{root}/clusterroles", name, rules=list(rules))
            self.put_outside(f"{root}/clusterrolebindings", name, roleRef=role, subjects=[subject])
        else:
            self.put("roles", name, "rbac.authorization.k8s.io/v1", rules=list(rules))
            self.put("rolebindings", name, "rbac.authorization.k8s.io/v1", roleRef=role, subjects=[subject])

    def delete_namespace(self) -> None:
        self.api.call("DELETE", f"/api/v1/namespaces/{self.namespace}")

    def is_gone(self) -> bool:
        return not self.api.exists(f"/api/v1/namespaces/{self.namespace}")

    def condition(self, kind: str) -> str:
        """The status of a condition of the namespace: "True", "False", "" for none."""
        _, found = self.api.call("GET", f"/api/v1/namespaces/{self.namespace}")
        conditions = (found.get("status") or {}).get("conditions") or ()
        return next((each["status"] for each in conditions if each["type"] == kind), "")
