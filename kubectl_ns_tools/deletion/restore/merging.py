"""What is added to an object that every namespace has: itself, and its ServiceAccount `default`. Pure.

Not by server-side apply: it would take away what another apply of ours (ns-create --update) has set and this
one does not send. Nothing that is there is changed or removed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_MAPS = ("labels", "annotations")


@dataclass(frozen=True)
class Merge:
    """patch: a merge patch with what is missing, {} for nothing; kept: the paths that differ and stay."""

    patch: dict[str, Any] = field(default_factory=dict)
    kept: tuple[str, ...] = ()


def merge(wanted: Mapping[str, Any], live: Mapping[str, Any]) -> Merge:
    """wanted: the manifest; live: the object as the server has it, whose revision becomes a precondition."""
    patch: dict[str, Any] = {}
    kept: list[str] = []
    metadata: dict[str, Any] = {}
    for part in _MAPS:
        ours, theirs = wanted["metadata"].get(part) or {}, live["metadata"].get(part) or {}
        missing = {key: value for key, value in ours.items() if key not in theirs}
        metadata.update({part: missing} if missing else {})
        kept += [f"metadata.{part}.{key}" for key in ours if key in theirs and theirs[key] != ours[key]]
    patch.update({"metadata": metadata} if metadata else {})
    for key in wanted.keys() - {"apiVersion", "kind", "metadata"}:
        _merge_field(key, wanted[key], live.get(key), patch, kept)
    if patch:
        version = live["metadata"].get("resourceVersion")
        patch["metadata"] = {**metadata, "resourceVersion": version}
    return Merge(patch, tuple(sorted(kept)))


def _merge_field(key: str, ours: Any, theirs: Any, patch: dict[str, Any], kept: list[str]) -> None:
    """A list (imagePullSecrets) is added to; a plain value is set where there is none."""
    if theirs is None:
        patch[key] = ours
    elif isinstance(ours, list) and isinstance(theirs, list):
        missing = [item for item in ours if item not in theirs]
        patch.update({key: [*theirs, *missing]} if missing else {})
    elif ours != theirs:
        kept.append(key)
