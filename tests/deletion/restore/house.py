"""A namespace with one of everything that a restore has to get right, and what was there before it."""

from typing import Any
from uuid import uuid4

from tests.controlplane.servers import wait_until
from tests.deletion.world import World

_MERGE = "application/merge-patch+json"
_CORE, _APPS, _BATCH = "/api/v1", "/apis/apps/v1", "/apis/batch/v1"
_RBAC, _NETWORK = "/apis/rbac.authorization.k8s.io/v1", "/apis/networking.k8s.io/v1"
RBAC = "rbac.authorization.k8s.io"
CONTAINER = {"name": "main", "image": "registry.example.com/none", "env": [{"name": "HOST", "value": "db"}]}
LABELS = {"app": "web"}
POD = {"metadata": {"labels": LABELS}, "spec": {"containers": [CONTAINER]}}
# Of a DaemonSet, which would take the nodes of other tests.
_NOWHERE = {
    "metadata": {"labels": LABELS},
    "spec": {"containers": [CONTAINER], "nodeSelector": {"example.com/no-node": "has-this"}},
}
JOB = {"template": {"spec": {"containers": [CONTAINER], "restartPolicy": "Never"}}}
_SELECTOR = {"matchLabels": LABELS}


class House:
    """`group` is that of the custom kind Widget; `volume` the name of the retained PersistentVolume.

    Its storage class is its own: no claim of another test that waits for a volume is given this one, or has
    one that this house's claim could be given.
    """

    def __init__(self, world: World) -> None:
        self.world, self.api, self.name = world, world.api, world.namespace
        self.volume = f"pv-{uuid4().hex[:8]}"
        self.storage_class = f"class-of-{self.volume}"
        self.group = ""

    def make(self, root: str, plural: str, name: str, **fields: Any) -> Any:
        metadata = {"name": name, **fields.pop("metadata", {})}
        return self.api.create(f"{root}/namespaces/{self.name}/{plural}", {"metadata": metadata, **fields})

    def furnish(self) -> "House":
        self.configuration()
        self.rights()
        self.services()
        self.workloads()
        self.retained_volume()
        self.rules()
        self.group = self.world.custom_kind("Widget")
        self.world.custom(self.group, "Widget", "one", annotations={"note": "kept"})
        self.label()
        return self

    def label(self) -> None:
        body = {"metadata": {"labels": {"team": "blue"}, "annotations": {"contact": "a@example.com"}}}
        path = f"{_CORE}/namespaces/{self.name}"
        self.api.call("PATCH", path, body, _MERGE)

    def configuration(self) -> None:
        self.make(_CORE, "configmaps", "settings", data={"on": "yes", "octal": "012", "url": "http://db"})
        self.make(_CORE, "secrets", "plain", stringData={"password": "s3cret"})
        annotations = {"kubernetes.io/service-account.name": "builder-bot"}
        self.make(_CORE, "serviceaccounts", "builder-bot", imagePullSecrets=[{"name": "plain"}])
        self.make(
            _CORE, "secrets", "bot-token", metadata={"annotations": annotations},
            type="kubernetes.io/service-account-token",
        )  # fmt: skip
        path = f"{_CORE}/namespaces/{self.name}/serviceaccounts/default"
        self.api.call("PATCH", path, {"imagePullSecrets": [{"name": "plain"}]}, _MERGE)

    def rights(self) -> None:
        rule = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}
        self.make(_RBAC, "roles", "reader", rules=[rule])
        subjects = [{"kind": "ServiceAccount", "name": "builder-bot", "namespace": self.name}]
        role = {"kind": "Role", "apiGroup": RBAC, "name": "reader"}
        self.make(_RBAC, "rolebindings", "reader", subjects=subjects, roleRef=role)

    def services(self) -> None:
        ports = [{"port": 80}]
        self.make(_CORE, "services", "web", spec={"selector": LABELS, "ports": ports})
        self.make(
            _CORE, "services", "headless", spec={"clusterIP": "None", "selector": LABELS, "ports": ports}
        )
        self.make(_CORE, "services", "name", spec={"type": "ExternalName", "externalName": "db.example.com"})
        self.make(_CORE, "services", "auto", spec={"type": "NodePort", "selector": LABELS, "ports": ports})
        self.make(_CORE, "services", "lb", spec={"type": "LoadBalancer", "selector": LABELS, "ports": ports})
        self.make(_CORE, "services", "by-hand", spec={"ports": ports})
        fixed = [{"port": 80, "nodePort": self.world.free_node_port()}]
        self.make(_CORE, "services", "fixed", spec={"type": "NodePort", "selector": LABELS, "ports": fixed})
        self.make(
            "/apis/discovery.k8s.io/v1", "endpointslices", "by-hand-1", addressType="IPv4",
            metadata={"labels": {"kubernetes.io/service-name": "by-hand"}},
            endpoints=[{"addresses": ["192.0.2.1"]}], ports=[{"port": 80}],
        )  # fmt: skip

    def workloads(self) -> None:
        self.make(_APPS, "deployments", "web", spec={"replicas": 2, "selector": _SELECTOR, "template": POD})
        claim = {"metadata": {"name": "d"}, "spec": claim_spec("none", "1Gi")}
        self.make(
            _APPS, "statefulsets", "db",
            spec={
                "serviceName": "headless", "selector": _SELECTOR, "template": POD,
                "volumeClaimTemplates": [claim],
            },
        )  # fmt: skip
        self.make(_APPS, "daemonsets", "agent", spec={"selector": _SELECTOR, "template": _NOWHERE})
        self.make(_BATCH, "jobs", "going", spec=JOB)
        self.make(_BATCH, "jobs", "done", spec=JOB)
        self.finish("done")
        self.make(_BATCH, "cronjobs", "nightly", spec={"schedule": "0 0 1 1 *", "jobTemplate": {"spec": JOB}})
        self.make(_CORE, "pods", "bare", spec={"containers": [CONTAINER]})
        wait_until(lambda: len(self.world.pods()) >= 6)

    def finish(self, name: str) -> None:
        """As the Job's controller would write it, had its pod run; the time that it began stays its own."""
        path = f"{_BATCH}/namespaces/{self.name}/jobs/{name}"

        def write() -> bool:
            time = self.api.get(path)["status"].get("startTime")
            return bool(time) and self.api.call("PATCH", f"{path}/status", _finished(time), _MERGE)[0] == 200

        wait_until(write)

    def retained_volume(self) -> None:
        """A volume with data, as far as the control plane can tell, and a claim that is bound to it."""
        spec = {
            "capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"],
            "storageClassName": self.storage_class, "persistentVolumeReclaimPolicy": "Retain",
            "hostPath": {"path": "/data"},
        }  # fmt: skip
        path = f"{_CORE}/persistentvolumes"
        self.api.create(path, {"metadata": {"name": self.volume}, "spec": spec})
        self.claim_volume()

    def claim_volume(self) -> None:
        """Returns when the claim is bound to the volume."""
        spec = {**claim_spec(self.storage_class, "1Gi"), "volumeName": self.volume}
        self.make(_CORE, "persistentvolumeclaims", "data", spec=spec)
        wait_until(lambda: self.claim("data")["status"]["phase"] == "Bound")

    def unbind_volume(self) -> None:
        """As an administrator would."""
        body = {"spec": {"claimRef": None}}
        self.api.call("PATCH", f"{_CORE}/persistentvolumes/{self.volume}", body, _MERGE)

    def remove_volume(self) -> None:
        path = f"{_CORE}/persistentvolumes/{self.volume}"
        self.api.call("DELETE", path)
        self.api.call("PATCH", path, {"metadata": {"finalizers": None}}, _MERGE)

    def claim(self, name: str) -> Any:
        return self.api.get(f"{_CORE}/namespaces/{self.name}/persistentvolumeclaims/{name}")

    def rules(self) -> None:
        self.make(
            _CORE,
            "limitranges",
            "limits",
            spec={"limits": [{"type": "PersistentVolumeClaim", "max": {"storage": "9Gi"}}]},
        )
        self.make(_CORE, "resourcequotas", "quota", spec={"hard": {"pods": "6", "count/configmaps": "2"}})
        self.make(_NETWORK, "networkpolicies", "deny", spec={"podSelector": {}, "policyTypes": ["Ingress"]})
        backend = {"service": {"name": "web", "port": {"number": 80}}}
        self.make(_NETWORK, "ingresses", "web", spec={"defaultBackend": backend})
        target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
        self.make(
            "/apis/autoscaling/v2", "horizontalpodautoscalers", "web",
            spec={"scaleTargetRef": target, "minReplicas": 2, "maxReplicas": 4},
        )  # fmt: skip
        self.make(
            "/apis/policy/v1", "poddisruptionbudgets", "web", spec={"selector": _SELECTOR, "minAvailable": 1}
        )


def _finished(time: str) -> dict[str, Any]:
    conditions = [
        {"type": kind, "status": "True", "lastTransitionTime": time, "reason": "CompletionsReached"}
        for kind in ("SuccessCriteriaMet", "Complete")
    ]
    return {
        "status": {
            "conditions": conditions, "startTime": time, "completionTime": time, "succeeded": 1,
            "active": 0, "ready": 0, "terminating": 0, "uncountedTerminatedPods": {},
        }
    }  # fmt: skip


def claim_spec(storage_class: str, size: str) -> dict[str, Any]:
    return {
        "accessModes": ["ReadWriteOnce"], "storageClassName": storage_class,
        "resources": {"requests": {"storage": size}},
    }  # fmt: skip
