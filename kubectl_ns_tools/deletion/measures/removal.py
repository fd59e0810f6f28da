"""The deletion of single objects, each exactly the one that was shown."""

import enum
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from shlex import quote

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiConflict, ApiNotFound, ApiUnauthorized
from kubectl_ns_tools.cluster.objects import delete_object, get_object
from kubectl_ns_tools.cluster.parallel import in_parallel
from kubectl_ns_tools.deletion.inventory import WORKERS
from kubectl_ns_tools.deletion.items import Item
from kubectl_ns_tools.deletion.plan import DeletionPlan
from kubectl_ns_tools.errors import NsToolsError, Refused, Unreachable

# Our own rights may hang on these: they go after all the rest, and one after the other.
_LAST = ("serviceaccounts", "roles", "rolebindings")


class Outcome(enum.Enum):
    """What came of one deletion; the values are part of the JSON output."""

    DELETED = "deleted"  # the server took it; with finalizers it stays until they are removed
    GONE = "gone already"
    REPLACED = "re-created"  # another object under the same name, which is left alone
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Removal:
    """message: why it was not deleted."""

    item: Item
    outcome: Outcome
    message: str = ""

    @property
    def done(self) -> bool:
        """Whether the object of the plan goes or is gone."""
        return self.outcome in (Outcome.DELETED, Outcome.GONE)


def refuse_terminating(plan: DeletionPlan, what: str) -> None:
    """what: that which makes no difference any more, as `a deletion of a part of it`."""
    if plan.terminating:
        raise Refused(
            f'namespace "{plan.namespace}" is being deleted already, with all that is in it: '
            f"{what} comes too late",
            f"kubectl ns-status {quote(plan.namespace)} shows how it stands",
        )


def remove(
    connection: Connection,
    namespace: str,
    items: Sequence[Item],
    *,
    dry_run: bool = False,
    deadline: float = float("inf"),
) -> tuple[Removal, ...]:
    """Asks the server for the deletion of each, several at a time; what fails does not stop the others.

    Never raises for one of them. When time.monotonic() reaches the deadline, or the server is out of reach or
    does not accept our credentials any more, the rest is not tried.
    """
    sender = _Sender(connection, namespace, dry_run, deadline)
    removals: list[Removal] = []
    for batch in _batches(items):
        removals += in_parallel(sender.remove, batch, workers=WORKERS)
    by_uid = {removal.item.uid: removal for removal in removals}
    return tuple(by_uid[item.uid] for item in items)


def _batches(items: Sequence[Item]) -> Iterator[list[Item]]:
    yield [item for item in items if item.resource.name not in _LAST]
    for kind in _LAST:
        yield [item for item in items if item.resource.name == kind]


class _Sender:
    """Deletes one object after the other, from several threads."""

    def __init__(self, connection: Connection, namespace: str, dry_run: bool, deadline: float) -> None:
        self._connection = connection
        self._namespace = namespace
        self._dry_run = dry_run
        self._deadline = deadline
        self._lost = ""

    def remove(self, item: Item) -> Removal:
        if time.monotonic() >= self._deadline:
            self._lost = "the time is up"
        if self._lost:
            return Removal(item, Outcome.FAILED, f"not tried: {self._lost}")
        try:
            self._delete(item)
        except ApiNotFound:
            return Removal(item, Outcome.GONE)
        except Unreachable as error:
            self._lost = error.message
            return Removal(item, Outcome.FAILED, error.message)
        except ApiConflict as error:
            return self._conflict(item, error)
        except NsToolsError as error:
            return Removal(item, Outcome.FAILED, error.message)
        return Removal(item, Outcome.DELETED)

    def _delete(self, item: Item) -> None:
        try:
            self._send(item)
        except ApiUnauthorized:
            raise
        except Unreachable:
            self._send(item)  # with the uid, a deletion may be asked for twice

    def _send(self, item: Item) -> None:
        delete_object(
            self._connection, item.resource, item.name, self._namespace, uid=item.uid, dry_run=self._dry_run
        )

    def _conflict(self, item: Item, error: ApiConflict) -> Removal:
        """A conflict is another uid, unless somebody's admission answers so."""
        try:
            now = get_object(self._connection, item.resource, item.name, self._namespace)
        except ApiNotFound:
            return Removal(item, Outcome.GONE)
        except NsToolsError:
            return Removal(item, Outcome.FAILED, error.message)
        if now["metadata"].get("uid") != item.uid:
            message = "it was deleted and made again since the preview; the new one is left alone"
            return Removal(item, Outcome.REPLACED, message)
        return Removal(item, Outcome.FAILED, error.message)
