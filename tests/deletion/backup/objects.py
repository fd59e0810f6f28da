"""Objects as a server gives them, in full."""

from typing import Any


def live(api_version: str, kind: str, name: str = "a", **fields: Any) -> dict[str, Any]:
    """labels, annotations, finalizers and ownerReferences go into the metadata, the rest beside it."""
    of_metadata = ("labels", "annotations", "finalizers", "ownerReferences")
    metadata = {
        "name": name, "namespace": "blue", "uid": f"uid-{name}", "resourceVersion": "7", "generation": 2,
        "creationTimestamp": "2026-01-01T00:00:00Z", "managedFields": [],
        **{field: fields.pop(field) for field in of_metadata if field in fields},
    }  # fmt: skip
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **fields}


def managed_by(obj: dict[str, Any], fields: dict[str, Any], subresource: str = "") -> dict[str, Any]:
    """The object with a manager that has set these fields, through the object itself or a subresource."""
    entry = {"manager": "m", "operation": "Update", "fieldsV1": fields}
    obj["metadata"]["managedFields"].append(entry | ({"subresource": subresource} if subresource else {}))
    return obj


def owned_by(
    obj: dict[str, Any], kind: str, uid: str, *, controller: bool = True, group: str = "apps/v1"
) -> dict[str, Any]:
    reference = {"apiVersion": group, "kind": kind, "name": "owner", "uid": uid}
    references = obj["metadata"].setdefault("ownerReferences", [])
    references.append(reference | ({"controller": True} if controller else {}))
    return obj
