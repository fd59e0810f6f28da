"""kubectl ctx-current"""

import click

from kubectl_ns_tools.commands.options import kubeconfig_options
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.terminal import out


@click.command("ctx-current")
@kubeconfig_options
def command(session: Session) -> None:
    """Print the current context.

    \b
    Examples:
      kubectl ctx-current
      kubectl ctx-current --kubeconfig ./staging.yaml
    """
    out(session.view.require_current())
