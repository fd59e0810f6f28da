"""The deletion of one namespace, from what is done before to its end."""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from kubectl_ns_tools.commands.deletion.cases import Case
from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.output.escape import escape

if TYPE_CHECKING:
    from kubectl_ns_tools.deletion.measures.departure import Departure
    from kubectl_ns_tools.deletion.measures.partial import PartialPlan

_GOES_ON = "the deletion goes on in the server"


class Course:
    """What becomes of one namespace. deadline: of time.monotonic(); tell: one line of progress; note: a line
    to stay; warn: a warning."""

    def __init__(
        self,
        case: Case,
        *,
        deadline: float,
        wait: bool,
        tell: Callable[[str], None],
        note: Callable[[str], None],
        warn: Callable[[str], None],
    ) -> None:
        self.case = case
        self._deadline = deadline
        self._wait = wait
        self._tell = tell
        self._note = note
        self._warn = warn
        self._stopped = False
        self.consequence = "nothing was deleted"  # of an interruption just now
        self.undo: tuple[str, ...] = ()  # how to take back what was done before, while nothing is deleted

    def stop(self) -> str:
        """From another thread: begin nothing more; the consequence."""
        self._stopped = True
        return self.consequence

    def run(self) -> None:
        """To its end. Raises what goes wrong; nothing goes on from where it failed."""
        if not self.case.plan.terminating:
            try:
                self._before()
                if self._stopped:
                    return
                self._delete()
            except NsToolsError as error:
                error.problems = (*error.problems, *self.undo)
                raise
            self.undo = ()
        if self._wait and not self.case.measures.part:
            self.consequence = _GOES_ON
            self._follow()

    def _before(self) -> None:
        found, connection = self.case.measures, self.case.connection
        if found.workloads:
            from kubectl_ns_tools.deletion.measures.scaling import await_pods, scale_down

            self.consequence = "workloads may be scaled down, and nothing was deleted"
            scaled = scale_down(connection, found.workloads)
            self._done(scaled.done, scaled.undo)
            self._tell_departures(
                await_pods(connection, found.workloads, timeout=self._left()), "pods to end"
            )
        if found.volumes:
            from kubectl_ns_tools.deletion.measures.retaining import retain

            self.consequence = "volumes may be set to Retain, and nothing was deleted"
            retained = retain(connection, found.volumes)
            done = [f'volume "{volume.name}" set to Retain' for volume in retained.volumes]
            self._done(done, retained.undo)
        if found.custom:
            from kubectl_ns_tools.deletion.measures.custom_first import delete_custom

            self.consequence = (
                "the deletion of its custom resources goes on in the server, and of nothing else"
            )
            departures = delete_custom(connection, found.custom, timeout=self._left())
            self._tell_departures(departures, "custom resources to go")

    def _delete(self) -> None:
        self.consequence = "the deletion may have begun, and then goes on in the server"
        part = self.case.measures.part
        if part:
            self._delete_part(part)
            return
        from kubectl_ns_tools.deletion.execution import delete

        for text in delete(self.case.connection, self.case.plan):
            self._warn(text)

    def _delete_part(self, part: "PartialPlan") -> None:
        from kubectl_ns_tools.deletion.measures.partial import delete_items, follow_items

        connection = self.case.connection
        removals = delete_items(connection, part)
        self.consequence = _GOES_ON
        if self._wait:
            self._tell_departures(
                follow_items(connection, part, removals=removals, timeout=self._left()), "objects to go"
            )
        failed = [removal for removal in removals if not removal.done]
        if failed:
            problems = [f"{removal.item.label}: {removal.message}" for removal in failed]
            number = f"{len(failed)} of {len(removals)} objects"
            raise NsToolsError(f'{number} of namespace "{part.namespace}" were not deleted', "", problems)

    def _follow(self) -> None:
        from kubectl_ns_tools.deletion.progress import State, follow
        from kubectl_ns_tools.output.progress import progress_line

        for progress in follow(self.case.connection, self.case.plan, timeout=self._left()):
            if not progress.ended:
                self._tell(progress_line(self.case.name, progress))
        if progress.state is State.RECREATED:
            self._warn(progress_line(self.case.name, progress))

    def _tell_departures(self, departures: "Iterator[Departure]", what: str) -> None:
        from kubectl_ns_tools.output.contents import amounts

        for departure in departures:
            if not departure.ended:
                left = departure.problem or f"{amounts(departure.counts)} left"
                self._tell(escape(f'waiting for {what} in namespace "{self.case.name}": {left}'))

    def _done(self, texts: Iterable[str], undo: Iterable[str]) -> None:
        for text in texts:
            self._note(escape(text))
        self.undo = (*self.undo, *(f"to undo: {command}" for command in undo))

    def _left(self) -> float | None:
        """Seconds until the time is up; None for ever."""
        if math.isinf(self._deadline):
            return None
        return max(self._deadline - time.monotonic(), 0.0)
