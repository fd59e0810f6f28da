"""Aggregated APIs. While one does not answer, no namespace of the cluster goes (k/k#60807)."""

from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, Severity
from kubectl_ns_tools.deletion.hazards.reading import Hidden, kubectl, mapping, maps, name_of, text
from kubectl_ns_tools.deletion.hazards.scene import Scene
from kubectl_ns_tools.deletion.hazards.serving import Service
from kubectl_ns_tools.deletion.hazards.wording import label
from kubectl_ns_tools.deletion.inventory import Reason

CHECK = "api-services"
_GROUP = "apiregistration.k8s.io"
_KIND = f"apiservices.{_GROUP}"
_STUCK = "no namespace of the cluster goes, this one included"


def api_services(scene: Scene) -> Iterator[Hazard]:
    """Those served from here, and those that do not answer."""
    hidden, told = Hidden(), set[str]()
    with hidden:
        for api_service in scene.everywhere(_KIND):
            found = tuple(_hazards(scene, api_service))
            told |= {name_of(api_service)} if found else set()
            yield from found
    yield from _broken_groups(scene, told)
    hidden.tell()


def _hazards(scene: Scene, api_service: dict[str, Any]) -> Iterator[Hazard]:
    if text(api_service, "spec", "service", "namespace") == scene.name:
        yield from _served_here(scene, api_service)
    elif reason := _unavailable(api_service):
        yield _dead(scene, api_service, reason)


def _served_here(scene: Scene, api_service: dict[str, Any]) -> Iterator[Hazard]:
    group_version, service = _group_version(api_service), _service(api_service)
    summaries = {
        Effect.BLOCKS: f"API {group_version} is served from here: when its server is gone, {_STUCK}",
        Effect.BREAKS: f"API {group_version} is served from here: the whole cluster is without its kinds "
        "when its server is gone",
    }
    for effect, summary in summaries.items():
        objects = (label(api_service), service.label(scene.name))
        yield Hazard(CHECK, Severity.DANGER, effect, summary, objects, kubectl("delete", api_service))


def _group_version(api_service: Mapping[str, Any]) -> str:
    return f"{text(api_service, 'spec', 'group')}/{text(api_service, 'spec', 'version')}"


def _service(api_service: Mapping[str, Any]) -> Service:
    place = mapping(api_service, "spec", "service")
    return Service(text(place, "namespace"), text(place, "name"))


def _unavailable(api_service: Mapping[str, Any]) -> str:
    """The reason of a condition Available that is not True; "" for an API that answers."""
    for condition in maps(api_service, "status", "conditions"):
        if text(condition, "type") == "Available" and text(condition, "status") != "True":
            return text(condition, "reason") or "no reason given"
    return ""


def _dead(scene: Scene, api_service: dict[str, Any], reason: str) -> Hazard:
    service, group_version = _service(api_service), _group_version(api_service)
    return Hazard(
        CHECK,
        Severity.DANGER,
        Effect.BLOCKS,
        f"API {group_version} does not answer ({reason}): while it does not, {_STUCK}",
        (label(api_service), service.label(scene.name)),
        f"repair service {service}, or {kubectl('delete', api_service)}",
    )


def _broken_groups(scene: Scene, told: set[str]) -> Iterator[Hazard]:
    """What discovery met: APIs whose APIService cannot be seen, or counts as available still."""
    for gap in scene.inventory.gaps:
        group, _, version = gap.what.rpartition("/")
        metadata = {"name": f"{version}.{group}"}
        if gap.reason is not Reason.BROKEN_GROUP or metadata["name"] in told:
            continue
        api_service = {"apiVersion": f"{_GROUP}/v1", "kind": "APIService", "metadata": metadata}
        yield Hazard(
            CHECK,
            Severity.DANGER,
            Effect.BLOCKS,
            f"API {gap.what} does not answer ({gap.message}): while it does not, {_STUCK}",
            (label(api_service),),
            f"repair the service behind it, or {kubectl('delete', api_service)}",
        )
