"""The first half of a deletion: look, and change nothing. The second half is execution."""

from collections.abc import Mapping, Sequence
from typing import Any

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.discovery import Discovery, discover
from kubectl_ns_tools.cluster.namespaces import get_namespace
from kubectl_ns_tools.cluster.versions import server_version
from kubectl_ns_tools.deletion.hazards.finding import find_hazards
from kubectl_ns_tools.deletion.hazards.scene import Scene
from kubectl_ns_tools.deletion.inventory import take_inventory
from kubectl_ns_tools.deletion.plan import DeletionPlan, make_plan, refuse_protected


def preview(
    connection: Connection,
    name: str,
    *,
    context: str,
    contexts: Sequence[tuple[str, str]] = (),
    namespace: Mapping[str, Any] | None = None,
    discovery: Discovery | None = None,
) -> DeletionPlan:
    """The plan for deleting the namespace. Raises Refused for a protected one, ApiNotFound for none.

    contexts: (name, default namespace) of the user's contexts for this cluster. namespace, discovery: where
    the caller has read them just now.
    """
    refuse_protected(name)
    namespace = namespace or get_namespace(connection, name)
    discovery = discovery or discover(connection)
    inventory = take_inventory(connection, name, discovery=discovery)
    scene = Scene(connection, discovery, namespace, inventory, contexts, server_version(connection))
    hazards = find_hazards(scene)
    return make_plan(namespace, inventory, context=context, server=connection.server, hazards=hazards)
