"""Refusals that go away by themselves shortly after a namespace or a kind was created."""

import time
from collections.abc import Callable
from typing import TypeVar

from kubectl_ns_tools.cluster.errors import ApiConflict, ApiError, ApiForbidden, ApiNotFound

Result = TypeVar("Result")

SECONDS = 15.0  # how long such a refusal is believed to be passing
# Admission knows the quota's status and the default ServiceAccount from caches of its own.
_ADMISSION = ("status unknown for quota", "error looking up service account")


def despite_races(attempt: Callable[[], Result], *, new_kind: bool, deadline: float) -> Result:
    """What `attempt` returns, after trying again while its refusal looks like a passing one.

    new_kind: whether the CustomResourceDefinition of the kind has just been created. `deadline` is of
    time.monotonic(). Raises the last refusal.
    """
    until, pause = min(deadline, time.monotonic() + SECONDS), 0.05
    while True:
        try:
            return attempt()
        except ApiError as error:
            if not _passes(error, new_kind) or time.monotonic() + pause > until:
                raise
        time.sleep(pause)
        pause = min(2 * pause, 1.0)


def _passes(error: ApiError, new_kind: bool) -> bool:
    if isinstance(error, ApiNotFound):
        return new_kind  # not served yet
    if isinstance(error, ApiForbidden):
        return any(words in error.message for words in _ADMISSION)
    if isinstance(error, ApiConflict):
        # Two creations of one object (the default ServiceAccount), or two writes to one quota, at a time.
        return not any(cause.get("reason") == "FieldManagerConflict" for cause in error.causes)
    return False
