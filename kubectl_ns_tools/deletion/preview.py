"""The first half of a deletion: look, and change nothing. The second half is execution."""

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.namespaces import get_namespace
from kubectl_ns_tools.deletion.inventory import take_inventory
from kubectl_ns_tools.deletion.plan import DeletionPlan, make_plan, refuse_protected


def preview(connection: Connection, name: str, *, context: str) -> DeletionPlan:
    """The plan for deleting the namespace. Raises Refused for a protected one, ApiNotFound for none."""
    refuse_protected(name)
    namespace = get_namespace(connection, name)
    inventory = take_inventory(connection, name)
    return make_plan(namespace, inventory, context=context, server=connection.server)
