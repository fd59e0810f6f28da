"""Conversion webhooks of CustomResourceDefinitions: who reads custom resources when their server is gone.

The API server converts what is stored in another version than the one asked for (apiextensions-apiserver,
pkg/apiserver/conversion); without the webhook such a request fails, and with it the namespace controller's,
which asks in the preferred version.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_ns_tools.cluster.lists import METADATA_ONLY
from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, Severity
from kubectl_ns_tools.deletion.hazards.reading import kubectl, mapping, maps, name_of, text, texts
from kubectl_ns_tools.deletion.hazards.scene import Scene
from kubectl_ns_tools.deletion.hazards.serving import Service, service_of
from kubectl_ns_tools.deletion.hazards.slimming import CRDS
from kubectl_ns_tools.deletion.hazards.wording import label
from kubectl_ns_tools.deletion.inventory import Reason
from kubectl_ns_tools.errors import NsToolsError

HERE, FAILING = "conversions", "conversions-failing"
_WORDS = "conversion webhook for"


def served_here(scene: Scene) -> Iterator[Hazard]:
    """Definitions whose objects are converted by a server that goes with the namespace.

    Where there is no Service there is none, and no need to read the definitions, which is slow; what cannot
    be converted without it already, `failing` tells.
    """
    if not scene.has("services"):
        return
    for definition in scene.everywhere(CRDS):
        service = _service(definition)
        if service and service.namespace == scene.name:
            yield _breaking(scene, definition, service)
            if scene.has(name_of(definition)) and _must_convert(scene, definition):
                yield _blocking(scene, definition, service)


def failing(scene: Scene) -> Iterator[Hazard]:
    """Kinds whose conversion fails already: the inventory has met the error that the controller will meet."""
    for gap in scene.inventory.gaps:
        if gap.reason is Reason.FAILED and _WORDS in gap.message and gap.deletable:
            yield _failing(gap.what, gap.message[gap.message.index(_WORDS) :])


def _service(definition: Mapping[str, Any]) -> Service | None:
    conversion = mapping(definition, "spec", "conversion")
    if text(conversion, "strategy") != "Webhook":
        return None
    return service_of(mapping(conversion, "webhook", "clientConfig"))


def _breaking(scene: Scene, definition: dict[str, Any], service: Service) -> Hazard:
    """Somebody is hurt where there are objects, and several versions of them."""
    versions = [text(version, "name") for version in maps(definition, "spec", "versions")]
    stored = texts(definition, "status", "storedVersions")
    others = len({*versions, *stored}) > 1
    exist = others and _exist_anywhere(scene, definition)
    return Hazard(
        HERE,
        Severity.DANGER if exist else Severity.INFO,
        Effect.BREAKS,
        f"{name_of(definition)} are converted between their versions ({', '.join(versions)}) from here: "
        "without the server the whole cluster can read them only in the version they are stored in"
        + ("" if exist else "; there are none that matter now"),
        (label(definition), service.label(scene.name)),
        kubectl("get", definition, "-o", "jsonpath={.spec.conversion}"),
    )


def _blocking(scene: Scene, definition: dict[str, Any], service: Service) -> Hazard:
    return Hazard(
        HERE,
        Severity.DANGER,
        Effect.BLOCKS,
        f"{name_of(definition)} in here may be stored in an old version, and are converted from here: "
        "without the server the namespace controller can neither list nor delete them",
        (label(definition), service.label(scene.name)),
        f"while the server runs: kubectl delete {name_of(definition)} --all -n {scene.name}",
    )


def _must_convert(scene: Scene, definition: Mapping[str, Any]) -> bool:
    """Whether some may be stored in another version than the one that the controller asks in."""
    resource = scene.resource(name_of(definition))
    stored = texts(definition, "status", "storedVersions")
    return resource is not None and set(stored) != {resource.version}


def _exist_anywhere(scene: Scene, definition: Mapping[str, Any]) -> bool:
    """Whether there is one object in the cluster; whoever may not look has to take it for granted."""
    resource = scene.resource(name_of(definition))
    if resource is None:
        return False
    try:
        found = scene.connection.get(resource.path(), query={"limit": "1"}, accept=METADATA_ONLY)
    except NsToolsError:
        return True
    return bool(found.get("items"))


def _failing(name: str, message: str) -> Hazard:
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": name},
    }
    return Hazard(
        FAILING,
        Severity.DANGER,
        Effect.BLOCKS,
        f"{name} cannot be converted ({message}): the namespace controller can neither list nor delete them",
        (label(definition),),
        f"repair the conversion webhook: {kubectl('get', definition, '-o', 'jsonpath={.spec.conversion}')}",
    )
