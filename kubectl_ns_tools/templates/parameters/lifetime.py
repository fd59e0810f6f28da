"""How long a namespace is to live, and the moment that this makes its last."""

import re
from datetime import datetime, timedelta

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_PART = re.compile(r"([0-9]{1,6})([mhdw])")
_LIFETIME = re.compile(rf"(?:{_PART.pattern})+\Z")


def lifetime(text: str) -> timedelta:
    """`90m`, `8h`, `1d12h`, `2w`. Raises ValueError for what is no length of time, or none at all."""
    if not _LIFETIME.match(text):
        raise ValueError(f"{text!r} is not a length of time; write it like 8h, 3d or 1d12h")
    length = sum(
        (timedelta(**{_UNITS[unit]: int(number)}) for number, unit in _PART.findall(text)), timedelta()
    )
    if not length:
        raise ValueError(f"{text!r} is no time at all")
    return length


def expiry(text: str, at: datetime) -> str:
    """The moment `text` after `at` (in UTC), as RFC 3339 with whole seconds: 2026-01-01T08:00:00Z."""
    try:
        return (at + lifetime(text)).strftime("%Y-%m-%dT%H:%M:%SZ")
    except OverflowError:
        raise ValueError(f"{text!r} ends after the year 9999") from None
