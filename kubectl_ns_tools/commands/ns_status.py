"""kubectl ns-status: everything that is in a namespace, and why it does not go when it is being deleted."""

from typing import TYPE_CHECKING

import click

from kubectl_ns_tools.commands.options import cluster_options, output_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.terminal import out, warn
from kubectl_ns_tools.kubeconfig.names import check_namespace

if TYPE_CHECKING:
    from kubectl_ns_tools.deletion.stuck.status import NamespaceStatus


@click.command("ns-status", cls=KubectlCommand)
@click.argument("name", required=False)
@click.option("-n", "--namespace", metavar="NAME", help="The same as NAME.")
@output_option("table", "wide", "name", "json", "yaml")
@cluster_options
def command(session: Session, *, name: str | None, namespace: str | None, output: str) -> None:
    """Show everything in a namespace, counted by kind, and what keeps one that is being deleted.

    Examples:
      # How many objects of which kinds
      kubectl ns-status blue
      # Every object on a line, with age, owner and finalizers
      kubectl ns-status blue -o wide
      # Feed the names to another program
      kubectl ns-status blue -o name

    Every kind that can be listed is looked at, custom resources too, unlike `kubectl get all`. What could not
    be seen is named. For a namespace that is being deleted it says what keeps it. Without NAME: the
    namespace of the context.
    """
    from kubectl_ns_tools.deletion.stuck.status import take_status

    if None not in (name, namespace) and name != namespace:
        raise click.UsageError("NAME and -n name different namespaces")
    given = namespace if name is None else name
    target = session.namespace if given is None else given
    check_namespace(target)
    status = take_status(session.connect(to_read=True), target)
    text = _text(status, output)
    if text:
        out(text)
    if output == "name" and status.inventory.gaps:
        warn(f"not visible: {', '.join(gap.what for gap in status.inventory.gaps)}")


def _text(status: "NamespaceStatus", output: str) -> str:
    from kubectl_ns_tools.deletion.clock import now
    from kubectl_ns_tools.output.document import document_text
    from kubectl_ns_tools.output.namespace_status import status_document, status_names, status_text

    if output == "name":
        return status_names(status)
    if output in ("json", "yaml"):
        return document_text(status_document(status), output)
    return status_text(status, now(), everything=output == "wide")
