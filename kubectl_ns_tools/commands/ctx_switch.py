"""kubectl ctx-switch"""

import click

from kubectl_ns_tools.commands.options import kubeconfig_options
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.terminal import say
from kubectl_ns_tools.kubeconfig.changes import use_context
from kubectl_ns_tools.kubeconfig.history import History
from kubectl_ns_tools.output.escape import escape


@click.command("ctx-switch")
@click.argument("name", metavar="NAME|-")
@kubeconfig_options
def command(session: Session, name: str) -> None:
    """Make another context the current one; `-` goes back to the one before.

    Only the value of current-context changes in the file: comments, order and quotes stay as they are.

    \b
    Examples:
      kubectl ctx-switch blue@kubernetes
      kubectl ctx-switch -
    """
    history = History(session.locations, session.environ)
    target = history.previous_context() if name == "-" else name
    before = session.view.current_context
    use_context(session.view, session.writer(), target)
    if before != target:
        history.left_context(before)
    say(f'Switched to context "{escape(target)}".')
