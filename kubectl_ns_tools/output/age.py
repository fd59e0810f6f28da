"""How old things are, as kubectl's AGE column says it."""

from datetime import datetime

from kubectl_ns_tools.deletion.clock import seconds_since, span


def age(timestamp: str, at: datetime) -> str:
    """kubectl's AGE: how long ago, `<unknown>` for no timestamp."""
    seconds = seconds_since(timestamp, at)
    return "<unknown>" if seconds is None else span(seconds)
