"""Whole lists of objects, page by page, as full objects or as metadata only."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from kubectl_ns_tools.cluster.errors import ApiError, ApiGone
from kubectl_ns_tools.cluster.resources import Resource

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

# The plain tail is for aggregated servers that know no metadata lists: they answer with full objects.
METADATA_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
PLAIN = "application/json"
RESTARTS = 2

Kept = TypeVar("Kept")


class Listing(Generic[Kept]):
    """A complete list; if `inconsistent`, its parts are of different revisions: its length proves nothing."""

    def __init__(self, items: list[Kept], inconsistent: bool = False) -> None:
        self.items = items
        self.inconsistent = inconsistent

    def __iter__(self) -> Iterator[Kept]:
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
) -> Listing[dict[str, Any]]:
    """apiVersion, kind and metadata (without managedFields) of every object, in one namespace or in all."""

    def slim(item: dict[str, Any]) -> dict[str, Any]:
        metadata = item.get("metadata") or {}
        metadata.pop("managedFields", None)
        return {"apiVersion": resource.api_version, "kind": resource.kind, "metadata": metadata}

    return list_as(connection, resource, namespace, slim, limit=limit, label_selector=label_selector)


def list_as(
    connection: "Connection",
    resource: Resource,
    namespace: str | None,
    keep: Callable[[dict[str, Any]], Kept],
    *,
    limit: int = 500,
    label_selector: str = "",
) -> Listing[Kept]:
    """The same as what `keep` makes of each object: no more than that and one page is held in memory."""
    query = _query(limit, labelSelector=label_selector)
    return _complete(_Pages(connection, resource.path(namespace), query, METADATA_ONLY), keep)


def list_objects(
    connection: "Connection",
    resource: Resource,
    namespace: str | None = None,
    *,
    limit: int = 500,
    label_selector: str = "",
    field_selector: str = "",
    keep: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
) -> Listing[dict[str, Any]]:
    """Every object in full, in one namespace or in all; apiVersion and kind are filled in.

    keep: takes an object and returns what is wanted of it; the rest is not held until the list is complete.
    """
    query = _query(limit, labelSelector=label_selector, fieldSelector=field_selector)

    def named(item: dict[str, Any]) -> dict[str, Any]:
        whole = {**item, "apiVersion": resource.api_version, "kind": resource.kind}
        return keep(whole) if keep else whole

    return _complete(_Pages(connection, resource.path(namespace), query, PLAIN), named)


def iterate_objects(
    connection: "Connection", resource: Resource, namespace: str | None = None, *, limit: int = 500
) -> Iterator[dict[str, Any]]:
    """Every object in full, a page in memory at a time; apiVersion and kind are filled in.

    Each object that was there all the time is given at least once. An expired token is exchanged for the one
    that the server offers for the rest, as of then; where it offers none, the list begins again, and what was
    given before is given once more.
    """
    pages = _Pages(connection, resource.path(namespace), _query(limit), PLAIN)
    token, restarts = "", 0
    while True:
        try:
            page, token = pages.read(token)
        except ApiGone as error:
            restarts += 1
            if restarts > RESTARTS:
                raise
            token = error.continue_token
            continue
        for item in page:
            yield {**item, "apiVersion": resource.api_version, "kind": resource.kind}
        if not token:
            return


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


def _complete(pages: _Pages, keep: Callable[[dict[str, Any]], Kept]) -> Listing[Kept]:
    """Read to the end. An expired token restarts the list; after RESTARTS, the offered rest is taken."""
    token, items, restarts, inconsistent = "", list[Kept](), 0, False
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
