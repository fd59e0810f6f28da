"""kubectl ctx-shell: a shell, or one command, whose context is its own."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from kubectl_ns_tools.commands.command_line import WithOptionalCommand
from kubectl_ns_tools.commands.isolated import isolated
from kubectl_ns_tools.commands.options import kubeconfig_options
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.terminal import say, warn
from kubectl_ns_tools.kubeconfig.config import load_config
from kubectl_ns_tools.kubeconfig.isolation.foreground import end_like, run_in_foreground
from kubectl_ns_tools.kubeconfig.isolation.overlay import DEPTH
from kubectl_ns_tools.kubeconfig.isolation.shells import Start, interactive, users_shell
from kubectl_ns_tools.kubeconfig.names import check_namespace
from kubectl_ns_tools.output.escape import escape

if TYPE_CHECKING:
    from kubectl_ns_tools.kubeconfig.isolation.isolation import Isolation


@click.command("ctx-shell", cls=WithOptionalCommand)
@click.argument("name")
@click.option("-n", "--namespace", metavar="NAME", help="The default namespace in the shell.")
@click.option(
    "--flatten",
    is_flag=True,
    help="One self-contained file, credentials included, for programs that read only one.",
)
@kubeconfig_options
def command(
    session: Session, *, name: str, namespace: str | None, flatten: bool, command: tuple[str, ...]
) -> int:
    """Start a shell, or run one command, in a context of its own; other terminals see nothing of it.

    Examples:
      # A shell; it ends with exit
      kubectl ctx-shell blue@kubernetes -n blue
      # One command
      kubectl ctx-shell blue@kubernetes -- kubectl get pods
      # A program that reads a single kubeconfig
      kubectl ctx-shell blue@kubernetes --flatten -- helm list

    $KUBECONFIG begins with a small private file there, which says what the context is; the kubeconfig files
    follow, so that credentials and their refreshes stay in them. ctx-switch and ns-switch in the shell
    change that file only. It is removed when the shell ends.

    Your shell ($SHELL) reads its own start-up files. Its prompt is yours: $KUBECTL_NS_TOOLS_DEPTH says how
    many such shells are around it. The exit code is the shell's or the command's.
    """
    session.view.context(name)
    if namespace is not None:
        check_namespace(namespace)
    if load_config(session.environ).is_protected(name):
        warn(f'context "{name}" is protected')
    with isolated(session) as isolation:
        variables = (isolation.flattened if flatten else isolation.overlay)(name, namespace or "")
        start = Start(list(command)) if command else _shell(isolation, name, variables, session.environ)
        environ = {**session.environ, **variables, **start.variables}
        code = run_in_foreground(start.arguments, environ, isolation.folder.descriptor)
    return end_like(code)


def _shell(
    isolation: "Isolation", name: str, variables: Mapping[str, str], environ: Mapping[str, str]
) -> Start:
    """How to start the user's shell."""
    shell, why_not = users_shell(environ)
    if why_not:
        say(f"{escape(why_not)}; using {shell}")
    if not sys.stdin.isatty():  # a script on stdin
        return Start([shell])
    depth = variables[DEPTH]
    say(f'Context "{escape(name)}" in this shell only{f", depth {depth}" if depth != "1" else ""}.')
    return interactive(shell, variables, environ, isolation.folder)
