"""Options that commands share: one spelling, help and meaning everywhere, kubectl's where it has them."""

import functools
import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

from kubectl_ns_tools import __version__
from kubectl_ns_tools.commands.help import GLOBAL_HEADING, heading
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import Choice

F = TypeVar("F", bound=Callable[..., Any])
_global = heading(GLOBAL_HEADING)
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_DURATION = re.compile(rf"(?:{_PART.pattern})+\Z")


def duration(text: str) -> float:
    """Seconds for a length of time as kubectl writes it: `90s`, `5m`, `1h30m`; a bare number is seconds."""
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    if not _DURATION.match(text):
        raise click.BadParameter(f"{text!r} is not a duration; write it like 30s, 5m or 1h30m")
    return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))


def _with_session(function: F, names: tuple[str, ...]) -> F:
    @functools.wraps(function)
    def command(*args: Any, **values: Any) -> Any:
        values.pop("debug")
        shared = {name: values.pop(name) for name in names}
        return function(Session(**shared), *args, **values)

    return command  # type: ignore[return-value]


def group_options(function: F) -> F:
    """--version and --help, for a command that only has others."""
    function = click.version_option(__version__, message="kubectl-ns-tools %(version)s")(function)
    return _global(click.help_option("-h", "--help")(function))


def plain_options(function: F) -> F:
    """For commands that read neither kubeconfig nor cluster; the function's first argument is the Session."""
    return _debug_and_version(_with_session(function, ()))


def kubeconfig_options(function: F) -> F:
    """--kubeconfig for commands that work on the file alone; the function's first argument is the Session."""
    return _kubeconfig_option(_debug_and_version(_with_session(function, ("kubeconfig",))))


def context_options(function: F) -> F:
    """--kubeconfig and --context, for commands that work on one context of the file."""
    function = _debug_and_version(_with_session(function, ("kubeconfig", "context")))
    return _context_option(_kubeconfig_option(function))


def cluster_options(function: F) -> F:
    """--kubeconfig, --context and --request-timeout, for commands that talk to a cluster."""
    function = _debug_and_version(_with_session(function, ("kubeconfig", "context", "request_timeout")))
    function = click.option(
        "--request-timeout", type=duration, metavar="DURATION",
        help="How long to wait for one answer of the server, like 30s.",
    )(function)  # fmt: skip
    return _context_option(_kubeconfig_option(_global(function)))


def _debug_and_version(function: F) -> F:
    function = group_options(function)
    return _global(
        click.option("--debug", is_flag=True, help="On an error, show where it came from.")(function)
    )


def _kubeconfig_option(function: F) -> F:
    return _global(
        click.option(
            "--kubeconfig",
            metavar="FILE",
            help="The kubeconfig file to use, instead of $KUBECONFIG and ~/.kube/config.",
        )(function)
    )


def _context_option(function: F) -> F:
    return _global(
        click.option("--context", metavar="NAME", help="The context to use, instead of the current one.")(
            function
        )
    )


def output_option(*choices: str) -> Callable[[F], F]:
    """-o/--output with the given choices; the first is the default."""
    return click.option(
        "-o", "--output", type=Choice(choices), default=choices[0], metavar="FORMAT",
        help=f"Output format: {', '.join(choices)}.",
    )  # fmt: skip


def yes_option(function: F) -> F:
    """-y/--yes: do not ask."""
    return click.option("-y", "--yes", is_flag=True, help="Do not ask for confirmation.")(function)


def dry_run_option(function: F) -> F:
    """--dry-run as kubectl has it: none, client or server; the bare flag means client."""
    return click.option(
        "--dry-run", type=Choice(["none", "client", "server"]), is_flag=False, flag_value="client",
        default="none", metavar="MODE",
        help="Change nothing: `client` only shows, `server` also has the server check it. [none]",
    )(function)  # fmt: skip


def preview_option(function: F) -> F:
    """--dry-run for commands that edit kubeconfigs; the function gets `dry_run`, a truth value. As kubectl's
    own, without `server`, which has no part in it."""

    @functools.wraps(function)
    def command(*args: Any, dry_run: str, **values: Any) -> Any:
        return function(*args, dry_run=dry_run == "client", **values)

    return click.option(
        "--dry-run", type=Choice(["none", "client"]), is_flag=False, flag_value="client",
        default="none", metavar="MODE",
        help="Change nothing: `client` shows the difference that it would make. [none]",
    )(command)  # type: ignore[return-value]  # fmt: skip
