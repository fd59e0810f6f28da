"""A deletion on its way: repeated looks at the namespace until it is gone or the time is up."""

import enum
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiError, ApiForbidden, ApiNotFound
from kubectl_ns_tools.cluster.namespaces import NAMESPACES, get_namespace
from kubectl_ns_tools.cluster.watch import watch_object
from kubectl_ns_tools.deletion.clock import span
from kubectl_ns_tools.deletion.inventory import take_inventory
from kubectl_ns_tools.deletion.plan import DeletionPlan
from kubectl_ns_tools.deletion.remaining import Counter, Remaining
from kubectl_ns_tools.deletion.stuck.conditions import Condition, bad_conditions
from kubectl_ns_tools.deletion.stuck.diagnosis import Diagnosis
from kubectl_ns_tools.deletion.stuck.status import explain
from kubectl_ns_tools.deletion.timebox import left, within
from kubectl_ns_tools.errors import NsToolsError, TimedOut, Unreachable

GOES_ON = "the deletion goes on in the server"
INTERVAL = 1.0  # between two looks
PATIENCE = 30.0  # how long the server may be out of reach before we give up following
REQUEST = 60.0  # how long the connection waits for an answer of its own accord
DIAGNOSIS = 15.0  # how long finding the reason may take after the time is up


class State(enum.Enum):
    """Where the deletion stands."""

    GOING = "going"
    GONE = "gone"
    RECREATED = "re-created"  # ours is gone, and there is another one of the same name
    OUT_OF_SIGHT = "out of sight"  # the server gives no answer at present


@dataclass(frozen=True, slots=True)
class Progress:
    """One look at the namespace. conditions: what the namespace controller complains of."""

    state: State
    remaining: Remaining = field(default_factory=Remaining)
    conditions: tuple[Condition, ...] = ()
    problem: str = ""

    @property
    def ended(self) -> bool:
        return self.state in (State.GONE, State.RECREATED)


def follow(
    connection: Connection, plan: DeletionPlan, *, timeout: float | None = None, interval: float = INTERVAL
) -> Iterator[Progress]:
    """Looks at the namespace until it is gone; the last value has `ended`.

    timeout: seconds, None for as long as it takes. Raises TimedOut with the reason why it is still there,
    Unreachable after PATIENCE seconds without an answer, NsToolsError when our rights went with the content.
    """
    began = time.monotonic()
    deadline = float("inf") if timeout is None else began + timeout
    kinds = [count.resource for count in plan.counts]
    look = _Look(connection, plan, Counter(connection, plan.namespace, kinds), deadline)
    while True:
        looked = time.monotonic()
        progress = look.take()
        yield progress
        if progress.ended:
            return
        if time.monotonic() >= deadline:
            raise _timed_out(connection, plan, progress, time.monotonic() - began)
        # What is costly for the server (many kinds, slow answers) is asked less often.
        pause = max(interval, 3 * (time.monotonic() - looked))
        look.wait(until=min(deadline, time.monotonic() + pause))


class _Look:
    """Repeated looks at one namespace, which remember how long the server has been out of sight."""

    def __init__(self, connection: Connection, plan: DeletionPlan, counter: Counter, deadline: float) -> None:
        self._connection = connection
        self._plan = plan
        self._counter = counter
        self._deadline = deadline
        self._lost_at: float | None = None
        self._version = ""

    def take(self) -> Progress:
        try:
            progress = self._take()
        except (ApiError, Unreachable) as error:
            if not _may_pass(error):
                raise
            return self._out_of_sight(error)
        self._lost_at = None
        return progress

    def _take(self) -> Progress:
        try:
            namespace = self._connection.get(
                NAMESPACES.path(name=self._plan.namespace), timeout=self._limit()
            )
        except ApiNotFound:
            return Progress(State.GONE)
        except ApiForbidden as error:
            raise _lost_rights(self._plan) from error
        if namespace["metadata"]["uid"] != self._plan.uid:
            return Progress(State.RECREATED)
        self._version = str(namespace["metadata"].get("resourceVersion", ""))
        return Progress(State.GOING, self._counter.count(timeout=self._limit()), bad_conditions(namespace))

    def _limit(self) -> float | None:
        """For one request: near the deadline, a server that is silent must not keep us beyond it."""
        seconds = left(self._deadline)
        return seconds if seconds < REQUEST else None

    def _out_of_sight(self, error: NsToolsError) -> Progress:
        self._lost_at = time.monotonic() if self._lost_at is None else self._lost_at
        if time.monotonic() - self._lost_at >= PATIENCE:
            raise error
        self._version = ""
        return Progress(State.OUT_OF_SIGHT, problem=error.message)

    def wait(self, *, until: float) -> None:
        """Sleeps, but wakes at once when the namespace goes."""
        if self._version:
            self._watch(until)
        else:
            time.sleep(max(until - time.monotonic(), 0))

    def _watch(self, until: float) -> None:
        try:
            for event in watch_object(
                self._connection,
                NAMESPACES,
                self._plan.namespace,
                deadline=until,
                resource_version=self._version,
            ):
                if event.type == "DELETED" or _uid(event.object) != self._plan.uid:
                    return
        except NsToolsError:
            # The watch only saves waiting; the next look tells what is really the matter.
            time.sleep(max(until - time.monotonic(), 0))


def _may_pass(error: NsToolsError) -> bool:
    """Whether it is the server's passing state, and not an answer to our question."""
    return error.status == 429 or error.status >= 500 if isinstance(error, ApiError) else True


def _uid(namespace: Mapping[str, Any]) -> str:
    return str((namespace.get("metadata") or {}).get("uid", ""))


def _lost_rights(plan: DeletionPlan) -> NsToolsError:
    return NsToolsError(
        f'you may not see namespace "{plan.namespace}" any more: your rights went with its role bindings',
        f"{GOES_ON}, somebody with rights of their own can follow it",
    )


def _timed_out(connection: Connection, plan: DeletionPlan, progress: Progress, elapsed: float) -> TimedOut:
    message = f'timed out: namespace "{plan.namespace}" is not gone after {span(elapsed)}, {GOES_ON}'
    hint = f"kubectl ns-status {plan.namespace} shows how it stands"
    if progress.state is State.OUT_OF_SIGHT:
        return TimedOut(f"{message}: {progress.problem}", hint)
    diagnosis = _why(connection, plan)
    if diagnosis is None:
        return TimedOut(message, hint)
    return TimedOut(f"{message}: {diagnosis.sentence}", diagnosis.remedy or hint)


def _why(connection: Connection, plan: DeletionPlan) -> Diagnosis | None:
    """The diagnosis from a fresh look; None where that fails or takes long: the time-out comes first."""

    def look() -> Diagnosis | None:
        namespace = get_namespace(connection, plan.namespace)
        return explain(connection, namespace, take_inventory(connection, plan.namespace))

    try:
        return within(DIAGNOSIS, look)
    except (NsToolsError, TimeoutError):
        return None
