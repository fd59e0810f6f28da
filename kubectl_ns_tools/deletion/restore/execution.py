"""A plan carried out, level by level; what is refused for the moment is tried again at the end."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiError, ApiForbidden, ApiUnauthorized
from kubectl_ns_tools.cluster.lag import SECONDS
from kubectl_ns_tools.cluster.parallel import in_parallel
from kubectl_ns_tools.deletion.backup.archive import Archive
from kubectl_ns_tools.deletion.backup.contents import Entry
from kubectl_ns_tools.deletion.inventory import WORKERS
from kubectl_ns_tools.deletion.restore.order import LAST
from kubectl_ns_tools.deletion.restore.plan import RestorePlan, Step, in_levels
from kubectl_ns_tools.deletion.restore.planning import BATCH
from kubectl_ns_tools.deletion.restore.races import (
    despite_races,
    is_terminating,
    may_pass_later,
    passes,
)
from kubectl_ns_tools.deletion.restore.report import (
    Outcome,
    RestoreReport,
    Result,
    namespace_result,
    report,
    result_of,
    untouched,
)
from kubectl_ns_tools.deletion.restore.weighing import as_created
from kubectl_ns_tools.deletion.restore.writing import Writer
from kubectl_ns_tools.errors import Interrupted, NsToolsError, Refused, Unreachable

PAUSE = 2.0  # between two looks at what was refused for the moment
_AGAIN = "run it again: it goes on from there"


def restore(
    connection: Connection,
    archive: Archive,
    plan: RestorePlan,
    *,
    patience: float,
    tell: Callable[[str], None] = lambda words: None,
) -> RestoreReport:
    """Creates what the plan says. An object that fails does not stop the others, it is in the report.

    patience: for how many seconds to try again, once all else is there, what is refused for the moment; tell:
    is told what is being done. Raises Unreachable when the server stays away, Refused when the namespace
    goes meanwhile, and Interrupted on Ctrl-C; each says what is restored so far.
    """
    run = _Run(connection, archive, plan, patience, tell)
    try:
        run.all()
    except KeyboardInterrupt as error:
        raise Interrupted("interrupted", _AGAIN, run.told()) from error
    except (Unreachable, Refused) as error:
        error.hint = error.hint or _AGAIN
        error.problems = (*error.problems, *run.told())
        raise
    return report(plan, run.results)


@dataclass
class _Run:
    connection: Connection
    archive: Archive
    plan: RestorePlan
    patience: float
    tell: Callable[[str], None]
    results: list[Result] = field(default_factory=list)
    waiting: dict[str, tuple[Step, ApiError]] = field(default_factory=dict)  # by their members
    under_way: dict[str, None] = field(default_factory=dict)
    may_wait: bool = True
    race_seconds: float = SECONDS

    def __post_init__(self) -> None:
        self.writer = Writer(self.connection, self.plan)
        self.results += untouched(self.plan)
        self.total = len(self.plan.writing)
        self.done = 0

    def all(self) -> None:
        self._namespace()
        for level in self.plan.levels:
            if level[0].level == LAST:
                self._wait()
            self._level(level)
        self._wait()

    def told(self) -> list[str]:
        """What is restored so far, for whoever is interrupted."""
        done = [result.resource for result in self.results if result.outcome is Outcome.RESTORED]
        numbers = ", ".join(f"{done.count(name)} {name}" for name in sorted(set(done)))
        lines = [f"restored so far: {numbers or 'nothing'}"]
        doubtful = sorted(self.under_way)
        return lines + [f"perhaps restored, its answer was not waited for: {label}" for label in doubtful]

    def _namespace(self) -> None:
        if self.plan.live and not self.plan.patch:
            return
        self.tell(f"namespace/{self.plan.namespace}")
        outcome, reason = Outcome.RESTORED, "added to what was there" if self.plan.live else ""
        try:
            despite_races(self.writer.namespace, ailing=True)
        except ApiUnauthorized:
            raise
        except ApiError as error:
            if not self.plan.live:
                raise
            # many may create objects in a namespace, and not change itself
            outcome = Outcome.SKIPPED if isinstance(error, ApiForbidden) else Outcome.FAILED
            reason = error.server_message
        self.results.append(namespace_result(self.plan.namespace, outcome, reason))

    def _level(self, steps: Sequence[Step]) -> None:
        """All at the same time, a batch of manifests after the other."""
        known = {step.entry.member: step for step in steps}
        manifests = self.archive.manifests(lambda entry: entry.member in known)
        while batch := list(islice(manifests, BATCH)):
            tenths = 10 * self.done // self.total  # where it is no terminal, each change is a line
            self.tell(f"{10 * tenths}% of {self.total} objects restored, at {batch[0][0].resource}")
            in_parallel(lambda pair: self._step(known[pair[0].member], pair), batch, workers=WORKERS)

    def _wait(self) -> None:
        """For what may work now that all else is there: the webhook of a pod that has to start first."""
        until = time.monotonic() + self.patience
        while self.waiting:
            self.may_wait = time.monotonic() + PAUSE < until
            waiting = [step for step, _ in self.waiting.values()]
            _, error = next(iter(self.waiting.values()))
            self.waiting.clear()
            for level in in_levels(waiting):
                self._level(level)
            if self.waiting:
                self.tell(f"trying {len(self.waiting)} objects again: {error.server_message}")
                time.sleep(PAUSE)
        self.may_wait = True

    def _step(self, step: Step, pair: tuple[Entry, Mapping[str, Any]]) -> None:
        """In a thread."""
        self.under_way[step.label] = None
        result = self._ended(step, pair[1])
        if result:
            self.done += 1
            self.results.append(result)
        del self.under_way[step.label]

    def _ended(self, step: Step, manifest: Mapping[str, Any]) -> Result | None:
        wanted = as_created(step, manifest, self.plan.head.namespace, self.plan.namespace)
        try:
            outcome, reason = despite_races(lambda: self.writer.step(step, wanted), seconds=self.race_seconds)
        except ApiUnauthorized:
            raise
        except ApiError as error:
            if is_terminating(error):
                raise Refused(error.server_message, f"kubectl ns-status {self.plan.namespace}") from error
            if self.may_wait and may_pass_later(error):
                self.waiting[step.entry.member] = (step, error)
                return None
            if passes(error):
                self.race_seconds = 0.0  # it does not pass, and thousands may meet it
            return result_of(step, Outcome.FAILED, error.server_message)
        except Unreachable:
            raise
        except NsToolsError as error:
            return result_of(step, Outcome.FAILED, error.message)
        return result_of(step, outcome, reason or step.reason)
