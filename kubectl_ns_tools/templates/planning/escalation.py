"""Whether the server lets us grant what Roles and bindings of a plan grant.

Nobody may grant rights that he does not hold, unless he has `bind` on the role, or `escalate` for a role that
he writes (pkg/registry/rbac: rolebinding/policybased, role/policybased; https://kubernetes.io/docs/reference/
access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping).
"""

import functools
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.cluster.errors import ApiError, ApiForbidden, ApiNotFound
from kubectl_ns_tools.cluster.objects import get_object
from kubectl_ns_tools.cluster.permissions import Access, Rules, own_rules
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.planning.plan import CreatePlan
from kubectl_ns_tools.templates.planning.rights import Rights

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

GROUP = "rbac.authorization.k8s.io"
_ROLES = {"Role": "roles", "ClusterRole": "clusterroles"}
_BINDINGS = ("RoleBinding", "ClusterRoleBinding")

Rule = Mapping[str, Any]


@dataclass(frozen=True)
class Doubt:
    """Something that the server may refuse, or certainly does."""

    text: str
    certain: bool


class Escalation:
    """Looks at the roles and bindings of one plan."""

    def __init__(self, connection: "Connection", rights: Rights, plan: CreatePlan) -> None:
        self._connection = connection
        self._rights = rights
        self._plan = plan
        self._own = functools.cache(self._own_rules)

    def doubt(self, manifest: Manifest) -> Doubt | None:
        """What is doubtful about the object, None when nothing is. Raises NotAnswered."""
        if manifest.group != GROUP:
            return None
        if manifest.kind in _ROLES:
            return self._about_role(manifest)
        return self._about_binding(manifest) if manifest.kind in _BINDINGS else None

    def _about_role(self, role: Manifest) -> Doubt | None:
        namespace = self._plan.namespace if role.kind == "Role" else ""
        escalate = Access("escalate", GROUP, _ROLES[role.kind], namespace, role.name)
        if self._rights.has(escalate):
            return None
        return self._about_rules(_rules(role.data), "grants rights that you do not hold")

    def _about_binding(self, binding: Manifest) -> Doubt | None:
        reference = binding.data.get("roleRef")
        kind, name = (str((reference or {}).get(key) or "") for key in ("kind", "name"))
        if not isinstance(reference, dict) or kind not in _ROLES or not name:
            return None  # the server says what is wrong with it
        namespace = self._plan.namespace if binding.kind == "RoleBinding" else ""
        if self._rights.has(Access("bind", GROUP, _ROLES[kind], namespace, name)):
            return None
        what = f'you may not bind {kind} "{name}", and do not hold all the rights that it grants'
        return self._about_bound(kind, name, what)

    def _about_bound(self, kind: str, name: str, what: str) -> Doubt | None:
        try:
            rules = self._rules_of(kind, name)
        except ApiNotFound:
            return Doubt(f'{kind} "{name}" does not exist, and you may not bind it', True)
        except ApiForbidden:
            return Doubt(f'{what}, or that is not known: you may not read {kind} "{name}"', False)
        return self._about_rules(rules, what)

    def _about_rules(self, rules: Sequence[Rule], what: str) -> Doubt | None:
        """Doubt where the rules go beyond our own."""
        own = self._own()
        if isinstance(own, str):
            return Doubt(f"{what}, or that is not known: {own}", False)
        beyond = list(itertools.islice(uncovered(rules, own), 4))
        if not beyond:
            return None
        more = ", …" if len(beyond) > 3 else ""
        return Doubt(f"{what}: {', '.join(beyond[:3])}{more}", own.whole)

    def _own_rules(self) -> Rules | str:
        """Our rules in the namespace to be, or why they are not known."""
        try:
            return own_rules(self._connection, self._plan.namespace)
        except ApiError as error:
            return error.message

    def _rules_of(self, kind: str, name: str) -> Sequence[Rule]:
        """Of a role that the plan itself brings, or that is there."""
        for manifest in self._plan.objects:
            if (manifest.group, manifest.kind, manifest.name) == (GROUP, kind, name):
                return _rules(manifest.data)
        namespaced = kind == "Role"
        resource = Resource(GROUP, "v1", _ROLES[kind], kind, namespaced)
        return _rules(
            get_object(self._connection, resource, name, self._plan.namespace if namespaced else None)
        )


def uncovered(rules: Iterable[Rule], own: Rules) -> Iterator[str]:
    """`delete pods.apps` for each single right in the rules that our own do not have."""
    for rule in rules:
        for group, resource, name, verb in _single(rule, "apiGroups", "resources", "resourceNames", "verbs"):
            if not any(_covers(each, group, resource, name, verb) for each in own.resources):
                yield f"{verb} {resource}{f'.{group}' if group else ''}{f' {name}' if name else ''}"
        for url, verb in _single(rule, "nonResourceURLs", "verbs"):
            if not any(_has(each, "verbs", verb) and _covers_url(each, url) for each in own.others):
                yield f"{verb} {url}"


def _single(rule: Rule, *fields: str) -> Iterator[tuple[str, ...]]:
    """Each combination of one item per field; no names mean all of them, "" here."""
    lists = [_items(rule, name) or ([""] if name == "resourceNames" else []) for name in fields]
    return itertools.product(*lists)


def _covers(rule: Rule, group: str, resource: str, name: str, verb: str) -> bool:
    """component-helpers auth/rbac/validation: ruleCovers."""
    names = _items(rule, "resourceNames")
    if not (_has(rule, "verbs", verb) and _has(rule, "apiGroups", group) and (not names or name in names)):
        return False
    resources = _items(rule, "resources")
    subresource = resource.partition("/")[2]
    return bool({"*", resource, f"*/{subresource}" if subresource else resource} & set(resources))


def _covers_url(rule: Rule, url: str) -> bool:
    return any(
        own in ("*", url) or (own.endswith("*") and url.startswith(own[:-1]))
        for own in _items(rule, "nonResourceURLs")
    )


def _has(rule: Rule, field: str, value: str) -> bool:
    items = _items(rule, field)
    return "*" in items or value in items


def _items(rule: Rule, field: str) -> list[str]:
    found = rule.get(field)
    return [str(item) for item in found] if isinstance(found, (list, tuple)) else []


def _rules(role: Mapping[str, Any]) -> list[Rule]:
    found = role.get("rules")
    return [rule for rule in found if isinstance(rule, dict)] if isinstance(found, list) else []
