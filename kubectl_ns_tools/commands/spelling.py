"""kubectl's spellings of flags that click reads otherwise.

kubectl (pflag, NoOptDefVal) takes an optional value only after `=`, so that in `--dry-run blue` the name
stays an argument; click would take it for the value. Boolean flags may have a value: `--wait=false`.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import click

from kubectl_ns_tools.commands.help import Taught
from kubectl_ns_tools.errors import probably_meant

_SPELLINGS = {
    "--dry-run": "--dry-run=client",
    "--wait=true": "--wait",
    "--wait=false": "--no-wait",
}


class KubectlCommand(Taught):
    """A command whose flags may be written as kubectl's users do."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, respelled(args))


class Choice(click.Choice):  # type: ignore[type-arg]  # generic only in newer clicks
    """click's, which also says which of the choices was probably meant."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value in self.choices:
            return value
        listed = ", ".join(map(str, self.choices))
        meant = _meant(str(value), self.choices)
        return self.fail(f"{value!r} is not one of {listed}{meant}", param, ctx)


def usage_message(error: click.ClickException) -> str:
    """What is wrong with a command line: of an unknown flag in kubectl's words, with the one that was meant;
    click's differ from release to release."""
    if not isinstance(error, click.NoSuchOption):
        return error.format_message()
    known = error.ctx.command.params if error.ctx else ()
    flags = [flag for parameter in known for flag in (*parameter.opts, *parameter.secondary_opts)]
    return f"unknown flag: {error.option_name}{_meant(error.option_name, flags)}"


def _meant(given: str, there: Iterable[str]) -> str:
    hint = probably_meant(given, there)
    return f" ({hint})" if hint else ""


def respelled(arguments: Sequence[str]) -> list[str]:
    """The arguments in click's spelling; those after `--` are left alone."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    flags = [_SPELLINGS.get(argument, argument) for argument in arguments[:end]]
    return [*flags, *arguments[end:]]
