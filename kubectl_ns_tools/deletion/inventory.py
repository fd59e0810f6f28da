"""What a namespace holds, of every kind that can be listed, and what could not be seen.

The rule of this module: what was not seen is never counted as zero, it is a Gap with a name.
"""

import enum
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.discovery import Discovery, Resource, discover
from kubectl_ns_tools.cluster.errors import ApiError, ApiForbidden, ApiNotFound, ApiUnauthorized
from kubectl_ns_tools.cluster.lists import list_as
from kubectl_ns_tools.cluster.parallel import in_parallel
from kubectl_ns_tools.deletion.items import Item, Reader
from kubectl_ns_tools.errors import NsToolsError, Unreachable

# API servers let a client have a few requests at once (priority and fairness); more only queue up there.
WORKERS = 8


class Reason(enum.Enum):
    """Why something could not be seen; the values are part of the JSON output."""

    FORBIDDEN = "Forbidden"
    NOT_LISTABLE = "NotListable"
    BROKEN_GROUP = "BrokenGroup"
    FAILED = "Failed"
    INCONSISTENT = "Inconsistent"  # seen, but in parts from different moments: the count proves nothing


@dataclass(frozen=True, slots=True)
class Gap:
    """A kind (`secrets`, `widgets.example.com`) or a whole group/version (`metrics.k8s.io/v1beta1`) that
    was not seen. deletable: whether a deletion of the namespace takes it all the same."""

    what: str
    reason: Reason
    message: str
    deletable: bool = True


@dataclass(frozen=True, slots=True)
class Count:
    """How many objects there are of a kind."""

    resource: Resource
    number: int


@dataclass(frozen=True, slots=True)
class Inventory:
    """items: each object once, by kind and name. gaps: what was not seen. notes: oddities met on the way."""

    items: tuple[Item, ...]
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()

    def counts(self) -> tuple[Count, ...]:
        """By kind, in alphabetical order; kinds without objects are left out."""
        return count_by_kind(self.items)


def count_by_kind(items: Iterable[Item]) -> tuple[Count, ...]:
    numbers: dict[str, int] = {}
    resources: dict[str, Resource] = {}
    for item in items:
        name = item.resource.group_resource
        numbers[name] = numbers.get(name, 0) + 1
        resources.setdefault(name, item.resource)
    return tuple(Count(resources[name], numbers[name]) for name in sorted(numbers))


@dataclass(frozen=True, slots=True)
class _Listing:
    """What came of listing one kind."""

    items: tuple[Item, ...] = ()
    gap: Gap | None = None
    note: str = ""
    error: NsToolsError | None = None


def take_inventory(
    connection: Connection, namespace: str, *, discovery: Discovery | None = None
) -> Inventory:
    """Lists everything in the namespace, several kinds at a time, metadata only.

    discovery: what the cluster serves, where the caller knows it already.
    Raises Unreachable when nothing answers and ApiUnauthorized when our credentials are not accepted;
    any lesser failure is a Gap.
    """
    discovery = discovery or discover(connection)
    kinds = [resource for resource in discovery.preferred() if resource.namespaced]
    # Core first: events are served by core and by events.k8s.io from one storage, kubectl shows core's.
    listable = sorted((kind for kind in kinds if "list" in kind.verbs), key=lambda kind: kind.group != "")
    listings = in_parallel(lambda kind: _list_kind(connection, kind, namespace), listable, workers=WORKERS)
    _raise_if_nothing_answered(listings)
    broken = {broken.group_version: broken.message for broken in discovery.broken}
    return Inventory(
        items=tuple(sorted(_once(listings), key=_place)),
        gaps=(
            *(listing.gap for listing in listings if listing.gap),
            *_unlistable(kinds),
            *(Gap(name, Reason.BROKEN_GROUP, message) for name, message in broken.items()),
        ),
        notes=tuple(listing.note for listing in listings if listing.note),
    )


def _list_kind(connection: Connection, kind: Resource, namespace: str) -> _Listing:
    """A 404 or 405 is a kind that is just going away with its definition (cluster facts 3.11)."""
    name, deletable = kind.group_resource, "delete" in kind.verbs
    try:
        found = list_as(connection, kind, namespace, Reader(kind).item)
    except ApiUnauthorized:
        raise
    except ApiForbidden as error:
        return _Listing(gap=Gap(name, Reason.FORBIDDEN, error.message, deletable))
    except NsToolsError as error:
        if isinstance(error, ApiNotFound) or (isinstance(error, ApiError) and error.status == 405):
            return _Listing(note=f"{name} is served no longer: its definition is being removed")
        return _Listing(gap=Gap(name, Reason.FAILED, error.message, deletable), error=error)
    items = tuple(found)
    if found.inconsistent:
        message = f"they changed while they were listed, {len(items)} is not their exact number"
        return _Listing(items, Gap(name, Reason.INCONSISTENT, message, deletable))
    return _Listing(items)


def _raise_if_nothing_answered(listings: Sequence[_Listing]) -> None:
    errors = [listing.error for listing in listings if isinstance(listing.error, Unreachable)]
    if errors and len(errors) == len(listings):
        raise errors[0]


def _once(listings: Iterable[_Listing]) -> Iterator[Item]:
    seen: set[str] = set()
    for listing in listings:
        for item in listing.items:
            if item.uid not in seen:
                yield item
            if item.uid:
                seen.add(item.uid)


def _place(item: Item) -> tuple[str, str]:
    return item.resource.group_resource, item.name


def _unlistable(kinds: Iterable[Resource]) -> Iterator[Gap]:
    for kind in kinds:
        if "delete" in kind.verbs and "list" not in kind.verbs:
            message = "the server offers to delete them, but not to list them"
            yield Gap(kind.group_resource, Reason.NOT_LISTABLE, message)
