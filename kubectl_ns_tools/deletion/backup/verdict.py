"""What of a namespace goes into a backup, and what of that a restore makes again. Pure.

Three answers: it is restored; it is saved to be read, but not restored (`restore` is False); it is not even
saved, as somebody makes it anew whatever happens (`saved` is False). Each of the latter two has a reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kubectl_ns_tools.cluster.discovery import Discovery, Resource
from kubectl_ns_tools.deletion.backup.kinds import accounts
from kubectl_ns_tools.deletion.backup.kinds.pods import MIRROR
from kubectl_ns_tools.deletion.backup.kinds.workloads import is_finished
from kubectl_ns_tools.deletion.items import Item

_KINDS = {
    "events": "they tell of what has been",
    "events.events.k8s.io": "they tell of what has been",
    "leases.coordination.k8s.io": "whoever holds them takes them anew",
    "leasecandidates.coordination.k8s.io": "whoever holds them takes them anew",
    "controllerrevisions.apps": "the controllers of their workloads make them",
}
_NAMES = {
    ("configmaps", "kube-root-ca.crt"): "made by Kubernetes in every namespace",
    ("configmaps", "openshift-service-ca.crt"): "made by OpenShift in every namespace",
    ("configmaps", "istio-ca-root-cert"): "made by Istio in every namespace",
}
_LEADER = "control-plane.alpha.kubernetes.io/leader"
# Which of its children a controller of Kubernetes itself makes again; others may have it as their owner.
_MADE_BY = {
    "CronJob": ("Job",),
    "DaemonSet": ("Pod", "ControllerRevision"),
    "Deployment": ("ReplicaSet",),
    "Endpoints": ("EndpointSlice",),
    "Job": ("Pod",),
    "Node": ("Pod",),
    "Pod": ("PersistentVolumeClaim", "ResourceClaim"),
    "ReplicaSet": ("Pod",),
    "ReplicationController": ("Pod",),
    "Service": ("EndpointSlice",),
    "StatefulSet": ("Pod", "ControllerRevision"),
}
_KUBERNETES_GROUPS = ("", "apps", "batch")
_SLICES_OF = "kubernetes.io/service-name"
_MANAGED_BY = ("endpointslice.kubernetes.io/managed-by", "endpoints.kubernetes.io/managed-by")
_ENDPOINT_CONTROLLERS = (
    "endpointslice-controller.k8s.io",
    "endpointslicemirroring-controller.k8s.io",
    "endpoint-controller",
)


class Verdict(NamedTuple):
    """saved: whether it is in the archive; restore: whether a restore makes it again; reason: why not."""

    saved: bool = True
    restore: bool = True
    reason: str = ""


RESTORED = Verdict()


def skipped(reason: str) -> Verdict:
    return Verdict(False, False, reason)


def kept(reason: str) -> Verdict:
    return Verdict(True, False, reason)


@dataclass
class Surroundings:
    """What else decides.

    items: by uid, everything that was seen in the namespace. outside: (apiVersion, kind) of what lives in no
    namespace. selecting: the Services whose endpoints a controller looks after, as far as they were met.
    """

    items: Mapping[str, Item]
    outside: frozenset[tuple[str, str]]
    selecting: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, items: Iterable[Item], discovery: Discovery) -> "Surroundings":
        outside = (each for each in discovery.resources if not each.namespaced)
        return cls(
            {item.uid: item for item in items if item.uid},
            frozenset((resource.api_version, resource.kind) for resource in outside),
        )

    def meet(self, obj: Mapping[str, Any]) -> None:
        """Every object is to be met before the verdict on it, Services before all others."""
        if obj["kind"] == "Service" and (obj.get("spec") or {}).get("selector"):
            self.selecting.add(obj["metadata"]["name"])


def verdict_on_kind(resource: Resource) -> Verdict:
    """What is known without a look at the objects."""
    if "create" not in resource.verbs:
        return skipped("they cannot be created")
    reason = _KINDS.get(resource.group_resource)
    return skipped(reason) if reason else RESTORED


def verdict_on(obj: Mapping[str, Any], resource: Resource, around: Surroundings) -> Verdict:
    """obj: as the server has it, of a kind that verdict_on_kind lets pass."""
    reason = _NAMES.get((resource.group_resource, obj["metadata"]["name"])) or _made_anew(obj, around)
    if reason:
        return skipped(reason)
    owned = _by_owners(obj, around)
    if owned != RESTORED:
        return owned
    if obj["kind"] in ("Job", "Pod") and is_finished(obj):
        return kept("finished: it would run again")
    return RESTORED


def _made_anew(obj: Mapping[str, Any], around: Surroundings) -> str:
    if _LEADER in (obj["metadata"].get("annotations") or {}):
        return "leaders hold them, and take them anew"
    judge = _JUDGES.get(obj["kind"])
    return judge(obj, around) if judge else ""


def _of_node(pod: Mapping[str, Any], around: Surroundings) -> str:
    is_mirror = MIRROR in (pod["metadata"].get("annotations") or {})
    return "the kubelet of a node makes them" if is_mirror else ""


def _of_api_server(service: Mapping[str, Any], around: Surroundings) -> str:
    metadata = service["metadata"]
    is_its_own = (metadata.get("namespace"), metadata["name"]) == ("default", "kubernetes")
    return "made by the API server" if is_its_own else ""


def _of_account(secret: Mapping[str, Any], around: Surroundings) -> str:
    """Tokens that somebody has asked for have a name of their own, and stay."""
    name, annotations = secret["metadata"]["name"], secret["metadata"].get("annotations") or {}
    named = [str(annotations[each]) for each in accounts.ACCOUNTS if annotations.get(each)]
    is_made = any(accounts.is_made_for(account, name) for account in named)
    return "made for a ServiceAccount" if is_made else ""


def _untouched(account: Mapping[str, Any], around: Surroundings) -> str:
    """Kubernetes' own account and OpenShift's, as long as nobody has added anything to them."""
    name, metadata = account["metadata"]["name"], account["metadata"]
    if name not in ("default", "builder", "deployer") or "automountServiceAccountToken" in account:
        return ""
    given = (
        each
        for field in ("secrets", "imagePullSecrets")
        for each in account.get(field) or ()
        if not accounts.is_made_for(name, str(each.get("name")))
    )
    own = [*given, *(metadata.get("labels") or ()), *accounts.own_annotations(account)]
    return "" if own else "made in every namespace, and unchanged"


def _of_service(obj: Mapping[str, Any], around: Surroundings) -> str:
    labels = obj["metadata"].get("labels") or {}
    managers = [labels[name] for name in _MANAGED_BY if name in labels]
    service = labels.get(_SLICES_OF) if obj["kind"] == "EndpointSlice" else obj["metadata"]["name"]
    if any(manager in _ENDPOINT_CONTROLLERS for manager in managers):
        return "made for a Service"
    return "made for a Service" if not managers and service in around.selecting else ""


_JUDGES = {
    "Endpoints": _of_service,
    "EndpointSlice": _of_service,
    "Pod": _of_node,
    "Secret": _of_account,
    "Service": _of_api_server,
    "ServiceAccount": _untouched,
}


def _by_owners(obj: Mapping[str, Any], around: Surroundings) -> Verdict:
    owners = obj["metadata"].get("ownerReferences") or ()
    for owner in owners:
        if owner.get("controller"):
            return _controlled(obj, owner, around)
    for owner in owners:
        # bound to one life of its owner, as the lock of a leader is: the next pod has another uid
        if _is_remade(owner, around):
            return kept(f"it belongs to {_label(owner)}, which will be another one")
    return RESTORED


def _controlled(obj: Mapping[str, Any], owner: Mapping[str, Any], around: Surroundings) -> Verdict:
    group = str(owner.get("apiVersion")).rpartition("/")[0]
    if group in _KUBERNETES_GROUPS and owner.get("kind") in _MADE_BY:
        made = obj["kind"] in _MADE_BY[owner["kind"]]
        # else a claim of a StatefulSet, which it takes back, or what an operator hangs on its own Deployment
        return skipped(f"a {owner['kind']} makes them") if made else RESTORED
    if owner.get("uid") in around.items or (owner.get("apiVersion"), owner.get("kind")) in around.outside:
        return kept(f"{_label(owner)} makes it")
    return Verdict(reason=f"its owner {_label(owner)} is not in the backup")


def _is_remade(owner: Mapping[str, Any], around: Surroundings) -> bool:
    item = around.items.get(str(owner.get("uid")))
    return item is not None and any(each.controller for each in item.owners)


def _label(owner: Mapping[str, Any]) -> str:
    return f"{owner.get('kind')}/{owner.get('name')}"
