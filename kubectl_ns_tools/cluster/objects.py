"""One object: read, apply, delete."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from kubectl_ns_tools.cluster.resources import Resource

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

FIELD_MANAGER = "kubectl-ns-tools"


class Applied(NamedTuple):
    """The object as the server now has it (or would have it, in a dry run), and whether it is new."""

    object: dict[str, Any]
    created: bool


def get_object(
    connection: "Connection", resource: Resource, name: str, namespace: str | None = None
) -> dict[str, Any]:
    """The live object; ApiNotFound when there is none."""
    return connection.get(resource.path(namespace, name))


def apply_object(
    connection: "Connection",
    resource: Resource,
    obj: Mapping[str, Any],
    *,
    namespace: str | None = None,
    dry_run: bool = False,
    force: bool = False,
) -> Applied:
    """Server-side apply as the field manager "kubectl-ns-tools", with strict field validation.

    namespace: for an object that names none. Raises ApiConflict with one cause per field that another
    manager owns (unless `force` takes them), and ApiError for a field that the kind does not have.
    """
    metadata = dict(obj["metadata"])
    if resource.namespaced and namespace:
        metadata.setdefault("namespace", namespace)
    query = {"fieldManager": FIELD_MANAGER, "fieldValidation": "Strict", "force": str(force).lower()}
    if dry_run:
        query["dryRun"] = "All"
    answer = connection.request(
        "PATCH",
        resource.path(metadata.get("namespace"), metadata["name"]),
        query=query,
        body={**obj, "metadata": metadata},
        content_type="application/apply-patch+yaml",  # JSON is YAML
    )
    return Applied(answer.json(), answer.status == 201)


def delete_object(
    connection: "Connection",
    resource: Resource,
    name: str,
    namespace: str | None = None,
    *,
    uid: str,
    resource_version: str = "",
    dry_run: bool = False,
    propagation: str = "Background",
) -> dict[str, Any]:
    """Delete exactly the object with this uid (and revision, if given); ApiConflict when it is another now.

    Returns what the server says: the terminating object, or a Status of success.
    """
    preconditions = {"uid": uid}
    if resource_version:
        preconditions["resourceVersion"] = resource_version
    options: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "DeleteOptions",
        "preconditions": preconditions,
        "propagationPolicy": propagation,
    }
    if dry_run:
        options["dryRun"] = ["All"]
    return connection.request("DELETE", resource.path(namespace, name), body=options).json()
