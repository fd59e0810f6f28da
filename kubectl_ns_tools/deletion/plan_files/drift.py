"""Whether a namespace still holds what its saved plan says. Pure.

What counts is what people put there. Not counted is what controllers make and change all the time:

- events, leases, endpoints and endpoint slices, and what Kubernetes puts into every namespace;
- pods, ReplicaSets, ControllerRevisions and Jobs that have a controller: they come and go at its will, and
  the controller itself is counted.

An object is the same as before when its uid is, its finalizers are, and its generation, which moves with the
spec and not with the status. Kinds without a generation go by their resourceVersion; of those among them
whose status changes all the time (pods of older servers, quotas, autoscalers) only the uid is compared.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kubectl_ns_tools.deletion.items import MADE_BY_KUBERNETES, Item

_RESTLESS = frozenset(
    {
        "events",
        "events.events.k8s.io",
        "leases.coordination.k8s.io",
        "endpoints",
        "endpointslices.discovery.k8s.io",
    }
)
_FOLLOWERS = frozenset({"pods", "replicasets.apps", "controllerrevisions.apps", "jobs.batch"})
_STATUS_ONLY = frozenset({"pods", "resourcequotas", "horizontalpodautoscalers.autoscaling"})


class Trace(NamedTuple):
    """What is compared of an object. label: `deployment.apps/web`; state: `generation 3`."""

    resource: str
    label: str
    uid: str
    state: str


@dataclass(frozen=True, slots=True)
class Drift:
    """added, removed: labels; changed: labels with what changed."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def traces(items: Iterable[Item]) -> Iterator[Trace]:
    """Of the objects that count."""
    for item in items:
        if _counts(item):
            yield Trace(item.resource.group_resource, item.label, item.uid, _state(item))


def digest(found: Iterable[Trace]) -> str:
    """The same for the same content, in whatever order."""
    import hashlib

    total = hashlib.sha256()
    for line in sorted("\t".join((each.label, each.uid, each.state)) for each in found):
        total.update(f"{line}\n".encode())
    return f"sha256:{total.hexdigest()}"


def compare(before: Iterable[Trace], now: Iterable[Trace]) -> Drift:
    old, new = _by_label(before), _by_label(now)
    return Drift(
        added=tuple(label for label in new if label not in old),
        removed=tuple(label for label in old if label not in new),
        changed=tuple(
            f"{label} ({_change(old[label], new[label])})"
            for label in old
            if label in new and old[label] != new[label]
        ),
    )


def _by_label(found: Iterable[Trace]) -> Mapping[str, Trace]:
    return {each.label: each for each in sorted(found)}


def _change(old: Trace, new: Trace) -> str:
    if old.uid != new.uid:
        return "deleted and created anew"
    return f"{old.state or 'nothing known'} -> {new.state or 'nothing known'}"


def _counts(item: Item) -> bool:
    resource = item.resource.group_resource
    if resource in _RESTLESS or (resource, item.name) in MADE_BY_KUBERNETES:
        return False
    return resource not in _FOLLOWERS or not any(owner.controller for owner in item.owners)


def _state(item: Item) -> str:
    if item.generation:
        state = f"generation {item.generation}"
    elif item.resource.group_resource in _STATUS_ONLY:
        state = ""
    else:
        state = f"resourceVersion {item.version}"
    held = ", ".join(sorted(item.finalizers))
    return f"{state}, held by {held}" if held else state
