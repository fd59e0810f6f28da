"""What there is to say about a command, read from the command itself: the source of its page and man page."""

import importlib
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import click

from kubectl_ns_tools.commands.groups import LateGroup
from kubectl_ns_tools.commands.help import groups, teaching
from kubectl_ns_tools.errors import ExitCode
from kubectl_ns_tools.main import COMMANDS

_ALWAYS = (ExitCode.OK, ExitCode.FAILED, ExitCode.USAGE, ExitCode.INTERRUPTED)
# What a command may answer besides follows from what it works on, which its options show.
_CODES_OF = {
    "kubeconfig": (ExitCode.NOT_FOUND, ExitCode.REFUSED),
    "into": (ExitCode.NOT_FOUND, ExitCode.REFUSED),
    "request_timeout": (ExitCode.UNREACHABLE,),
    "wait": (ExitCode.TIMEOUT,),
    "switch": (ExitCode.LOCKED,),
    "plan": (ExitCode.LOCKED,),
}
_BESIDES = {
    "ns-tools completion": (ExitCode.NOT_FOUND, ExitCode.REFUSED, ExitCode.LOCKED),  # no command; files
    "ns-tools config": (ExitCode.REFUSED,),  # settings that are not understood
}
_NOTHING_OR_CLIENT = ("none", "client")  # what --dry-run offers where a kubeconfig is written
# Commands that are read about together, though their texts may not name each other.
_KIN = (
    ("ctx-list", "ctx-current", "ctx-switch", "ctx-set"),
    ("ctx-shell", "ctx-exec"),
    ("ctx-delete", "ctx-rename", "ctx-undo"),
    ("ctx-lint", "ns-tools doctor"),
    ("ns-create", "ns-template", "ns-switch"),
    ("ns-list", "ns-status", "ns-switch"),
    ("ns-delete", "ns-status", "ns-backup", "ns-restore"),
)


@dataclass(frozen=True)
class Flag:
    """An option: how it is written, like `-n, --namespace NAME`, and what it does."""

    written: str
    meaning: str


class Paragraph(NamedTuple):
    """A part of the details: to be wrapped, or lines that stay as they are."""

    text: str
    as_it_is: bool


@dataclass(frozen=True)
class Reference:
    """What there is to say about one command.

    name: as the user types it after `kubectl`, like `ns-template list`.
    examples: lines, of which those that begin with `#` are comments.
    groups: the options by the title that they stand under. commands: each of its own, with its summary.
    """

    name: str
    usage: str
    summary: str
    details: tuple[Paragraph, ...]
    examples: tuple[str, ...]
    groups: tuple[tuple[str, tuple[Flag, ...]], ...]
    codes: tuple[ExitCode, ...]
    commands: tuple[tuple[str, str], ...]

    @property
    def file_name(self) -> str:
        """`ns-template-list`, as the man page of `kubectl config view` is kubectl-config-view."""
        return self.name.replace(" ", "-")

    def meanings(self) -> Iterator[tuple[ExitCode, str]]:
        """The exit codes with what they mean here: without the sentence on another command."""
        for code in self.codes:
            general, _, special = code.meaning.partition(". Of `")
            yield code, code.meaning if special.startswith(self.name) else general


def references() -> dict[str, Reference]:
    """Every command and every command's command, by name, in the order of the table."""
    return {name: _reference(name, command) for name, command in _commands()}


def related(name: str, among: Mapping[str, Reference]) -> list[str]:
    """What to see also: the commands that this one's text names, those whose text names it, and its kin."""
    own = among[name]
    kin = {each for family in _KIN if name in family for each in family}
    near = [each for each in among.values() if each.name in kin or _names(own, each) or _names(each, own)]
    return [each.name for each in near if each != own]


def _commands() -> Iterator[tuple[str, click.Command]]:
    for name, module in COMMANDS.items():
        command: click.Command = importlib.import_module(module).command
        yield name, command
        for sub, its_module in _modules(command).items():
            yield f"{name} {sub}", importlib.import_module(its_module).command


def _modules(command: click.Command) -> Mapping[str, str]:
    return command.modules if isinstance(command, LateGroup) else {}


def _reference(name: str, command: click.Command) -> Reference:
    context = click.Context(command, info_name=f"kubectl {name}")
    taught = teaching(command)
    return Reference(
        name=name,
        usage=" ".join([f"kubectl {name}", *command.collect_usage_pieces(context)]),
        summary=_line(taught.summary),
        details=tuple(_paragraph(text) for text in taught.details.split("\n\n") if text),
        examples=(*taught.examples.splitlines(), *taught.more.splitlines()),
        groups=tuple(
            (title, tuple(_flag(option, context) for option in options))
            for title, options in groups(command).items()
        ),
        codes=tuple(sorted({*_ALWAYS, *_codes(command), *_BESIDES.get(name, ())})),
        commands=tuple(
            (f"{name} {sub}", _line(teaching(importlib.import_module(module).command).summary))
            for sub, module in _modules(command).items()
        ),
    )


def _paragraph(text: str) -> Paragraph:
    lines = text.removeprefix("\b\n")  # click's sign that a paragraph is not to be wrapped
    return Paragraph(textwrap.dedent(lines), True) if lines != text else Paragraph(_line(text), False)


def _line(paragraph: str) -> str:
    return " ".join(paragraph.split())


def _flag(option: click.Option, context: click.Context) -> Flag:
    written, meaning = option.get_help_record(context) or ("", "")
    return Flag(written, _line(meaning))


def _codes(command: click.Command) -> Iterator[ExitCode]:
    for parameter in command.params:
        yield from _CODES_OF.get(parameter.name or "", ())
        if (
            parameter.name == "dry_run"
            and tuple(getattr(parameter.type, "choices", ())) == _NOTHING_OR_CLIENT
        ):
            yield ExitCode.LOCKED


def _names(one: Reference, other: Reference) -> bool:
    """Whether a command's text has the name of the other, as a word of its own."""
    text = "\n".join([one.summary, *(part.text for part in one.details), *one.examples])
    return bool(re.search(rf"(?<![\w-]){other.name}(?![\w-]|\.\w)", text))
