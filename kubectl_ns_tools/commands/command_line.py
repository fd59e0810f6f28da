"""Command lines that end in another command: `kubectl ctx-exec '*' -- kubectl get nodes`."""

import click

from kubectl_ns_tools.commands.spelling import KubectlCommand


class WithCommand(KubectlCommand):
    """A command with one positional parameter, whose callback also gets `command`: the words after `--`.

    Where nothing stands before the first `--`, it ends the options, as it does everywhere, and the next one
    begins the command: so a name that looks like an option can be given too.
    """

    required = True
    pieces = "-- COMMAND [ARGUMENT]..."

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        words, command = _split(args)
        if command and not self._has_names(ctx, words):
            names, command = _split(command)
            words = [*words, "--", *names]
        ctx.params["command"] = tuple(command)
        rest = super().parse_args(ctx, words)
        if self.required and not command:
            raise click.UsageError("no command is given; write it after --", ctx)
        return rest

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [*super().collect_usage_pieces(ctx), self.pieces]

    def _has_names(self, ctx: click.Context, words: list[str]) -> bool:
        """Whether there is something for the positional parameter in these words."""
        values, _, _ = self.make_parser(ctx).parse_args(list(words))
        found = next(values.get(each.name or "") for each in self.params if isinstance(each, click.Argument))
        return isinstance(found, str) or (isinstance(found, tuple) and len(found) > 0)


class WithOptionalCommand(WithCommand):
    """The same, where the command may be left out."""

    required = False
    pieces = "[-- COMMAND [ARGUMENT]...]"


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    end = words.index("--") if "--" in words else len(words)
    return words[:end], words[end + 1 :]
