"""What this cluster serves: every group, version and resource, and the groups that are broken.

Two requests tell it all where the server has aggregated discovery (1.27+); older servers and proxies answer
the old form, one request per group and version. The body's own `kind` decides, per request, as in client-go
(discovery/aggregated_discovery.go). A broken group is recorded, never an abort.
"""

import dataclasses
import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.cluster.errors import ApiError, ApiUnauthorized
from kubectl_ns_tools.cluster.parallel import in_parallel
from kubectl_ns_tools.cluster.resources import NoMatch, Resource
from kubectl_ns_tools.errors import NotFound

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

__all__ = ["BrokenGroup", "Discovery", "NoMatch", "Resource", "discover"]

ACCEPT = ",".join(
    (
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
        "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList",
        "application/json",
    )
)
PARALLEL = 8


@dataclasses.dataclass(frozen=True)
class BrokenGroup:
    """A group and version that discovery could not read; str() is kubectl's line for it."""

    group_version: str
    message: str

    def __str__(self) -> str:
        return f"{self.group_version}: {self.message}"


@dataclasses.dataclass(frozen=True)
class Discovery:
    """Everything that is served, in the server's order of preference."""

    resources: tuple[Resource, ...]
    broken: tuple[BrokenGroup, ...] = ()

    @functools.cached_property
    def _by_kind(self) -> dict[tuple[str, str], Resource]:
        found: dict[tuple[str, str], Resource] = {}
        for resource in self.resources:
            found.setdefault((resource.api_version, resource.kind), resource)
        return found

    def preferred(self) -> tuple[Resource, ...]:
        """Each (group, resource) once, in the first version that lists it."""
        first: dict[str, Resource] = {}
        for resource in self.resources:
            first.setdefault(resource.group_resource, resource)
        return tuple(first.values())

    def versions_serving(self, kind: str) -> tuple[str, ...]:
        """The apiVersions that serve this kind, preferred first."""
        return tuple(api_version for api_version, served in self._by_kind if served == kind)

    def resource_for(self, api_version: str, kind: str) -> Resource:
        """The resource that stores objects of this apiVersion and kind; NoMatch when there is none."""
        try:
            return self._by_kind[(api_version, kind)]
        except KeyError:
            raise self._no_match(api_version, kind) from None

    def find(self, argument: str) -> Resource:
        """The resource that kubectl means by "deploy", "deployments", "deployment.apps" and the like.

        NotFound, in kubectl's words, when it means none. Where several groups have the name, the first in
        the server's order wins, as in apimachinery's priority mapper; a group may be given by its beginning.
        """
        wanted = argument.lower()
        matches = [(_closeness(resource, wanted), resource) for resource in self.resources]
        ranked = [(rank, resource) for rank, resource in matches if rank is not None]
        if not ranked:
            name = argument.partition(".")[0]
            raise NotFound(
                f'the server doesn\'t have a resource type "{name}"',
                "kubectl api-resources lists what it has",
            )
        return min(ranked, key=lambda pair: pair[0])[1]

    def _no_match(self, api_version: str, kind: str) -> NoMatch:
        for broken in self.broken:
            if broken.group_version == api_version:
                return NoMatch(kind, api_version, hint=f"the cluster cannot serve it at present: {broken}")
        return NoMatch(kind, api_version, self.versions_serving(kind))


def discover(connection: "Connection") -> Discovery:
    """Ask the server what it serves. Raises only when neither /api nor /apis can be read."""
    roots = in_parallel(functools.partial(_read_root, connection), ("/api", "/apis"), workers=2)
    found: list[Resource | BrokenGroup] = []
    for root in roots:
        found += read_entries(connection, root)
    return Discovery(
        tuple(entry for entry in found if isinstance(entry, Resource)),
        tuple(entry for entry in found if isinstance(entry, BrokenGroup)),
    )


