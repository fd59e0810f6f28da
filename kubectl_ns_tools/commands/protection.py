"""Protected contexts: what changes something in one asks for its name to be typed."""

import shlex
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, TypeVar

import click

from kubectl_ns_tools.commands.terminal import ask, is_interactive
from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.kubeconfig.config import Config
from kubectl_ns_tools.output.escape import escape

F = TypeVar("F", bound=Callable[..., Any])


def confirm_context_option(function: F) -> F:
    """--confirm-context NAME: the name of a protected context, typed on the command line."""
    return click.option(
        "--confirm-context", "confirmed", multiple=True, metavar="NAME",
        help="Type the name of a protected context here instead of at the prompt; may be repeated.",
    )(function)  # fmt: skip


def confirm_contexts(
    config: Config, contexts: Iterable[str], confirmed: Collection[str], action: str
) -> None:
    """Have the name of each protected context typed, unless it was given with --confirm-context.

    action: what would be done in it, for the question. --yes is no answer to it: it may stand in a script
    for whatever context comes along. Raises Refused for another answer, and where nobody can be asked.
    """
    names = [name for name in contexts if config.is_protected(name) and name not in confirmed]
    if names and not is_interactive():
        raise _unasked(config, names, action)
    for name in names:
        _ask(name, action)


def _unasked(config: Config, names: Sequence[str], action: str) -> Refused:
    quoted = ", ".join(f'"{name}"' for name in names)
    what = f"context {quoted} is" if len(names) == 1 else f"contexts {quoted} are"
    flags = " ".join(f"--confirm-context {shlex.quote(name)}" for name in names)
    return Refused(
        f"{what} protected ({config.path}), and there is no terminal to ask on", f"to {action}, pass {flags}"
    )


def _ask(name: str, action: str) -> None:
    shown = escape(name)
    typed = ask(f'Context "{shown}" is protected. Type its name to {escape(action)}:')
    if not typed or typed not in (name.strip(), shown):  # a blank name is not confirmed by a mere Enter
        raise Refused(f'the typed name is not "{name}"; nothing was done')
