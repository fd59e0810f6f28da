"""Which objects go because the template no longer has them: only what certainly came from it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.cluster.discovery import Discovery, NoMatch
from kubectl_ns_tools.cluster.errors import ApiForbidden, ApiNotFound
from kubectl_ns_tools.cluster.objects import get_object
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.templates.annotations import TEMPLATE_LABEL
from kubectl_ns_tools.templates.inventory import Entry
from kubectl_ns_tools.templates.planning.plan import MANAGED_BY, MANAGED_BY_LABEL, CreatePlan

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection


@dataclass(frozen=True)
class Prune:
    """An object to be deleted, under its uid. live: as it is."""

    entry: Entry
    resource: Resource
    live: Mapping[str, Any]

    @property
    def reference(self) -> str:
        return reference(self.entry)


@dataclass(frozen=True)
class Left:
    """An object of the record that stays, and why; "" for one that is gone already."""

    entry: Entry
    why: str


def to_prune(
    connection: "Connection", record: Collection[Entry], plan: CreatePlan, label: str, discovery: Discovery
) -> Iterator[Prune | Left]:
    """What becomes of each object of the record that is not in the plan. label: that of the template.

    Cluster-scoped objects stay: another namespace may need them, and with a CustomResourceDefinition goes
    everything of its kind.
    """
    kept = {(manifest.group, manifest.kind, manifest.name) for manifest in plan.objects}
    for entry in record:
        if (entry.api_version.rpartition("/")[0], entry.kind, entry.name) not in kept:
            yield _fate(connection, entry, plan.namespace, label, discovery)


def reference(entry: Entry) -> str:
    """kubectl's `-o name`."""
    group = entry.api_version.rpartition("/")[0]
    return f"{entry.kind}{f'.{group}' if group else ''}".lower() + f"/{entry.name}"


def _fate(
    connection: "Connection", entry: Entry, namespace: str, label: str, discovery: Discovery
) -> Prune | Left:
    try:
        resource = discovery.resource_for(entry.api_version, entry.kind)
    except NoMatch:
        return Left(entry, f"{entry.api_version} {entry.kind} is not served any more")
    if not resource.namespaced:
        return Left(entry, "it is not namespaced, others may need it")
    try:
        live = get_object(connection, resource, entry.name, namespace)
    except ApiNotFound:
        return Left(entry, "")
    except ApiForbidden as error:
        return Left(entry, f"it cannot be looked at: {error.message}")
    if live["metadata"]["uid"] != entry.uid:
        return Left(entry, "")  # somebody made another one of this name
    why = _why_not(live["metadata"], label)
    return Left(entry, why) if why else Prune(entry, resource, live)


def _why_not(metadata: Mapping[str, Any], label: str) -> str:
    """Why an object that was created here is not deleted, "" if it is."""
    if metadata.get("deletionTimestamp"):
        return "it is being deleted"
    key, value = (TEMPLATE_LABEL, label) if label else (MANAGED_BY_LABEL, MANAGED_BY)
    if (metadata.get("labels") or {}).get(key) != value:
        return "somebody changed the labels that say where it is from"
    return ""
