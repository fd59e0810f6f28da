"""How much is left of a namespace while it is being deleted, without reading it all again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.discovery import Resource
from kubectl_ns_tools.cluster.errors import ApiError, ApiNotFound, ApiUnauthorized
from kubectl_ns_tools.cluster.lists import METADATA_ONLY, list_metadata
from kubectl_ns_tools.deletion.inventory import Count

# The namespace controller takes pods first (KEP-5080), and a controller may make one more at the last moment.
PODS = Resource("", "v1", "pods", "Pod", True, frozenset({"delete", "list"}))


@dataclass(frozen=True, slots=True)
class Remaining:
    """counts: the kinds that have objects left. unknown: the kinds that could not be counted this time."""

    counts: tuple[Count, ...] = ()
    unknown: tuple[str, ...] = ()


class Counter:
    """Counts the kinds that had objects, and pods. A kind once empty stays so: nothing can be created in a
    Terminating namespace."""

    def __init__(self, connection: Connection, namespace: str, kinds: Iterable[Resource]) -> None:
        self._connection = connection
        self._namespace = namespace
        self._kinds = {kind.group_resource: kind for kind in (PODS, *kinds)}

    def count(self, *, timeout: float | None = None) -> Remaining:
        """One request per kind, each of so many seconds at most.

        Raises Unreachable; a kind that cannot be counted is unknown, not zero.
        """
        counts, unknown = [], []
        for name, kind in sorted(self._kinds.items()):
            number = self._number(kind, timeout)
            if number is None:
                unknown.append(name)
            elif number:
                counts.append(Count(kind, number))
            else:
                del self._kinds[name]
        return Remaining(tuple(counts), tuple(unknown))

    def _number(self, kind: Resource, timeout: float | None) -> int | None:
        try:
            return count_objects(self._connection, kind, self._namespace, timeout=timeout)
        except ApiNotFound:
            return 0  # the kind went with its definition
        except ApiUnauthorized:
            raise
        except ApiError:
            return None


def count_objects(
    connection: Connection, kind: Resource, namespace: str, *, timeout: float | None = None
) -> int:
    """Asks for one object and how many there are beside it; servers that do not say get a whole list."""
    query = {"limit": "1"}
    try:
        page = connection.get(kind.path(namespace), query=query, accept=METADATA_ONLY, timeout=timeout)
    except ApiError as error:
        if error.status != 406:
            raise
        return len(list_metadata(connection, kind, namespace))
    rest = _rest(page.get("metadata") or {})
    if rest is None:
        return len(list_metadata(connection, kind, namespace))
    return len(page.get("items") or ()) + rest


def _rest(metadata: Mapping[str, Any]) -> int | None:
    """remainingItemCount, 0 on the last page, None where there are more but nobody says how many."""
    if "remainingItemCount" in metadata:
        return int(metadata["remainingItemCount"])
    return None if metadata.get("continue") else 0
