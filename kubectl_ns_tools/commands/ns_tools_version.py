"""kubectl ns-tools version"""

from typing import TYPE_CHECKING, Any

import click

from kubectl_ns_tools import __version__
from kubectl_ns_tools.commands.options import cluster_options, output_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.terminal import out, warn
from kubectl_ns_tools.errors import NsToolsError

if TYPE_CHECKING:
    from kubectl_ns_tools.output.versions import Versions

_PATIENCE = 5.0


@click.command("version", cls=KubectlCommand, short_help="Show the versions that are at work.")
@click.option("--client", is_flag=True, help="Do not ask the cluster.")
@output_option("text", "json", "yaml")
@cluster_options
def command(session: Session, *, client: bool, output: str) -> None:
    """Show the versions of these plugins, of the Python that runs them, of kubectl, and of the cluster.

    Examples:
      # All of them
      kubectl ns-tools version
      # Without asking the cluster
      kubectl ns-tools version --client
      # For a bug report, or for a program
      kubectl ns-tools version -o yaml

    A cluster that does not answer is an error, as in `kubectl version`; the rest is shown before.
    """
    from kubectl_ns_tools.output.versions import render_versions

    server, failed = (None, None) if client else _server(session)
    out(render_versions(_versions(session, server), output))
    if failed:
        raise failed


def _versions(session: Session, server: dict[str, Any] | None) -> "Versions":
    from kubectl_ns_tools.commands.doctor.program import is_packed, python_version
    from kubectl_ns_tools.output.versions import Versions

    return Versions(__version__, python_version(), is_packed(), _client(session), server)


def _client(session: Session) -> dict[str, Any] | None:
    """What kubectl says; a warning and None where there is none."""
    from kubectl_ns_tools.commands.doctor.program import client_version, find_kubectl

    try:
        return client_version(find_kubectl(session.environ), session.environ)
    except NsToolsError as error:
        warn(error.message)
        return None


def _server(session: Session) -> tuple[dict[str, Any] | None, NsToolsError | None]:
    """What the API server says, or why it does not."""
    try:
        connection = session.connect(to_read=True)
        return connection.get("/version", timeout=session.request_timeout or _PATIENCE), None
    except NsToolsError as error:
        return None, error
