import signal
import threading

import pytest

from kubectl_ns_tools.errors import Interrupted
from kubectl_ns_tools.templates.cancellation import Cancellation


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_sets_it_and_nothing_is_raised(number: signal.Signals) -> None:
    cancellation = Cancellation()
    cancellation.check()
    with cancellation.by_signals():
        signal.raise_signal(number)
        assert cancellation.is_set
    with pytest.raises(Interrupted):
        cancellation.check()


def test_the_third_one_ends_the_waiting() -> None:
    cancellation = Cancellation()
    with cancellation.by_signals():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_afterwards_the_handlers_are_those_before() -> None:
    before = [signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)]
    with Cancellation().by_signals():
        assert signal.getsignal(signal.SIGINT) != before[0]
    assert [signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)] == before


def test_who_sleeps_is_woken() -> None:
    cancellation = Cancellation()
    timer = threading.Timer(0.05, cancellation.cancel)
    timer.start()
    with pytest.raises(Interrupted):
        cancellation.sleep(60)
    timer.join()
