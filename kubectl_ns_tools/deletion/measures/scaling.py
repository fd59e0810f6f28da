"""`--scale-down-first`: workloads end in an orderly way before the namespace goes.

find_workloads(connection, plan) -> ScalePlan           looks only; Refused for a Terminating namespace
scale_down(connection, scale_plan, dry_run=False) -> Scaled
    scales to 0 and suspends CronJobs. Any failure: NsToolsError, whose problems say what was done until
    then and how to undo it; nothing may be deleted then.
await_pods(connection, scale_plan, timeout=None) -> Iterator[Departure]     of their pods; TimedOut
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.discovery import Resource
from kubectl_ns_tools.cluster.lists import list_metadata, list_objects
from kubectl_ns_tools.deletion.items import Item, Reader
from kubectl_ns_tools.deletion.measures.cascade import Kinship
from kubectl_ns_tools.deletion.measures.departure import INTERVAL, Departure, waiting
from kubectl_ns_tools.deletion.measures.removal import refuse_terminating
from kubectl_ns_tools.deletion.measures.workload_writer import WorkloadWriter
from kubectl_ns_tools.deletion.plan import DeletionPlan

_SCALABLE = ("deployments.apps", "statefulsets.apps", "replicasets.apps", "replicationcontrollers")
_OF_OTHERS = ("replicasets.apps", "replicationcontrollers")  # their owners would scale them up again
_DAEMON_SETS = "daemonsets.apps"  # cannot be scaled
_CRON_JOBS = "cronjobs.batch"
_AUTOSCALERS = "horizontalpodautoscalers.autoscaling"
_PODS = Resource("", "v1", "pods", "Pod", True)
_REPLICA_SETS = Resource("apps", "v1", "replicasets", "ReplicaSet", True)


@dataclass(frozen=True, slots=True)
class Workload:
    """replicas: how many it is to have now, before it is scaled down."""

    item: Item
    replicas: int


@dataclass(frozen=True)
class ScalePlan:
    """scaled: to be scaled to 0; suspended: CronJobs that are to start nothing more. pods: what ends by it.

    autoscalers: whose target is among them; they do not act on 0 replicas. managed: those of `scaled` that
    somebody else controls, who may scale them up again. untouched: what keeps its pods until the namespace
    goes (DaemonSets, Jobs, pods of their own)."""

    namespace: str
    scaled: tuple[Workload, ...]
    suspended: tuple[Item, ...]
    pods: tuple[Item, ...] = ()
    autoscalers: tuple[Item, ...] = ()
    managed: tuple[Item, ...] = ()
    untouched: tuple[Item, ...] = ()

    @cached_property
    def uids(self) -> frozenset[str]:
        return frozenset(workload.item.uid for workload in self.scaled)


@dataclass(frozen=True, slots=True)
class Scaled:
    """done: what was done, a sentence each. undo: the commands that take it back."""

    done: tuple[str, ...]
    undo: tuple[str, ...]


def find_workloads(connection: Connection, plan: DeletionPlan) -> ScalePlan:
    """What of the plan is to be scaled down. Raises ApiForbidden where that cannot be read."""
    refuse_terminating(plan, "--scale-down-first")
    live = _Live(connection, plan)
    scaled = tuple(_workloads(live))
    uids = {workload.item.uid for workload in scaled}
    kinship = Kinship(plan.doomed)
    below = kinship.below(uids)
    pods = [item for item in plan.doomed if item.resource.group_resource == "pods"]
    others = [item for item in plan.doomed if item.resource.group_resource == _DAEMON_SETS]
    others += [kinship.topmost(pod, kinship.items) for pod in pods if pod.uid not in below]
    return ScalePlan(
        namespace=plan.namespace,
        scaled=scaled,
        suspended=tuple(item for item, spec in live.of(_CRON_JOBS) if not spec.get("suspend")),
        pods=tuple(pod for pod in pods if pod.uid in below),
        autoscalers=tuple(item for item, spec in live.of(_AUTOSCALERS) if _aims_at(spec, scaled)),
        managed=tuple(each.item for each in scaled if _is_controlled(each.item)),
        untouched=tuple({item.uid: item for item in others}.values()),
    )


def scale_down(connection: Connection, plan: ScalePlan, *, dry_run: bool = False) -> Scaled:
    """Scales the workloads of the plan to 0 and suspends its CronJobs; stops at the first failure.

    What is gone meanwhile is passed over; what was made anew under its name is a failure. A dry run asks
    admission only."""
    writer = WorkloadWriter(connection, plan.namespace, dry_run)
    for item in plan.suspended:
        writer.suspend(item)
    for workload in plan.scaled:
        writer.scale(workload.item, workload.replicas)
    return Scaled(tuple(writer.done), tuple(writer.undo))


def await_pods(
    connection: Connection, plan: ScalePlan, *, timeout: float | None = None, interval: float = INTERVAL
) -> Iterator[Departure]:
    """Waits until no pod of the scaled workloads is there, also none that was made after the plan."""
    yield from waiting(
        lambda: Departure(tuple(_pods_of(connection, plan))),
        Departure(plan.pods),
        plan.namespace,
        late="not all pods of what was scaled down are gone, and nothing was deleted",
        timeout=timeout,
        interval=interval,
    )


class _Live:
    """The specs of the objects of the plan, as they are now."""

    def __init__(self, connection: Connection, plan: DeletionPlan) -> None:
        self._connection = connection
        self._plan = plan

    def of(self, group_resource: str) -> Iterator[tuple[Item, Mapping[str, Any]]]:
        """Asks for the kind only where the plan has some of it."""
        items = {
            item.uid: item for item in self._plan.doomed if item.resource.group_resource == group_resource
        }
        if not items:
            return
        kind = next(iter(items.values())).resource
        for found in list_objects(self._connection, kind, self._plan.namespace):
            if found["metadata"]["uid"] in items:
                yield items[found["metadata"]["uid"]], found.get("spec") or {}


def _workloads(live: _Live) -> Iterator[Workload]:
    for kind in _SCALABLE:
        for item, spec in live.of(kind):
            replicas = int(spec.get("replicas", 1))
            if replicas and not (kind in _OF_OTHERS and _is_controlled(item)):
                yield Workload(item, replicas)


def _is_controlled(item: Item) -> bool:
    return any(owner.controller for owner in item.owners)


def _aims_at(spec: Mapping[str, Any], scaled: Collection[Workload]) -> bool:
    target = spec.get("scaleTargetRef") or {}
    wanted = (target.get("kind"), target.get("name"))
    return any((each.item.resource.kind, each.item.name) == wanted for each in scaled)


def _pods_of(connection: Connection, plan: ScalePlan) -> Iterator[Item]:
    items = [workload.item for workload in plan.scaled]
    for kind in (_REPLICA_SETS, _PODS):
        items += map(Reader(kind).item, list_metadata(connection, kind, plan.namespace))
    below = Kinship(items).below(plan.uids)
    return (item for item in items if item.resource is _PODS and item.uid in below)
