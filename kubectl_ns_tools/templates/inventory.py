"""Which objects were created with a namespace, under which uid: what may be pruned later.

A label alone would not do: who copies an object with its labels has made one of his own. The record is an
annotation on the Namespace, as it has to be found without searching every kind, and goes with it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.cluster.errors import ApiError, ApiForbidden
from kubectl_ns_tools.cluster.namespaces import NAMESPACES
from kubectl_ns_tools.cluster.objects import apply_object
from kubectl_ns_tools.templates.annotations import OBJECTS_ANNOTATION
from kubectl_ns_tools.templates.objects import Manifest

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

MOST_BYTES = 128 * 1024  # half of what all annotations of an object may have


@dataclass(frozen=True)
class Entry:
    """One object of the record."""

    api_version: str
    kind: str
    name: str
    uid: str


def entry_of(manifest: Manifest, live: Mapping[str, Any]) -> Entry:
    """What is written down of an object; live: as the server has it."""
    return Entry(manifest.api_version, manifest.kind, manifest.name, str(live["metadata"]["uid"]))


def encoded(objects: Iterable[Entry]) -> str:
    """`{"v1/ConfigMap":{"name":"uid"}}`; "" when there are none, or too many for an annotation."""
    found: dict[str, dict[str, str]] = {}
    for each in objects:
        found.setdefault(f"{each.api_version}/{each.kind}", {})[each.name] = each.uid
    text = json.dumps(found, separators=(",", ":"), sort_keys=True) if found else ""
    return text if len(text) <= MOST_BYTES else ""


def decoded(namespace: Mapping[str, Any]) -> list[Entry]:
    """The record of a live Namespace. What somebody has garbled is no record."""
    text = (namespace["metadata"].get("annotations") or {}).get(OBJECTS_ANNOTATION, "")
    try:
        found = json.loads(text) if text else {}
        return [
            Entry(key.rpartition("/")[0], key.rpartition("/")[2], str(name), str(uid))
            for key, objects in found.items()
            for name, uid in objects.items()
        ]
    except (ValueError, AttributeError, TypeError):
        return []


def recorded(data: Mapping[str, Any], objects: Iterable[Entry]) -> dict[str, Any]:
    """The Namespace with the record on it, instead of any other."""
    metadata = data["metadata"]
    annotations = dict(metadata.get("annotations") or {})
    annotations.pop(OBJECTS_ANNOTATION, None)
    text = encoded(objects)
    annotations.update({OBJECTS_ANNOTATION: text} if text else {})
    return {**data, "metadata": {**metadata, "annotations": annotations}}


def record(connection: "Connection", namespace: Manifest, uid: str, objects: list[Entry]) -> str:
    """Write down what was created, on the Namespace with this uid; "" or why that was not possible.

    Who may only create namespaces cannot, and cannot update them later either.
    """
    data = recorded(namespace.data, objects)
    if objects and OBJECTS_ANNOTATION not in data["metadata"]["annotations"]:
        return f"{len(objects)} objects are too many to be recorded: --update will not prune them"
    data["metadata"]["uid"] = uid  # a precondition: an apply would create a namespace that is gone
    try:
        apply_object(connection, NAMESPACES, data)
    except ApiForbidden:
        return ""
    except ApiError as error:
        return f"what was created is not recorded, so that --update will not prune it: {error.message}"
    return ""
