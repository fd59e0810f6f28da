"""Whole lists of objects, page by page, as full objects or as metadata only."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.cluster.errors import ApiError, ApiGone
from kubectl_ns_tools.cluster.resources import Resource

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

# The plain tail is for aggregated servers that know no metadata lists: they answer with full objects.
METADATA_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
PLAIN = "application/json"
RESTARTS = 2


class Listing:
    """A complete list; if `inconsistent`, its parts are of different revisions: its length proves nothing."""

    def __init__(self, items: list[dict[str, Any]], inconsistent: bool = False) -> None:
        self.items = items
        self.inconsistent = inconsistent

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def list_metadata(
    connection: "Connection",
    resource: Resource,
    namespace: str | None = None,
    *,
    limit: int = 500,
    label_selector: str = "",
) -> Listing:
    """apiVersion, kind and metadata (without managedFields) of every object, in one namespace or in all."""
    query = _query(limit, labelSelector=label_selector)

    def slim(item: dict[str, Any]) -> dict[str, Any]:
        metadata = item.get("metadata") or {}
        metadata.pop("managedFields", None)
        return {"apiVersion": resource.api_version, "kind": resource.kind, "metadata": metadata}

    return _complete(_Pages(connection, resource.path(namespace), query, METADATA_ONLY), slim)


def list_objects(
    connection: "Connection",
    resource: Resource,
    namespace: str | None = None,
    *,
    limit: int = 500,
    label_selector: str = "",
    field_selector: str = "",
) -> Listing:
    """Every object in full, in one namespace or in all; apiVersion and kind are filled in."""
    query = _query(limit, labelSelector=label_selector, fieldSelector=field_selector)

    def named(item: dict[str, Any]) -> dict[str, Any]:
        return {**item, "apiVersion": resource.api_version, "kind": resource.kind}

    return _complete(_Pages(connection, resource.path(namespace), query, PLAIN), named)


class _Pages:
    """One list request after another, with the `continue` token that the last one gave."""

    def __init__(self, connection: "Connection", path: str, query: dict[str, str], accept: str) -> None:
        self.connection = connection
        self.path = path
        self.query = query
        self.accept = accept

    def read(self, token: str) -> tuple[list[dict[str, Any]], str]:
        """The items of one page and the token of the next, "" after the last."""
        page = self._get({**self.query, "continue": token} if token else self.query)
        # an empty list of metadata has "items": null
        return page.get("items") or [], (page.get("metadata") or {}).get("continue") or ""

    def _get(self, query: dict[str, str]) -> dict[str, Any]:
        try:
            return self.connection.get(self.path, query=query, accept=self.accept)
        except ApiError as error:
            if error.status != 406 or self.accept == PLAIN:
                raise
            self.accept = PLAIN
            return self.connection.get(self.path, query=query, accept=PLAIN)


def _complete(pages: _Pages, keep: Callable[[dict[str, Any]], dict[str, Any]]) -> Listing:
    """Read to the end. An expired token restarts the list; after RESTARTS, the offered rest is taken."""
    token, items, restarts, inconsistent = "", list[dict[str, Any]](), 0, False
    while True:
        try:
            page, token = pages.read(token)
        except ApiGone as error:
            restarts += 1
            if restarts > RESTARTS:
                if not error.continue_token:
                    raise
                token, inconsistent = error.continue_token, True
            else:
                token, items = "", []
            continue
        items += map(keep, page)
        if not token:
            return Listing(items, inconsistent)


def _query(limit: int, **selectors: str) -> dict[str, str]:
    return {"limit": str(limit), **{name: value for name, value in selectors.items() if value}}
