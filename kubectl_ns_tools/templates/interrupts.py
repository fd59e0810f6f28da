"""Ctrl-C, held back over a step that must not be cut in two."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any


class HeldInterrupts:
    """with HeldInterrupts(): a first Ctrl-C is raised when the block ends, a second one at once.

    So a request that creates something is not given up before its answer says what was created.
    """

    def __init__(self) -> None:
        self._came = False
        self._before: Any = None
        # Python allows a signal handler to be set by the main thread only, and runs it there.
        self._may_hold = threading.current_thread() is threading.main_thread()

    def __enter__(self) -> None:
        if self._may_hold:
            self._before = signal.signal(signal.SIGINT, self._hold)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._may_hold:
            signal.signal(signal.SIGINT, self._before)
        if self._came:
            raise KeyboardInterrupt

    def _hold(self, number: int, frame: FrameType | None) -> None:
        if self._came:
            raise KeyboardInterrupt
        self._came = True
