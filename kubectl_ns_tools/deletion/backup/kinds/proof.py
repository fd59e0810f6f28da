"""Who has set a field: what the records of the server and of kubectl prove.

The API server enters the fields of a request into metadata.managedFields before admission (webhooks, the
ServiceAccount plug-in) and allocation (node ports, cluster IPs) add theirs, which so have no manager
(apiserver pkg/endpoints/handlers/create.go).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def managed(live: Mapping[str, Any], *path: str) -> list[Mapping[str, Any]]:
    """What each manager says of a field that it has set, by the field's path: managed(pod, "spec")."""
    found: list[Mapping[str, Any]] = []
    for entry in live["metadata"].get("managedFields") or ():
        node = entry.get("fieldsV1")
        for name in path:
            node = node.get(f"f:{name}") if isinstance(node, dict) else None
        if isinstance(node, dict) and not entry.get("subresource"):
            found.append(node)
    return found


def elements(live: Mapping[str, Any], *path: str) -> list[tuple[dict[str, Any], Mapping[str, Any]]]:
    """The elements of a list by keys: (key, its fields), such as ({"name": "main"}, {"f:image": {}})."""
    return [
        (json.loads(key.removeprefix("k:")), fields)
        for found in managed(live, *path)
        for key, fields in found.items()
        if key.startswith("k:")
    ]


def last_applied(live: Mapping[str, Any]) -> Mapping[str, Any]:
    """What kubectl apply was last given for the object; {} where it was not, or that cannot be read."""
    text = (live["metadata"].get("annotations") or {}).get(LAST_APPLIED) or "{}"
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def spec_of(obj: Mapping[str, Any]) -> Mapping[str, Any]:
    spec = obj.get("spec")
    return spec if isinstance(spec, dict) else {}


def ports_of(spec: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for port in spec.get("ports") or ():
        if isinstance(port, dict):
            yield port
