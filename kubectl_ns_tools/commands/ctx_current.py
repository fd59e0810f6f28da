"""kubectl ctx-current"""

from collections.abc import Callable

import click

from kubectl_ns_tools.commands.options import kubeconfig_options
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.terminal import out, out_names


@click.command("ctx-current", cls=KubectlCommand)
@click.option("--template", metavar="TEXT", help="What to print, with placeholders such as {context}.")
@kubeconfig_options
def command(session: Session, *, template: str | None) -> None:
    """Print the current context; with --template also its namespace and more, for prompts.

    Examples:
      # The name alone, for scripts
      kubectl ctx-current
      # With its namespace
      kubectl ctx-current --template '{context}/{namespace}'
      # In the shell's prompt
      PS1='$(kubectl ctx-current --template "{context}" 2>/dev/null)> '

    --template has placeholders: {context}, {namespace}, {cluster}, {user} and {server} are the context's;
    {depth} says how many shells of ctx-shell are around, 0 for none; {protected} is the word `protected` in
    a protected context, else nothing. {{ and }} are braces. Control characters are shown as codes.
    """
    current = session.view.require_current()
    if template is None:
        out_names([current])
        return
    from kubectl_ns_tools.output.prompt import filled

    out(filled(template, _values(session, current)))


def _values(session: Session, current: str) -> dict[str, Callable[[], str]]:
    view = session.view

    def server() -> str:
        cluster = view.clusters.get(view.context(current).get("cluster"))
        return cluster.get("server") if cluster else ""

    def depth() -> str:
        from kubectl_ns_tools.kubeconfig.isolation.overlay import DEPTH

        return session.environ.get(DEPTH) or "0"

    def protected() -> str:
        from kubectl_ns_tools.kubeconfig.config import load_config

        return "protected" if load_config(session.environ).is_protected(current) else ""

    return {
        "context": lambda: current,
        "namespace": lambda: view.namespace_of(current),
        "cluster": lambda: view.context(current).get("cluster"),
        "user": lambda: view.context(current).get("user"),
        "server": server,
        "depth": depth,
        "protected": protected,
    }
