"""The options by which the parameters of templates are given, and the prompt for those that are missing."""

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kubectl_ns_tools.commands.terminal import ask, is_interactive, say
from kubectl_ns_tools.output.escape import escape

if TYPE_CHECKING:
    from kubectl_ns_tools.templates.parameters.parameters import Parameter
    from kubectl_ns_tools.templates.rendering.request import Ask

F = TypeVar("F", bound=Callable[..., Any])


def parameter_options(function: F) -> F:
    """-p, --param-file and --env-prefix; the function gets `parameters`, a ParameterInput."""

    @functools.wraps(function)
    def command(
        *args: Any,
        assignments: Sequence[str],
        param_files: Sequence[str],
        env_prefix: str | None,
        **values: Any,
    ) -> Any:
        from kubectl_ns_tools.templates.rendering.request import ParameterInput

        return function(*args, parameters=ParameterInput(assignments, param_files, env_prefix), **values)

    decorated = click.option(
        "--env-prefix", metavar="PREFIX",
        help="Take parameters from the environment too: with --env-prefix NS_, OWNER from NS_OWNER.",
    )(command)  # fmt: skip
    decorated = click.option(
        "--param-file", "param_files", multiple=True, metavar="FILE",
        help="A file of parameters: a YAML mapping, JSON or .env, or - for stdin; may be repeated.",
    )(decorated)  # fmt: skip
    return click.option(
        "-p", "--param", "assignments", multiple=True, metavar="KEY=VALUE",
        help="A parameter; may be repeated. It wins over --param-file, and that over --env-prefix.",
    )(decorated)  # type: ignore[return-value]  # fmt: skip


def asker() -> "Ask | None":
    """How to ask for a parameter, None when there is nobody to ask."""
    return _ask if is_interactive() else None


def _ask(parameter: "Parameter", wrong: Callable[[str], Sequence[str]]) -> str:
    """Ask until an answer is all right. Raises Interrupted on Ctrl-C."""
    while True:
        answer = ask(_question(parameter)) or parameter.value
        complaints = list(wrong(answer)) if answer else ["a value is needed"]
        if not complaints:
            return answer
        for complaint in complaints:
            say(escape(f"  {answer!r} {complaint}" if answer else f"  {complaint}"))


def _question(parameter: "Parameter") -> str:
    """`OWNER (who pays; one of: a, b) [a]:`"""
    checks = parameter.checks
    choices = f"one of: {', '.join(checks.enum)}" if checks.enum else ""
    kind = checks.type if checks.type != "string" and not checks.enum else ""
    about = "; ".join(filter(None, [parameter.what_for, choices or kind]))
    default = f" [{parameter.value}]" if parameter.value else ""
    return escape(f"{parameter.name}{f' ({about})' if about else ''}{default}:")
