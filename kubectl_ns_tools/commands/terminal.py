"""What a command writes and asks: data on stdout, everything else on stderr."""

import os
import sys
from typing import TextIO

import click

from kubectl_ns_tools.errors import Interrupted
from kubectl_ns_tools.output.escape import escape


def out(text: str) -> None:
    """Data for the caller, on stdout."""
    click.echo(text, color=use_color(sys.stdout))


def say(text: str) -> None:
    """Status for the person, on stderr."""
    click.echo(text, err=True, color=use_color(sys.stderr))


def warn(text: str) -> None:
    """A warning in kubectl's form, on stderr; other people's text in it is escaped."""
    say(click.style("Warning: ", fg="yellow") + escape(text))


def use_color(stream: TextIO) -> bool:
    """Whether colour codes may go to `stream`: a terminal, and NO_COLOR (https://no-color.org) not set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def is_interactive() -> bool:
    """Whether there is a person to ask: the keyboard and the screen for prompts are terminals."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str) -> str:
    """The line that the person typed. Raises Interrupted on Ctrl-C and at the end of input."""
    try:
        answer: str = click.prompt(question, default="", show_default=False, err=True, prompt_suffix=" ")
    except click.Abort as error:
        say("")
        raise Interrupted("interrupted; nothing was changed") from error
    return answer.strip()
