"""What is in the cluster, as a restore looks at it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiNotFound
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.deletion.backup.cleaning import clean
from kubectl_ns_tools.deletion.backup.contents import Entry
from kubectl_ns_tools.deletion.backup.verdict import verdict_on_kind
from kubectl_ns_tools.deletion.inventory import Inventory
from kubectl_ns_tools.deletion.items import Item
from kubectl_ns_tools.deletion.restore.volumes import Fate, fate, volume_of

VOLUMES = Resource("", "v1", "persistentvolumes", "PersistentVolume", False)


@dataclass(frozen=True)
class Live:
    """The objects of the namespace, by kind and name; none for one that is yet to be made."""

    items: Mapping[tuple[str, str], Item]

    @classmethod
    def of(cls, inventory: Inventory | None) -> "Live":
        items = inventory.items if inventory else ()
        return cls({(item.resource.group_resource, item.name): item for item in items})

    def has(self, entry: Entry) -> bool:
        return (entry.resource, entry.name) in self.items

    def others(self, entries: Iterable[Entry]) -> tuple[str, ...]:
        """What somebody has put there that is not of the archive; not what controllers make."""
        known = {(entry.resource, entry.name) for entry in entries}
        return tuple(item.label for key, item in self.items.items() if key not in known and self._own(item))

    def _own(self, item: Item) -> bool:
        if item.owners or item.made_by_kubernetes or not item.deletable:
            return False
        if item.resource.group_resource == "endpoints":
            return ("services", item.name) not in self.items
        return verdict_on_kind(item.resource).saved


def cleaned(live: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """A live object as a backup would have it.

    A claim keeps the name of its volume where the archive has one: it is compared with it.
    """
    is_bound = wanted["kind"] == "PersistentVolumeClaim" and volume_of(wanted)
    return clean(live, retained=(volume_of(live),) if is_bound else ())


def look_at_volume(connection: Connection, name: str, claim: Mapping[str, Any], old: str) -> Fate:
    """What becomes of the volume that the claim had. Raises ApiForbidden."""
    try:
        live = connection.get(VOLUMES.path(name=name))
    except ApiNotFound:
        live = None
    return fate(name, live, claim, old=old)
