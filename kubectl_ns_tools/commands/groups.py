"""Commands that have commands: `kubectl ns-template list`.

Each subcommand is a module of its own with a `command` in it, imported when it is called for.
"""

import importlib
from collections.abc import Mapping
from typing import Any

import click

from kubectl_ns_tools.commands.help import Taught
from kubectl_ns_tools.errors import did_you_mean


class LateGroup(Taught, click.Group):
    """A group of the commands in `modules`, by what the user types. Without any of them it shows its help."""

    def __init__(self, *args: Any, modules: Mapping[str, str], **attributes: Any) -> None:
        super().__init__(
            *args, **{"invoke_without_command": True, "subcommand_metavar": "COMMAND", **attributes}
        )
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = self.modules.get(cmd_name)
        if module is None:
            return None
        command: click.Command = importlib.import_module(module).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in self.modules and not name.startswith("-"):
            raise click.UsageError(f"no such command {name!r}: {did_you_mean(name, self.modules)}", ctx)
        return super().resolve_command(ctx, args)
