"""Claims and their volumes: a claim keeps its volume only where that outlives it."""

from collections.abc import Mapping
from typing import Any

_BINDING = (
    "pv.kubernetes.io/bind-completed",
    "pv.kubernetes.io/bound-by-controller",
    "volume.kubernetes.io/selected-node",
    "volume.kubernetes.io/storage-provisioner",
    "volume.beta.kubernetes.io/storage-provisioner",
)
# With it, the volume controller would take the volume back from a claim that is not there yet.
_BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller"
_OF_THE_DEAD_CLAIM = ("uid", "resourceVersion")
RETAIN = "Retain"


def claim(clean: dict[str, Any], *, retained: bool) -> None:
    """retained: whether its PersistentVolume stays when it goes; the name then brings the data back."""
    _drop_annotations(clean, _BINDING)
    if not retained:
        (clean.get("spec") or {}).pop("volumeName", None)


def volume(clean: dict[str, Any], live: Mapping[str, Any]) -> None:
    """A reference to the claim without its uid reserves the volume for the next claim of that name."""
    _drop_annotations(clean, (_BOUND_BY_CONTROLLER,))
    reference = (clean.get("spec") or {}).get("claimRef") or {}
    for field in _OF_THE_DEAD_CLAIM:
        reference.pop(field, None)


def _drop_annotations(clean: dict[str, Any], names: tuple[str, ...]) -> None:
    annotations = clean["metadata"].get("annotations") or {}
    for name in names:
        annotations.pop(name, None)
