"""Everything in a cluster outside of the scenarios' namespaces, read without any code of the product."""

from collections.abc import Iterator
from typing import Any

from tests.controlplane.api import Api

# What changes by itself all the time, is made up when it is asked for, or keeps the books of Services.
_RESTLESS = {"events", "leases", "componentstatuses", "endpointslices", "endpoints", "ipaddresses"}
_RESTLESS |= {"namespaces", "nodes"}  # our own are in the way: those looked at, and those of lost pods

State = tuple[Any, ...]
PREFIX = "foresight-"  # of the namespaces that scenarios make


def surroundings(api: Api) -> dict[str, State]:
    """By `kind.group/name`, with `-n NAMESPACE` after it: the uid and what the deletion may change of it."""
    found: dict[str, State] = {}
    for path, group, kind in _lists(api):
        status, answer = api.call("GET", path)
        for obj in answer["items"] if status == 200 else ():
            metadata = obj["metadata"]
            if not metadata.get("namespace", "").startswith(PREFIX):
                found[_label(kind, group, metadata)] = _state(obj)
    return found


def _lists(api: Api) -> Iterator[tuple[str, str, str]]:
    """The path of the list of every kind, in the preferred version of its group, with group and kind."""
    versions = [("/api/v1", "")]
    for group in api.get("/apis")["groups"]:
        versions.append((f"/apis/{group['preferredVersion']['groupVersion']}", group["name"]))
    for path, group in versions:
        status, answer = api.call("GET", path)
        for resource in answer["resources"] if status == 200 else ():
            plural = resource["name"]
            if "list" in resource["verbs"] and "delete" in resource["verbs"] and plural not in _RESTLESS:
                yield f"{path}/{plural}", group, resource["kind"].lower()


def _label(kind: str, group: str, metadata: dict[str, Any]) -> str:
    name = f"{kind}.{group}/{metadata['name']}" if group else f"{kind}/{metadata['name']}"
    return f"{name} -n {metadata['namespace']}" if "namespace" in metadata else name


def _state(obj: dict[str, Any]) -> State:
    metadata, status = obj["metadata"], obj.get("status") or {}
    return metadata["uid"], metadata.get("generation"), metadata.get("deletionTimestamp"), status.get("phase")
