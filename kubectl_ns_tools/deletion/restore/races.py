"""Refusals that go away by themselves: shortly after a namespace was made, or once what was restored runs."""

import time
from collections.abc import Callable
from typing import TypeVar

from kubectl_ns_tools.cluster.errors import ApiConflict, ApiError, ApiNotFound, ApiUnauthorized
from kubectl_ns_tools.cluster.lag import SECONDS, admission_lags
from kubectl_ns_tools.errors import Unreachable

Result = TypeVar("Result")

TRIES = 3  # of a request that got no answer


class StillThere(ApiConflict):
    """An object of this name is being deleted."""


def despite_races(attempt: Callable[[], Result], *, seconds: float = SECONDS, ailing: bool = False) -> Result:
    """What `attempt` returns, after trying again while its refusal looks like a passing one.

    ailing: whether a server that says that it cannot (500 and above) is asked again at once, like one that
    says nothing. An attempt must find out by itself whether an earlier one, whose answer was lost, has done
    it. Raises the last refusal, and Unreachable after a few tries without an answer.
    """
    until, pause, unanswered = time.monotonic() + seconds, 0.05, 0
    while True:
        try:
            return attempt()
        except ApiUnauthorized:
            raise
        except ApiError as error:
            if ailing and error.status >= 500:
                unanswered += 1
                if unanswered == TRIES:
                    raise
            elif not passes(error) or time.monotonic() + pause > until:
                raise
        except Unreachable:
            unanswered += 1
            if unanswered == TRIES:
                raise
        time.sleep(pause)
        pause = min(2 * pause, 1.0)


def passes(error: ApiError) -> bool:
    """Whether it is of the kind that passes within seconds."""
    if isinstance(error, ApiConflict):
        # two writes to one quota at a time, or to one volume
        return error.reason != "AlreadyExists" and not isinstance(error, StillThere)
    # one of several API servers that has not heard of the namespace yet
    unheard_of = isinstance(error, ApiNotFound) and error.details.get("kind") == "namespaces"
    return unheard_of or admission_lags(error)


def may_pass_later(error: ApiError) -> bool:
    """Whether it may work once the rest is restored: a webhook of a pod that does not run yet, a server that
    does not feel well."""
    return error.status >= 500 or isinstance(error, StillThere)


def is_terminating(error: ApiError) -> bool:
    """Whether the namespace itself is being deleted (NamespaceLifecycle)."""
    return any(cause.get("reason") == "NamespaceTerminating" for cause in error.causes)
