"""What a restore has done, or would do, with each object."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kubectl_ns_tools.deletion.backup.contents import Head
from kubectl_ns_tools.deletion.restore.plan import Action, Note, RestorePlan, Step, label


class Outcome(enum.Enum):
    """The values are part of the JSON output."""

    RESTORED = "restored"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"


class Result(NamedTuple):
    """resource: `deployments.apps`. reason: why it was skipped or failed, or what to know of it, else ""."""

    api_version: str
    kind: str
    resource: str
    name: str
    outcome: Outcome
    reason: str = ""

    @property
    def label(self) -> str:
        return label(self.api_version, self.kind, self.name)


@dataclass(frozen=True)
class RestoreReport:
    """results: the namespace first, then the objects in the order of the restore. dry_run: "client" or
    "server" when nothing was changed, else ""."""

    path: str
    head: Head
    namespace: str
    results: tuple[Result, ...]
    lost: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()
    dry_run: str = ""

    def of(self, outcome: Outcome) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.outcome is outcome)


def result_of(step: Step, outcome: Outcome, reason: str = "") -> Result:
    entry = step.entry
    return Result(entry.api_version, entry.kind, entry.resource, entry.name, outcome, reason)


def namespace_result(name: str, outcome: Outcome, reason: str = "") -> Result:
    return Result("v1", "Namespace", "namespaces", name, outcome, reason)


_PLANNED = {
    Action.CREATE: Outcome.RESTORED,
    Action.MERGE: Outcome.RESTORED,
    Action.UNCHANGED: Outcome.UNCHANGED,
    Action.SKIP: Outcome.SKIPPED,
}


def untouched(plan: RestorePlan) -> Iterator[Result]:
    """What is known before anything is written: all that will not be."""
    if plan.live and not plan.patch:
        yield namespace_result(plan.namespace, Outcome.UNCHANGED)
    yield from (result_of(step, _PLANNED[step.action], step.reason) for step in plan.steps if not step.writes)


def planned(plan: RestorePlan) -> RestoreReport:
    """What would become of everything, as far as it is known without asking the server to do it."""
    written = [result_of(step, _PLANNED[step.action], step.reason) for step in plan.writing]
    if not plan.live or plan.patch:
        written.insert(0, namespace_result(plan.namespace, Outcome.RESTORED))
    return report(plan, [*written, *untouched(plan)], dry_run="client")


def report(plan: RestorePlan, results: list[Result], *, dry_run: str = "") -> RestoreReport:
    """The results in the order of the plan, the namespace first."""
    order = {step.entry.resource + "/" + step.entry.name: n for n, step in enumerate(plan.steps)}
    results = sorted(results, key=lambda each: order.get(each.resource + "/" + each.name, -1))
    return RestoreReport(
        plan.path, plan.head, plan.namespace, tuple(results), plan.lost, plan.notes, dry_run=dry_run
    )
