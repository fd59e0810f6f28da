"""The help screen of every command: first what it does and how it is called, then its options in groups, then
the rest.

All of it stands with the command. The docstring's first paragraph is the summary; what is indented below a
line `Examples:` or `More examples:` is shown as it is; the other paragraphs are the details, which follow the
options. An option belongs to the nearest `@heading` above it.

cloup and click-option-group draw groups as well, but take three times as long to import as click, or twice;
each command would pay for that, and neither puts the examples first.
"""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_HEADING = "Options"
GLOBAL_HEADING = "Global options"
_ATTRIBUTE = "heading"  # of a click.Option
_EXAMPLES, _MORE = "Examples:", "More examples:"
_FIRST_COLUMN = 30  # at most; as click has it


class Teaching(NamedTuple):
    """What a docstring teaches. summary, details: paragraphs as click wraps them; examples, more: lines as
    they are, from their margin."""

    summary: str
    examples: str
    details: str
    more: str


class Taught(click.Command):
    """A command with such a help screen."""

    def __init__(self, *args: Any, **attributes: Any) -> None:
        super().__init__(*args, **{"options_metavar": "[options]", **attributes})  # kubectl's word

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """As kubectl writes them: the options last."""
        options, *pieces = super().collect_usage_pieces(ctx)
        return [*pieces, options]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        taught = teaching(self)
        self.format_usage(ctx, formatter)
        formatter.write_paragraph()
        formatter.write_text(taught.summary)
        _write_as_it_is(formatter, _EXAMPLES, taught.examples)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)
        _write_groups(self, ctx, formatter)
        if taught.details:
            with formatter.section("Details"):
                formatter.write_text(taught.details)
        _write_as_it_is(formatter, _MORE, taught.more)


def heading(title: str) -> Callable[[F], F]:
    """A decorator: the options below it, as far as the next heading, stand under this title in the help."""

    def mark(function: F) -> F:
        for parameter in getattr(function, "__click_params__", ()):
            if not hasattr(parameter, _ATTRIBUTE):
                setattr(parameter, _ATTRIBUTE, title)
        return function

    return mark


def groups(command: click.Command) -> dict[str, list[click.Option]]:
    """The options by the heading that they stand under, in the order of the help: the global ones last."""
    found: dict[str, list[click.Option]] = {}
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            found.setdefault(getattr(parameter, _ATTRIBUTE, DEFAULT_HEADING), []).append(parameter)
    if GLOBAL_HEADING in found:
        found[GLOBAL_HEADING] = found.pop(GLOBAL_HEADING)
    return found


def teaching(command: click.Command) -> Teaching:
    """The parts of the command's docstring."""
    blocks: dict[str, list[str]] = {"": [], _EXAMPLES: [], _MORE: []}
    current = ""
    for line in inspect.cleandoc(command.help or "").splitlines():
        if line in (_EXAMPLES, _MORE):
            current = line
            continue
        if line and not line.startswith(" "):
            current = ""
        blocks[current].append(line)
    summary, _, details = "\n".join(blocks[""]).strip().partition("\n\n")
    return Teaching(summary, _dedented(blocks[_EXAMPLES]), details.strip(), _dedented(blocks[_MORE]))


def example_lines(command: click.Command) -> list[str]:
    """Every command line of the examples, the further ones too."""
    taught = teaching(command)
    lines = [*taught.examples.splitlines(), *taught.more.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def _dedented(lines: list[str]) -> str:
    return inspect.cleandoc("\n".join(["", *lines])).strip()


def _write_as_it_is(formatter: click.HelpFormatter, title: str, text: str) -> None:
    if not text:
        return
    formatter.write(f"\n{title}\n")
    for line in text.splitlines():
        formatter.write(f"  {line}".rstrip() + "\n")


def _write_groups(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """All groups with the same columns."""
    rows = {
        title: [record for option in options if (record := option.get_help_record(ctx))]
        for title, options in groups(command).items()
    }
    widths = [len(names) for records in rows.values() for names, _ in records]
    column = max((width for width in widths if width <= _FIRST_COLUMN), default=0)
    for title, records in rows.items():
        with formatter.section(title):
            formatter.write_dl([(names.ljust(column), text) for names, text in records], col_max=column)
