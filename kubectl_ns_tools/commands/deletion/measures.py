"""What is done before a namespace is deleted, or in its stead: the options that make a deletion safer."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kubectl_ns_tools.commands.deletion.wish import DeletionWish

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection
    from kubectl_ns_tools.cluster.discovery import Discovery
    from kubectl_ns_tools.deletion.measures.custom_first import CustomResources
    from kubectl_ns_tools.deletion.measures.partial import PartialPlan
    from kubectl_ns_tools.deletion.measures.retaining import RetainPlan
    from kubectl_ns_tools.deletion.measures.scaling import ScalePlan
    from kubectl_ns_tools.deletion.plan import DeletionPlan


@dataclass(frozen=True)
class Measures:
    """As they are found at the preview; None for what is not asked for. In the order in which they are taken:
    workloads are scaled down, volumes retained, custom resources deleted. part: deleted in the namespace's
    stead."""

    workloads: "ScalePlan | None" = None
    volumes: "RetainPlan | None" = None
    custom: "CustomResources | None" = None
    part: "PartialPlan | None" = None


def find_measures(
    connection: "Connection", discovery: "Discovery", plan: "DeletionPlan", wish: DeletionWish
) -> Measures:
    """Looks only. Raises Refused for a namespace that is being deleted already: they come too late there."""
    if not any(wish.options.values()):
        return Measures()
    from kubectl_ns_tools.deletion.measures.custom_first import find_custom
    from kubectl_ns_tools.deletion.measures.partial import narrowed
    from kubectl_ns_tools.deletion.measures.removal import refuse_terminating
    from kubectl_ns_tools.deletion.measures.retaining import find_volumes
    from kubectl_ns_tools.deletion.measures.scaling import find_workloads

    refuse_terminating(plan, "what is to be done before")
    return Measures(
        workloads=find_workloads(connection, plan) if wish.scale_down else None,
        volumes=find_volumes(connection, plan) if wish.retain else None,
        custom=find_custom(connection, plan) if wish.custom_first else None,
        part=narrowed(plan, discovery, wish.only, wish.excepted) if wish.is_partial else None,
    )
