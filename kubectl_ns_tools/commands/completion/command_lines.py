"""What may come next on a command line, by click's own reading of what stands before it."""

import functools
import importlib
from collections.abc import Sequence

import click
from click.shell_completion import CompletionItem, ShellComplete

from kubectl_ns_tools.commands.command_line import WithCommand
from kubectl_ns_tools.commands.completion.protocol import (
    FILES,
    FOLDERS,
    NO_FILES,
    NO_SPACE,
    Suggestion,
    Suggestions,
)
from kubectl_ns_tools.commands.completion.table import OPEN, Source, source_of
from kubectl_ns_tools.commands.completion.typed import Typed
from kubectl_ns_tools.commands.groups import LateGroup
from kubectl_ns_tools.commands.spelling import respelled


def suggest(name: str, module: str, words: Sequence[str]) -> Suggestions:
    """The suggestions for the last of the words. module: that of the command. Raises whatever a wrong command
    line makes click raise."""
    command: click.Command = importlib.import_module(module).command
    *before, incomplete = words or [""]
    last = _prepare(command, name, before)
    if isinstance(last, WithCommand) and "--" in before:
        return Suggestions(directive=FILES)  # of the command that is to be run
    completion = ShellComplete(command, {}, f"kubectl {name}", "")
    found = completion.get_completions(*_in_one_word(last, respelled(before), incomplete))
    items = [Suggestion(each.value, each.help or "") for each in found if each.value]
    return Suggestions(items, _directive({each.type for each in found}))


def _in_one_word(command: click.Command, before: list[str], incomplete: str) -> tuple[list[str], str]:
    """An option without its value would keep click from reading the arguments: it goes with what is typed of
    the value, as `--option=value`."""
    options = (each for each in command.params if isinstance(each, click.Option) and not each.is_flag)
    if before and "--" not in before and any(before[-1] in each.opts for each in options):
        return before[:-1], f"{before[-1]}={incomplete}"
    return before, incomplete


def _prepare(command: click.Command, path: str, before: Sequence[str]) -> click.Command:
    """Give the parameters of a command, or of that of its commands which is called, what completes them.
    Returns the one that is called."""
    if isinstance(command, LateGroup):
        name = next((word for word in before if word in command.modules), "")
        module = command.modules.get(name)
        return _prepare(importlib.import_module(module).command, f"{path} {name}", ()) if module else command
    if isinstance(command, WithCommand):
        command.required = False  # what is to be run is typed later
    for parameter in command.params:
        if source := source_of(path, parameter):
            parameter.shell_complete = functools.partial(_complete, source)  # type: ignore[method-assign]
    return command


def _complete(source: Source, context: click.Context, incomplete: str) -> list[CompletionItem]:
    return list(source(Typed(context, incomplete)))


def _directive(types: set[str]) -> int:
    """What the shell is to do besides, by the types of the items."""
    if "file" in types:
        return FILES
    if "dir" in types:
        return FOLDERS
    return NO_FILES | (NO_SPACE if OPEN in types else 0)
