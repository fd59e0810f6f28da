"""What a file that is being written needs to be there whole, or not at all, however the process ends."""

import contextlib
import os
from collections.abc import Iterator

from kubectl_ns_tools.errors import Interrupted


@contextlib.contextmanager
def orderly_signals(consequence: str = "") -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into Interrupted, so that `finally` runs; outside the main thread Python takes
    no handlers. consequence: what the user is told besides."""
    import signal

    def interrupt(number: int, _frame: object) -> None:
        raise Interrupted(f"ended by {signal.Signals(number).name}{consequence and f'; {consequence}'}")

    numbers = (signal.SIGTERM, signal.SIGHUP)
    try:
        before = [signal.signal(number, interrupt) for number in numbers]
    except ValueError:
        yield
        return
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def sync_folder(folder: str) -> None:
    """Have the names in the folder on the disk, on file systems that can; "" is the current one."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder or ".", os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
