"""Objects elsewhere that refer to the namespace by its name. One check per kind: each needs a right."""

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
)
from kubectl_ns_tools.deletion.hazards.scene import Scene
from kubectl_ns_tools.deletion.hazards.selectors import names_given
from kubectl_ns_tools.deletion.hazards.serving import service_of_host
from kubectl_ns_tools.deletion.hazards.wording import some

_CLASSES = ("storageclasses.storage.k8s.io", "volumesnapshotclasses.snapshot.storage.k8s.io")
_SECRETS_OF_VOLUMES = (
    "controllerPublishSecretRef",
    "controllerExpandSecretRef",
    "nodeStageSecretRef",
    "nodePublishSecretRef",
    "nodeExpandSecretRef",
)


def network_policies(scene: Scene) -> Iterator[Hazard]:
    """Policies that let in, or out to, the namespace of this name, whoever it is."""
    for policy in elsewhere(scene, "networkpolicies.networking.k8s.io"):
        peers = [peer for rule in maps(policy, "spec", "ingress") for peer in maps(rule, "from")]
        peers += [peer for rule in maps(policy, "spec", "egress") for peer in maps(rule, "to")]
        if any(scene.name in names_given(field(peer, "namespaceSelector")) for peer in peers):
            yield Hazard(
                "network-policies",
                Severity.INFO,
                Effect.LEAVES,
                f"{far_label(policy)} lets traffic through for the namespace of this name, "
                "a new one of the same name included",
                (far_label(policy),),
                kubectl("edit", policy),
            )


def external_names(scene: Scene) -> Iterator[Hazard]:
    """Services of other namespaces that are only another name for one in here."""
    for service in elsewhere(scene, "services"):
        target = text(service, "spec", "externalName")
        place = service_of_host(target) if text(service, "spec", "type") == "ExternalName" else None
        if place and place.namespace == scene.name:
            yield broken("external-names", service, f"is another name for {target}, which goes")


def storage_classes(scene: Scene) -> Iterator[Hazard]:
    """Drivers that take their secrets from here: parameter `csi.storage.k8s.io/*-secret-namespace`."""
    for storage_class in all_of(scene, *_CLASSES):
        parameters = mapping(storage_class, "parameters").items()
        needs = any(key.endswith("-secret-namespace") and value == scene.name for key, value in parameters)
        if needs and not goes_along(scene, storage_class):
            says = "takes its secrets from here: without them its driver cannot make or mount anything"
            yield broken("storage-classes", storage_class, says)


def volume_secrets(scene: Scene) -> Iterator[Hazard]:
    """Volumes that are claimed elsewhere and mounted with a secret of here."""
    found = [volume for volume in elsewhere(scene, "persistentvolumes") if _needs_secret_of(scene, volume)]
    if found:
        names = [far_label(volume) for volume in found]
        yield Hazard(
            "volume-secrets",
            Severity.DANGER,
            Effect.BREAKS,
            f"{some(names)}, claimed from elsewhere, cannot be mounted without a secret of here",
            tuple(names),
        )


def _needs_secret_of(scene: Scene, volume: Mapping[str, Any]) -> bool:
    secrets = (text(volume, "spec", "csi", reference, "namespace") for reference in _SECRETS_OF_VOLUMES)
    return text(volume, "spec", "claimRef", "namespace") != scene.name and scene.name in secrets


def ingress_classes(scene: Scene) -> Iterator[Hazard]:
    for ingress_class in elsewhere(scene, "ingressclasses.networking.k8s.io"):
        if text(ingress_class, "spec", "parameters", "namespace") == scene.name:
            yield broken("ingress-classes", ingress_class, "has its parameters in here")


def gateway_classes(scene: Scene) -> Iterator[Hazard]:
    for gateway_class in elsewhere(scene, "gatewayclasses.gateway.networking.k8s.io"):
        if text(gateway_class, "spec", "parametersRef", "namespace") == scene.name:
            yield broken("gateway-classes", gateway_class, "has its parameters in here")


def data_sources(scene: Scene) -> Iterator[Hazard]:
    """Claims elsewhere that are to be filled from here, and are not yet (CrossNamespaceVolumeDataSource)."""
    for claim in elsewhere(scene, "persistentvolumeclaims"):
        source = mapping(claim, "spec", "dataSourceRef")
        if text(source, "namespace") == scene.name and text(claim, "status", "phase") != "Bound":
            name = f"{text(source, 'kind').lower()}/{text(source, 'name')}"
            yield broken("data-sources", claim, f"waits to be filled from {name} of here")


def elsewhere(scene: Scene, group_resource: str) -> Iterator[dict[str, Any]]:
    return (obj for obj in scene.everywhere(group_resource) if not goes_along(scene, obj))


def broken(check: str, obj: dict[str, Any], says: str) -> Hazard:
    return Hazard(
        check,
        Severity.DANGER,
        Effect.BREAKS,
        f"{far_label(obj)} {says}",
        (far_label(obj),),
        kubectl("edit", obj),
    )
