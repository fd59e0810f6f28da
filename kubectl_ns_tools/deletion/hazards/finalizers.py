"""What holds objects, and the namespace itself, after their deletion: finalizers, and who removes them."""

from collections.abc import Iterator, Mapping, Sequence
from shlex import quote
from typing import Any, NamedTuple

from kubectl_ns_tools.cluster.discovery import Resource
from kubectl_ns_tools.cluster.errors import ApiError, ApiUnauthorized
from kubectl_ns_tools.deletion.clock import now, seconds_since, span
from kubectl_ns_tools.deletion.hazards.controllers import Controllers, is_custom, local_controllers
from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, Severity
from kubectl_ns_tools.deletion.hazards.known_finalizers import Known, is_kubernetes, known
from kubectl_ns_tools.deletion.hazards.load_balancers import CLEANUP
from kubectl_ns_tools.deletion.hazards.pods import pods_first
from kubectl_ns_tools.deletion.hazards.scene import CannotSee, Scene
from kubectl_ns_tools.deletion.hazards.wording import doing, some
from kubectl_ns_tools.deletion.items import Item

# A controller that is alive acts within seconds; what has waited this long waits for one that is not.
STUCK = 300.0
_CHECKED_ELSEWHERE = {
    (CLEANUP, "services"),
    ("kubernetes.io/pvc-protection", "persistentvolumeclaims"),  # every claim has it
}
_METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"
_HAND = "removing it by hand skips the cleanup it stands for"


class _Held(NamedTuple):
    """The objects of one kind that one finalizer holds."""

    finalizer: str
    kind: Resource
    items: tuple[Item, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(item.label for item in self.items)

    @property
    def known(self) -> Known | None:
        return known(self.finalizer, self.kind.group_resource)


def check(scene: Scene) -> Iterator[Hazard]:
    """By finalizer and kind. Controllers in here are only looked for where Kubernetes is not the actor."""
    yield from _of_namespace(scene)
    others = []
    for held in _by_finalizer(scene):
        if held.known and is_kubernetes(held.known):
            yield _awaited(held.labels, held.finalizer, held.known)
        else:
            others.append(held)
    controllers = local_controllers(scene) if others else Controllers()
    for held in others:
        yield _judged(scene, held, controllers)
    if controllers.unseen:
        unseen = dict.fromkeys(error.what for error in controllers.unseen)
        raise CannotSee(", ".join(unseen), controllers.unseen[0].reason)


def _by_finalizer(scene: Scene) -> list[_Held]:
    """Load balancers and claims in use have a check of their own."""
    found: dict[tuple[str, str], list[Item]] = {}
    for item in scene.inventory.items:
        for finalizer in item.finalizers if item.deletable else ():
            if (finalizer, item.resource.group_resource) not in _CHECKED_ELSEWHERE:
                found.setdefault((finalizer, item.resource.group_resource), []).append(item)
    return [_Held(key[0], items[0].resource, tuple(items)) for key, items in sorted(found.items())]


def _judged(scene: Scene, held: _Held, controllers: Controllers) -> Hazard:
    managers = _managers(scene, held) if controllers.found else []
    if acting := controllers.of(held.kind, managers):
        return _deadlock(scene, held, acting)
    waited = _longest_wait(held.items)
    if waited > STUCK:
        return _stuck(scene, held, waited)
    if held.known:
        return _awaited(held.labels, held.finalizer, held.known)
    return _held(scene, held)


def _deadlock(scene: Scene, held: _Held, controllers: Sequence[str]) -> Hazard:
    names, first = held.labels, quote(held.labels[0])
    where = quote(scene.name)
    return Hazard(
        "finalizers",
        Severity.DANGER,
        Effect.BLOCKS,
        f"{doing(names, 'waits', 'wait')} for the finalizer {held.finalizer}, and what removes it seems "
        f"to be {some(controllers)} of this same namespace, which may be gone before{_freeze(scene, held)}",
        names,
        f"kubectl ns-delete {where} --custom-resources-first"
        if is_custom(held.kind)
        else f"while the controller runs: kubectl delete {first} -n {where}",
    )


def _stuck(scene: Scene, held: _Held, seconds: float) -> Hazard:
    names = held.labels
    return Hazard(
        "finalizers",
        Severity.DANGER,
        Effect.BLOCKS,
        f"{doing(names, 'has', 'have')} waited for {span(seconds)} for the finalizer "
        f"{held.finalizer} to be removed: nobody seems to{_freeze(scene, held)}",
        names,
        _look(scene, held),
    )


def _awaited(names: Sequence[str], finalizer: str, actor: Known) -> Hazard:
    who = actor.who if is_kubernetes(actor) else f"{actor.who} (if it runs)"
    return Hazard(
        "finalizers",
        actor.severity,
        actor.effect,
        f"{doing(names, 'waits', 'wait')} for {who} to remove the finalizer {finalizer} {actor.deed}",
        tuple(names),
    )


def _held(scene: Scene, held: _Held) -> Hazard:
    names = held.labels
    return Hazard(
        "finalizers",
        Severity.WARNING,
        Effect.BLOCKS,
        f"{doing(names, 'is', 'are')} held by the finalizer {held.finalizer} until its "
        f"controller removes it; which one that is, nothing here says{_freeze(scene, held)}",
        names,
        _look(scene, held),
    )


def _look(scene: Scene, held: _Held) -> str:
    return (
        f"kubectl get {quote(held.labels[0])} -n {quote(scene.name)} -o yaml --show-managed-fields shows who "
        f"set it; {_HAND}"
    )


def _freeze(scene: Scene, held: _Held) -> str:
    return pods_first(scene) if held.kind.group_resource == "pods" else ""


def _longest_wait(items: Sequence[Item]) -> float:
    at = now()
    return max((seconds_since(item.deleted, at) or 0.0 for item in items), default=0.0)


def _managers(scene: Scene, held: _Held) -> list[str]:
    """The field managers that set the finalizer on the first of the objects; [] where nobody says."""
    path = held.kind.path(scene.name, held.items[0].name)
    try:
        found = scene.connection.get(path, accept=_METADATA)
    except ApiUnauthorized:
        raise
    except ApiError:
        return []
    entries = found["metadata"].get("managedFields") or ()
    return [str(entry.get("manager", "")) for entry in entries if _owns(entry, held.finalizer)]


def _owns(entry: Mapping[str, Any], finalizer: str) -> bool:
    """fieldsV1 writes the member of a set as `v:"its value"` (structured-merge-diff, PathElement)."""
    metadata = (entry.get("fieldsV1") or {}).get("f:metadata") or {}
    return f'v:"{finalizer}"' in (metadata.get("f:finalizers") or {})


def _of_namespace(scene: Scene) -> Iterator[Hazard]:
    """The finalizer `kubernetes` is the namespace controller's own (core/v1 FinalizerKubernetes)."""
    metadata, spec = scene.namespace["metadata"], scene.namespace.get("spec") or {}
    label = f"namespace/{scene.name}"
    others = [name for name in spec.get("finalizers") or () if name != "kubernetes"]
    for finalizer in [*(metadata.get("finalizers") or ()), *others]:
        if actor := known(finalizer, "namespaces"):
            yield _awaited([label], finalizer, actor)
            continue
        yield Hazard(
            "finalizers",
            Severity.WARNING,
            Effect.BLOCKS,
            f"the namespace itself is held by the finalizer {finalizer} until its controller removes it",
            (label,),
            f"kubectl get {quote(label)} -o yaml --show-managed-fields shows who set it; {_HAND}",
        )
