"""Waiting for something that other processes do."""

import time
from collections.abc import Callable


def wait_until(is_true: Callable[[], bool], patience: float = 60.0) -> None:
    """Returns when the condition holds; raises TimeoutError if it does not within the seconds given."""
    deadline = time.monotonic() + patience
    while not is_true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not so after {patience:.0f} s")
        time.sleep(0.05)
