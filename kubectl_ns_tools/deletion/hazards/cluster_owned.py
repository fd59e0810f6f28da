"""Cluster-scoped objects that are owned by the namespace: the garbage collector takes them with it."""

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from kubectl_ns_tools.cluster.errors import ApiError, ApiForbidden, ApiUnauthorized
from kubectl_ns_tools.cluster.lists import list_metadata
from kubectl_ns_tools.cluster.parallel import in_parallel
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, Severity
from kubectl_ns_tools.deletion.hazards.reading import is_owned, once
from kubectl_ns_tools.deletion.hazards.scene import CannotSee, Scene
from kubectl_ns_tools.deletion.hazards.wording import doing, form, label
from kubectl_ns_tools.errors import NsToolsError

WORKERS = 8
# The server makes them up when it is asked.
_COMPUTED = frozenset({"componentstatuses"})


class _Listing(NamedTuple):
    """What came of one kind."""

    owned: list[dict[str, Any]]
    hidden: str = ""
    reason: str = ""


def cluster_owned(scene: Scene) -> Iterator[Hazard]:
    """One request per cluster-scoped kind, metadata only."""
    kinds = [kind for kind in scene.discovery.preferred() if _may_be_owned(kind)]
    listings = in_parallel(partial(_list, scene), kinds, workers=WORKERS)
    names = once(label(obj) for listing in listings for obj in listing.owned)
    if names:
        yield Hazard(
            "cluster-owned",
            Severity.WARNING,
            Effect.DESTROYS,
            f"{doing(names, 'is', 'are')} in no namespace, but owned by this one: "
            f"the garbage collector deletes {form(names, 'it', 'them')} too",
            tuple(names),
        )
    hidden = [listing.hidden for listing in listings if listing.hidden]
    if hidden:
        reasons = once(listing.reason for listing in listings if listing.hidden)
        raise CannotSee(", ".join(hidden), "; ".join(reasons))


def _may_be_owned(kind: Resource) -> bool:
    return not kind.namespaced and {"list", "delete"} <= kind.verbs and kind.name not in _COMPUTED


def _list(scene: Scene, kind: Resource) -> _Listing:
    """A kind that has just gone (404, 405) has no objects."""
    try:
        found = list_metadata(scene.connection, kind)
    except ApiUnauthorized:
        raise
    except ApiForbidden:
        return _Listing([], kind.group_resource, "forbidden")
    except NsToolsError as error:
        if isinstance(error, ApiError) and error.status in (404, 405):
            return _Listing([])
        return _Listing([], kind.group_resource, error.message)
    return _Listing([obj for obj in found if is_owned(scene, obj)])
