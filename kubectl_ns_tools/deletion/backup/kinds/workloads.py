"""Controllers of pods, without the notes that their own controllers have put on them."""

from collections.abc import Mapping
from typing import Any

# Labels by which a Job tells its pods from others; the server makes them of the Job's uid.
JOB_LABELS = (
    "controller-uid",
    "job-name",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
)
_NOTES = (
    "deployment.kubernetes.io/revision",
    "deployment.kubernetes.io/revision-history",
    "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas",
    "deprecated.daemonset.template.generation",
    "batch.kubernetes.io/job-tracking",
)


def workload(clean: dict[str, Any], live: Mapping[str, Any]) -> None:
    """Deployment, ReplicaSet, DaemonSet, ReplicationController: their template is a pod's."""
    drop_notes(clean)
    _template(clean.get("spec") or {})


def stateful_set(clean: dict[str, Any], live: Mapping[str, Any]) -> None:
    """The claims' templates stay: what they say is not to be changed later."""
    workload(clean, live)
    for claim in (clean.get("spec") or {}).get("volumeClaimTemplates") or ():
        claim.pop("status", None)
        _undated(claim)


def job(clean: dict[str, Any], live: Mapping[str, Any]) -> None:
    """The selector and its labels are of the old uid, and refused, unless somebody has chosen them."""
    drop_notes(clean)
    spec = clean.get("spec") or {}
    _template(spec)
    if spec.get("manualSelector"):
        return
    spec.pop("selector", None)
    drop_labels(clean["metadata"], JOB_LABELS)
    drop_labels((spec.get("template") or {}).get("metadata") or {}, JOB_LABELS)


def cron_job(clean: dict[str, Any], live: Mapping[str, Any]) -> None:
    template = (clean.get("spec") or {}).get("jobTemplate") or {}
    _undated(template)
    _template(template.get("spec") or {})


def pod_template(clean: dict[str, Any], live: Mapping[str, Any]) -> None:
    _template(clean)


def is_finished(live: Mapping[str, Any]) -> bool:
    """A Job, or a pod, that has run to its end: created again it would run again."""
    status = live.get("status") or {}
    conditions = status.get("conditions") or ()
    ended = (each for each in conditions if each.get("type") in ("Complete", "Failed"))
    return status.get("phase") in ("Succeeded", "Failed") or any(
        each.get("status") == "True" for each in ended
    )


def drop_notes(clean: dict[str, Any]) -> None:
    annotations = clean["metadata"].get("annotations") or {}
    for name in _NOTES:
        annotations.pop(name, None)


def drop_labels(metadata: dict[str, Any], names: tuple[str, ...]) -> None:
    """A field `labels` that had nothing else goes with them."""
    labels = metadata.get("labels") or {}
    before = len(labels)
    for name in names:
        labels.pop(name, None)
    if before and not labels:
        del metadata["labels"]


def _template(spec: dict[str, Any]) -> None:
    _undated(spec.get("template") or {})


def _undated(obj: dict[str, Any]) -> None:
    """Go writes the creation of what was never created as null."""
    metadata = obj.get("metadata") or {}
    if metadata.get("creationTimestamp", "") is None:
        del metadata["creationTimestamp"]
