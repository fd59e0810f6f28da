"""The one exception family of the suite and its exit codes.

Every failure that a user can cause or meet is a NsToolsError: a message that names the object (and the
file and line where there is one), a hint that gives the next step, and an exit code. `main` alone turns
it into text on stderr. This module imports nothing of ours, so that every room may raise from it.
"""

import enum
from collections.abc import Iterable, Sequence


class ExitCode(enum.IntEnum):
    """What the process says to its caller, one test per code; the docs have each `meaning` from here."""

    meaning: str

    def __new__(cls, code: int, meaning: str) -> "ExitCode":
        """A number with what it means, in Markdown, for a table's cell."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member

    OK = 0, "done"
    # kubectl's own code for "something went wrong"; and kubectl diff's for "there is a difference"
    FAILED = DIFFERENT = (
        1,
        "it failed; the message says why. "
        "Of `ns-create --diff`: there is a difference; its errors have other codes",
    )
    USAGE = 2, "wrong flags or arguments"  # as click has it
    NOT_FOUND = 3, "the named context, namespace, template or file does not exist"
    REFUSED = 4, "refused before anything was written: invalid input, protected, not confirmed"
    UNREACHABLE = 5, "the API server gave no answer, or does not accept the credentials"
    TIMEOUT = 6, "accepted, but not finished within `--timeout`"
    LOCKED = 7, "the kubeconfig is locked by another process, or cannot be written"
    INTERRUPTED = 130, "interrupted with Ctrl-C"


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


def joint_code(failures: Iterable[NsToolsError]) -> ExitCode:
    """The exit code of several failures: theirs where they agree; an interruption counts before all else."""
    codes = {failure.exit_code for failure in failures}
    if ExitCode.INTERRUPTED in codes:
        return ExitCode.INTERRUPTED
    return codes.pop() if len(codes) == 1 else ExitCode.FAILED


def did_you_mean(name: str, there: Iterable[str], what: str = "there is") -> str:
    """A hint for a name that is not `there`: the closest one, else what there is (at most ten names)."""
    names = sorted(set(there))
    if meant := probably_meant(name, names):
        return meant
    if not names:
        return f"{what}: none"
    more = f", and {len(names) - 10} more" if len(names) > 10 else ""
    return f"{what}: {', '.join(names[:10])}{more}"


def probably_meant(name: str, there: Iterable[str]) -> str:
    """The closest of the names that are `there`, as a question; "" if none is close."""
    import difflib

    close = difflib.get_close_matches(name, sorted(set(there)), n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else ""