def read_entries(connection: "Connection", root: Mapping[str, Any]) -> list[Resource | BrokenGroup]:
    """The entries below one root document, in either form."""
    if root.get("kind") == "APIGroupDiscoveryList":
        return list(parse_aggregated(root))
    read = functools.partial(_read_version, connection)
    return [
        entry for entries in in_parallel(read, group_versions(root), workers=PARALLEL) for entry in entries
    ]


def group_versions(root: Mapping[str, Any]) -> list[str]:
    """The "v1" or "apps/v1" of an APIVersions or APIGroupList document, each group's preferred one first."""
    if root.get("kind") == "APIVersions":
        return [str(version) for version in root.get("versions") or ()]
    found: list[str] = []
    for group in root.get("groups") or ():
        preferred = (group.get("preferredVersion") or {}).get("groupVersion")
        listed = [version["groupVersion"] for version in group.get("versions") or ()]
        found += sorted(listed, key=lambda group_version: group_version != preferred)
    return found


def parse_aggregated(document: Mapping[str, Any]) -> Iterator[Resource | BrokenGroup]:
    """The entries of an APIGroupDiscoveryList (v2 or v2beta1)."""
    for item in document.get("items") or ():
        group = (item.get("metadata") or {}).get("name", "")
        for version in item.get("versions") or ():
            name = version["version"]
            if version.get("freshness") == "Stale":
                # a dead aggregated API: what it lists, if anything, is old
                group_version = f"{group}/{name}" if group else name
                yield BrokenGroup(group_version, f"stale GroupVersion discovery: {group_version}")
                continue
            yield from _aggregated_resources(group, name, version.get("resources") or ())


def _aggregated_resources(
    group: str, version: str, entries: Iterable[Mapping[str, Any]]
) -> Iterator[Resource]:
    for entry in entries:
        kind = (entry.get("responseKind") or {}).get("kind")
        if not kind:
            continue  # client-go skips it too (ErrMissingResponseKind): its objects could not be named
        yield Resource(
            group=group,
            version=version,
            name=entry["resource"],
            kind=kind,
            namespaced=entry.get("scope") == "Namespaced",
            verbs=frozenset(entry.get("verbs") or ()),
            short_names=tuple(entry.get("shortNames") or ()),
            singular=entry.get("singularResource") or kind.lower(),
            categories=tuple(entry.get("categories") or ()),
        )


def parse_resource_list(group_version: str, document: Mapping[str, Any]) -> Iterator[Resource]:
    """The entries of an APIResourceList, the old form; subresources (with a slash) are left out."""
    group, _, version = group_version.rpartition("/")
    for entry in document.get("resources") or ():
        if "/" in entry["name"] or not entry.get("kind"):
            continue
        yield Resource(
            group=entry.get("group") or group,
            version=entry.get("version") or version,
            name=entry["name"],
            kind=entry["kind"],
            namespaced=bool(entry.get("namespaced")),
            verbs=frozenset(entry.get("verbs") or ()),
            short_names=tuple(entry.get("shortNames") or ()),
            singular=entry.get("singularName") or entry["kind"].lower(),
            categories=tuple(entry.get("categories") or ()),
        )


def _read_root(connection: "Connection", path: str) -> dict[str, Any]:
    return connection.get(path, accept=ACCEPT)


def _read_version(connection: "Connection", group_version: str) -> list[Resource | BrokenGroup]:
    root = "/apis" if "/" in group_version else "/api"
    try:
        return list(parse_resource_list(group_version, connection.get(f"{root}/{group_version}")))
    except ApiUnauthorized:
        raise
    except ApiError as error:
        return [BrokenGroup(group_version, error.server_message)]


def _closeness(resource: Resource, wanted: str) -> int | None:
    """How well a resource fits kubectl's argument (0 is best), or None."""
    name, _, rest = wanted.partition(".")
    names = (resource.name, resource.singular, resource.kind.lower())
    if name not in names and name not in resource.short_names:
        return None
    by_name = 0 if name in names else 1
    if not rest or rest == resource.group or rest == f"{resource.version}.{resource.group}".rstrip("."):
        return by_name
    return by_name + 2 if resource.group.startswith(rest) else None
