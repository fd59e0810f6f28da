"""How a namespace stands: its phase, everything that is in it, and why it does not go when it should."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.namespaces import named_namespace
from kubectl_ns_tools.deletion.clock import now
from kubectl_ns_tools.deletion.inventory import Inventory, take_inventory
from kubectl_ns_tools.deletion.stuck.culprits import find_culprits
from kubectl_ns_tools.deletion.stuck.diagnosis import Diagnosis, diagnose


@dataclass(frozen=True, slots=True)
class NamespaceStatus:
    """diagnosis: None unless the namespace is being deleted."""

    namespace: Mapping[str, Any]
    inventory: Inventory
    diagnosis: Diagnosis | None

    @property
    def name(self) -> str:
        return str(self.namespace["metadata"]["name"])

    @property
    def phase(self) -> str:
        return str((self.namespace.get("status") or {}).get("phase", ""))

    @property
    def created(self) -> str:
        return str(self.namespace["metadata"].get("creationTimestamp") or "")

    @property
    def terminating_since(self) -> str:
        return str(self.namespace["metadata"].get("deletionTimestamp") or "")


def take_status(connection: Connection, name: str) -> NamespaceStatus:
    """Raises ApiNotFound when there is no such namespace."""
    namespace = named_namespace(connection, name)
    inventory = take_inventory(connection, name)
    return NamespaceStatus(namespace, inventory, explain(connection, namespace, inventory))


def explain(connection: Connection, namespace: Mapping[str, Any], inventory: Inventory) -> Diagnosis | None:
    """Why the namespace does not go, with those at fault looked up; None unless it is being deleted."""
    if not namespace["metadata"].get("deletionTimestamp"):
        return None
    return diagnose(namespace, inventory, now(), find_culprits(connection, namespace, inventory))
