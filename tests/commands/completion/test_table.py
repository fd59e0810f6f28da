"""Every parameter of every command is completed, or is text that only the user can know."""

import importlib
from collections.abc import Iterator

import click
import pytest

from kubectl_ns_tools.commands.completion import table
from kubectl_ns_tools.commands.groups import LateGroup
from kubectl_ns_tools.main import COMMANDS


def all_commands() -> Iterator[tuple[str, click.Command]]:
    for name, module in COMMANDS.items():
        command = importlib.import_module(module).command
        yield name, command
        for sub, path in command.modules.items() if isinstance(command, LateGroup) else ():
            yield f"{name} {sub}", importlib.import_module(path).command


PARAMETERS = {
    (path, parameter.name or ""): parameter
    for path, command in all_commands()
    for parameter in command.params
}


@pytest.mark.parametrize(("path", "name"), PARAMETERS)
def test_each_parameter_has_its_source_or_none_that_anybody_could_know(path: str, name: str) -> None:
    parameter = PARAMETERS[path, name]
    ways = [
        table.source_of(path, parameter) is not None,
        table.is_free_text(path, parameter),
        isinstance(parameter.type, click.Choice),
        isinstance(parameter, click.Option) and parameter.is_flag,
    ]
    assert ways.count(True) == 1, (path, name)


def test_the_table_has_nothing_else() -> None:
    of_commands = {*table.OF_COMMANDS, *table.FREE_TEXT_OF_COMMANDS}
    everywhere = {*table.EVERYWHERE, *table.FREE_TEXT}
    assert of_commands <= set(PARAMETERS)
    assert everywhere <= {name for _, name in PARAMETERS}
