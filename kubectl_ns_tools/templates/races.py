"""Refusals that go away by themselves shortly after a namespace or a kind was created."""

import time
from collections.abc import Callable
from typing import TypeVar

from kubectl_ns_tools.cluster.errors import ApiConflict, ApiError, ApiForbidden, ApiNotFound
from kubectl_ns_tools.cluster.lag import SECONDS, admission_lags
from kubectl_ns_tools.templates.cancellation import Cancellation

Result = TypeVar("Result")

RIGHTS_SECONDS = 5.0  # how long a controller may take to give us rights in a new namespace


def despite_races(
    attempt: Callable[[], Result],
    *,
    new_kind: bool,
    deadline: float,
    cancellation: Cancellation,
    rights_may_come: bool = False,
) -> Result:
    """What `attempt` returns, after trying again while its refusal looks like a passing one.

    new_kind: whether the CustomResourceDefinition of the kind has just been created. rights_may_come: whether
    a controller is trusted to give us rights in a new namespace. `deadline` is of time.monotonic(). Raises
    the last refusal, and Interrupted.
    """
    began, pause = time.monotonic(), 0.05
    while True:
        try:
            return attempt()
        except ApiError as error:
            until = min(deadline, began + _patience(error, new_kind, rights_may_come))
            if time.monotonic() + pause > until:
                raise
        cancellation.sleep(pause)
        pause = min(2 * pause, 1.0)


def _patience(error: ApiError, new_kind: bool, rights_may_come: bool) -> float:
    """For how many seconds the refusal is believed to be passing."""
    if _passes(error, new_kind):
        return SECONDS
    return RIGHTS_SECONDS if rights_may_come and isinstance(error, ApiForbidden) else 0.0


def _passes(error: ApiError, new_kind: bool) -> bool:
    if isinstance(error, ApiNotFound):
        return new_kind  # not served yet
    if isinstance(error, ApiConflict):
        # Two creations of one object (the default ServiceAccount), or two writes to one quota, at a time.
        return not any(cause.get("reason") == "FieldManagerConflict" for cause in error.causes)
    return admission_lags(error)
