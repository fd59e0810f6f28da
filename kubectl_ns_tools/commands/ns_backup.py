"""kubectl ns-backup: everything of a namespace that can be created again, in one file."""

import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from kubectl_ns_tools.commands.options import cluster_options, output_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.status_line import StatusLine
from kubectl_ns_tools.commands.terminal import out, out_names, say, warn
from kubectl_ns_tools.errors import Interrupted, NotFound
from kubectl_ns_tools.kubeconfig.names import check_namespace
from kubectl_ns_tools.kubeconfig.state import state_folder
from kubectl_ns_tools.output.escape import escape

if TYPE_CHECKING:
    from kubectl_ns_tools.deletion.backup.saving import BackupResult


@click.command("ns-backup", cls=KubectlCommand)
@click.argument("name")
@click.option(
    "--dir",
    "folder",
    metavar="DIR",
    help="The folder for the file. [$XDG_STATE_HOME/kubectl-ns-tools/backups]",
)
@output_option("table", "name", "json", "yaml")
@cluster_options
def command(session: Session, *, name: str, folder: str | None, output: str) -> None:
    """Save everything in a namespace that can be created again, as clean manifests in one file.

    Examples:
      # Under ~/.local/state/kubectl-ns-tools/backups
      kubectl ns-backup blue
      # To a folder of yours, and only print the path
      kubectl ns-backup blue --dir ./backups -o name
      # What is in it, and what could not be saved
      kubectl ns-backup blue -o yaml

    Every kind that can be listed is looked at, custom resources too. What controllers make by themselves
    (ReplicaSets, their pods, tokens, endpoints) is left out, and what the cluster has given to the objects
    (uids, addresses, ports) is taken off them. `kubectl ns-restore` brings it back; unpacked with tar, it is
    a folder for `kubectl apply -R -f objects`.

    The file holds Secrets, so it is yours alone (mode 0600). It does not hold the data of volumes. It is read
    again before it gets its name: there is a whole file or none.
    """
    check_namespace(name)
    target = state_folder(session.environ, "backups") if folder is None else folder
    try:
        with StatusLine() as line:
            result = _saved(session, name, target, line)
    except KeyboardInterrupt as error:
        raise Interrupted("interrupted; there is no backup") from error
    _show(result, output)


def _saved(session: Session, name: str, folder: str, line: StatusLine) -> "BackupResult":
    from kubectl_ns_tools.cluster.discovery import discover
    from kubectl_ns_tools.cluster.namespaces import named_namespace
    from kubectl_ns_tools.deletion.backup.saving import save_namespace
    from kubectl_ns_tools.deletion.clock import now
    from kubectl_ns_tools.deletion.inventory import take_inventory

    connection = session.connect(to_read=True)
    namespace = named_namespace(connection, name)
    discovery = discover(connection)
    inventory = take_inventory(connection, name, discovery=discovery)
    return save_namespace(
        connection,
        namespace,
        inventory,
        discovery,
        folder,
        context=_context(session),
        now=now(),
        tell=partial(_tell, line),
    )


def _tell(line: StatusLine, kind: str) -> None:
    """For a person who waits; in a log, a line for each of thirty kinds would say nothing."""
    if sys.stderr.isatty():
        line.show(escape(f"saving {kind}"))


def _context(session: Session) -> str:
    try:
        return session.context_name
    except NotFound:  # a pod without a kubeconfig has a cluster, but no context
        return "in-cluster"


def _show(result: "BackupResult", output: str) -> None:
    from kubectl_ns_tools.output.backup import backup_document, backup_text, backup_warnings
    from kubectl_ns_tools.output.document import document_text

    if output == "name":
        out_names([result.path])
    elif output in ("json", "yaml"):
        out(document_text(backup_document(result), output))
    else:
        out(backup_text(result))
    for text in backup_warnings(result):
        warn(text)
    if output == "table":
        import shlex

        say(escape(f"restore it with: kubectl ns-restore {shlex.quote(result.path)}"))
