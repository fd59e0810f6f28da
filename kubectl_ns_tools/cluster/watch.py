"""What happens to one object until a deadline: a watch that resumes, or polling where that is forbidden."""

import dataclasses
import math
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.cluster.errors import ApiError, ApiGone, ApiNotFound, error_from_status
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.errors import Unreachable

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

POLL_SECONDS = 1.0
SERVER_SECONDS = 60  # one watch request: a connection that died unnoticed is missed this soon
GRACE_SECONDS = 10
FAULTS_IN_A_ROW = 6  # connection faults before the watch gives up,
FAULT_SECONDS = 1.0  # with a pause that starts here and doubles: half a minute in all


@dataclasses.dataclass(frozen=True)
class Event:
    """type: "ADDED", "MODIFIED" or "DELETED"; object: as it is now, or as it last was ({} if never seen)."""

    type: str
    object: dict[str, Any]


def watch_object(
    connection: "Connection",
    resource: Resource,
    name: str,
    namespace: str | None = None,
    *,
    deadline: float,
    resource_version: str = "",
) -> Iterator[Event]:
    """The object's changes until it is DELETED or time.monotonic() reaches `deadline`.

    Without a resource_version the present state comes first, as ADDED (or DELETED when it is absent). An
    object that was deleted and made again between two looks comes as ADDED: compare uids. A watch that ends,
    expires or breaks is resumed; a server that stays away raises Unreachable.
    """
    watcher = _Watcher(connection, resource, name, namespace, deadline, resource_version)
    yield from watcher.events()


@dataclasses.dataclass
class _Watcher:
    connection: "Connection"
    resource: Resource
    name: str
    namespace: str | None
    deadline: float
    resource_version: str
    last: dict[str, Any] = dataclasses.field(default_factory=dict)
    may_watch: bool = True
    faults: int = 0

    def remaining(self) -> float:
        return self.deadline - time.monotonic()

    def events(self) -> Iterator[Event]:
        """Round after round; each looks or watches once."""
        while self.remaining() > 0:
            try:
                for event in self._round():
                    yield event
                    if event.type == "DELETED":
                        return
            except (ApiError, Unreachable) as error:
                self._after_fault(error)

    def _round(self) -> Iterator[Event]:
        if self.resource_version and self.may_watch:
            yield from self._watch()
        else:
            yield from self._look()

    def _look(self) -> Iterator[Event]:
        """GET it; while polling, rest afterwards."""
        try:
            path = self.resource.path(self.namespace, self.name)
            found = self.connection.get(path, timeout=max(0.1, self.remaining()))
        except ApiNotFound:
            yield Event("DELETED", self.last)
            return
        self.faults = 0
        yield from self._seen(found)
        if not self.may_watch:
            self._rest(POLL_SECONDS)

    def _seen(self, found: dict[str, Any]) -> Iterator[Event]:
        before, now = self.last.get("metadata") or {}, found["metadata"]
        self.last, self.resource_version = found, now["resourceVersion"]
        if before.get("uid") != now["uid"]:
            yield Event("ADDED", found)
        elif before["resourceVersion"] != now["resourceVersion"]:
            yield Event("MODIFIED", found)

    def _watch(self) -> Iterator[Event]:
        moved = False
        try:
            for line in self._lines():
                yield from self._read(line)
                moved, self.faults = True, 0
            self.faults = 0
        except ApiGone:
            self.resource_version = ""  # too old: look, then watch from there
        except ApiError as error:
            if error.status not in (403, 405):
                raise
            self.may_watch = False
            return
        if not moved:  # a server that ends each watch at once must not be asked in a tight loop
            self._rest(POLL_SECONDS)

    def _lines(self) -> Iterator[dict[str, Any]]:
        remaining = self.remaining()
        query = {
            "watch": "1",
            "fieldSelector": f"metadata.name={self.name}",
            "resourceVersion": self.resource_version,
            "allowWatchBookmarks": "true",
            "timeoutSeconds": str(max(1, min(SERVER_SECONDS, math.ceil(remaining)))),
        }
        patience = min(remaining, SERVER_SECONDS + GRACE_SECONDS)
        return self.connection.lines(self.resource.path(self.namespace), query=query, timeout=patience)

    def _read(self, line: dict[str, Any]) -> Iterator[Event]:
        """One line of the stream; bookmarks only move the revision, errors are raised."""
        kind, found = line.get("type", ""), line.get("object") or {}
        if kind == "ERROR":
            raise error_from_status(found)
        self.resource_version = found["metadata"]["resourceVersion"]
        if kind in ("ADDED", "MODIFIED", "DELETED"):
            self.last = found
            yield Event(kind, found)

    def _after_fault(self, error: ApiError | Unreachable) -> None:
        """Rest before the next try; raise what will not pass, or has not passed for too long."""
        self.faults += 1
        passes = not isinstance(error, ApiError) or error.status == 429 or error.status >= 500
        if not passes or (self.faults >= FAULTS_IN_A_ROW and self.remaining() > 0):
            raise error
        self._rest(FAULT_SECONDS * 2 ** (self.faults - 1))

    def _rest(self, seconds: float) -> None:
        time.sleep(max(0.0, min(seconds, self.remaining())))
