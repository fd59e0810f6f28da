"""A plan carried out: all of it, or nothing remains of it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from kubectl_ns_tools.cluster.namespaces import wait_until_ready
from kubectl_ns_tools.cluster.objects import Applied, apply_object
from kubectl_ns_tools.errors import Interrupted, NsToolsError, Unreachable
from kubectl_ns_tools.templates.cancellation import Cancellation
from kubectl_ns_tools.templates.creation.claim import NamespaceTaken, claim_namespace, settle
from kubectl_ns_tools.templates.creation.ledger import Ledger, Made
from kubectl_ns_tools.templates.creation.manner import Created, Listener, Manner, Outcome
from kubectl_ns_tools.templates.creation.report import combined, listed, with_undone
from kubectl_ns_tools.templates.creation.rollback import GOING, roll_back
from kubectl_ns_tools.templates.crew import PATIENCE_SECONDS, Crew
from kubectl_ns_tools.templates.inventory import entry_of, record
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.planning.check import ServedKinds
from kubectl_ns_tools.templates.planning.order import WORKLOADS
from kubectl_ns_tools.templates.planning.plan import CreatePlan, is_namespace
from kubectl_ns_tools.templates.races import despite_races
from kubectl_ns_tools.templates.sending import as_sent

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

WORKERS = 8
_UNCHECKED = "(forbidden)"  # how wait_until_ready marks what we may not look at


def create(
    connection: "Connection",
    plan: CreatePlan,
    kinds: ServedKinds,
    *,
    manner: Manner,
    listener: Listener,
    cancellation: Cancellation,
    ledger: Ledger,
) -> Outcome:
    """Create everything, level by level, and wait until pods are admitted.

    If an object fails, or the cancellation is set, what this run has created is deleted again, and the error
    says which objects failed, why, and what was taken back. Raises NamespaceTaken when the namespace exists.
    ledger: shared with the creations that go on at the same time.
    """
    run = _Run(connection, plan, kinds, manner, listener, cancellation, ledger)
    try:
        return run.create_all()
    except NamespaceTaken:
        raise
    except (KeyboardInterrupt, Interrupted) as error:
        raise Interrupted("interrupted", problems=run.undone()) from error
    except NsToolsError as error:
        raise run.failed(error) from error
    except BaseException:
        run.undone()
        raise


@dataclass
class _Run:
    """One creation: what it has made so far, and what it is at."""

    connection: "Connection"
    plan: CreatePlan
    kinds: ServedKinds
    manner: Manner
    listener: Listener
    cancellation: Cancellation
    ledger: Ledger
    created: list[Created] = field(default_factory=list)
    used: list[str] = field(default_factory=list)  # cluster-scoped objects, the Namespace too
    changed: set[str] = field(default_factory=set)  # those of them that were there before
    doubtful: list[str] = field(default_factory=list)
    under_way: dict[Manifest, None] = field(default_factory=dict)
    missing: list[str] | None = None

    def __post_init__(self) -> None:
        self.deadline = time.monotonic() + self.manner.timeout

    def create_all(self) -> Outcome:
        for number, level in enumerate(self.plan.levels):
            if number == WORKLOADS and level:
                self._await_admission()
            self._create_level(level)
            if number == 0:
                settle(self.connection, self.created[0].object)
        self.cancellation.check()
        note = self._record()
        if self.manner.wait and self.missing is None:
            self._await_admission()
        missing = self.missing or []
        late = [text for text in missing if not text.endswith(_UNCHECKED)]
        unchecked = [text for text in missing if text not in late]
        return Outcome(self.created, late, [*unchecked, *([note] if note else [])])

    def failed(self, error: NsToolsError) -> NsToolsError:
        """The error that tells it all, after everything is taken back."""
        return with_undone(error, self.undone(), self._keep_hint() if self._keeps else "")

    def undone(self) -> list[str]:
        """Take back what was made, unless it is to be kept; one sentence on each."""
        if self._keeps:
            return [f"kept: {listed(each.manifest.reference for each in self.created)}", *self._doubts()]
        if self.created or self.changed:
            self.listener.status("removing what was created")
        order = [each.reference for each in self.plan.objects]
        used = sorted(self.used, key=order.index)  # threads began them in any order
        told = roll_back(self.connection, used, self.changed, self.ledger, self.plan.namespace)
        inside = listed(each.manifest.reference for each in self._inside())
        if inside:
            gone = any(sentence.startswith(f"{order[0]} {word}") for word in GOING for sentence in told)
            told.append(f"{'gone with the namespace' if gone else 'left in the namespace'}: {inside}")
        return told + self._doubts()

    def _inside(self) -> list[Created]:
        return [each for each in self.created if self.kinds.namespaced(each.manifest)]

    @property
    def _keeps(self) -> bool:
        return self.manner.keep and bool(self.created)

    def _keep_hint(self) -> str:
        name = self.plan.namespace
        return f"kubectl ns-create {name} --update goes on from there, kubectl ns-delete {name} removes it"

    def _doubts(self) -> list[str]:
        """Cluster-scoped objects that may be there without our knowing their uids."""
        unanswered = [
            manifest.reference
            for manifest in list(self.under_way)
            if self.kinds.namespaced(manifest) is False and manifest.reference not in self.doubtful
        ]
        lost = "was perhaps created: its answer was lost"
        return [f"{reference} {lost}" for reference in [*self.doubtful, *unanswered]]

    def _record(self) -> str:
        namespace, *others = self.created
        entries = [entry_of(each.manifest, each.object) for each in others]
        return record(self.connection, namespace.manifest, namespace.object["metadata"]["uid"], entries)

    def _await_admission(self) -> None:
        """Look until all is there; a run that is to end does not wait for the last look."""
        waiting = partial(wait_until_ready, self.connection, deadline=self.deadline)
        crew = Crew(waiting, [self.plan.namespace], workers=1, cancellation=self.cancellation, patience=0.0)
        for _, outcome in crew.outcomes():
            if isinstance(outcome, BaseException):
                raise outcome
            self.missing = outcome
        self.cancellation.check()

    def _create_level(self, level: Sequence[Manifest]) -> None:
        """All objects of a level at the same time. After a failure no further one is begun, and those that
        are under way are waited for. Raises the first failure, the others in its problems."""
        crew = Crew(
            self._create,
            level,
            workers=WORKERS,
            cancellation=self.cancellation,
            patience=PATIENCE_SECONDS,
        )
        found: dict[int, Created] = {}
        failures: dict[int, BaseException] = {}
        told = 0
        try:
            for index, outcome in crew.outcomes():
                self.under_way.pop(level[index], None)
                if isinstance(outcome, BaseException):
                    failures[index] = outcome
                    crew.stop()
                else:
                    found[index] = outcome
                while told in found:
                    self._tell(found[told])
                    told += 1
        except Exception:  # of the listener
            crew.stop()
            list(crew.outcomes())
            raise
        for index in sorted(index for index in found if index > told):
            self._tell(found[index])
        self.cancellation.check()
        if failures:
            raise combined({level[index]: failures[index] for index in sorted(failures)})

    def _tell(self, created: Created) -> None:
        self.created.append(created)
        self.listener.created(created)

    def _create(self, manifest: Manifest) -> Created:
        """In a thread of the crew."""
        if not self.kinds.resource(manifest).namespaced:
            self.used.append(manifest.reference)
            self.ledger.use(manifest.reference, self.plan.namespace)
        self.under_way[manifest] = None
        applied = self._send(manifest) if is_namespace(manifest) else self._despite_races(manifest)
        return Created(manifest, applied.object, applied.created)

    def _despite_races(self, manifest: Manifest) -> Applied:
        return despite_races(
            lambda: self._send(manifest),
            new_kind=self.kinds.is_new(manifest),
            deadline=self.deadline,
            cancellation=self.cancellation,
            rights_may_come=self.manner.rights_may_come,
        )

    def _send(self, manifest: Manifest) -> Applied:
        resource = self.kinds.resource(manifest)
        try:
            if is_namespace(manifest):
                applied = Applied(claim_namespace(self.connection, manifest.data), True)
            else:
                applied = apply_object(self.connection, resource, as_sent(manifest.data))
        except Unreachable:
            if not resource.namespaced and not is_namespace(manifest):
                self.doubtful.append(manifest.reference)
            raise
        if applied.created and not resource.namespaced:
            uid = applied.object["metadata"]["uid"]
            self.ledger.made(Made(resource, manifest.name, uid, manifest.reference))
        elif not applied.created and not resource.namespaced:
            self.changed.add(manifest.reference)
        return applied
