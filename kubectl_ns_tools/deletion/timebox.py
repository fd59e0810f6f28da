"""Work that may not take long."""

import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")
LEAST = 1.0  # what one question may take though the time is up, in seconds


def left(deadline: float) -> float:
    """The seconds that a question may take until a moment of time.monotonic(), LEAST at least."""
    return max(deadline - time.monotonic(), LEAST)


def within(seconds: float, function: Callable[[], Result]) -> Result:
    """The result of the function, or its exception. TimeoutError when it takes longer; it is then left alone.

    The thread is a daemon: the process does not wait for it at its end.
    """
    from queue import Empty, SimpleQueue
    from threading import Thread

    done: SimpleQueue[tuple[Result] | BaseException] = SimpleQueue()

    def work() -> None:
        try:
            done.put((function(),))
        except BaseException as error:
            done.put(error)

    Thread(target=work, daemon=True).start()
    try:
        outcome = done.get(timeout=seconds)
    except Empty as error:
        raise TimeoutError(f"no result within {seconds:g}s") from error
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome[0]
