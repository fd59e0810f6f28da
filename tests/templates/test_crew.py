import threading
import time

import pytest

from kubectl_ns_tools.templates.cancellation import Cancellation
from kubectl_ns_tools.templates.crew import Crew


def test_every_value_has_an_outcome_errors_included() -> None:
    def work(value: int) -> int:
        if value == 2:
            raise KeyError(value)
        return value * 10

    crew = Crew(work, [1, 2, 3], workers=2, cancellation=Cancellation())
    found = dict(crew.outcomes())
    assert (found[0], found[2]) == (10, 30)
    assert isinstance(found[1], KeyError)


def test_no_more_than_the_limit_work_at_a_time() -> None:
    lock, now, most = threading.Lock(), [0], [0]
    three = threading.Barrier(3, timeout=60)

    def work(value: int) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        three.wait()
        time.sleep(0.01)  # a fourth one would come now
        with lock:
            now[0] -= 1

    assert len(list(Crew(work, range(12), workers=3, cancellation=Cancellation()).outcomes())) == 12
    assert most == [3]


def test_after_a_stop_what_has_begun_is_waited_for() -> None:
    begun, gate = threading.Barrier(3, timeout=60), threading.Event()

    def work(value: int) -> int:
        begun.wait()
        gate.wait(60)
        return value

    crew = Crew(work, range(10), workers=2, cancellation=Cancellation())
    begun.wait()
    crew.stop()
    gate.set()
    assert sorted(index for index, _ in crew.outcomes()) == [0, 1]


@pytest.mark.parametrize("patience", [0.0, 0.2])
def test_a_wish_to_end_is_patient_only_so_long(patience: float) -> None:
    cancellation, begun, forever = Cancellation(), threading.Event(), threading.Event()

    def work(value: int) -> None:
        begun.set()
        forever.wait(60)

    crew = Crew(work, [1], workers=1, cancellation=cancellation, patience=patience)
    assert begun.wait(60)  # what has not begun is not waited for at all
    cancellation.cancel()
    began = time.monotonic()
    assert list(crew.outcomes()) == []
    assert patience <= time.monotonic() - began < 30
    forever.set()


def test_no_value_is_no_work() -> None:
    assert list(Crew(lambda value: value, [], workers=3, cancellation=Cancellation()).outcomes()) == []
