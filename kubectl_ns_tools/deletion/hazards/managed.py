"""What the namespace itself says of who manages it: labels and annotations that tools leave on it."""

from collections.abc import Callable, Iterator, Mapping
from shlex import quote

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, Severity
from kubectl_ns_tools.deletion.hazards.reading import mapping
from kubectl_ns_tools.deletion.hazards.scene import Scene

CHECK = "managed"
Marks = Mapping[str, str]


def managed(scene: Scene) -> Iterator[Hazard]:
    metadata = mapping(scene.namespace, "metadata")
    marks = {**mapping(metadata, "labels"), **mapping(metadata, "annotations")}
    for key, tell in _TOOLS.items():
        if marks.get(key):
            yield tell(scene.name, marks)


def _returns(summary: str, remedy: str = "") -> Hazard:
    return Hazard(CHECK, Severity.WARNING, Effect.RETURNS, summary, (), remedy)


def _argo(_: str, marks: Marks) -> Hazard:
    """The tracking id is `APPLICATION:GROUP/KIND:NAMESPACE/NAME`."""
    application = marks["argocd.argoproj.io/tracking-id"].partition(":")[0]
    return _returns(
        f'the Argo CD application "{application}" holds the namespace itself: its sync makes it again',
        "take it out of the application's source",
    )


def _flux(controller: str, kind: str) -> Callable[[str, Marks], Hazard]:
    def tell(_: str, marks: Marks) -> Hazard:
        name = marks[f"{controller}.toolkit.fluxcd.io/name"]
        place = marks.get(f"{controller}.toolkit.fluxcd.io/namespace", "")
        return _returns(
            f"{kind}/{name} -n {place} (Flux) holds the namespace itself, and makes it again",
            f"flux suspend {kind} {quote(name)} -n {quote(place)}, or take it out of its source",
        )

    return tell


def _helm(namespace: str, marks: Marks) -> Hazard:
    """A release that is kept in the namespace itself goes with it, and is forgotten."""
    release = marks["meta.helm.sh/release-name"]
    place = marks.get("meta.helm.sh/release-namespace", "")
    if place == namespace:
        summary = f'the Helm release "{release}" is kept in here, and goes without the hooks of an uninstall'
        remedy = f"helm uninstall {quote(release)} -n {quote(place)}"
        return Hazard(CHECK, Severity.INFO, Effect.NOTES, summary, (), remedy)
    return _returns(
        f'the Helm release "{release}" of namespace {place} holds the namespace itself: '
        "its next upgrade makes it again, or fails",
        f"helm get manifest {quote(release)} -n {quote(place)} shows what it holds",
    )


def _subnamespace(namespace: str, marks: Marks) -> Hazard:
    """The anchor in the parent is what HNC makes subnamespaces from."""
    parent = marks["hnc.x-k8s.io/subnamespace-of"]
    return _returns(
        f"it is a subnamespace of {parent} (HNC), which makes it again from its anchor",
        f"kubectl delete subnamespaceanchor {quote(namespace)} -n {quote(parent)}",
    )


def _rancher(_: str, marks: Marks) -> Hazard:
    summary = f"it belongs to the Rancher project {marks['field.cattle.io/projectId']}"
    return Hazard(CHECK, Severity.INFO, Effect.NOTES, summary)


def _capsule(_: str, marks: Marks) -> Hazard:
    summary = f"it belongs to the Capsule tenant {marks['capsule.clastix.io/tenant']}"
    return Hazard(CHECK, Severity.INFO, Effect.NOTES, summary)


_TOOLS: dict[str, Callable[[str, Marks], Hazard]] = {
    "argocd.argoproj.io/tracking-id": _argo,
    "kustomize.toolkit.fluxcd.io/name": _flux("kustomize", "kustomization"),
    "helm.toolkit.fluxcd.io/name": _flux("helm", "helmrelease"),
    "meta.helm.sh/release-name": _helm,
    "hnc.x-k8s.io/subnamespace-of": _subnamespace,
    "field.cattle.io/projectId": _rancher,
    "capsule.clastix.io/tenant": _capsule,
}
