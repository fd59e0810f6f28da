"""The first half of a deletion: look, and change nothing. The second half is execution."""

from collections.abc import Sequence

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.discovery import discover
from kubectl_ns_tools.cluster.namespaces import get_namespace
from kubectl_ns_tools.deletion.hazards.finding import find_hazards
from kubectl_ns_tools.deletion.hazards.scene import Scene
from kubectl_ns_tools.deletion.inventory import take_inventory
from kubectl_ns_tools.deletion.plan import DeletionPlan, make_plan, refuse_protected


def preview(
    connection: Connection, name: str, *, context: str, contexts: Sequence[tuple[str, str]] = ()
) -> DeletionPlan:
    """The plan for deleting the namespace. Raises Refused for a protected one, ApiNotFound for none.

    contexts: (name, default namespace) of the user's contexts for this cluster.
    """
    refuse_protected(name)
    namespace = get_namespace(connection, name)
    discovery = discover(connection)
    inventory = take_inventory(connection, name, discovery=discovery)
    hazards = find_hazards(Scene(connection, discovery, namespace, inventory, contexts))
    return make_plan(namespace, inventory, context=context, server=connection.server, hazards=hazards)
