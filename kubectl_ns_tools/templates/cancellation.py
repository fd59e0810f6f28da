"""Ctrl-C and SIGTERM as a wish to end, which every thread of a run can ask about.

Python raises KeyboardInterrupt in the main thread only, and wherever that happens to be. A request that
creates something must not be given up before its answer says what was created, and what works in another
thread must be told to take back what it made.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from kubectl_ns_tools.errors import Interrupted

_PATIENCE = 2  # further ones that are ignored, so that a doubled Ctrl-C does not stop the taking back


class Cancellation:
    """Set once, for good."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._count = 0

    @property
    def is_set(self) -> bool:
        return self._event.is_set()

    def cancel(self) -> None:
        self._event.set()

    def check(self) -> None:
        """Raises Interrupted when it is set."""
        if self.is_set:
            raise Interrupted("interrupted")

    def sleep(self, seconds: float) -> None:
        """Raises Interrupted as soon as it is set."""
        self._event.wait(seconds)
        self.check()

    @contextmanager
    def by_signals(self) -> Iterator[None]:
        """Within the block the first SIGINT or SIGTERM sets it. The second is ignored, and the third raises
        KeyboardInterrupt: whoever insists need not wait. In the main thread only, as Python wants it."""
        before = {number: signal.signal(number, self._came) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _came(self, number: int, frame: FrameType | None) -> None:
        self._count += 1
        self.cancel()
        if self._count > _PATIENCE:
            raise KeyboardInterrupt
