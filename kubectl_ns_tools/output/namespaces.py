"""The namespaces of a cluster as text and as data."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from kubectl_ns_tools.cluster.quotas import Use, fullest
from kubectl_ns_tools.output.age import age
from kubectl_ns_tools.output.document import document_text
from kubectl_ns_tools.output.table import columns
from kubectl_ns_tools.templates.annotations import EXPIRES_ANNOTATION, TEMPLATE_ANNOTATION

if TYPE_CHECKING:
    from kubectl_ns_tools.output.choices import Choice

_NOT_CHECKED = "<forbidden>"


class NamespaceList(NamedTuple):
    """namespaces: as the API gives them; current: the context's namespace; quotas: by namespace, None when
    they may not be listed."""

    namespaces: Sequence[Mapping[str, Any]]
    current: str
    quotas: Mapping[str, Sequence[Mapping[str, Any]]] | None


def render_namespaces(listed: NamespaceList, output: str, at: datetime) -> str:
    """output: "table", "name", "json" or "yaml" (a List, as kubectl gives it); at: the present, for ages."""
    if output == "name":
        return "\n".join(f"namespace/{_name(item)}" for item in listed.namespaces)
    if output in ("json", "yaml"):
        return document_text({"apiVersion": "v1", "kind": "List", "items": list(listed.namespaces)}, output)
    headers = ["CURRENT", "NAME", "STATUS", "AGE", "TEMPLATE", "QUOTA", "EXPIRES", "WHY"]
    rows = [_row(item, listed, at) for item in listed.namespaces]
    kept = [column for column in range(len(headers)) if column < _ALWAYS or any(row[column] for row in rows)]
    return columns([[row[column] for column in kept] for row in rows], [headers[column] for column in kept])


def namespace_choices(namespaces: Sequence[Mapping[str, Any]], current: str, at: datetime) -> "list[Choice]":
    """The rows of a picker, as the API orders them; at: the present, for ages."""
    return [_choice(item, current, at) for item in namespaces]


def _choice(namespace: Mapping[str, Any], current: str, at: datetime) -> "Choice":
    from kubectl_ns_tools.output.choices import Choice

    metadata, name = namespace["metadata"], _name(namespace)

    def details() -> list[tuple[str, str]]:
        return [
            ("status", _phase(namespace)),
            ("age", _age(metadata, at)),
            ("template", str((metadata.get("annotations") or {}).get(TEMPLATE_ANNOTATION, ""))),
        ]

    notes = ("being deleted",) if metadata.get("deletionTimestamp") else ()
    return Choice(name, details, name == current, notes)


_ALWAYS = 6  # the columns up to QUOTA; the others are shown when one namespace has something to say there


def _row(namespace: Mapping[str, Any], listed: NamespaceList, at: datetime) -> list[str]:
    metadata, name = namespace["metadata"], _name(namespace)
    annotations = metadata.get("annotations") or {}
    return [
        "*" if name == listed.current else " ",
        name,
        _phase(namespace),
        _age(metadata, at),
        str(annotations.get(TEMPLATE_ANNOTATION, "")),
        _NOT_CHECKED if listed.quotas is None else _use(fullest(listed.quotas.get(name, ()))),
        str(annotations.get(EXPIRES_ANNOTATION, "")),
        _why(namespace),
    ]


def _why(namespace: Mapping[str, Any]) -> str:
    if not (namespace.get("status") or {}).get("conditions"):
        return ""
    from kubectl_ns_tools.deletion.conditions import bad_conditions

    return "; ".join(condition.sentence for condition in bad_conditions(namespace))


def _use(use: Use | None) -> str:
    return f"{use.share:.0%} {use.resource}" if use else ""


def _phase(namespace: Mapping[str, Any]) -> str:
    return str((namespace.get("status") or {}).get("phase", ""))


def _age(metadata: Mapping[str, Any], at: datetime) -> str:
    return age(str(metadata.get("creationTimestamp") or ""), at)


def _name(namespace: Mapping[str, Any]) -> str:
    return str(namespace["metadata"]["name"])
