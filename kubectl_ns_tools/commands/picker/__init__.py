"""The picker: one of several names, chosen on the terminal. $KUBECTL_NS_TOOLS_PICKER says which program
draws it: `builtin`, which is the default, or `fzf`.

`fuzzy` and `menu` decide and know no terminal; `screen` and `fzf` show. Imported when it opens, not before.
"""

import os
from collections.abc import Mapping, Sequence

from kubectl_ns_tools.errors import Interrupted, Refused, did_you_mean
from kubectl_ns_tools.output.choices import Choice

VARIABLE = "KUBECTL_NS_TOOLS_PICKER"
_PICKERS = ("builtin", "fzf")


def pick(choices: Sequence[Choice], what: str, environ: Mapping[str, str] = os.environ) -> str:
    """The name that the person chose, of at least one. what: the kind of thing, such as "context".

    The caller has made sure that there is a person (terminal.is_interactive). Raises Interrupted when they
    leave without choosing.
    """
    picker = environ.get(VARIABLE) or "builtin"
    if picker not in _PICKERS:
        raise Refused(f'{VARIABLE} is "{picker}"', did_you_mean(picker, _PICKERS, "pickers there are"))
    if picker == "fzf":
        from kubectl_ns_tools.commands.picker import fzf

        chosen = fzf.choose(choices, what, environ)
    else:
        _check_terminal(environ)
        from kubectl_ns_tools.commands.picker import screen

        chosen = screen.choose(choices, what)
    if chosen is None:
        raise Interrupted("interrupted; nothing was changed")
    return chosen.name


def _check_terminal(environ: Mapping[str, str]) -> None:
    if environ.get("TERM", "dumb") == "dumb":
        hint = "give the name on the command line"
        raise Refused("no picker on a terminal that cannot move its cursor ($TERM is dumb, or not set)", hint)
