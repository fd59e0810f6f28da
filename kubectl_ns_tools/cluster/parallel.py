"""The same work on several values at a time."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Value = TypeVar("Value")
Result = TypeVar("Result")


def in_parallel(
    function: Callable[[Value], Result], values: Sequence[Value], *, workers: int
) -> list[Result]:
    """The results in the order of the values. The first exception is raised; what has not begun is dropped.

    The threads are daemons, unlike those of concurrent.futures: after Ctrl-C the process must not wait for
    a server that does not answer.
    """
    from threading import Thread

    crew = _Crew(function, values)
    for _ in range(min(workers, len(values))):
        Thread(target=crew.work, daemon=True).start()
    return crew.results()


class _Crew(Generic[Value, Result]):
    """What the threads share: the values not begun yet, and what came of the others."""

    def __init__(self, function: Callable[[Value], Result], values: Sequence[Value]) -> None:
        from queue import SimpleQueue

        self._function = function
        self._number = len(values)
        # pop() of a list is one step to other threads
        self._waiting = list(enumerate(values))[::-1]
        self._done: SimpleQueue[tuple[int, Result] | BaseException] = SimpleQueue()

    def work(self) -> None:
        while self._waiting:
            try:
                index, value = self._waiting.pop()
            except IndexError:
                return
            try:
                self._done.put((index, self._function(value)))
            except BaseException as error:
                self._waiting.clear()
                self._done.put(error)

    def results(self) -> list[Result]:
        found: dict[int, Result] = {}
        try:
            while len(found) < self._number:
                outcome = self._done.get()
                if isinstance(outcome, BaseException):
                    raise outcome
                found[outcome[0]] = outcome[1]
        finally:
            self._waiting.clear()
        return [found[index] for index in range(self._number)]
