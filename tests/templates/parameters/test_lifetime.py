import re
from datetime import datetime, timedelta, timezone

import pytest

from kubectl_ns_tools.templates.parameters.lifetime import expiry, lifetime


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90m", timedelta(minutes=90)),
        ("8h", timedelta(hours=8)),
        ("1d12h", timedelta(hours=36)),
        ("2w", timedelta(days=14)),
    ],
)
def test_a_lifetime_is_written_with_units(text: str, length: timedelta) -> None:
    assert lifetime(text) == length


@pytest.mark.parametrize("text", ["", "8", "8 h", "h", "-8h", "8s", "1.5h", "8h\n", "0h", "1234567d"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(text))):
        lifetime(text)


def test_the_end_is_told_in_utc_without_fractions() -> None:
    at = datetime(2026, 12, 31, 20, 0, 0, 999, tzinfo=timezone.utc)
    assert expiry("8h", at) == "2027-01-01T04:00:00Z"


def test_an_end_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="after the year 9999"):
        expiry("999999w", datetime(2026, 1, 1, tzinfo=timezone.utc))
