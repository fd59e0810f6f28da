"""kubectl ns-list: the namespaces, and what plain kubectl does not say of them."""

from typing import TYPE_CHECKING, Any

import click

from kubectl_ns_tools.commands.options import cluster_options, output_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.terminal import out, say

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection


@click.command("ns-list")
@click.option("-l", "--selector", default="", metavar="SELECTOR", help="Only namespaces with these labels.")
@output_option("table", "name", "json", "yaml")
@cluster_options
def command(session: Session, *, selector: str, output: str) -> None:
    """List the namespaces of the cluster; a star marks the current one.

    Besides status and age it shows the template that a namespace was made from, the quota that is used
    most, when it expires, and why it is stuck when it is being deleted.

    \b
    Examples:
      kubectl ns-list
      kubectl ns-list -l team=blue -o name
    """
    from kubectl_ns_tools.cluster.namespaces import list_namespaces
    from kubectl_ns_tools.deletion.clock import now
    from kubectl_ns_tools.output.namespaces import NamespaceList, render_namespaces

    connection = session.connect(to_read=True)
    namespaces = list_namespaces(connection, selector)
    if not namespaces and output == "table":
        say("No resources found")
        return
    quotas = _quotas(connection) if output == "table" else None
    text = render_namespaces(NamespaceList(namespaces, session.namespace, quotas), output, now())
    if text:
        out(text)


def _quotas(connection: "Connection") -> dict[str, list[dict[str, Any]]] | None:
    """The quotas by namespace; None, shown as such, for those who may not list them."""
    from kubectl_ns_tools.cluster.errors import ApiForbidden
    from kubectl_ns_tools.cluster.quotas import list_quotas

    try:
        return list_quotas(connection)
    except ApiForbidden:
        return None
