"""Attempts that fail for a while."""

from collections.abc import Callable

from kubectl_ns_tools.errors import NsToolsError


def failing(error: NsToolsError, times: int) -> Callable[[], str]:
    """Raises the error `times` times, then returns."""
    left = [error] * times

    def attempt() -> str:
        if left:
            raise left.pop()
        return "done"

    return attempt
