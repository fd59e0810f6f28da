"""A plan carried out: all of it, or nothing remains of it."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.cluster.namespaces import wait_until_ready
from kubectl_ns_tools.cluster.objects import Applied, apply_object
from kubectl_ns_tools.errors import Interrupted, NsToolsError, TimedOut
from kubectl_ns_tools.templates.check import ServedKinds
from kubectl_ns_tools.templates.claim import NamespaceTaken, claim_namespace, settle
from kubectl_ns_tools.templates.interrupts import HeldInterrupts
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.order import WORKLOADS
from kubectl_ns_tools.templates.places import located
from kubectl_ns_tools.templates.plan import CreatePlan, is_namespace
from kubectl_ns_tools.templates.races import despite_races
from kubectl_ns_tools.templates.rollback import Made, roll_back

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

_UNCHECKED = "(forbidden)"  # how wait_until_ready marks what we may not look at


@dataclasses.dataclass(frozen=True)
class Created:
    """An object as the server has it now. created: False for a cluster-scoped one that was there before."""

    manifest: Manifest
    object: Mapping[str, Any]
    created: bool


@dataclasses.dataclass(frozen=True)
class Listener:
    """What a creation tells while it goes on: each object, and what it is about to do."""

    created: Callable[[Created], None]
    status: Callable[[str], None]


def create(
    connection: "Connection", plan: CreatePlan, kinds: ServedKinds, *, deadline: float, listener: Listener
) -> list[str]:
    """Create everything and wait until pods are admitted; returns what could not be checked about that.

    `deadline` is of time.monotonic(). If an object fails, or on Ctrl-C, what this run has created is deleted
    again, and the error says which object failed, why, and what was taken back. Raises NamespaceTaken when
    the namespace exists, and TimedOut when everything was created but pods are not admitted in time.
    """
    run = _Run(connection, kinds, deadline, listener)
    try:
        run.create_all(plan)
    except NamespaceTaken:
        raise
    except KeyboardInterrupt as error:
        raise Interrupted("interrupted", problems=run.taken_back()) from error
    except NsToolsError as error:
        raise _failure(run, error) from error
    except BaseException:
        run.taken_back()
        raise
    return _ready(plan, run.missing)


class _Run:
    """One creation: what it has made so far, and what it is at."""

    def __init__(
        self, connection: "Connection", kinds: ServedKinds, deadline: float, listener: Listener
    ) -> None:
        self.missing: list[str] = []
        self.current: Manifest | None = None
        self._connection = connection
        self._kinds = kinds
        self._deadline = deadline
        self._listener = listener
        self._made: list[Made] = []
        self._changed: list[str] = []

    def create_all(self, plan: CreatePlan) -> None:
        for number, level in enumerate(plan.levels):
            if number == WORKLOADS:
                self.current = None
                self.missing = wait_until_ready(self._connection, plan.namespace, deadline=self._deadline)
            for manifest in level:
                self.current = manifest
                self._listener.created(self._create(manifest))
        self.current = None

    def taken_back(self) -> list[str]:
        """Delete what was made; one sentence on each."""
        if self._made:
            self._listener.status("removing what was created")
        changed = [f"{reference} was there before and is not changed back" for reference in self._changed]
        return roll_back(self._connection, self._made) + changed

    def _create(self, manifest: Manifest) -> Created:
        if is_namespace(manifest):
            applied = self._send(manifest)
            settle(self._connection, applied.object)
        else:
            applied = despite_races(
                lambda: self._send(manifest), new_kind=self._kinds.is_new(manifest), deadline=self._deadline
            )
        if not (applied.created or self._kinds.namespaced(manifest)):
            self._changed.append(manifest.reference)
        return Created(manifest, applied.object, applied.created)

    def _send(self, manifest: Manifest) -> Applied:
        resource = self._kinds.resource(manifest)
        with HeldInterrupts():
            if is_namespace(manifest):
                applied = Applied(claim_namespace(self._connection, manifest.data), True)
            else:
                applied = apply_object(self._connection, resource, manifest.data)
            if applied.created and not resource.namespaced:
                uid = applied.object["metadata"]["uid"]
                self._made.append(Made(resource, manifest.name, uid, manifest.reference))
        return applied


def _failure(run: _Run, error: NsToolsError) -> NsToolsError:
    message = located(run.current, error) if run.current else error.message
    failed = NsToolsError(message, error.hint, (*error.problems, *run.taken_back()))
    failed.exit_code = error.exit_code
    return failed


def _ready(plan: CreatePlan, missing: list[str]) -> list[str]:
    late = [text for text in missing if not text.endswith(_UNCHECKED)]
    if late:
        raise TimedOut(
            f"namespace/{plan.namespace} is created, but pods are not admitted yet",
            f"kubectl ns-status {plan.namespace} shows how it stands",
            late,
        )
    return missing
