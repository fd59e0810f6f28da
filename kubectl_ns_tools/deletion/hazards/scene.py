"""What the checks look at, read once for all of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.discovery import Discovery, Resource
from kubectl_ns_tools.cluster.errors import ApiForbidden, ApiNotFound
from kubectl_ns_tools.cluster.lists import list_objects
from kubectl_ns_tools.deletion.hazards.hazard import Hazard
from kubectl_ns_tools.deletion.hazards.slimming import PAGE, SLIM
from kubectl_ns_tools.deletion.inventory import Inventory
from kubectl_ns_tools.errors import NsToolsError

Check = Callable[["Scene"], Iterator[Hazard]]


class CannotSee(Exception):
    """Something that a check needs cannot be read; the check then ends, with what it has found so far."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(f"{what}: {reason}")
        self.what = what
        self.reason = reason


@dataclass
class Scene:
    """namespace: the Namespace object. contexts: (context, its default namespace) of the user's kubeconfig,
    those for this cluster only. server_version: (1, 36), or () where nobody says."""

    connection: Connection
    discovery: Discovery
    namespace: Mapping[str, Any]
    inventory: Inventory
    contexts: Sequence[tuple[str, str]] = ()
    server_version: tuple[int, ...] = ()
    _lock: Lock = field(default_factory=Lock)
    _lists: dict[tuple[str, str | None], list[dict[str, Any]] | CannotSee] = field(default_factory=dict)
    _locks: dict[tuple[str, str | None], Lock] = field(default_factory=dict)

    @cached_property
    def _present(self) -> set[str]:
        """The kinds that have objects here, or may have some that were not seen."""
        seen = {item.resource.group_resource for item in self.inventory.items}
        return seen | {gap.what for gap in self.inventory.gaps}

    @property
    def name(self) -> str:
        return str(self.namespace["metadata"]["name"])

    def resource(self, group_resource: str) -> Resource | None:
        """`persistentvolumes`, `services`, `deployments.apps`; None where the cluster does not serve it."""
        kinds = (kind for kind in self.discovery.preferred() if kind.group_resource == group_resource)
        return next(kinds, None)

    def has(self, group_resource: str) -> bool:
        """Whether the namespace has objects of a kind, or may have some that were not seen."""
        return group_resource in self._present

    def here(self, group_resource: str) -> list[dict[str, Any]]:
        """The objects of a kind in the namespace, whole but for what slimming says; [] for a kind that is not
        served, or not there.

        Raises CannotSee. Each list is asked for once; the inventory says where there is nothing to ask.
        """
        return self._list(group_resource, self.name) if self.has(group_resource) else []

    def everywhere(self, group_resource: str) -> list[dict[str, Any]]:
        """The same over the whole cluster, of a cluster-scoped kind or of all namespaces."""
        return self._list(group_resource, None)

    def _list(self, group_resource: str, namespace: str | None) -> list[dict[str, Any]]:
        key = (group_resource, namespace)
        with self._lock:
            lock = self._locks.setdefault(key, Lock())
        with lock:
            if key not in self._lists:
                self._lists[key] = self._listed(group_resource, namespace)
        found = self._lists[key]
        if isinstance(found, CannotSee):
            raise CannotSee(found.what, found.reason)
        return found

    def _listed(self, group_resource: str, namespace: str | None) -> list[dict[str, Any]] | CannotSee:
        resource = self.resource(group_resource)
        if resource is None:
            return []
        keep, limit = SLIM.get(group_resource), PAGE.get(group_resource, 500)
        try:
            return list(list_objects(self.connection, resource, namespace, limit=limit, keep=keep))
        except ApiNotFound:
            return []
        except ApiForbidden:
            return CannotSee(group_resource, "forbidden")
        except NsToolsError as error:
            return CannotSee(group_resource, error.message)
