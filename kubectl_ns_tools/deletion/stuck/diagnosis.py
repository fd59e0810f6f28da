"""Why a Terminating namespace does not go: from its conditions and from what is really left in it. Pure.

The objects are the truth, the conditions only explain. They lag, and NamespaceContentRemaining is False
("All content successfully removed") while pods hold everything up (seen on 1.36).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from shlex import join, quote
from typing import Any

from kubectl_ns_tools.deletion.clock import seconds_since, span
from kubectl_ns_tools.deletion.inventory import Inventory, Reason
from kubectl_ns_tools.deletion.items import Item
from kubectl_ns_tools.deletion.stuck import conditions
from kubectl_ns_tools.deletion.stuck.conditions import Condition, bad_conditions, has_conditions
from kubectl_ns_tools.deletion.stuck.culprits import (
    CONVERSION,
    UNKNOWN,
    Culprit,
    Culprits,
    api_service,
    unconverted,
)
from kubectl_ns_tools.deletion.stuck.holds import (
    Cause,
    finalizer_patch,
    finalizers_held,
    pods_are_held,
    pods_held,
)

# The namespace controller writes its first conditions within seconds.
SILENCE = 60.0
_PODS_FIRST = "pods go first, nothing else is deleted before"


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


def diagnose(
    namespace: Mapping[str, Any], inventory: Inventory, at: datetime, culprits: Culprits = UNKNOWN
) -> Diagnosis | None:
    """namespace: the object as the server has it now. inventory: fresh. culprits: what is known of those that
    the two name. None unless the namespace is being deleted."""
    since = namespace["metadata"].get("deletionTimestamp")
    if not since:
        return None
    elapsed = seconds_since(since, at) or 0.0
    silent = not has_conditions(namespace)
    if silent and elapsed >= SILENCE:
        return Diagnosis((_no_controller(elapsed),))
    causes = tuple(_causes(namespace, inventory, at, culprits))
    return Diagnosis(causes or (_waiting(inventory, silent),))


def _causes(
    namespace: Mapping[str, Any], inventory: Inventory, at: datetime, culprits: Culprits
) -> Iterator[Cause]:
    bad = {condition.type: condition for condition in bad_conditions(namespace)}
    left = [item for item in inventory.items if item.deletable]
    yield from _discovery(inventory, bad.get(conditions.DISCOVERY), culprits)
    yield from _held(left, namespace["metadata"]["name"], at)
    yield from _conversions(inventory, culprits)
    yield from _content(bad.get(conditions.CONTENT), culprits)
    if conditions.PARSING in bad:
        yield Cause(bad[conditions.PARSING].sentence)
    if not left:
        yield from _own_finalizers(namespace)
    yield from _unseen(inventory, bad)


def _no_controller(elapsed: float) -> Cause:
    return Cause(
        f"the namespace controller seems not to run: it has said nothing in the {span(elapsed)} "
        "since the deletion began",
        "kubectl get pods -n kube-system -l component=kube-controller-manager shows whether it runs, unless "
        "the provider of the cluster runs it elsewhere; without it no namespace is ever deleted",
    )


def _waiting(inventory: Inventory, silent: bool) -> Cause:
    if silent:
        return Cause("the deletion has just begun, the namespace controller has not reported yet")
    if inventory.items:
        return Cause(f"nothing holds what is left ({len(inventory.items)} objects): the deletion goes on")
    return Cause("nothing is left in it, it goes when the namespace controller looks again")


def _discovery(inventory: Inventory, condition: Condition | None, culprits: Culprits) -> Iterator[Cause]:
    broken = [gap for gap in inventory.gaps if gap.reason is Reason.BROKEN_GROUP]
    if broken:
        groups = ", ".join(gap.what for gap in broken)
        yield Cause(
            f"the API server cannot say which kinds {groups} has ({broken[0].message}), and while it cannot, "
            "no namespace of this cluster goes",
            _repair("APIService", [_api_service(gap.what, culprits) for gap in broken]),
        )
    elif condition:
        yield Cause(
            f"discovery failed at {condition.since} ({condition.news}); it works now, "
            "so the namespace controller gets on when it tries again"
        )


def _api_service(group_version: str, culprits: Culprits) -> Culprit:
    return culprits.groups.get(group_version) or Culprit(f"apiservice/{api_service(group_version)}")


def _repair(what: str, culprits: Sequence[Culprit]) -> str:
    """what: `APIService`, the kind as a person says it."""
    names = join(culprit.label for culprit in culprits)
    services = [
        culprit.service + (f" ({culprit.state})" if culprit.state else "")
        for culprit in culprits
        if culprit.service
    ]
    served = f"repair what serves it, {', '.join(services)}" if services else "repair the service behind it"
    return f"kubectl get {names} -o yaml shows it: {served}, or delete the {what}: kubectl delete {names}"


def _held(left: Sequence[Item], namespace: str, at: datetime) -> Iterator[Cause]:
    """Since 1.33 the controller deletes nothing else before the last pod is gone (KEP-5080)."""
    untouched = any(not item.deleted for item in left)
    yield from pods_held(left, namespace, at, note=f"; {_PODS_FIRST}" if untouched else "")
    yield from finalizers_held(left, namespace)
    if untouched and pods_are_held(left):
        yield Cause(_PODS_FIRST)


def _conversions(inventory: Inventory, culprits: Culprits) -> Iterator[Cause]:
    for gap in unconverted(inventory):
        culprit = culprits.kinds.get(gap.what) or Culprit(f"customresourcedefinition/{gap.what}")
        served = f", {culprit.service}," if culprit.service else ""
        yield Cause(
            f"{gap.what} cannot be read, and so not deleted: {gap.message}",
            f"repair the conversion webhook{served} that kubectl get {quote(culprit.label)} "
            "-o 'jsonpath={.spec.conversion}' shows",
        )


def _content(condition: Condition | None, culprits: Culprits) -> Iterator[Cause]:
    """The errors of the controller. Its "unexpected items still remain" says no more than the objects do, and
    of a conversion the inventory has met the same error."""
    if condition is None:
        return
    if condition.webhook:
        yield _webhook(*condition.webhook, culprits)
    elif condition.policy:
        policy, binding = condition.policy
        yield Cause(
            condition.sentence,
            f"the admission policy {policy} is in the way: change it, or delete its binding: "
            f"kubectl delete validatingadmissionpolicybinding {quote(binding)}",
        )
    elif not any(known in condition.message for known in ("unexpected items still remain", CONVERSION)):
        yield Cause(condition.sentence)


def _webhook(name: str, why: str, culprits: Culprits) -> Cause:
    found = culprits.webhooks.get(name)
    remedy = (
        "kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations: repair the service behind"
    )
    return Cause(
        f'the admission webhook "{name}" keeps content from being deleted: {why}',
        _repair("configuration", found) if found else f"{remedy} the webhook, or delete its configuration",
    )


def _own_finalizers(namespace: Mapping[str, Any]) -> Iterator[Cause]:
    """The finalizer `kubernetes` is the namespace controller's own (core/v1 FinalizerKubernetes)."""
    metadata, spec = namespace["metadata"], namespace.get("spec") or {}
    name = quote(metadata["name"])
    told = "the namespace itself waits for the finalizer {} to be removed"
    remedy = f"kubectl get namespace {name} -o yaml shows it; the controller that set it has to remove it"
    for finalizer in spec.get("finalizers") or ():
        if finalizer != "kubernetes":
            yield Cause(told.format(finalizer), remedy)
    for index, finalizer in enumerate(metadata.get("finalizers") or ()):
        by_hand = f"kubectl patch namespace {name} {finalizer_patch(index, finalizer)}"
        skipping = "Removing it by hand skips the cleanup it stands for"
        yield Cause(told.format(finalizer), f"{remedy}. {skipping}: {by_hand}")


def _unseen(inventory: Inventory, bad: Mapping[str, Condition]) -> Iterator[Cause]:
    """What only the controller can see, in its own words."""
    hidden = [gap.what for gap in inventory.gaps if gap.reason is not Reason.BROKEN_GROUP]
    if not hidden:
        return
    for kind in (conditions.FINALIZERS, conditions.REMAINING):
        if kind in bad:
            yield Cause(f"of what you may not see ({', '.join(hidden)}), {bad[kind].sentence}")
            return
