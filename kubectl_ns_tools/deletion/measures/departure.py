"""Waiting until single objects are gone."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.discovery import Resource
from kubectl_ns_tools.cluster.errors import ApiError, ApiForbidden, ApiNotFound, ApiUnauthorized
from kubectl_ns_tools.cluster.lists import list_metadata
from kubectl_ns_tools.cluster.parallel import in_parallel
from kubectl_ns_tools.deletion.clock import now, span
from kubectl_ns_tools.deletion.inventory import WORKERS, Count, count_by_kind
from kubectl_ns_tools.deletion.items import Item, Reader
from kubectl_ns_tools.deletion.stuck.holds import Cause, finalizers_held, named_with_more, pods_held
from kubectl_ns_tools.deletion.timebox import left, within
from kubectl_ns_tools.errors import NsToolsError, TimedOut, Unreachable

INTERVAL = 1.0  # between two looks
PATIENCE = 30.0  # how long the server may be out of reach before we give up waiting
LONGEST = 120.0  # how long one look may take
_CAUSES = 3  # more of them fill a line that nobody reads


@dataclass(frozen=True, slots=True)
class Departure:
    """One look. remaining: the objects as they are now. unknown: the kinds that could not be listed this
    time; their objects are in `remaining` as they were last seen. problem: why nothing could be seen."""

    remaining: tuple[Item, ...]
    unknown: tuple[str, ...] = ()
    problem: str = ""

    @property
    def ended(self) -> bool:
        return not self.remaining

    @property
    def counts(self) -> tuple[Count, ...]:
        return count_by_kind(self.remaining)


def depart(
    connection: Connection,
    namespace: str,
    items: Sequence[Item],
    *,
    late: str,
    timeout: float | None = None,
    interval: float = INTERVAL,
) -> Iterator[Departure]:
    """Looks at the items, by uid, until none of them is there; see `waiting`."""
    looks = _Looks(connection, namespace, items)
    yield from waiting(looks.take, looks.last, namespace, late=late, timeout=timeout, interval=interval)


def waiting(
    look: Callable[[], Departure],
    start: Departure,
    namespace: str,
    *,
    late: str,
    timeout: float | None = None,
    interval: float = INTERVAL,
) -> Iterator[Departure]:
    """What the looks give, until one has `ended`; that is the last value. start: what is to go.

    timeout: seconds, None for as long as it takes. late: what to say when the time is up. Raises TimedOut
    with what remains and why, Unreachable after PATIENCE seconds without an answer, ApiError for good ones.
    """
    began = seen = time.monotonic()
    deadline = float("inf") if timeout is None else began + timeout
    departure = start
    while True:
        looked = time.monotonic()
        try:
            departure = _in_time(look, min(LONGEST, left(deadline)))
            seen = time.monotonic()
        except (ApiError, Unreachable) as error:
            if not may_pass(error) or time.monotonic() - seen >= PATIENCE:
                raise
            departure = replace(departure, problem=error.message)
        yield departure
        if departure.ended:
            return
        if time.monotonic() >= deadline:
            raise _timed_out(departure, namespace, late, time.monotonic() - began)
        # What is costly for the server (many kinds, slow answers) is asked less often.
        pause = max(interval, 3 * (time.monotonic() - looked))
        time.sleep(max(0.0, min(pause, deadline - time.monotonic())))


def may_pass(error: NsToolsError) -> bool:
    """Whether it is the server's passing state, and not an answer to our question."""
    if isinstance(error, ApiError):
        return error.status == 429 or error.status >= 500
    return isinstance(error, Unreachable)


def _in_time(look: Callable[[], Departure], seconds: float) -> Departure:
    try:
        return within(seconds, look)
    except TimeoutError as error:
        raise Unreachable(f"the server has not answered within {seconds:.0f}s") from error


class _Looks:
    """Repeated looks at some objects of a namespace, a list per kind that still has some of them."""

    def __init__(self, connection: Connection, namespace: str, items: Sequence[Item]) -> None:
        self._connection = connection
        self._namespace = namespace
        self.last = Departure(tuple(items))

    def take(self) -> Departure:
        """Raises what is said of every kind: no answer, no rights any more."""
        kinds = {item.resource.group_resource: item.resource for item in self.last.remaining}
        answers = dict(
            zip(kinds, in_parallel(self._list, tuple(kinds.values()), workers=WORKERS), strict=True)
        )
        failures = {kind: found for kind, found in answers.items() if isinstance(found, NsToolsError)}
        if failures and len(failures) == len(kinds):
            raise _told(next(iter(failures.values())))
        still = (self._still(item, answers[item.resource.group_resource]) for item in self.last.remaining)
        self.last = Departure(tuple(item for item in still if item), tuple(sorted(failures)))
        return self.last

    def _list(self, kind: Resource) -> "dict[str, Item] | NsToolsError":
        """What there is now, by uid."""
        try:
            found = list_metadata(self._connection, kind, self._namespace)
        except ApiUnauthorized:
            raise
        except ApiNotFound:
            return {}  # the kind went with its definition
        except NsToolsError as error:
            return {} if isinstance(error, ApiError) and error.status == 405 else error
        if found.inconsistent:
            return NsToolsError("they changed while they were listed")
        reader = Reader(kind)
        return {item.uid: item for item in map(reader.item, found)}

    @staticmethod
    def _still(item: Item, answer: "dict[str, Item] | NsToolsError") -> Item | None:
        return item if isinstance(answer, NsToolsError) else answer.get(item.uid)


def _told(error: NsToolsError) -> NsToolsError:
    if isinstance(error, ApiForbidden):
        return NsToolsError(
            "you may not see any more what is being deleted: your rights went with the role bindings",
            "somebody with rights of their own can follow it",
        )
    return error


def _timed_out(departure: Departure, namespace: str, late: str, elapsed: float) -> TimedOut:
    message = f"timed out after {span(elapsed)}: {late}"
    if departure.problem:
        return TimedOut(f"{message}: {departure.problem}")
    causes = tuple(_causes(departure.remaining, namespace))
    told = [cause.sentence for cause in causes[:_CAUSES]]
    if len(causes) > _CAUSES:
        told.append(f"and {len(causes) - _CAUSES} reasons more")
    return TimedOut(
        f"{message}: {'; '.join(told)}", next((cause.remedy for cause in causes if cause.remedy), "")
    )


def _causes(remaining: Sequence[Item], namespace: str) -> Iterator[Cause]:
    yield from pods_held(remaining, namespace, now())
    yield from finalizers_held(remaining, namespace)
    untouched = [item for item in remaining if not item.deleted]
    if untouched:
        yield Cause(f"nobody has begun to delete {named_with_more(untouched)}")
    going = [
        item for item in remaining if item.deleted and not item.finalizers and item.resource.name != "pods"
    ]
    if going:
        yield Cause(f"{named_with_more(going)} is just going")
