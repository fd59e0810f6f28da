"""kubectl's spellings of flags that click reads otherwise.

kubectl (pflag, NoOptDefVal) takes an optional value only after `=`, so that in `--dry-run blue` the name
stays an argument; click would take it for the value. Boolean flags may have a value: `--wait=false`.
"""

from collections.abc import Sequence

import click

_SPELLINGS = {
    "--dry-run": "--dry-run=client",
    "--wait=true": "--wait",
    "--wait=false": "--no-wait",
}


class KubectlCommand(click.Command):
    """A command whose flags may be written as kubectl's users do."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, respelled(args))


def respelled(arguments: Sequence[str]) -> list[str]:
    """The arguments in click's spelling; those after `--` are left alone."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    flags = [_SPELLINGS.get(argument, argument) for argument in arguments[:end]]
    return [*flags, *arguments[end:]]
