"""Everything that is wrong with an input, told at once."""

import difflib
from collections.abc import Iterable, Sequence

from kubectl_ns_tools.errors import Refused


def refuse(problems: Sequence[str], hint: str = "") -> None:
    """Raise Refused with all the problems; return if there are none. Each names its own place."""
    if len(problems) == 1:
        raise Refused(problems[0], hint)
    if problems:
        raise Refused(f"{len(problems)} things are wrong, nothing was created", hint, problems)


def suggestion(name: str, there: Iterable[str]) -> str:
    """` (did you mean X?)` for the closest of the names that are `there`, "" if none is close."""
    close = difflib.get_close_matches(name, sorted(there), n=1, cutoff=0.7)
    return f" (did you mean {close[0]}?)" if close else ""
