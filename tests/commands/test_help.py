"""The help of every command and subcommand: what a first screen shows, and the options in groups."""

import importlib
from collections.abc import Callable

import click
import pytest

from kubectl_ns_tools import __version__
from kubectl_ns_tools.commands.groups import LateGroup
from kubectl_ns_tools.commands.help import (
    GLOBAL_HEADING,
    Taught,
    example_lines,
    groups,
    heading,
    teaching,
)
from kubectl_ns_tools.main import COMMANDS

ROWS, COLUMNS = 24, 80
GLOBAL = {"context", "kubeconfig", "request_timeout", "debug", "help", "version"}


def every_command() -> dict[str, click.Command]:
    """By what is typed after `kubectl`, subcommands too."""
    commands = {name: importlib.import_module(module).command for name, module in COMMANDS.items()}
    found = dict(commands)
    for name, group in commands.items():
        if isinstance(group, LateGroup):
            modules = group.modules.items()
            found |= {f"{name} {sub}": importlib.import_module(module).command for sub, module in modules}
    return found


EVERY = every_command()
ENDS = [name for name, command in EVERY.items() if not isinstance(command, LateGroup)]


@pytest.fixture(params=EVERY)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def shown(name: str, run: Callable[..., object]) -> str:
    """The whole help, as it is printed."""
    command, *rest = name.split()
    return run(command, *rest, "--help").stdout


def test_the_first_screen_says_what_it_does_and_has_three_examples(name: str, shown: str) -> None:
    taught = teaching(EVERY[name])
    screen = "\n".join(shown.splitlines()[:ROWS])
    assert screen.startswith(f"Usage: kubectl {name}")
    assert " ".join(taught.summary.split()) in " ".join(screen.split())
    assert len([line for line in taught.examples.splitlines() if "kubectl" in line]) >= 3
    assert all(f"\n  {line}" in screen for line in taught.examples.splitlines())
    assert all(f"kubectl {name.split(maxsplit=1)[0]}" in line for line in example_lines(EVERY[name]))


def test_nothing_of_it_is_lost_and_no_line_is_too_long(name: str, shown: str) -> None:
    taught = teaching(EVERY[name])
    assert "\x08" not in shown
    assert "".join(taught.details.replace("\b", "").split()) in "".join(shown.split())
    assert all(line.strip() in shown for line in taught.more.splitlines())
    assert max(map(len, shown.splitlines())) <= COLUMNS


def test_every_option_is_helped_in_a_group_and_the_shared_ones_come_last(name: str, shown: str) -> None:
    command = EVERY[name]
    assert isinstance(command, Taught)
    found = groups(command)
    options = [each for each in command.params if isinstance(each, click.Option)]
    assert sorted(map(id, options)) == sorted(id(each) for group in found.values() for each in group)
    assert all(option.help and option.help.endswith((".", "]")) for option in options)
    assert list(found)[-1] == GLOBAL_HEADING
    assert {option.name for option in found[GLOBAL_HEADING]} == {o.name for o in options} & GLOBAL
    places = [shown.index(f"\n{title}:\n") for title in found]
    assert places == sorted(places)
    for title, group in found.items():
        section = shown.partition(f"\n{title}:\n")[2].partition("\n\n")[0]
        assert all(option.opts[-1] in section for option in group)


def test_a_command_with_many_options_of_its_own_has_them_in_groups(name: str) -> None:
    found = groups(EVERY[name])
    assert all(len(group) <= 8 for group in found.values()), {
        title: len(group) for title, group in found.items()
    }


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_is_there_by_both_names(name: str, shown: str, flag: str, run: Callable[..., object]) -> None:
    command, *rest = name.split()
    assert run(command, *rest, flag).stdout == shown


def test_the_version_is_there_everywhere(name: str, run: Callable[..., object]) -> None:
    command, *rest = name.split()
    assert run(command, *rest, "--version").stdout == f"kubectl-ns-tools {__version__}\n"


@pytest.mark.parametrize("name", [name for name in EVERY if name not in ENDS])
def test_a_group_names_its_commands_in_full(name: str, run: Callable[..., object]) -> None:
    listed = run(name, "--help").stdout.partition("\nCommands:\n")[2].partition("\n\n")[0].splitlines()
    group = EVERY[name]
    assert isinstance(group, LateGroup)
    assert [line.split()[0] for line in listed] == list(group.modules)
    assert not any(line.endswith("...") for line in listed)


@click.command("x", cls=Taught)
@click.option("--first", help="A.")
@heading("Further options")
@click.option("--second", help="B.")
@click.option("--a-name-that-is-longer-than-the-column", help="C.")
@heading(GLOBAL_HEADING)
@click.option("--debug", help="D.")
def sample() -> None:
    """Do it,
    quickly.

    Examples:
      # One
      kubectl x

      kubectl x | cat

    It is done.

    \b
      as it
      is

    More examples:
      kubectl x --first
    """


def test_a_docstring_is_taken_apart() -> None:
    assert teaching(sample) == (
        "Do it,\nquickly.",
        "# One\nkubectl x\n\nkubectl x | cat",
        "It is done.\n\n\b\n  as it\n  is",
        "kubectl x --first",
    )
    assert example_lines(sample) == ["kubectl x", "kubectl x | cat", "kubectl x --first"]


def test_a_help_screen_in_full() -> None:
    context = click.Context(sample, info_name="kubectl x", terminal_width=COLUMNS)
    assert sample.get_help(context) == SCREEN


SCREEN = """\
Usage: kubectl x [options]

Do it, quickly.

Examples:
  # One
  kubectl x

  kubectl x | cat

Options:
  --first TEXT   A.

Further options:
  --second TEXT  B.
  --a-name-that-is-longer-than-the-column TEXT
                 C.

Global options:
  --debug TEXT   D.

Details:
  It is done.

    as it
    is

More examples:
  kubectl x --first"""
