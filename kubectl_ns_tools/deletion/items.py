"""One object of a namespace, as small as a preview allows: a namespace may hold 100,000 of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from sys import intern
from typing import Any

from kubectl_ns_tools.cluster.discovery import Resource


@dataclass(frozen=True, slots=True)
class Owner:
    """An ownerReference."""

    kind: str
    name: str
    uid: str
    controller: bool


@dataclass(frozen=True, slots=True)
class Item:
    """An object: what it is called, who owns it, what holds it.

    uid is "" for the views of aggregated APIs (PodMetrics), which are computed and stored nowhere.
    created and deleted are the timestamps as the server writes them; deleted is "" while nobody has asked
    for the deletion. version is the resourceVersion, generation that of the spec, 0 for kinds that have none.
    """

    resource: Resource
    name: str
    uid: str
    owners: tuple[Owner, ...]
    finalizers: tuple[str, ...]
    created: str
    deleted: str
    version: str = ""
    generation: int = 0

    @property
    def label(self) -> str:
        """kubectl's `-o name`: `configmap/a`, `deployment.apps/web`."""
        return f"{kind_label(self.resource)}/{self.name}"

    @property
    def deletable(self) -> bool:
        """Whether the namespace controller can delete it: it takes kinds with the verb `delete` only."""
        return "delete" in self.resource.verbs

    @property
    def made_by_kubernetes(self) -> bool:
        """Put into every namespace by the controller manager, and of no worth of its own."""
        return (self.resource.group_resource, self.name) in MADE_BY_KUBERNETES


MADE_BY_KUBERNETES = frozenset({("configmaps", "kube-root-ca.crt"), ("serviceaccounts", "default")})


def kind_label(resource: Resource) -> str:
    """`deployment.apps`: the singular with the group, as kubectl's printers spell it."""
    kind = resource.kind.lower()
    return f"{kind}.{resource.group}" if resource.group else kind


class Reader:
    """Makes Items of one kind's metadata; equal owners are shared, a ReplicaSet's pods have the same one."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource
        self._owners: dict[tuple[Owner, ...], tuple[Owner, ...]] = {}

    def item(self, obj: Mapping[str, Any]) -> Item:
        """obj: a PartialObjectMetadata dict, or a whole object from a server that knows no partial ones."""
        metadata = obj["metadata"]
        owners = tuple(_owners(metadata))
        return Item(
            resource=self._resource,
            name=metadata["name"],
            uid=metadata.get("uid") or "",
            owners=self._owners.setdefault(owners, owners),
            finalizers=tuple(intern(str(name)) for name in metadata.get("finalizers") or ()),
            created=metadata.get("creationTimestamp") or "",
            deleted=metadata.get("deletionTimestamp") or "",
            version=metadata.get("resourceVersion") or "",
            generation=metadata.get("generation") or 0,
        )


def _owners(metadata: Mapping[str, Any]) -> Iterator[Owner]:
    for reference in metadata.get("ownerReferences") or ():
        yield Owner(
            kind=str(reference.get("kind", "")),
            name=str(reference.get("name", "")),
            uid=str(reference.get("uid", "")),
            controller=bool(reference.get("controller")),
        )
