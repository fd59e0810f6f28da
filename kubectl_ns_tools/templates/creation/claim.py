"""The creation of the Namespace itself, so that it is certain whose it is.

A server-side apply creates or changes, and so could take over a namespace that somebody else has just
created; a POST is refused then. Its fields are handed to the field manager of all our applies afterwards, as
kubectl does when it moves from `create` to `apply --server-side` (k8s.io/client-go/util/csaupgrade).
"""

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.cluster.errors import ApiConflict, ApiError, ApiForbidden
from kubectl_ns_tools.cluster.namespaces import NAMESPACES, get_namespace
from kubectl_ns_tools.cluster.objects import FIELD_MANAGER
from kubectl_ns_tools.errors import NsToolsError, Refused, Unreachable

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection


class NamespaceTaken(ApiConflict, Refused):
    """There is a namespace of this name; it was not touched."""


def claim_namespace(connection: "Connection", namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Create the Namespace, and return it as the server has it: certainly ours, with its uid.

    Raises NamespaceTaken when the name is not free, the ApiError family and Unreachable. When the answer was
    lost, it is looked for under the name of a field manager that only this call has used.
    """
    token = f"{FIELD_MANAGER}-{secrets.token_hex(8)}"
    try:
        return _post(connection, namespace, token)
    except ApiConflict as error:
        raise _taken(connection, str(namespace["metadata"]["name"]), error) from error
    except (ApiError, Unreachable) as error:
        if isinstance(error, ApiError) and error.status < 500:
            raise
        found = _created_nevertheless(connection, str(namespace["metadata"]["name"]), token)
        if found is None:
            raise
        return found


def rehearse_claim(connection: "Connection", namespace: Mapping[str, Any]) -> None:
    """Have the server check what claim_namespace would do; raises the same errors."""
    try:
        _post(connection, namespace, FIELD_MANAGER, dry_run=True)
    except ApiConflict as error:
        raise _taken(connection, str(namespace["metadata"]["name"]), error) from error


def settle(connection: "Connection", namespace: Mapping[str, Any]) -> None:
    """Hand the fields of a claimed Namespace to the field manager of our applies."""
    metadata = namespace["metadata"]
    entries = [
        {**entry, "manager": FIELD_MANAGER, "operation": "Apply"}
        if str(entry.get("manager")).startswith(f"{FIELD_MANAGER}-")
        else entry
        for entry in metadata.get("managedFields") or ()
    ]
    body = {"metadata": {"uid": metadata["uid"], "managedFields": entries}}
    try:
        connection.request(
            "PATCH",
            NAMESPACES.path(name=metadata["name"]),
            query={"fieldManager": FIELD_MANAGER},
            body=body,
            content_type="application/merge-patch+json",
        )
    except ApiForbidden:
        return  # who may only create namespaces cannot apply to them later either


def _post(
    connection: "Connection", namespace: Mapping[str, Any], manager: str, *, dry_run: bool = False
) -> dict[str, Any]:
    query = {"fieldManager": manager, "fieldValidation": "Strict"}
    if dry_run:
        query["dryRun"] = "All"
    return connection.request("POST", NAMESPACES.path(), query=query, body=namespace).json()


def _taken(connection: "Connection", name: str, error: ApiConflict) -> NsToolsError:
    if error.reason != "AlreadyExists":
        return error
    try:
        metadata = get_namespace(connection, name)["metadata"]
    except NsToolsError:
        metadata = {}
    since = metadata.get("deletionTimestamp")
    if since:
        hint = f"it is being deleted since {since}; kubectl ns-status {name} shows what is left"
    else:
        hint = f"kubectl ns-create {name} --update applies a template to it"
    return NamespaceTaken(
        error.message,
        hint,
        status=error.status,
        reason=error.reason,
        server_message=error.server_message,
        details=error.details,
    )


def _created_nevertheless(connection: "Connection", name: str, token: str) -> dict[str, Any] | None:
    try:
        found = get_namespace(connection, name)
    except NsToolsError:
        return None
    managers = [entry.get("manager") for entry in found["metadata"].get("managedFields") or ()]
    return found if token in managers else None
