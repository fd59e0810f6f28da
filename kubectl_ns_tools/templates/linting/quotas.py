"""A quota that refuses every pod which does not state what the quota counts."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kubectl_ns_tools.templates.linting.findings import Finding
from kubectl_ns_tools.templates.objects import Manifest

# pkg/quota/v1/evaluator/core/pods.go, validationSet: what every container must state once a quota has it,
# and the fields of a LimitRange's item that state it instead (pkg/apis/core/v1/defaults.go,
# SetDefaults_LimitRangeItem: max is a default limit, and that, like min, a default request).
_LIMITS, _REQUESTS = ("default", "max"), ("defaultRequest", "default", "max", "min")
_NEEDED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "cpu": ("cpu", _REQUESTS),
    "memory": ("memory", _REQUESTS),
    "requests.cpu": ("cpu", _REQUESTS),
    "requests.memory": ("memory", _REQUESTS),
    "limits.cpu": ("cpu", _LIMITS),
    "limits.memory": ("memory", _LIMITS),
}


def quota_findings(objects: Iterable[Manifest]) -> Iterator[Finding]:
    """One for each resource that a quota counts and no LimitRange has a default for."""
    core = [each for each in objects if each.group == ""]
    defaults = [item for each in core if each.kind == "LimitRange" for item in _container_items(each)]
    for quota in (each for each in core if each.kind == "ResourceQuota"):
        for name in _mapping(_mapping(quota.data.get("spec")).get("hard")):
            if name in _NEEDED and not _has_default(name, defaults):
                yield _finding(quota, name)


def _finding(quota: Manifest, name: str) -> Finding:
    resource, fields = _NEEDED[name]
    field = fields[0]
    return Finding(
        "quota-without-default",
        quota.place("spec", "hard", name),
        f"{quota.reference} counts {name}: a pod that does not state it is refused, and no LimitRange states"
        " it instead",
        f"add a LimitRange, type: Container, with {field}: {{{resource}: …}}",
    )


def _has_default(name: str, items: Iterable[Mapping[str, Any]]) -> bool:
    resource, fields = _NEEDED[name]
    return any(resource in _mapping(item.get(field)) for item in items for field in fields)


def _container_items(limits: Manifest) -> Iterator[Mapping[str, Any]]:
    items = _mapping(limits.data.get("spec")).get("limits")
    for item in items if isinstance(items, list) else ():
        if _mapping(item).get("type") == "Container":
            yield item


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
