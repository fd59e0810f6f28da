"""Who uses the namespace: what runs in it, and who changed it last."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from kubectl_ns_tools.cluster.errors import ApiForbidden, ApiNotFound
from kubectl_ns_tools.cluster.lists import METADATA_ONLY
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.deletion.clock import now, seconds_since, span
from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, Severity
from kubectl_ns_tools.deletion.hazards.scene import CannotSee, Scene
from kubectl_ns_tools.deletion.hazards.wording import form, some
from kubectl_ns_tools.deletion.items import Item, kind_label

RECENT = 86400.0
# What people change; looked at one page per kind.
WATCHED = ("deployments.apps", "statefulsets.apps", "daemonsets.apps", "cronjobs.batch", "configmaps")
PAGE = 500
# What Kubernetes writes by itself while nobody touches anything.
_NOT_PEOPLE = ("kube-controller-manager", "kube-scheduler", "kubelet")
_UPKEEP = frozenset({"events", "endpoints", "leases.coordination.k8s.io"})


def running(scene: Scene) -> Iterator[Hazard]:
    """How many pods run, and for whom."""
    owners: dict[str, int] = {}
    pods = [pod for pod in scene.here("pods") if pod["status"]["phase"] == "Running"]
    by_uid = {item.uid: item for item in scene.inventory.items} if pods else {}
    for pod in pods:
        owner = _top(by_uid.get(pod["metadata"]["uid"]), by_uid)
        owners[owner] = owners.get(owner, 0) + 1
    if pods:
        most = sorted(owners, key=lambda owner: -owners[owner])
        parts = [f"{owners[owner]} of {owner or 'nobody'}" for owner in most]
        yield Hazard(
            "usage",
            Severity.INFO,
            Effect.NOTES,
            f"{len(pods)} {form(pods, 'pod runs', 'pods run')} here: {some(parts)}",
            tuple(owner for owner in most if owner),
        )


def _top(item: Item | None, by_uid: Mapping[str, Item]) -> str:
    """The label of the last owner up the chain, "" for a pod that nobody made."""
    top, seen = "", set[str]()
    while item and item.uid not in seen:
        seen.add(item.uid)
        controllers = [owner for owner in item.owners if owner.controller]
        owner = next(iter(controllers or item.owners), None)
        item = by_uid.get(owner.uid) if owner else None
        if item:
            top = item.label
        elif owner:
            top = f"{owner.kind.lower()}/{owner.name}"
    return top


class _Change(NamedTuple):
    """at: the timestamp. who: the field manager, "" where only the creation is known."""

    at: str
    what: str
    who: str = ""


def changes(scene: Scene) -> Iterator[Hazard]:
    """The latest change within a day. Kinds that could not be looked through end the check afterwards."""
    latest, problem = _latest_creation(scene), None
    for name in WATCHED:
        try:
            latest = max(latest, _latest_change(scene, name), key=_recency)
        except CannotSee as error:
            problem = problem or error
    yield from _hazard(latest, now())
    if problem:
        raise problem


def _recency(change: _Change) -> tuple[str, bool]:
    """Of two at the same time, the one of which we know who it was."""
    return change.at, bool(change.who)


def _hazard(change: _Change, at: datetime) -> Iterator[Hazard]:
    ago = seconds_since(change.at, at)
    if ago is not None and ago <= RECENT:
        by = f" by {change.who}" if change.who else ""
        what = "changed" if change.who else "created"
        yield Hazard(
            "changes",
            Severity.INFO,
            Effect.NOTES,
            f"{change.what} was {what} {span(ago)} ago{by}",
            (change.what,),
        )


def _latest_creation(scene: Scene) -> _Change:
    """Of what was made for itself: not of what controllers make for what they look after."""
    latest: Item | None = None
    for item in scene.inventory.items:
        if item.created > (latest.created if latest else "") and not _is_upkeep(item):
            latest = item
    return _Change(latest.created, latest.label) if latest else _Change("", "")


def _is_upkeep(item: Item) -> bool:
    return bool(item.owners or item.made_by_kubernetes or item.resource.group_resource in _UPKEEP)


def _latest_change(scene: Scene, group_resource: str) -> _Change:
    """By somebody else than Kubernetes, and not of the status. Of more than a page of a kind, only the first
    ones are looked at so closely: it is a hint, and what was created lately is known of all."""
    resource = scene.resource(group_resource)
    if resource is None or not scene.has(group_resource):
        return _Change("", "")
    found = (
        _Change(str(entry.get("time") or ""), f"{kind_label(resource)}/{obj['metadata']['name']}", who)
        for obj in _page(scene, resource)
        for entry in obj["metadata"].get("managedFields") or ()
        if (who := str(entry.get("manager") or "")) not in _NOT_PEOPLE and not entry.get("subresource")
    )
    return max(found, key=lambda change: change.at, default=_Change("", ""))


def _page(scene: Scene, resource: Resource) -> list[dict[str, Any]]:
    try:
        page = scene.connection.get(
            resource.path(scene.name), query={"limit": str(PAGE)}, accept=METADATA_ONLY
        )
    except ApiForbidden as error:
        raise CannotSee(resource.group_resource, "forbidden") from error
    except ApiNotFound:
        return []
    return page.get("items") or []
