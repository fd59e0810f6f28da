"""The server's timestamps as points in time, and lengths of time as kubectl prints them."""

from datetime import datetime, timezone

_MINUTE, _HOUR, _DAY, _YEAR = 60, 3600, 86400, 365 * 86400


def now() -> datetime:
    return datetime.now(timezone.utc)


def moment(timestamp: str) -> datetime | None:
    """An RFC 3339 timestamp (`2026-01-01T00:00:00Z`), with or without fractions; None for no timestamp."""
    try:
        # Python 3.10 knows neither the Z nor fractions of other than three or six digits.
        return datetime.fromisoformat(timestamp.partition(".")[0].rstrip("Z")).replace(tzinfo=timezone.utc)
    except ValueError:
        return None


def seconds_since(timestamp: str, at: datetime) -> float | None:
    """How long before `at` the timestamp was; None for no timestamp."""
    then = moment(timestamp)
    return None if then is None else (at - then).total_seconds()


def span(seconds: float) -> str:
    """`90s`, `5m30s`, `3h5m`, `2d4h`, `400d`: HumanDuration of k8s.io/apimachinery/pkg/util/duration."""
    whole = max(int(seconds), 0)
    if whole < 2 * _MINUTE:
        return f"{whole}s"
    if whole < 10 * _MINUTE:
        return _two(whole, _MINUTE, "m", 1, "s")
    if whole < 3 * _HOUR:
        return f"{whole // _MINUTE}m"
    if whole < 8 * _HOUR:
        return _two(whole, _HOUR, "h", _MINUTE, "m")
    if whole < 2 * _DAY:
        return f"{whole // _HOUR}h"
    return _days(whole)


def _days(whole: int) -> str:
    if whole < 8 * _DAY:
        return _two(whole, _DAY, "d", _HOUR, "h")
    if whole < 2 * _YEAR:
        return f"{whole // _DAY}d"
    if whole < 8 * _YEAR:
        return _two(whole, _YEAR, "y", _DAY, "d")
    return f"{whole // _YEAR}y"


def _two(whole: int, large: int, large_name: str, small: int, small_name: str) -> str:
    rest = whole % large // small
    return f"{whole // large}{large_name}" + (f"{rest}{small_name}" if rest else "")
