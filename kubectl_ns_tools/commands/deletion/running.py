"""The deletion of one namespace before one's eyes, or of several at the same time."""

import shlex
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

from kubectl_ns_tools.commands.deletion.attempts import joined
from kubectl_ns_tools.commands.deletion.cases import Case
from kubectl_ns_tools.commands.deletion.course import Course
from kubectl_ns_tools.commands.deletion.showing import DATA, deleted_line, several_contexts
from kubectl_ns_tools.commands.deletion.wish import DeletionWish
from kubectl_ns_tools.commands.status_line import StatusLine
from kubectl_ns_tools.commands.terminal import out, say, warn
from kubectl_ns_tools.errors import Interrupted, NsToolsError, TimedOut


def run_one(case: Case, wish: DeletionWish) -> None:
    """Raises what goes wrong, Interrupted after Ctrl-C."""
    with StatusLine() as line:

        def told(write: Callable[[str], None], text: str) -> None:
            line.clear()
            write(text)

        course = Course(
            case,
            deadline=wish.deadline(),
            wait=wish.wait,
            tell=line.show,
            note=partial(told, say),
            warn=partial(told, warn),
        )
        try:
            course.run()
        except KeyboardInterrupt as error:
            raise _interrupted(course.consequence, case, course.undo) from error


def run_several(cases: Sequence[Case], wish: DeletionWish) -> tuple[list[Case], NsToolsError | None]:
    """Those that were deleted, and one error for all the others; one that fails does not stop the others."""
    board = _Board(cases, wish)
    board.run()
    return board.done, board.error()


class _Board:
    """What is known of each namespace, by its index, and a line of it on the terminal."""

    def __init__(self, cases: Sequence[Case], wish: DeletionWish) -> None:
        self._cases = cases
        self._wish = wish
        self._contexts = several_contexts(cases)
        self._deadline = wish.deadline()
        self._courses: dict[int, Course] = {}
        self._ended: set[int] = set()
        self._failures: dict[int, NsToolsError] = {}
        self._words: dict[int, str] = {}
        self._stopped = False
        self._lock = threading.RLock()
        self._line = StatusLine()

    @property
    def done(self) -> list[Case]:
        return [case for index, case in enumerate(self._cases) if index in self._ended - set(self._failures)]

    def error(self) -> NsToolsError | None:
        if not self._failures:
            return None
        failures = [(self._title(index), self._failures[index]) for index in sorted(self._failures)]
        return joined(failures, len(self._cases), "namespaces were not deleted to the end")

    def run(self) -> None:
        """Returns when all have ended, or after Ctrl-C, which leaves the server to what it has begun."""
        from kubectl_ns_tools.templates.cancellation import Cancellation
        from kubectl_ns_tools.templates.crew import Crew

        indices = range(len(self._cases))
        with self._line:
            crew = Crew(self._one, indices, workers=self._wish.parallel, cancellation=Cancellation())
            try:
                for index, outcome in crew.outcomes():
                    self._end(index, outcome)
            except KeyboardInterrupt:
                crew.stop()
                self._interrupt()

    def _one(self, index: int) -> None:
        """In a thread of its own. One whose turn does not come in time is not begun."""
        case = self._cases[index]
        if time.monotonic() >= self._deadline:
            raise TimedOut("not begun: the time was up before its turn came")
        course = Course(
            case,
            deadline=self._deadline,
            wait=self._wish.wait,
            tell=partial(self._tell, index),
            note=partial(self._told, say),
            warn=partial(self._told, warn),
        )
        with self._lock:
            if self._stopped:
                return
            self._courses[index] = course
        course.run()

    def _end(self, index: int, outcome: object) -> None:
        if isinstance(outcome, BaseException) and not isinstance(outcome, NsToolsError):
            raise outcome
        with self._lock:
            self._ended.add(index)
            self._words.pop(index, None)
            if isinstance(outcome, NsToolsError):
                self._failures[index] = outcome
            elif self._wish.output not in DATA:
                self._line.clear()
                out(deleted_line(self._cases[index], self._wish.output, self._contexts))
            self._show()

    def _interrupt(self) -> None:
        with self._lock:
            self._stopped = True
            for index, case in enumerate(self._cases):
                course = self._courses.get(index)
                if index not in self._ended:
                    self._ended.add(index)
                    consequence, undo = (course.stop(), course.undo) if course else ("not begun", ())
                    self._failures[index] = _interrupted(consequence, case, undo)

    def _tell(self, index: int, words: str) -> None:
        with self._lock:
            self._words[index] = words
            self._show()

    def _show(self) -> None:
        failed = f", {len(self._failures)} of them failed" if self._failures else ""
        going = sorted(set(self._courses) - self._ended)
        now = f"; {self._words[going[0]]}" if going and going[0] in self._words else ""
        self._line.show(f"{len(self._ended)} of {len(self._cases)} namespaces done{failed}{now}")

    def _told(self, write: Callable[[str], None], text: str) -> None:
        with self._lock:
            self._line.clear()
            write(text)

    def _title(self, index: int) -> str:
        return self._cases[index].titled(self._contexts)


def _interrupted(consequence: str, case: Case, undo: Sequence[str]) -> Interrupted:
    hint = f"kubectl ns-status {shlex.quote(case.name)} shows how it stands"
    return Interrupted(f"interrupted; {consequence}", hint, undo)
