"""When a request is sent again, without a server."""

import pytest

from kubectl_ns_tools.cluster.retries import RetryBudget, retry_after


@pytest.mark.parametrize(
    ("method", "status", "headers", "pause"),
    [
        pytest.param("PATCH", 429, {"Retry-After": "2"}, 2.0, id="429"),
        pytest.param("PATCH", 429, {}, 1.0, id="429 without a time"),
        pytest.param("PATCH", 429, {"Retry-After": "31"}, None, id="429, too long"),
        pytest.param("GET", 503, {"Retry-After": "1"}, 1.0, id="503 to a read"),
        pytest.param("GET", 503, {}, None, id="503 without a time"),
        pytest.param("POST", 503, {"Retry-After": "1"}, None, id="503 to a write"),
        pytest.param("GET", 500, {"Retry-After": "1"}, None, id="500"),
        pytest.param("GET", 404, {}, None, id="404"),
    ],
)
def test_an_answer_is_waited_for(
    method: str, status: int, headers: dict[str, str], pause: float | None
) -> None:
    assert RetryBudget(method).pause(status, headers) == pause


def test_the_waiting_of_one_request_is_bounded() -> None:
    budget = RetryBudget("GET")
    pauses = [budget.pause(429, {"Retry-After": "25"}) for _ in range(3)]
    assert pauses == [25.0, 25.0, None]


@pytest.mark.parametrize(
    ("value", "seconds"), [("3", 3.0), ("", None), ("-1", None), ("²", None), ("Tue", None)]
)
def test_retry_after_is_a_number_of_seconds(value: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": value}) == seconds
