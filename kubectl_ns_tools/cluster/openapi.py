"""What the fields of each kind are, as the cluster tells it: OpenAPI v3, one document per group and version.

https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-v3; served since 1.24.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

_KINDS = "x-kubernetes-group-version-kind"
_MOST_STEPS = 50  # from a schema to the one that it stands for; a server's mistake must not be a loop


class Schemas:
    """The schemas of one group and version."""

    def __init__(self, document: Mapping[str, Any], api_version: str) -> None:
        group, _, version = api_version.rpartition("/")
        self._all: Mapping[str, Any] = (document.get("components") or {}).get("schemas") or {}
        self._kinds: dict[Any, Mapping[str, Any]] = {
            each.get("kind"): schema
            for schema in self._all.values()
            for each in schema.get(_KINDS) or ()
            if each.get("group") == group and each.get("version") == version
        }

    def of_kind(self, kind: str) -> Mapping[str, Any] | None:
        """The schema of a whole object, None if the server does not tell."""
        return self._kinds.get(kind)

    def resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """The schema that is meant: through `$ref`, and through the `allOf` that wraps one of them."""
        for _ in range(_MOST_STEPS):
            parts: Sequence[Mapping[str, Any]] = schema.get("allOf") or ()
            if "$ref" in schema:
                schema = self._all.get(str(schema["$ref"]).rpartition("/")[2]) or {}
            elif len(parts) == 1 and "properties" not in schema:
                schema = parts[0]
            else:
                return schema
        return {}


def read_schemas(connection: "Connection", api_version: str) -> Schemas:
    """Of "v1" or "apps/v1". Raises the ApiError family: ApiNotFound from a server that does not tell."""
    root = "apis" if "/" in api_version else "api"
    return Schemas(connection.get(f"/openapi/v3/{root}/{api_version}"), api_version)
