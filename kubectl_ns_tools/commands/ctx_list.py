"""kubectl ctx-list"""

import click

from kubectl_ns_tools.commands.options import kubeconfig_options, output_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.terminal import out, out_names, say, warn
from kubectl_ns_tools.kubeconfig.config import load_config
from kubectl_ns_tools.kubeconfig.view import View
from kubectl_ns_tools.output.contexts import render_contexts


@click.command("ctx-list", cls=KubectlCommand)
@click.argument("patterns", nargs=-1, metavar="[PATTERN]...")
@output_option("table", "wide", "name", "json", "yaml")
@kubeconfig_options
def command(session: Session, *, patterns: tuple[str, ...], output: str) -> None:
    """List the contexts of the kubeconfig; a star marks the current one.

    Examples:
      # All of them
      kubectl ctx-list
      # Some, with their servers and the files that they are in
      kubectl ctx-list '*@kubernetes' -o wide
      # The kubeconfig as kubectl sees it, without secrets
      kubectl ctx-list -o yaml

    A PATTERN is a context's name or a glob; one that matches nothing is an error. A cluster or user that
    does not exist is flagged as missing. Where config.yaml protects contexts, a last column says which.

    `-o wide` adds server and file. `-o json` and `-o yaml` give the kubeconfig as kubectl sees it, with
    secrets redacted: of matching contexts, and what they refer to.
    """
    view = _narrowed(session.view, patterns)
    if output == "name":
        if view.contexts:
            out_names(view.contexts)
    elif output in ("table", "wide"):
        _table(session, view, output)
    else:
        out(render_contexts(view, output))


def _table(session: Session, view: View, output: str) -> None:
    if view.contexts:
        out(render_contexts(view, output, load_config(session.environ)))
    else:
        say(f"No contexts found in {', '.join(session.locations.paths)}.")
    current = session.view.current_context
    if current and current not in session.view.contexts:
        warn(f'the current context "{current}" does not exist')


def _narrowed(view: View, patterns: tuple[str, ...]) -> View:
    if not patterns:
        return view
    from kubectl_ns_tools.kubeconfig.patterns import matching

    return view.narrowed(matching(patterns, view.contexts))
