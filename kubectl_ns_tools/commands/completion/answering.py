"""The answer to `kubectl-X __complete WORDS…` and its two sisters: always code 0, and never a word more."""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from typing import NoReturn

from kubectl_ns_tools.commands.completion.protocol import Suggestions, lines

# The first word of a call: kubectl's, and those of our own scripts, which are in shells/.
ASKED, ASKED_RAW, ASKED_BASH = "__complete", "__complete_raw", "__complete_bash"
_LAST_SECONDS = 5.0  # for all of it; the cluster has one of them (asking.py)


def answer_shell(name: str, module: str, arguments: Sequence[str]) -> bool:
    """Write the suggestions for a command line of the command `name`, which is in `module`, if that is what
    these arguments ask for; whether it was.

    Nobody is asked anything and nothing is told: the shell is waiting at a prompt that is being typed at.
    """
    if arguments[0] not in (ASKED, ASKED_RAW, ASKED_BASH):
        return False
    _be_silent()
    _be_limited()
    try:
        text = "\n".join(_lines(name, module, arguments))
    except Exception:  # no suggestions, whatever the reason
        text = "4" if arguments[0] == ASKED_BASH else ":4"
    sys.stdout.buffer.write(f"{text}\n".encode(errors="replace"))
    sys.stdout.flush()
    return True


def _be_silent() -> None:
    """Without keyboard and stderr, whatever is called."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 2):
        os.dup2(nothing, descriptor)


def _be_limited() -> None:
    """End whatever hangs, such as a kubeconfig that is a pipe to which nobody writes."""
    signal.signal(signal.SIGALRM, _end)
    signal.setitimer(signal.ITIMER_REAL, _LAST_SECONDS)


def _end(number: int, frame: object) -> NoReturn:
    raise TimeoutError


def _lines(name: str, module: str, arguments: Sequence[str]) -> Iterator[str]:
    if arguments[0] == ASKED_BASH:
        from kubectl_ns_tools.commands.completion import bash_line

        typed = bash_line.read(arguments[1])
        return bash_line.replies(_suggestions(name, module, typed.words), typed, arguments[2])
    return lines(_suggestions(name, module, arguments[1:]), quoted=arguments[0] == ASKED_RAW)


def _suggestions(name: str, module: str, words: Sequence[str]) -> Suggestions:
    from kubectl_ns_tools.commands.completion.contexts import suggest_quickly

    quickly = suggest_quickly(name, words)
    if quickly is not None:
        return quickly
    from kubectl_ns_tools.commands.completion.command_lines import suggest

    return suggest(name, module, words)
