"""The Gateway API (gateway.networking.k8s.io): what elsewhere is routed through here, or to here."""

from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, Severity
from kubectl_ns_tools.deletion.hazards.reading import (
    all_of,
    far_label,
    field,
    goes_along,
    kubectl,
    maps,
    once,
    text,
)
from kubectl_ns_tools.deletion.hazards.references import broken, elsewhere
from kubectl_ns_tools.deletion.hazards.scene import Scene
from kubectl_ns_tools.deletion.hazards.wording import some

_GROUP = "gateway.networking.k8s.io"
_KINDS = ("gateways", "httproutes", "grpcroutes", "tlsroutes", "tcproutes", "udproutes")


def routes(scene: Scene) -> Iterator[Hazard]:
    """Routes of other namespaces with a Gateway or a backend in here, Gateways with a certificate in here."""
    for obj in all_of(scene, *(f"{kind}.{_GROUP}" for kind in _KINDS)):
        found = [] if goes_along(scene, obj) else once(_references(field(obj, "spec"), scene.name))
        if found:
            yield broken("routes", obj, f"refers to {some(found)} of here")


def _references(value: object, namespace: str, within: str = "") -> Iterator[str]:
    """`gateway/x` for each reference to the namespace, however deep; the many kinds of routes agree on its
    form. A reference without a kind means the kind that is usual in its field."""
    if isinstance(value, Mapping):
        name = text(value, "name")
        if name and text(value, "namespace") == namespace:
            yield f"{(text(value, 'kind') or _usual_kind(within)).lower()}/{name}"
        for key, part in value.items():
            yield from _references(part, namespace, str(key))
    elif isinstance(value, list):
        for part in value:
            yield from _references(part, namespace, within)


def _usual_kind(within: str) -> str:
    return {"parentRefs": "Gateway", "certificateRefs": "Secret"}.get(within, "Service")


def reference_grants(scene: Scene) -> Iterator[Hazard]:
    """Grants elsewhere that let routes of a namespace of this name refer to what is there."""
    for grant in elsewhere(scene, f"referencegrants.{_GROUP}"):
        kinds = once(text(each, "kind") for each in maps(grant, "spec", "from") if _is_from(each, scene.name))
        if kinds:
            yield Hazard(
                "reference-grants",
                Severity.INFO,
                Effect.LEAVES,
                f"{far_label(grant)} goes on letting {some(kinds)} of a namespace of this name in, "
                "a new one of the same name included",
                (far_label(grant),),
                kubectl("edit", grant),
            )


def _is_from(source: Mapping[str, Any], namespace: str) -> bool:
    return text(source, "namespace") == namespace
