import signal
import threading
from collections.abc import Callable

import pytest

from kubectl_ns_tools.templates.interrupts import HeldInterrupts


def press() -> None:
    signal.raise_signal(signal.SIGINT)


def held(*steps: Callable[[], object]) -> None:
    with HeldInterrupts():
        for step in steps:
            step()


def test_the_first_one_waits_for_the_end_of_the_block() -> None:
    seen: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        held(press, lambda: seen.append("went on"))
    assert seen == ["went on"]


def test_the_second_one_does_not() -> None:
    seen: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        held(press, press, lambda: seen.append("went on"))
    assert seen == []


def test_an_interrupt_outlasts_an_error() -> None:
    with pytest.raises(KeyboardInterrupt):
        held(press, lambda: {}["missing"])


def test_afterwards_the_handler_is_the_one_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    with HeldInterrupts():
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before


def test_other_threads_are_left_alone() -> None:
    failed: list[BaseException] = []

    def work() -> None:
        try:
            with HeldInterrupts():
                pass
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert failed == []
