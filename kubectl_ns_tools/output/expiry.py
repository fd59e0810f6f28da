"""When the time of a namespace is over, by the annotation that its template or `--ttl` gave it."""

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from kubectl_ns_tools.templates.annotations import EXPIRES_ANNOTATION

_FRACTION = re.compile(r"\.[0-9]+")


def expires(namespace: Mapping[str, Any]) -> str:
    """What the Namespace says of it, "" when it says nothing."""
    return str((namespace["metadata"].get("annotations") or {}).get(EXPIRES_ANNOTATION, ""))


def expiry_moment(namespace: Mapping[str, Any]) -> datetime | None:
    """The moment; None without one, and for a text that is none.

    A template of somebody else's may write another time zone than UTC, or a day, which ends where it begins.
    """
    # Python 3.10 knows neither the Z nor fractions of other than three or six digits.
    text = _FRACTION.sub("", expires(namespace)).replace("Z", "+00:00")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def is_expired(namespace: Mapping[str, Any], at: datetime) -> bool:
    """Whether its moment has come; what has none, or none that can be read, does not expire."""
    moment = expiry_moment(namespace)
    return moment is not None and moment <= at
