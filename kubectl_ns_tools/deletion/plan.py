"""What a deletion would do, as a value: made of what was seen, shown, then carried out. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kubectl_ns_tools.cluster.namespaces import PROTECTED
from kubectl_ns_tools.deletion.hazards.hazard import NO_HAZARDS, HazardReport
from kubectl_ns_tools.deletion.inventory import Count, Gap, Inventory, Reason, count_by_kind
from kubectl_ns_tools.deletion.items import Item
from kubectl_ns_tools.deletion.ownership import Forest, grow
from kubectl_ns_tools.errors import Refused


@dataclass(frozen=True)
class DeletionPlan:
    """One namespace of one cluster and all that is known to go with it.

    uid: the precondition of the deletion; under another uid it is another namespace.
    terminating_since: the deletionTimestamp of a namespace that is being deleted already, else "".
    """

    namespace: str
    uid: str
    context: str
    server: str
    inventory: Inventory
    created: str = ""
    terminating_since: str = ""
    hazards: HazardReport = NO_HAZARDS

    @property
    def terminating(self) -> bool:
        return bool(self.terminating_since)

    @cached_property
    def doomed(self) -> tuple[Item, ...]:
        """What goes with the namespace: everything that was seen and can be deleted."""
        return tuple(item for item in self.inventory.items if item.deletable)

    @cached_property
    def views(self) -> tuple[Item, ...]:
        """What can be listed but not deleted: computed by an aggregated API, not stored in the namespace."""
        return tuple(item for item in self.inventory.items if not item.deletable)

    @cached_property
    def forest(self) -> Forest:
        """The doomed objects by owner."""
        return grow(self.doomed)

    @property
    def counts(self) -> tuple[Count, ...]:
        """The doomed objects by kind."""
        return count_by_kind(self.doomed)

    @property
    def unseen(self) -> tuple[Gap, ...]:
        """What will be deleted too, but could not be looked at."""
        return tuple(gap for gap in self.inventory.gaps if gap.deletable)

    @property
    def blocking_groups(self) -> tuple[Gap, ...]:
        """Broken API groups: while one does not answer, no namespace of the cluster goes (k/k#60807)."""
        return tuple(gap for gap in self.inventory.gaps if gap.reason is Reason.BROKEN_GROUP)


def refuse_protected(namespace: str) -> None:
    """Raises Refused for the namespaces that Kubernetes itself lives in.

    The server refuses three of them too (NamespaceLifecycle), but not kube-node-lease (kubectl#804).
    """
    if namespace in PROTECTED:
        raise Refused(
            f'namespace "{namespace}" is not deleted: Kubernetes itself lives in it',
            f"{', '.join(PROTECTED)} are never deleted by this command",
        )


def make_plan(
    namespace: Mapping[str, Any],
    inventory: Inventory,
    *,
    context: str,
    server: str,
    hazards: HazardReport = NO_HAZARDS,
) -> DeletionPlan:
    """The plan for a Namespace object as the server gave it. Raises Refused for a protected one."""
    metadata = namespace["metadata"]
    refuse_protected(metadata["name"])
    return DeletionPlan(
        namespace=metadata["name"],
        uid=metadata["uid"],
        context=context,
        server=server,
        inventory=inventory,
        created=metadata.get("creationTimestamp") or "",
        terminating_since=metadata.get("deletionTimestamp") or "",
        hazards=hazards,
    )
