"""Why a Terminating namespace does not go: from its conditions and from what is really left in it. Pure.

The objects are the truth, the conditions only explain. They lag, and NamespaceContentRemaining is False
("All content successfully removed") while pods hold everything up (seen on 1.36).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kubectl_ns_tools.deletion import conditions
from kubectl_ns_tools.deletion.clock import seconds_since, span
from kubectl_ns_tools.deletion.conditions import Condition, bad_conditions, has_conditions
from kubectl_ns_tools.deletion.inventory import Inventory, Reason
from kubectl_ns_tools.deletion.items import Item

# The namespace controller writes its first conditions within seconds.
SILENCE = 60.0
_PODS = "pods"
_PODS_FIRST = "pods go first, nothing else is deleted before"


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that keeps the namespace, and what to do about it ("" where waiting is all)."""

    sentence: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why the namespace is still there; the weightiest cause first."""

    causes: tuple[Cause, ...]

    @property
    def sentence(self) -> str:
        return "; ".join(cause.sentence for cause in self.causes)

    @property
    def remedy(self) -> str:
        return next((cause.remedy for cause in self.causes if cause.remedy), "")


def diagnose(namespace: Mapping[str, Any], inventory: Inventory, at: datetime) -> Diagnosis | None:
    """namespace: the object as the server has it now. inventory: fresh. None unless it is being deleted."""
    since = namespace["metadata"].get("deletionTimestamp")
    if not since:
        return None
    elapsed = seconds_since(since, at) or 0.0
    silent = not has_conditions(namespace)
    if silent and elapsed >= SILENCE:
        return Diagnosis((_no_controller(elapsed),))
    causes = tuple(_causes(namespace, inventory, at))
    return Diagnosis(causes or (_waiting(inventory, silent),))


def _causes(namespace: Mapping[str, Any], inventory: Inventory, at: datetime) -> Iterator[Cause]:
    bad = {condition.type: condition for condition in bad_conditions(namespace)}
    name = namespace["metadata"]["name"]
    left = [item for item in inventory.items if item.deletable]
    yield from _discovery(inventory, bad.get(conditions.DISCOVERY))
    yield from _pods(left, name, at)
    yield from _finalizers(left, name)
    yield from _content(bad.get(conditions.CONTENT))
    if conditions.PARSING in bad:
        yield Cause(bad[conditions.PARSING].sentence)
    if not left:
        yield from _own_finalizers(namespace)
    yield from _unseen(inventory, bad)


def _no_controller(elapsed: float) -> Cause:
    return Cause(
        f"the namespace controller seems not to run: it has said nothing in the {span(elapsed)} "
        "since the deletion began",
        "see whether the kube-controller-manager runs; without it no namespace is ever deleted",
    )


def _waiting(inventory: Inventory, silent: bool) -> Cause:
    if silent:
        return Cause("the deletion has just begun, the namespace controller has not reported yet")
    if inventory.items:
        return Cause(f"nothing holds what is left ({len(inventory.items)} objects): the deletion goes on")
    return Cause("nothing is left in it, it goes when the namespace controller looks again")


def _discovery(inventory: Inventory, condition: Condition | None) -> Iterator[Cause]:
    broken = [gap for gap in inventory.gaps if gap.reason is Reason.BROKEN_GROUP]
    if broken:
        groups = ", ".join(gap.what for gap in broken)
        names = " ".join(_api_service(gap.what) for gap in broken)
        yield Cause(
            f"the API server cannot say which kinds {groups} has ({broken[0].message}), and while it cannot, "
            "no namespace of this cluster goes",
            f"kubectl get apiservice {names}: repair the service behind it, or delete the APIService",
        )
    elif condition:
        yield Cause(
            f"discovery failed at {condition.since} ({condition.news}); it works now, "
            "so the namespace controller gets on when it tries again"
        )


def _api_service(group_version: str) -> str:
    group, _, version = group_version.rpartition("/")
    return f"{version}.{group}"


def _pods(left: Sequence[Item], namespace: str, at: datetime) -> Iterator[Cause]:
    pods = [item for item in left if item.resource.group_resource == _PODS]
    ending = [pod for pod in pods if pod.deleted and not pod.finalizers]
    if not ending:
        return
    oldest, latest = (choose(ending, key=lambda pod: pod.deleted) for choose in (min, max))
    overdue = seconds_since(oldest.deleted, at) or 0.0
    first = f"; {_PODS_FIRST}" if _untouched(left) else ""
    if overdue <= 0:
        grace = -(seconds_since(latest.deleted, at) or 0.0)
        yield Cause(f"{_with_more(latest, len(ending))} has {span(grace)} left to end{first}")
        return
    yield Cause(
        f"{_with_more(oldest, len(ending))} should have ended {span(overdue)} ago, "
        f"but its node has not confirmed it{first}",
        f"kubectl get pods -n {namespace} -o wide shows the node; where the node is gone for good: "
        f"kubectl delete pod {oldest.name} -n {namespace} --force --grace-period=0",
    )


def _untouched(left: Sequence[Item]) -> bool:
    """Since 1.33 the controller deletes nothing else before the last pod is gone (KEP-5080)."""
    return any(not item.deleted for item in left)


def _finalizers(left: Sequence[Item], namespace: str) -> Iterator[Cause]:
    """Objects without a deletionTimestamp are not held by their finalizers yet, they wait for their turn."""
    held: dict[str, list[Item]] = {}
    for item in left:
        for finalizer in item.finalizers if item.deleted else ():
            held.setdefault(finalizer, []).append(item)
    pods_hold = any(item.resource.group_resource == _PODS for items in held.values() for item in items)
    for finalizer, items in held.items():
        first, verb = items[0], "waits" if len(items) == 1 else "wait"
        yield Cause(
            f"{_with_more(first, len(items))} {verb} for the finalizer {finalizer} to be removed",
            f"kubectl get {first.label} -n {namespace} -o yaml shows it; the controller that set it has to "
            "remove it, removing it by hand skips the cleanup it stands for",
        )
    if pods_hold and _untouched(left):
        yield Cause(_PODS_FIRST)


def _with_more(item: Item, number: int) -> str:
    return item.label if number == 1 else f"{item.label} (and {number - 1} more)"


def _content(condition: Condition | None) -> Iterator[Cause]:
    """The errors of the controller. Its "unexpected items still remain" says no more than the objects do."""
    if condition and condition.webhook:
        name, why = condition.webhook
        yield Cause(
            f'the admission webhook "{name}" keeps content from being deleted: {why}',
            "kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations: "
            "repair the service behind the webhook, or delete its configuration",
        )
    elif condition and "unexpected items still remain" not in condition.message:
        yield Cause(condition.sentence)


def _own_finalizers(namespace: Mapping[str, Any]) -> Iterator[Cause]:
    """The finalizer `kubernetes` is the namespace controller's own (core/v1 FinalizerKubernetes)."""
    metadata, spec = namespace["metadata"], namespace.get("spec") or {}
    others = [name for name in spec.get("finalizers") or () if name != "kubernetes"]
    others += metadata.get("finalizers") or ()
    for finalizer in others:
        yield Cause(
            f"the namespace itself waits for the finalizer {finalizer} to be removed",
            "the controller that set it has to remove it",
        )


def _unseen(inventory: Inventory, bad: Mapping[str, Condition]) -> Iterator[Cause]:
    """What only the controller can see, in its own words."""
    hidden = [gap.what for gap in inventory.gaps if gap.reason is not Reason.BROKEN_GROUP]
    if not hidden:
        return
    for kind in (conditions.FINALIZERS, conditions.REMAINING):
        if kind in bad:
            yield Cause(f"of what you may not see ({', '.join(hidden)}), {bad[kind].sentence}")
            return
