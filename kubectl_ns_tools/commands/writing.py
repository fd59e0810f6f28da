"""A text that a command makes, on stdout or in a new file."""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from kubectl_ns_tools.commands.terminal import out, say
from kubectl_ns_tools.errors import NotFound, Refused
from kubectl_ns_tools.output.escape import escape

F = TypeVar("F", bound=Callable[..., Any])


def into_options(function: F) -> F:
    """--into and --force; the function gets `into`, None for stdout, and `force`."""
    decorated = click.option("--force", is_flag=True, help="Write over a file that is there.")(function)
    return click.option("--into", metavar="FILE", help="The file to write, instead of stdout.")(decorated)


def write(text: str, into: str | None, force: bool) -> bool:
    """Give the text to the user; whether it went into a file. Raises Refused for a file that is there."""
    if into is None:
        out(text.rstrip("\n"))
        return False
    try:
        with Path(into).open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise Refused(f'the file "{into}" exists', "--force writes over it") from error
    except FileNotFoundError as error:
        raise NotFound(f'the folder of "{into}" does not exist') from error
    except OSError as error:
        raise Refused(f'the file "{into}" cannot be written: {error.strerror}') from error
    return True


def say_next_steps(path: str) -> None:
    """What to do with a template that is in a file now."""
    name = path if "/" in path else f"./{path}"
    say(escape(f"{path} written; next: kubectl ns-template lint {shlex.quote(name)}"))
