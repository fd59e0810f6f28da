"""The one exception family of the suite and its exit codes.

Every failure that a user can cause or meet is a NsToolsError: a message that names the object (and the
file and line where there is one), a hint that gives the next step, and an exit code. `main` alone turns
it into text on stderr. This module imports nothing of ours, so that every room may raise from it.
"""

import enum
from collections.abc import Iterable, Sequence


class ExitCode(enum.IntEnum):
    """What the process says to its caller; documented in the README, one test per code."""

    OK = 0
    FAILED = 1  # kubectl's own code for "something went wrong"
    DIFFERENT = 1  # of ns-create --diff, as of kubectl diff: there is a difference; errors have other codes
    USAGE = 2  # click's: wrong flags or arguments
    NOT_FOUND = 3  # the named context, namespace, template or file is not there
    REFUSED = 4  # nothing was written: invalid input, protected object, missing confirmation
    UNREACHABLE = 5  # no answer from the API server, or it does not know who we are
    TIMEOUT = 6  # accepted, but not finished within --timeout
    LOCKED = 7  # somebody else holds the kubeconfig's lock, or the file cannot be written
    INTERRUPTED = 130  # Ctrl-C


class NsToolsError(Exception):
    """A failure with a next step.

    message: one line, in kubectl's words where kubectl has them, without a trailing full stop.
    hint: the next step, or "" when there is none.
    problems: further lines, when several things are wrong at once; each names its own place.
    """

    exit_code = ExitCode.FAILED

    def __init__(self, message: str, hint: str = "", problems: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.problems = tuple(problems)


class NotFound(NsToolsError):
    """The thing that the user named does not exist."""

    exit_code = ExitCode.NOT_FOUND


class Refused(NsToolsError):
    """Nothing was written, because the request is invalid, protected or unconfirmed."""

    exit_code = ExitCode.REFUSED


class Unreachable(NsToolsError):
    """The API server gave no answer, or does not accept our credentials."""

    exit_code = ExitCode.UNREACHABLE


class TimedOut(NsToolsError):
    """The request was accepted, but its effect was not seen in time."""

    exit_code = ExitCode.TIMEOUT


class Locked(NsToolsError):
    """The kubeconfig is locked by another process, or cannot be written."""

    exit_code = ExitCode.LOCKED


class Interrupted(NsToolsError):
    """The user pressed Ctrl-C or left a prompt; the message says what is still going on."""

    exit_code = ExitCode.INTERRUPTED


def did_you_mean(name: str, there: Iterable[str], what: str = "there is") -> str:
    """A hint for a name that is not `there`: the closest one, else what there is (at most ten names)."""
    import difflib

    names = sorted(set(there))
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    if not names:
        return f"{what}: none"
    more = f", and {len(names) - 10} more" if len(names) > 10 else ""
    return f"{what}: {', '.join(names[:10])}{more}"
