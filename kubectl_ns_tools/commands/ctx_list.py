"""kubectl ctx-list"""

import click

from kubectl_ns_tools.commands.options import kubeconfig_options, output_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.terminal import out, say
from kubectl_ns_tools.output.contexts import render_contexts


@click.command("ctx-list")
@output_option("table", "wide", "name", "json", "yaml")
@kubeconfig_options
def command(session: Session, output: str) -> None:
    """List the contexts of the kubeconfig; a star marks the current one.

    `-o json` and `-o yaml` give the kubeconfig as kubectl sees it, with secrets redacted.

    \b
    Examples:
      kubectl ctx-list
      kubectl ctx-list -o wide
      kubectl ctx-list -o yaml
    """
    text = render_contexts(session.view, output)
    if text:
        out(text)
    elif output in ("table", "wide"):
        say(f"No contexts found in {', '.join(session.locations.paths)}.")
