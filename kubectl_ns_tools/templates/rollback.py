"""Taking back what a creation has made, and nothing else."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kubectl_ns_tools.cluster.errors import ApiNotFound
from kubectl_ns_tools.cluster.namespaces import NAMESPACES
from kubectl_ns_tools.cluster.objects import delete_object
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.cluster.watch import watch_object
from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.templates.interrupts import HeldInterrupts

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

GONE_SECONDS = 15.0  # an empty namespace goes within one or two


@dataclass(frozen=True)
class Made:
    """A cluster-scoped object that this run created; what is in the Namespace goes with it."""

    resource: Resource
    name: str
    uid: str
    reference: str


def roll_back(connection: "Connection", made: Sequence[Made]) -> list[str]:
    """Delete the objects, the last one first, each only under its uid; one sentence on each.

    Waits a little until a namespace is gone, so that the next attempt finds the name free. A second Ctrl-C
    ends it.
    """
    sentences: list[str] = []
    try:
        with HeldInterrupts():
            sentences.extend(_deleted(connection, made))
    except KeyboardInterrupt:
        left = [each.reference for each in reversed(made)][len(sentences) :]
        sentences += [f"{reference} is perhaps not deleted again: interrupted" for reference in left]
    return sentences


def _deleted(connection: "Connection", made: Sequence[Made]) -> Iterator[str]:
    for each in reversed(made):
        try:
            delete_object(connection, each.resource, each.name, uid=each.uid)
            yield _outcome(connection, each)
        except ApiNotFound:
            yield f"{each.reference} deleted again"
        except NsToolsError as error:
            yield f"{each.reference} could not be deleted again: {error.message}"


def _outcome(connection: "Connection", each: Made) -> str:
    if each.resource != NAMESPACES or _is_gone(connection, each):
        return f"{each.reference} deleted again"
    return f"{each.reference} is being deleted; kubectl ns-status {each.name} shows what is left"


def _is_gone(connection: "Connection", each: Made) -> bool:
    """Whether it went within GONE_SECONDS; who may not look is not told that it did."""
    try:
        for event in watch_object(
            connection, each.resource, each.name, deadline=time.monotonic() + GONE_SECONDS
        ):
            uid = (event.object.get("metadata") or {}).get("uid")
            if event.type == "DELETED" or uid != each.uid:
                return True
    except NsToolsError:
        return False
    return False
