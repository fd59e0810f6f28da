from datetime import datetime, timezone

import pytest

from kubectl_ns_tools.deletion.clock import moment, seconds_since, span

MINUTE, HOUR, DAY = 60, 3600, 86400


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "0s"),
        (0.9, "0s"),
        (119, "119s"),
        (2 * MINUTE, "2m"),
        (5 * MINUTE + 30, "5m30s"),
        (10 * MINUTE + 30, "10m"),
        (3 * HOUR + 5 * MINUTE, "3h5m"),
        (7 * HOUR, "7h"),
        (8 * HOUR + 5 * MINUTE, "8h"),
        (47 * HOUR, "47h"),
        (3 * DAY + 4 * HOUR, "3d4h"),
        (8 * DAY + 4 * HOUR, "8d"),
        (729 * DAY, "729d"),
        (731 * DAY, "2y1d"),
        (9 * 365 * DAY, "9y"),
    ],
)
def test_lengths_of_time_are_printed_as_kubectl_does(seconds: float, text: str) -> None:
    assert span(seconds) == text


@pytest.mark.parametrize("text", ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.123456789Z"])
def test_timestamps_are_read_with_and_without_fractions(text: str) -> None:
    assert moment(text) == datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)


@pytest.mark.parametrize("text", ["", "yesterday"])
def test_what_is_no_timestamp_has_no_age(text: str) -> None:
    assert seconds_since(text, datetime(2026, 1, 1, tzinfo=timezone.utc)) is None
