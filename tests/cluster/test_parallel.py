"""Work on several values at a time."""

import subprocess
import sys
import threading
import time

import pytest

from kubectl_ns_tools.cluster.parallel import in_parallel


def test_results_come_in_the_order_of_the_values() -> None:
    def slow_first(number: int) -> int:
        time.sleep(0.05 if number == 0 else 0)
        return number * 2

    assert in_parallel(slow_first, range(5), workers=3) == [0, 2, 4, 6, 8]


def test_nothing_to_do_is_no_work() -> None:
    assert in_parallel(str, (), workers=3) == []


def test_it_is_really_parallel() -> None:
    together = threading.Barrier(3, timeout=60)
    assert len(in_parallel(lambda _: together.wait(), range(3), workers=3)) == 3


def test_the_first_failure_is_raised_and_drops_the_rest() -> None:
    begun: list[int] = []

    def fail(number: int) -> None:
        begun.append(number)
        raise ValueError(number)

    with pytest.raises(ValueError, match="0"):
        in_parallel(fail, range(100), workers=1)
    assert begun == [0]


def test_ctrl_c_does_not_wait_for_what_is_under_way() -> None:
    code = (
        "import os, signal, time\n"
        "from kubectl_ns_tools.cluster.parallel import in_parallel\n"
        "def work(number):\n"
        "    if number == 3: os.kill(os.getpid(), signal.SIGINT)\n"
        "    time.sleep(300)\n"
        "try: in_parallel(work, range(4), workers=4)\n"
        "except KeyboardInterrupt: print('interrupted')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "interrupted\n"
