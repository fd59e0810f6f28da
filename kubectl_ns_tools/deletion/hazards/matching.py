"""Which requests an admission webhook or policy wants to see, and which of this deletion are among them.

The rules are the API server's: k8s.io/apiserver/pkg/admission/plugin/webhook/predicates (rules, namespace
and object). CEL conditions are not evaluated, they make an answer a perhaps.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from kubectl_ns_tools.cluster.errors import ApiForbidden, ApiNotFound
from kubectl_ns_tools.cluster.lists import METADATA_ONLY
from kubectl_ns_tools.cluster.namespaces import NAMESPACES
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.deletion.hazards.reading import mapping, maps, once, text, texts
from kubectl_ns_tools.deletion.hazards.scene import CannotSee, Scene
from kubectl_ns_tools.deletion.hazards.selectors import as_query, is_empty, matches, names_given
from kubectl_ns_tools.deletion.hazards.wording import some


class Request(NamedTuple):
    """An operation on a kind or on a part of it: ("DELETE", pods), ("UPDATE", namespaces, "finalize")."""

    operation: str
    kind: Resource
    subresource: str = ""


START = Request("DELETE", NAMESPACES)
END = Request("UPDATE", NAMESPACES, "finalize")  # how the namespace controller lets go of it


@dataclass(frozen=True, slots=True)
class Interest:
    """What a webhook, or a policy, asks to see. conditional: CEL decides further."""

    rules: list[Mapping[str, Any]]
    excluded: list[Mapping[str, Any]]
    namespaces: Mapping[str, Any]
    objects: Mapping[str, Any]
    exact: bool
    conditional: bool

    @property
    def names(self) -> set[str]:
        """The namespaces it is limited to by their names; empty where it is not."""
        return names_given(self.namespaces)

    def covers(self, request: Request, scene: Scene) -> bool:
        """By its rules; the selectors are another matter."""
        return self._asks(self.rules, request, scene) and not self._asks(self.excluded, request, scene)

    def _asks(self, rules: list[Mapping[str, Any]], request: Request, scene: Scene) -> bool:
        return any(
            _fits(rule, request) and self._is_version(texts(rule, "apiVersions"), request.kind, scene)
            for rule in rules
        )

    def _is_version(self, allowed: list[str], kind: Resource, scene: Scene) -> bool:
        """matchPolicy Equivalent: a rule for any served version of the kind will do."""
        if _has(allowed, kind.version) or self.exact:
            return _has(allowed, kind.version)
        served = (each for each in scene.discovery.resources if each.version in allowed)
        return any(each.group_resource == kind.group_resource for each in served)

    def text(self) -> str:
        """`CREATE, UPDATE of pods and deployments.apps`, `all requests for everything`."""
        operations = once(each for rule in self.rules for each in texts(rule, "operations"))
        resources = once(each for rule in self.rules for each in _resources(rule))
        shown = "all requests" if "*" in operations else ", ".join(operations)
        kinds = "everything" if {"*", "*/*"} & set(resources) else some(resources)
        return f"{shown} {'for' if '*' in operations else 'of'} {kinds}" if resources else "nothing"


def interest_of_webhook(webhook: Mapping[str, Any]) -> Interest:
    return _interest(webhook, "rules", bool(webhook.get("matchConditions")))


def interest_of_policy(spec: Mapping[str, Any], constraints: str) -> Interest:
    """constraints: the field that has them, `matchConstraints` or a binding's `matchResources`."""
    return _interest(mapping(spec, constraints), "resourceRules", bool(spec.get("matchConditions")))


def _interest(constraints: Mapping[str, Any], rules: str, conditional: bool) -> Interest:
    return Interest(
        rules=maps(constraints, rules),
        excluded=maps(constraints, "excludeResourceRules"),
        namespaces=mapping(constraints, "namespaceSelector"),
        objects=mapping(constraints, "objectSelector"),
        exact=text(constraints, "matchPolicy") == "Exact",
        conditional=conditional,
    )


@dataclass(frozen=True, slots=True)
class Share:
    """What of this deletion somebody asks to see. seen: kinds that have objects here; unseen: kinds that may
    have some; starts, ends: whether the first request, for the deletion of the namespace itself, is among it,
    and the last one, which lets it go."""

    seen: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    ends: bool = False
    starts: bool = False

    def __bool__(self) -> bool:
        return bool(self.seen or self.unseen or self.ends or self.starts)

    @property
    def is_certain(self) -> bool:
        return bool(self.seen or self.ends or self.starts)

    @property
    def text(self) -> str:
        """`the deletion of configmaps, secrets in here`."""
        if self.starts:
            return "the deletion of the namespace"
        if self.seen:
            return f"the deletion of {some(self.seen)} in here"
        return "the end of the namespace" if self.ends else f"the deletion of {some(self.unseen)} in here"


def share_of(scene: Scene, interest: Interest) -> Share:
    """Raises CannotSee where only the server could tell, and does not."""
    labels = mapping(scene.namespace, "metadata", "labels")
    if not matches(interest.namespaces, labels):
        return Share()
    seen, unseen = _kinds(scene)
    return Share(
        tuple(kind.group_resource for kind in seen if _has_some(scene, interest, kind)),
        tuple(kind.group_resource for kind in unseen if interest.covers(Request("DELETE", kind), scene)),
        *(interest.covers(request, scene) and matches(interest.objects, labels) for request in (END, START)),
    )


def _kinds(scene: Scene) -> tuple[list[Resource], list[Resource]]:
    """The kinds that have objects here, and those that may have some which cannot be seen."""
    seen = dict.fromkeys(item.resource for item in scene.inventory.items if item.deletable)
    gaps = (scene.resource(gap.what) for gap in scene.inventory.gaps if gap.deletable)
    return list(seen), [kind for kind in gaps if kind and kind not in seen]


def _has_some(scene: Scene, interest: Interest, kind: Resource) -> bool:
    """Whether a deletion of the kind is asked about, with an object here that the object selector takes."""
    if not interest.covers(Request("DELETE", kind), scene):
        return False
    if is_empty(interest.objects):
        return True
    query = {"limit": "1", "labelSelector": as_query(interest.objects)}
    try:
        found = scene.connection.get(kind.path(scene.name), query=query, accept=METADATA_ONLY)
    except ApiForbidden:
        raise CannotSee(kind.group_resource, "forbidden") from None
    except ApiNotFound:
        return False
    return bool(found.get("items"))


def _fits(rule: Mapping[str, Any], request: Request) -> bool:
    """Versions aside. A policy's rule for certain names says nothing about all the others of a kind."""
    kind = request.kind
    return (
        _has(texts(rule, "operations"), request.operation)
        and _has(texts(rule, "apiGroups"), kind.group)
        and any(_is_resource(pattern, request) for pattern in texts(rule, "resources"))
        and text(rule, "scope") in ("", "*", "Namespaced" if kind.namespaced else "Cluster")
        and not texts(rule, "resourceNames")
    )


def _has(allowed: list[str], value: str) -> bool:
    return "*" in allowed or value in allowed


def _is_resource(pattern: str, request: Request) -> bool:
    """`pods`, `pods/log`, `pods/*`, `*`, `*/*`, `*/scale`."""
    name, _, subresource = pattern.partition("/")
    return name in ("*", request.kind.name) and subresource in ("*", request.subresource)


def _resources(rule: Mapping[str, Any]) -> Iterator[str]:
    groups = texts(rule, "apiGroups")
    for name in texts(rule, "resources"):
        for group in groups:
            yield f"{name}.{group}" if group not in ("", "*") else name
