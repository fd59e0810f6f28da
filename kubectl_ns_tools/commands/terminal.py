"""What a command writes and asks: data on stdout, everything else on stderr.

click is imported only where something needs it: the plain calls (plain.py) do without it.
"""

import os
import sys
from collections.abc import Iterable
from typing import TextIO

from kubectl_ns_tools.errors import Interrupted
from kubectl_ns_tools.output.escape import escape


def out(text: str) -> None:
    """Data for the caller, on stdout."""
    import click

    click.echo(text, color=use_color(sys.stdout))


def out_names(names: Iterable[str]) -> None:
    """Names for the caller, one a line: exactly as they are for a program, escaped on a terminal."""
    is_terminal = sys.stdout.isatty()
    text = "\n".join(escape(name) if is_terminal else name for name in names)
    if text.isascii():
        print(text)
        return
    import click

    click.echo(text, color=True)  # else click takes out what looks like a colour


def out_lines(text: str) -> None:
    """Somebody else's text, exactly as it is for a program, each line escaped on a terminal."""
    import click

    shown = "\n".join(map(escape, text.splitlines())) if sys.stdout.isatty() else text
    click.echo(shown, color=True)


def say(text: str) -> None:
    """Status for the person, on stderr."""
    if text.isascii() and "\x1b" not in text:
        print(text, file=sys.stderr, flush=True)
        return
    import click

    click.echo(text, err=True, color=use_color(sys.stderr))


def warn(text: str) -> None:
    """A warning in kubectl's form, on stderr; other people's text in it is escaped."""
    import click

    say(click.style("Warning: ", fg="yellow") + escape(text))


def use_color(stream: TextIO) -> bool:
    """Whether colour codes may go to `stream`: a terminal, and NO_COLOR (https://no-color.org) not set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def is_interactive() -> bool:
    """Whether there is a person to ask: the keyboard and the screen for prompts are terminals."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str) -> str:
    """The line that the person typed. Raises Interrupted on Ctrl-C and at the end of input."""
    import click

    try:
        answer: str = click.prompt(question, default="", show_default=False, err=True, prompt_suffix=" ")
    except click.Abort as error:
        say("")
        raise Interrupted("interrupted; nothing was changed") from error
    return answer.strip()
