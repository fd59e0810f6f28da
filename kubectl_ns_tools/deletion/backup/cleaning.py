"""A live object as one that can be created again: without what is of the old one only. Pure.

Empty maps stay as they are: `emptyDir: {}` and `podSelector: {}` say something (kubectl-neat#18).
"""

from collections.abc import Callable, Collection, Mapping
from copy import deepcopy
from typing import Any

from kubectl_ns_tools.deletion.backup.kinds import accounts, namespaces, pods, services, volumes, workloads
from kubectl_ns_tools.deletion.backup.kinds.proof import LAST_APPLIED

Cleaner = Callable[[dict[str, Any], Mapping[str, Any]], None]

# Stale uids of owners would make the garbage collector delete the new object (kubernetes#65200), and a
# finalizer whose controller is not there would hold it for ever; live controllers put theirs on again.
_OF_THE_OLD_ONE = frozenset(
    {"uid", "resourceVersion", "generation", "creationTimestamp", "selfLink", "managedFields",
     "deletionTimestamp", "deletionGracePeriodSeconds", "ownerReferences", "finalizers"}
)  # fmt: skip
_CLEANERS: dict[tuple[str, str], Cleaner] = {
    ("", "Endpoints"): services.endpoints,
    ("", "Namespace"): namespaces.namespace,
    ("", "PersistentVolume"): volumes.volume,
    ("", "Pod"): pods.pod,
    ("", "PodTemplate"): workloads.pod_template,
    ("", "ReplicationController"): workloads.workload,
    ("", "Secret"): accounts.secret,
    ("", "Service"): services.service,
    ("", "ServiceAccount"): accounts.account,
    ("apps", "DaemonSet"): workloads.workload,
    ("apps", "Deployment"): workloads.workload,
    ("apps", "ReplicaSet"): workloads.workload,
    ("apps", "StatefulSet"): workloads.stateful_set,
    ("batch", "CronJob"): workloads.cron_job,
    ("batch", "Job"): workloads.job,
}


def clean(obj: Mapping[str, Any], *, retained: Collection[str] = ()) -> dict[str, Any]:
    """The manifest of a live object, which is left as it is; it has a name and, if any, a namespace.

    retained: the names of the PersistentVolumes that outlive their claims: these claims stay bound to them.
    What is created from it is cleaned to the same manifest again.
    """
    rest = {key: deepcopy(value) for key, value in obj.items() if key not in ("metadata", "status")}
    header = {key: rest.pop(key) for key in ("apiVersion", "kind")}
    kind = (header["apiVersion"].rpartition("/")[0], header["kind"])
    manifest = {**header, "metadata": _metadata(obj["metadata"]), **rest}
    if kind == ("", "PersistentVolumeClaim"):
        volumes.claim(manifest, retained=(rest.get("spec") or {}).get("volumeName") in retained)
    elif kind in _CLEANERS:
        _CLEANERS[kind](manifest, obj)
    _drop_emptied(manifest["metadata"], obj["metadata"])
    return manifest


def _metadata(live: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: deepcopy(value) for key, value in live.items() if key not in _OF_THE_OLD_ONE}
    (kept.get("annotations") or {}).pop(LAST_APPLIED, None)  # it holds old values, those of Secrets too
    return kept


def _drop_emptied(metadata: dict[str, Any], live: Mapping[str, Any]) -> None:
    for field in ("labels", "annotations"):
        if live.get(field) and not metadata.get(field):
            metadata.pop(field, None)
