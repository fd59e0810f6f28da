import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kubectl_ns_tools.deletion.timebox import within

ROOT = Path(__file__).parents[2]


def test_work_within_its_time_gives_its_result() -> None:
    assert within(10, lambda: 42) == 42


def test_an_exception_is_passed_on() -> None:
    def fail() -> None:
        raise ValueError("odd")

    with pytest.raises(ValueError, match="odd"):
        within(10, fail)


def test_work_that_takes_longer_is_left_to_itself() -> None:
    with pytest.raises(TimeoutError):
        within(0.01, threading.Event().wait)


def test_the_process_does_not_wait_for_what_was_left() -> None:
    work = "within(0.01, lambda: time.sleep(600))"
    script = f"import time; from kubectl_ns_tools.deletion.timebox import within; {work}"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr.splitlines()[-1] == "TimeoutError: no result within 0.01s"
