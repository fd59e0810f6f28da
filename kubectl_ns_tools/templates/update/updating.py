"""An update carried out: what was shown, and nothing else."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.cluster.errors import ApiNotFound
from kubectl_ns_tools.cluster.namespaces import NAMESPACES
from kubectl_ns_tools.cluster.objects import apply_object, delete_object
from kubectl_ns_tools.errors import Interrupted, NsToolsError, Refused
from kubectl_ns_tools.templates.annotations import OBJECTS_ANNOTATION
from kubectl_ns_tools.templates.cancellation import Cancellation
from kubectl_ns_tools.templates.creation.report import combined, listed, with_undone
from kubectl_ns_tools.templates.crew import Crew
from kubectl_ns_tools.templates.inventory import Entry, entry_of, recorded
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.races import despite_races
from kubectl_ns_tools.templates.update.changes import Change, Conflict
from kubectl_ns_tools.templates.update.fields import MISSING
from kubectl_ns_tools.templates.update.pruning import Prune
from kubectl_ns_tools.templates.update.recovery import secrecy_of
from kubectl_ns_tools.templates.update.update_plan import UpdatePlan

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

WORKERS = 8
SECONDS = 30.0  # for refusals that pass


@dataclass(frozen=True)
class Done:
    """reference, and what was done to it in kubectl's word: created, configured, pruned."""

    reference: str
    word: str


def conflict_lines(plan: UpdatePlan) -> list[str]:
    """One line for each field that somebody else has set to something else, without secrets."""
    lines = (_line(change, conflict) for change in plan.conflicts for conflict in change.conflicts)
    return [secrecy_of(plan.secrets).text(line) for line in lines]


def refuse_conflicts(plan: UpdatePlan) -> None:
    """Raise Refused when somebody else has set fields of the template."""
    lines = conflict_lines(plan)
    if lines:
        fields, have = ("a field", "has") if len(lines) == 1 else (f"{len(lines)} fields", "have")
        raise Refused(
            f"namespace/{plan.namespace}: {fields} of the template {have} been set by somebody else",
            "--force-conflicts takes them, and puts the template's values there",
            lines,
        )


def update(
    connection: "Connection",
    plan: UpdatePlan,
    *,
    force: bool,
    listener: Callable[[Done], None],
    cancellation: Cancellation,
) -> None:
    """Apply what differs, level by level, delete what is to be pruned, and write the new record.

    force: whether fields that others have set are taken. Nothing is taken back after a failure: the error
    says what was done, and the next update goes on from there.
    """
    run = _Run(connection, plan, force, listener, cancellation)
    try:
        run.update()
    except NsToolsError as error:
        done = [f"{each.reference} {each.word}" for each in run.done]
        told = [f"done before: {listed(done)}"] if done else ["nothing was changed"]
        if isinstance(error, Interrupted):
            raise Interrupted(f"namespace/{plan.namespace}: interrupted", problems=told) from error
        raise with_undone(error, told) from error


class _Run:
    """One update, and what it has done so far."""

    def __init__(
        self,
        connection: "Connection",
        plan: UpdatePlan,
        force: bool,
        listener: Callable[[Done], None],
        cancellation: Cancellation,
    ) -> None:
        self.done: list[Done] = []
        self._connection = connection
        self._plan = plan
        self._force = force
        self._listener = listener
        self._cancellation = cancellation
        self._deadline = time.monotonic() + SECONDS
        self._live: dict[Manifest, Mapping[str, Any]] = {}

    def update(self) -> None:
        for level in self._plan.levels:
            self._apply_all(level)
        for prune in self._plan.prunes:
            self._cancellation.check()
            self._prune(prune)
        self._record()

    def _apply_all(self, level: list[Change]) -> None:
        crew = Crew(self._apply, level, workers=WORKERS, cancellation=self._cancellation)
        failures: dict[int, BaseException] = {}
        for index, outcome in crew.outcomes():
            if isinstance(outcome, BaseException):
                failures[index] = outcome
                crew.stop()
            else:
                self._tell(outcome)
        self._cancellation.check()
        if failures:
            raise combined({level[index].manifest: failures[index] for index in sorted(failures)})

    def _apply(self, change: Change) -> Done:
        """In a thread of the crew."""
        manifest, kinds = change.manifest, self._plan.kinds
        metadata = {**change.data["metadata"], **({"uid": change.uid} if change.uid else {})}
        data = {**change.data, "metadata": metadata}  # the uid: another object of this name was not shown
        applied = despite_races(
            lambda: apply_object(
                self._connection, kinds.resource(manifest), data, force=self._force or change.forced
            ),
            new_kind=kinds.is_new(manifest),
            deadline=self._deadline,
            cancellation=self._cancellation,
        )
        self._live[manifest] = applied.object
        return Done(manifest.reference, "created" if applied.created else "configured")

    def _prune(self, prune: Prune) -> None:
        namespace = self._plan.namespace
        try:
            delete_object(self._connection, prune.resource, prune.entry.name, namespace, uid=prune.entry.uid)
        except ApiNotFound:
            return
        self._tell(Done(prune.reference, "pruned"))

    def _record(self) -> None:
        """The record of all objects that the template has now, if it is another one than before."""
        namespace, *others = self._plan.changes
        entries = [self._entry(each) for each in others] + [each.entry for each in self._plan.left]
        data = recorded(namespace.data, entries)
        before = (self._plan.live["metadata"].get("annotations") or {}).get(OBJECTS_ANNOTATION)
        if data["metadata"]["annotations"].get(OBJECTS_ANNOTATION) == before:
            return
        data["metadata"]["uid"] = namespace.uid
        apply_object(self._connection, NAMESPACES, data, force=self._force or namespace.forced)

    def _entry(self, change: Change) -> Entry:
        return entry_of(change.manifest, self._live.get(change.manifest) or {"metadata": {"uid": change.uid}})

    def _tell(self, done: Done) -> None:
        self.done.append(done)
        self._listener(done)


def _line(change: Change, conflict: Conflict) -> str:
    where = f"{change.manifest.reference}: {conflict.field}: {conflict.manager} set it"
    if change.manifest.kind == "Secret":
        return f"{where} to something else than the template has"
    return f"{where} to {_value(conflict.live)}, the template has {_value(conflict.wanted)}"


def _value(value: Any) -> str:
    import json

    return "nothing" if value is MISSING else json.dumps(value, ensure_ascii=False)
