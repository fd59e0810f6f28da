"""The same command several times at once, each with its own variables; a few at a time.

Each runs in a session of its own: without a terminal to ask on, and with all that it starts within reach of
one signal. Output goes to files, so that nobody waits for a reader.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from types import FrameType

_GRACE = 3.0  # seconds from a polite signal to SIGKILL
_LOOK = 0.5  # seconds between two looks at whether that time has come
_MOMENT, _PAUSE = 0.5, 0.05  # seconds for the rest of a group, and between two looks at it
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Task:
    """What to run for one context. stdout, stderr: paths of files that are made."""

    context: str
    arguments: Sequence[str]
    environ: Mapping[str, str]
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Outcome:
    """How a task ended. exit_code: None unless it ended by itself; signal: the name of what ended it.

    problem: why it was not left to end, or did not begin; "" for what ended by itself.
    """

    task: Task
    exit_code: int | None = None
    signal: str = ""
    problem: str = ""
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        return self.exit_code != 0


class Crowd:
    """The tasks, and those of them that run. inherited: a descriptor that each gets."""

    def __init__(self, tasks: Sequence[Task], inherited: int, timeout: float | None = None) -> None:
        self._tasks = tasks
        self._inherited = inherited
        self._timeout = timeout
        self._waiting = list(enumerate(tasks))[::-1]  # pop() of a list is one step to other threads
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._done: SimpleQueue[tuple[int, Outcome]] = SimpleQueue()
        self._stopped: int = 0
        self._deadline = 0.0

    @property
    def stopped_by(self) -> int:
        """The signal that made us end early, 0 for none."""
        return self._stopped

    def outcomes(self, workers: int) -> Generator[Outcome, None, None]:
        """All outcomes, in the order of the tasks, each as soon as those before it are there.

        SIGINT, SIGTERM and SIGHUP end what runs, and nothing further begins; so does leaving early, for
        which the iterator must be closed.
        """
        crew = [Thread(target=self._work, daemon=True) for _ in range(min(workers, len(self._tasks)))]
        with self._signals():
            for thread in crew:
                thread.start()
            try:
                yield from self._in_order()
            except GeneratorExit:
                self._stop(signal.SIGTERM)
                self._wait_for(crew)
                raise

    def _in_order(self) -> Iterator[Outcome]:
        ready: dict[int, Outcome] = {}
        for index in range(len(self._tasks)):
            while index not in ready:
                with contextlib.suppress(Empty):
                    ready.update([self._done.get(timeout=_LOOK)])
                self._kill_the_late()
            yield ready.pop(index)

    def _wait_for(self, crew: Sequence[Thread]) -> None:
        for thread in crew:
            while thread.is_alive():
                thread.join(_LOOK)
                self._kill_the_late()

    def _kill_the_late(self) -> None:
        if self._stopped and time.monotonic() > self._deadline:
            self._signal_all(signal.SIGKILL)

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        heard = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]  # nohup
        before = {number: signal.signal(number, self._on_signal) for number in heard}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stop(signal.SIGKILL if self._stopped else number)

    def _stop(self, number: int) -> None:
        """A second time is for what did not listen."""
        if not self._stopped:
            self._stopped, self._deadline = number, time.monotonic() + _GRACE
        self._signal_all(number)

    def _signal_all(self, number: int) -> None:
        for child in list(self._running.values()):
            _signal(child, number)

    def _work(self) -> None:
        while self._waiting:
            try:
                index, task = self._waiting.pop()
            except IndexError:
                return
            outcome = Outcome(task, problem="not started") if self._stopped else self._run(index, task)
            self._done.put((index, outcome))

    def _run(self, index: int, task: Task) -> Outcome:
        began = time.monotonic()
        try:
            child = self._start(task)
        except OSError as error:
            return Outcome(task, problem=f"cannot start: {(error.strerror or str(error)).lower()}")
        except ValueError as error:  # a name with what no variable can hold, such as a NUL
            return Outcome(task, problem=f"cannot start: {error}")
        self._running[index] = child
        if self._stopped:  # while it was being started
            _signal(child, self._stopped)
        problem = self._wait(child)
        if problem:
            _see_out(child)
        del self._running[index]
        return _outcome(task, child.returncode, problem, time.monotonic() - began)

    def _start(self, task: Task) -> "subprocess.Popen[bytes]":
        with (
            open(task.stdout, "ab", opener=_private) as out,
            open(task.stderr, "ab", opener=_private) as error,
        ):
            return subprocess.Popen(
                task.arguments, env=task.environ, stdin=subprocess.DEVNULL, stdout=out, stderr=error,
                start_new_session=True, pass_fds=(self._inherited,),
            )  # fmt: skip

    def _wait(self, child: "subprocess.Popen[bytes]") -> str:
        """Until the child has ended, or must end; the reason."""
        try:
            child.wait(self._timeout)
        except subprocess.TimeoutExpired:
            _signal(child, signal.SIGTERM)
            return "timed out"
        return "interrupted" if self._stopped else ""


def _outcome(task: Task, code: int, problem: str, seconds: float) -> Outcome:
    name = _name(-code) if code < 0 else ""
    if code >= 0 and problem != "timed out":
        problem = ""  # it ended by itself, if in a hurry
    return Outcome(task, None if code < 0 or problem else code, name, problem, seconds)


def _name(number: int) -> str:
    with contextlib.suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}"  # most of the real-time ones have no name


def _see_out(child: "subprocess.Popen[bytes]") -> None:
    """Wait for the end of a group that was asked to end, and kill what does not listen: the child has its
    grace, what it has started a moment more."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(_GRACE)
    deadline = time.monotonic() + _MOMENT
    while _signal(child, 0) and time.monotonic() < deadline:
        time.sleep(_PAUSE)
    _signal(child, signal.SIGKILL)
    child.wait()


def _signal(child: "subprocess.Popen[bytes]", number: int) -> bool:
    """To the whole group, which the child leads: its number is not given away while one of them is there.

    Whether there was somebody. Who has become another user (sudo) is out of our reach.
    """
    try:
        os.killpg(child.pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
