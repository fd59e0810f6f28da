"""What becomes of a claim's volume. Pure.

A volume that is retained stays as Released, held by the uid of the claim that is gone. Without that uid it is
reserved for a claim of that namespace and name, and the volume controller binds the two again
(kube-controller-manager pkg/controller/volume/persistentvolume: syncVolume, syncUnboundClaim).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

RETAIN = "Retain"


@dataclass(frozen=True)
class Fate:
    """name: of the PersistentVolume. patch: the merge patch that frees it for the claim, {} for none.
    lost: why the data is not back, "" where it is; then the claim is restored without a volume."""

    name: str
    patch: Mapping[str, Any]
    lost: str = ""


def volume_of(claim: Mapping[str, Any]) -> str:
    """The volume that a claim names, "" for none."""
    return str((claim.get("spec") or {}).get("volumeName") or "")


def fate(name: str, live: Mapping[str, Any] | None, claim: Mapping[str, Any], *, old: str) -> Fate:
    """What to do about the volume that a claim had. live: as the server has it, None when it is gone; claim:
    as it is to be restored, not there yet; old: the namespace that it was of."""
    if live is None:
        return Fate(name, {}, f"persistentvolume/{name} is gone")
    spec, metadata = live.get("spec") or {}, claim["metadata"]
    here, before = (metadata["namespace"], metadata["name"]), (old, metadata["name"])
    holder = _holder(spec)
    if live["metadata"].get("deletionTimestamp") or spec.get("persistentVolumeReclaimPolicy") != RETAIN:
        return Fate(name, {}, f"persistentvolume/{name} is not retained, it goes with its data")
    if holder is None:
        return Fate(name, {})
    released = (live.get("status") or {}).get("phase") == "Released"
    if holder == here or (holder == before and released):
        version = live["metadata"]["resourceVersion"]  # who has changed it since has other plans with it
        return Fate(name, {"metadata": {"resourceVersion": version}, **freed(*here)})
    return Fate(name, {}, f"persistentvolume/{name} is bound to persistentvolumeclaim {'/'.join(holder)}")


def freed(namespace: str, claim: str) -> dict[str, Any]:
    """The merge patch of a volume that reserves it for the next claim of this name."""
    reference = {"namespace": namespace, "name": claim, "uid": None, "resourceVersion": None}
    return {"spec": {"claimRef": reference}}


def with_volume(claim: Mapping[str, Any], fate: Fate) -> dict[str, Any]:
    """The claim as it is sent: for the volume that it had, or for a new one."""
    spec = {key: value for key, value in claim["spec"].items() if key != "volumeName"}
    return {**claim, "spec": spec if fate.lost else {**spec, "volumeName": fate.name}}


def _holder(spec: Mapping[str, Any]) -> tuple[str, str] | None:
    reference = spec.get("claimRef")
    return (str(reference.get("namespace")), str(reference.get("name"))) if reference else None
