"""What keeps single objects from going: pods that nobody ends, finalizers that nobody removes. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from shlex import quote

from kubectl_ns_tools.deletion.clock import seconds_since, span
from kubectl_ns_tools.deletion.items import Item

_PODS = "pods"


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that keeps the namespace or an object, and what to do about it ("" where waiting is all).

    The remedy is made of commands, their names quoted for a shell."""

    sentence: str
    remedy: str = ""


def pods_held(left: Sequence[Item], namespace: str, at: datetime, *, note: str = "") -> Iterator[Cause]:
    """note: what follows from it, for the end of the sentence."""
    ending = [pod for pod in left if _is_pod(pod) and pod.deleted and not pod.finalizers]
    if not ending:
        return
    oldest, latest = (choose(ending, key=lambda pod: pod.deleted) for choose in (min, max))
    overdue = seconds_since(oldest.deleted, at) or 0.0
    if overdue <= 0:
        grace = -(seconds_since(latest.deleted, at) or 0.0)
        yield Cause(f"{named_with_more([latest, *ending[1:]])} has {span(grace)} left to end{note}")
        return
    where = f"-n {quote(namespace)}"
    yield Cause(
        f"{named_with_more([oldest, *ending[1:]])} should have ended {span(overdue)} ago, "
        f"but its node has not confirmed it{note}",
        f"kubectl get pods {where} -o wide shows the node; where the node is gone for good: "
        f"kubectl delete pod {quote(oldest.name)} {where} --force --grace-period=0",
    )


def finalizers_held(left: Sequence[Item], namespace: str) -> Iterator[Cause]:
    """Objects without a deletionTimestamp are not held by their finalizers yet, they wait for their turn."""
    held: dict[str, list[Item]] = {}
    for item in left:
        for finalizer in item.finalizers if item.deleted else ():
            held.setdefault(finalizer, []).append(item)
    for finalizer, items in held.items():
        first, verb = items[0], "waits" if len(items) == 1 else "wait"
        where = f"{quote(first.label)} -n {quote(namespace)}"
        patch = finalizer_patch(first.finalizers.index(finalizer), finalizer)
        yield Cause(
            f"{named_with_more(items)} {verb} for the finalizer {finalizer} to be removed",
            f"kubectl get {where} -o yaml shows it; the controller that set it has to remove it. Removing it "
            f"by hand skips the cleanup it stands for: kubectl patch {where} {patch}",
        )


def finalizer_patch(index: int, finalizer: str) -> str:
    """The end of a `kubectl patch` that removes the finalizer in this place of metadata.finalizers, and no
    other."""
    from json import dumps

    path = f"/metadata/finalizers/{index}"
    patch = [{"op": "test", "path": path, "value": finalizer}, {"op": "remove", "path": path}]
    return f"--type=json -p {quote(dumps(patch, separators=(',', ':')))}"


def pods_are_held(left: Sequence[Item]) -> bool:
    """Whether a pod waits for a finalizer."""
    return any(_is_pod(item) and item.deleted and item.finalizers for item in left)


def _is_pod(item: Item) -> bool:
    return item.resource.group_resource == _PODS


def named_with_more(items: Sequence[Item]) -> str:
    """The first one, and how many more there are."""
    first, more = items[0].label, len(items) - 1
    return f"{first} (and {more} more)" if more else first
