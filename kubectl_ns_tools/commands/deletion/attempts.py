"""The same for several namespaces or contexts: all that goes wrong is told in one error."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from kubectl_ns_tools.errors import NsToolsError, joint_code

Value = TypeVar("Value")
Result = TypeVar("Result")

AT_A_TIME = 4


def all_or_none(
    function: Callable[[Value], Result],
    values: Sequence[Value],
    *,
    name: Callable[[Value], str],
    failed: str,
    workers: int = AT_A_TIME,
) -> list[Result]:
    """The results in the order of the values; if one fails, an error that names each that did.

    failed: what did not come of them, as in "could not be looked at; nothing was deleted".
    """
    from kubectl_ns_tools.cluster.parallel import in_parallel

    def attempt(value: Value) -> Result | NsToolsError:
        try:
            return function(value)
        except NsToolsError as error:
            return error

    found = in_parallel(attempt, values, workers=workers)
    failures = [
        (name(value), result)
        for value, result in zip(values, found, strict=True)
        if isinstance(result, NsToolsError)
    ]
    if failures:
        raise joined(failures, len(values), failed)
    return [result for result in found if not isinstance(result, NsToolsError)]


def joined(failures: Sequence[tuple[str, NsToolsError]], number: int, failed: str) -> NsToolsError:
    """One error for the failures of several, each with its name; that of the only one there is, as it is.

    Its exit code is theirs where they agree; an interruption is told before everything else.
    """
    if number == 1:
        return failures[0][1]
    problems: list[str] = []
    for name, failure in failures:
        problems += [f"{name}: {failure.message}", *(f"  {problem}" for problem in failure.problems)]
    hint = failures[0][1].hint if len(failures) == 1 else ""
    error = NsToolsError(f"{len(failures)} of {number} {failed}", hint, problems)
    error.exit_code = joint_code(failure for _, failure in failures)
    return error
