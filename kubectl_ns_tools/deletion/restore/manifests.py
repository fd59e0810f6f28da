"""What is in an archive, as little trusted as any file: a manifest must be of the object that the index has
it for. Pure."""

from collections.abc import Mapping
from typing import Any

from kubectl_ns_tools.deletion.backup.contents import Entry
from kubectl_ns_tools.deletion.restore.plan import label_of
from kubectl_ns_tools.errors import Refused


def checked(entry: Entry, manifest: Any, path: str) -> None:
    """Raises Refused for a manifest of another object, or one that is not formed as every object is."""
    if _identity(manifest) != (entry.api_version, entry.kind, entry.name):
        raise refused(path, f"{entry.member} is not the {label_of(entry)} that its index says")
    # apimachinery pkg/api/validation/path: IsValidPathSegmentName
    if entry.name in (".", "..") or any(character in entry.name for character in "/%"):
        raise refused(path, f"{entry.member} has a name that no object can have")
    if entry.resource == "persistentvolumeclaims" and not isinstance(manifest.get("spec"), Mapping):
        raise refused(path, f"{entry.member} is no claim")


def checked_namespace(name: str, manifest: Any, path: str) -> None:
    """The same for the Namespace. name: as the head of the archive has it."""
    if _identity(manifest) != ("v1", "Namespace", name):
        raise refused(path, f"its Namespace is not the {name} that it says it is of")


def _identity(manifest: Any) -> tuple[Any, Any, Any] | None:
    """apiVersion, kind and name; None for what is formed as no object."""
    metadata = manifest.get("metadata") if isinstance(manifest, Mapping) else None
    if not isinstance(metadata, Mapping):
        return None
    for part in ("labels", "annotations"):
        if not isinstance(metadata.get(part, {}), Mapping):
            return None
    return manifest.get("apiVersion"), manifest.get("kind"), metadata.get("name")


def refused(path: str, why: str) -> Refused:
    """What to raise for an archive that has what no backup has."""
    return Refused(f"the backup {path} cannot be used: {why}")
