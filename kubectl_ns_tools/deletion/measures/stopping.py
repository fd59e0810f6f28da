"""A step before the deletion that failed: nothing may be deleted, and what was done until then is told."""

from collections.abc import Iterable

from kubectl_ns_tools.errors import NsToolsError


def stopped(error: NsToolsError, what: str, done: Iterable[str]) -> NsToolsError:
    """The same error, with what it means before its message, and what was done until then after it."""
    error.message = f"{what}, so nothing was deleted: {error.message}"
    error.problems = (*error.problems, *done)
    return error
