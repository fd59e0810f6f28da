"""Controllers outside of the namespace that count on it: those that make it again, those that miss it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, Severity
from kubectl_ns_tools.deletion.hazards.reading import (
    all_of,
    far_label,
    field,
    goes_along,
    kubectl,
    mapping,
    maps,
    text,
    texts,
)
from kubectl_ns_tools.deletion.hazards.references import elsewhere
from kubectl_ns_tools.deletion.hazards.scene import Scene

# How Argo CD names the cluster that it runs in.
_IN_CLUSTER = ("https://kubernetes.default.svc", "in-cluster")
_FLUX = ("kustomizations.kustomize.toolkit.fluxcd.io", "helmreleases.helm.toolkit.fluxcd.io")


def argo_applications(scene: Scene) -> Iterator[Hazard]:
    for application in elsewhere(scene, "applications.argoproj.io"):
        if _deploys_here(scene, mapping(application, "spec")):
            yield _argo(
                "argo-applications",
                application,
                mapping(application, "spec"),
                {"spec": {"syncPolicy": {"automated": None}}},
            )


def argo_application_sets(scene: Scene) -> Iterator[Hazard]:
    """Those whose template names the namespace; what a generator fills in is seen in the applications."""
    for application_set in elsewhere(scene, "applicationsets.argoproj.io"):
        spec = mapping(application_set, "spec", "template", "spec")
        if _deploys_here(scene, spec):
            patch = {"spec": {"template": {"spec": {"syncPolicy": {"automated": None}}}}}
            yield _argo("argo-application-sets", application_set, spec, patch)


def _deploys_here(scene: Scene, spec: Mapping[str, Any]) -> bool:
    """Applications for other clusters know those by other addresses or names."""
    destination = mapping(spec, "destination")
    cluster = text(destination, "server") or text(destination, "name")
    known = ("", scene.connection.server, *_IN_CLUSTER)
    return text(destination, "namespace") == scene.name and cluster.rstrip("/") in known


def _argo(check: str, obj: dict[str, Any], spec: Mapping[str, Any], patch: dict[str, Any]) -> Hazard:
    """`automated` with `enabled: false` is off; without selfHeal it waits for the next commit."""
    automated = field(spec, "syncPolicy", "automated")
    if not isinstance(automated, Mapping) or automated.get("enabled") is False:
        says = "deploys into it: it will be out of sync, and makes it again when somebody syncs it"
        return _hazard(check, Severity.INFO, Effect.RETURNS, obj, says)
    when = "at once" if automated.get("selfHeal") else "with the next commit"
    says = f"deploys into it automatically: it makes the content again {when}"
    return _hazard(check, Severity.WARNING, Effect.RETURNS, obj, says, remedy=_patch(obj, patch))


def flux(scene: Scene) -> Iterator[Hazard]:
    """Kustomizations and HelmReleases that are not suspended."""
    for obj in all_of(scene, *_FLUX):
        if not goes_along(scene, obj) and _fills(scene, obj) and field(obj, "spec", "suspend") is not True:
            says = "deploys into it: it makes the content again at its next interval"
            patch = {"spec": {"suspend": True}}
            yield _hazard("flux", Severity.WARNING, Effect.RETURNS, obj, says, remedy=_patch(obj, patch))


def _fills(scene: Scene, obj: Mapping[str, Any]) -> bool:
    """By its target, or by the inventory of what it has made (`NAMESPACE_NAME_GROUP_KIND`)."""
    ids = [text(entry, "id") for entry in maps(obj, "status", "inventory", "entries")]
    return (
        text(obj, "spec", "targetNamespace") == scene.name
        or f"_{scene.name}__Namespace" in ids
        or any(each.startswith(f"{scene.name}_") for each in ids)
    )


def operator_groups(scene: Scene) -> Iterator[Hazard]:
    """OLM: operators elsewhere that watch this namespace."""
    for group in elsewhere(scene, "operatorgroups.operators.coreos.com"):
        if scene.name in texts(group, "spec", "targetNamespaces"):
            says = "has it among its target namespaces: its operators go on to look for it"
            yield _hazard(
                "operator-groups", Severity.INFO, Effect.LEAVES, group, says, remedy=kubectl("edit", group)
            )


def velero_schedules(scene: Scene) -> Iterator[Hazard]:
    for schedule in elsewhere(scene, "schedules.velero.io"):
        if scene.name in texts(schedule, "spec", "template", "includedNamespaces"):
            says = "backs it up: its next backups hold nothing of it, and the last good one expires"
            yield _hazard("velero", Severity.INFO, Effect.LEAVES, schedule, says)


def capsule_tenants(scene: Scene) -> Iterator[Hazard]:
    for tenant in elsewhere(scene, "tenants.capsule.clastix.io"):
        if scene.name in texts(tenant, "status", "namespaces"):
            says = (
                "counts it among its namespaces: the tenant loses it, and has a namespace of its quota again"
            )
            yield _hazard("capsule", Severity.INFO, Effect.NOTES, tenant, says)


def hnc_children(scene: Scene) -> Iterator[Hazard]:
    """Hierarchical namespaces below this one, by the label that the controller puts on each descendant."""
    if scene.resource("hierarchyconfigurations.hnc.x-k8s.io") is None:
        return
    for namespace in scene.everywhere("namespaces"):
        depth = field(namespace, "metadata", "labels", f"{scene.name}.tree.hnc.x-k8s.io/depth")
        if depth == "1":
            says = "is a child of it (HNC): it loses what it inherits, or goes too where cascading is allowed"
            yield _hazard("hnc", Severity.DANGER, Effect.BREAKS, namespace, says)


def _hazard(
    check: str, severity: Severity, effect: Effect, obj: dict[str, Any], says: str, *, remedy: str = ""
) -> Hazard:
    return Hazard(check, severity, effect, f"{far_label(obj)} {says}", (far_label(obj),), remedy)


def _patch(obj: dict[str, Any], patch: dict[str, Any]) -> str:
    return kubectl("patch", obj, "--type", "merge", "-p", json.dumps(patch, separators=(",", ":")))
