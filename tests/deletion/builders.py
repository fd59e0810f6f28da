"""Builders for what the deletion room works on: objects of a namespace, inventories, Namespace objects.

inventory(pod("a").owned_by(web).held_by("x.io/f"), configmap("b"))
terminating("blue").condition("NamespaceDeletionContentFailure", "Failed to …").object
"""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from kubectl_ns_tools.cluster.discovery import Resource
from kubectl_ns_tools.deletion.inventory import Gap, Inventory
from kubectl_ns_tools.deletion.items import Item, Owner
from kubectl_ns_tools.deletion.plan import DeletionPlan

NOW = datetime(2026, 5, 17, 12, 0, 0, tzinfo=timezone.utc)
_VERBS = frozenset({"create", "delete", "deletecollection", "get", "list"})


def ago(seconds: float) -> str:
    """The timestamp of so many seconds before NOW."""
    return (NOW - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def resource(name: str, kind: str, *, deletable: bool = True) -> Resource:
    """name: `pods`, `deployments.apps`."""
    plural, _, group = name.partition(".")
    verbs = _VERBS if deletable else frozenset({"get", "list"})
    return Resource(group, "v1", plural, kind, True, verbs)


class Thing:
    """An object under construction; the uid is made of kind and name unless given."""

    def __init__(self, kind: Resource, name: str) -> None:
        self.item = Item(kind, name, f"uid-{kind.name}-{name}", (), (), ago(300), "")

    def _with(self, **changes: Any) -> "Thing":
        self.item = replace(self.item, **changes)
        return self

    def uid(self, uid: str) -> "Thing":
        return self._with(uid=uid)

    def owned_by(self, owner: "Thing", *, controller: bool = True) -> "Thing":
        found = owner.item
        reference = Owner(found.resource.kind, found.name, found.uid, controller)
        return self._with(owners=(*self.item.owners, reference))

    def held_by(self, *finalizers: str) -> "Thing":
        return self._with(finalizers=finalizers)

    def deleted(self, seconds_ago: float = 60) -> "Thing":
        return self._with(deleted=ago(seconds_ago))


def configmap(name: str) -> Thing:
    return Thing(resource("configmaps", "ConfigMap"), name)


def pod(name: str) -> Thing:
    return Thing(resource("pods", "Pod"), name)


def event(name: str) -> Thing:
    return Thing(resource("events", "Event"), name)


def deployment(name: str) -> Thing:
    return Thing(resource("deployments.apps", "Deployment"), name)


def replicaset(name: str) -> Thing:
    return Thing(resource("replicasets.apps", "ReplicaSet"), name)


def pod_metrics(name: str) -> Thing:
    """A view of an aggregated API: no uid, cannot be deleted."""
    return Thing(resource("pods.metrics.k8s.io", "PodMetrics", deletable=False), name).uid("")


def inventory(*things: Thing, gaps: tuple[Gap, ...] = (), notes: tuple[str, ...] = ()) -> Inventory:
    return Inventory(tuple(thing.item for thing in things), gaps, notes)


def plan(*things: Thing, gaps: tuple[Gap, ...] = (), **values: Any) -> DeletionPlan:
    """A plan for the namespace blue."""
    facts = {
        "namespace": "blue",
        "uid": "u1",
        "context": "blue@c",
        "server": "https://c:6443",
        "created": ago(3600),
    }
    return DeletionPlan(inventory=inventory(*things, gaps=gaps), **{**facts, **values})


class Namespace:
    """A Namespace object under construction."""

    def __init__(self, name: str) -> None:
        self.object: dict[str, Any] = {
            "metadata": {"name": name, "uid": "u1", "creationTimestamp": ago(3600)},
            "spec": {"finalizers": ["kubernetes"]},
            "status": {"phase": "Active"},
        }

    def terminating(self, seconds: float) -> "Namespace":
        self.object["metadata"]["deletionTimestamp"] = ago(seconds)
        self.object["status"]["phase"] = "Terminating"
        return self

    def finalizer(self, name: str) -> "Namespace":
        self.object["metadata"].setdefault("finalizers", []).append(name)
        return self

    def spec_finalizer(self, name: str) -> "Namespace":
        self.object["spec"]["finalizers"].append(name)
        return self

    def condition(self, kind: str, message: str, status: str = "True") -> "Namespace":
        found = {"type": kind, "status": status, "message": message, "lastTransitionTime": ago(30)}
        self.object["status"].setdefault("conditions", []).append(found)
        return self


def active(name: str = "blue") -> Namespace:
    return Namespace(name)


def terminating(name: str = "blue", *, seconds: float = 120) -> Namespace:
    """One whose deletion the namespace controller has looked at and found nothing wrong with."""
    return (
        Namespace(name)
        .terminating(seconds)
        .condition("NamespaceContentRemaining", "All content successfully removed", status="False")
    )
