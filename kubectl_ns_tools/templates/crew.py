"""The same work on several values at a time, where what has begun is waited for.

Unlike cluster.parallel, which drops everything at the first error: whoever has to take back what was created
must know what came of every request that was sent.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from kubectl_ns_tools.templates.cancellation import Cancellation

Value = TypeVar("Value")
Result = TypeVar("Result")

_POLL_SECONDS = 0.1
PATIENCE_SECONDS = 10.0  # for what is under way when everything is to end


class Crew(Generic[Value, Result]):
    """Threads that take the values one after another; daemons, as a dead server must not keep the process."""

    def __init__(
        self,
        function: Callable[[Value], Result],
        values: Sequence[Value],
        *,
        workers: int,
        cancellation: Cancellation,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._function = function
        self._values = values
        self._cancellation = cancellation
        self._patience = patience
        self._waiting = list(range(len(values)))[::-1]
        self._under_way = 0
        self._lock = threading.Lock()
        self._done: SimpleQueue[tuple[int, Result | BaseException]] = SimpleQueue()
        for _ in range(min(workers, len(values))):
            threading.Thread(target=self._work, daemon=True).start()

    def stop(self) -> None:
        """Begin nothing more."""
        with self._lock:
            self._waiting.clear()

    def outcomes(self) -> Iterator[tuple[int, Result | BaseException]]:
        """The index of each value that was begun, and its result or the exception; in the order they end.

        Once the cancellation is set nothing more begins, and what is under way is waited for as long as
        `patience` says.
        """
        until = float("inf")
        while self._outstanding() and time.monotonic() < until:
            if self._cancellation.is_set and until == float("inf"):
                self.stop()
                until = time.monotonic() + self._patience
                continue
            try:
                outcome = self._done.get(timeout=_POLL_SECONDS)
            except Empty:
                continue
            with self._lock:
                self._under_way -= 1
            yield outcome

    def _outstanding(self) -> bool:
        with self._lock:
            return bool(self._waiting or self._under_way)

    def _work(self) -> None:
        while (index := self._next()) is not None:
            try:
                self._done.put((index, self._function(self._values[index])))
            except BaseException as error:
                self._done.put((index, error))

    def _next(self) -> int | None:
        with self._lock:
            if not self._waiting:
                return None
            self._under_way += 1
            return self._waiting.pop()
