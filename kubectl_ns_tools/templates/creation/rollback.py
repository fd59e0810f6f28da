"""Taking back what a creation has made, and nothing else."""

import time
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from kubectl_ns_tools.cluster.errors import ApiNotFound
from kubectl_ns_tools.cluster.namespaces import NAMESPACES
from kubectl_ns_tools.cluster.objects import delete_object
from kubectl_ns_tools.cluster.watch import watch_object
from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.templates.creation.ledger import Ledger, Made

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

GOING = ("deleted again", "is being deleted")  # how the sentence goes on about what was deleted
GONE_SECONDS = 15.0  # an empty namespace goes within one or two


def roll_back(
    connection: "Connection",
    references: Sequence[str],
    changed: Collection[str],
    ledger: Ledger,
    namespace: str,
) -> list[str]:
    """Delete what this run made, the last one first, each only under its uid; one sentence on each.

    references: of the cluster-scoped objects that the creation of `namespace` was at, in their order;
    changed: those of them that it found there. What another namespace of the run uses stays. Waits a little
    until a namespace is gone, so that the next attempt finds the name free. A KeyboardInterrupt ends it.
    """
    sentences: list[str] = []
    left = list(reversed(references))
    try:
        while left:
            sentences += _taken_back(connection, left[0], changed, ledger, namespace)
            left.pop(0)
    except KeyboardInterrupt:
        sentences += [f"{reference} is perhaps not deleted again: interrupted" for reference in left]
    return sentences


def _taken_back(
    connection: "Connection", reference: str, changed: Collection[str], ledger: Ledger, namespace: str
) -> Iterator[str]:
    made, users = ledger.leave(reference, namespace)
    if made is None:
        if reference in changed:
            yield f"{reference} was there before and is not changed back"
    elif users:
        yield f"{reference} stays: {', '.join(users)} has it too"
    else:
        yield _deleted(connection, made)


def _deleted(connection: "Connection", made: Made) -> str:
    try:
        delete_object(connection, made.resource, made.name, uid=made.uid)
        return _outcome(connection, made)
    except ApiNotFound:
        return f"{made.reference} deleted again"
    except NsToolsError as error:
        return f"{made.reference} could not be deleted again: {error.message}"


def _outcome(connection: "Connection", made: Made) -> str:
    if made.resource != NAMESPACES or _is_gone(connection, made):
        return f"{made.reference} deleted again"
    return f"{made.reference} is being deleted; kubectl ns-status {made.name} shows what is left"


def _is_gone(connection: "Connection", made: Made) -> bool:
    """Whether it went within GONE_SECONDS; who may not look is not told that it did."""
    try:
        for event in watch_object(
            connection, made.resource, made.name, deadline=time.monotonic() + GONE_SECONDS
        ):
            uid = (event.object.get("metadata") or {}).get("uid")
            if event.type == "DELETED" or uid != made.uid:
                return True
    except NsToolsError:
        return False
    return False
