"""What is in a namespace and what could not be seen, as text, as names and as data."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from kubectl_ns_tools.deletion.inventory import Count, Gap, Reason
from kubectl_ns_tools.deletion.items import Item
from kubectl_ns_tools.output.age import age
from kubectl_ns_tools.output.escape import escape
from kubectl_ns_tools.output.table import table

_UNSEEN = {
    Reason.FORBIDDEN: "you may not list",
    Reason.NOT_LISTABLE: "the server deletes but does not list",
    Reason.BROKEN_GROUP: "the API group does not answer",
    Reason.FAILED: "listing failed",
    Reason.INCONSISTENT: "not counted exactly",
}
# Their messages repeat what the heading says.
_NAMES_ONLY = (Reason.FORBIDDEN, Reason.NOT_LISTABLE)


def counts_table(counts: Sequence[Count]) -> str:
    return table([[count.resource.group_resource, str(count.number)] for count in counts], ["KIND", "COUNT"])


def objects_table(items: Iterable[Item], at: datetime) -> str:
    """Every object on a line, with what `-o wide` adds."""
    rows = [
        [
            item.label,
            age(item.created, at),
            ", ".join(f"{owner.kind}/{owner.name}" for owner in item.owners),
            ", ".join(item.finalizers),
            _remark(item),
        ]
        for item in items
    ]
    return table(rows, ["NAME", "AGE", "OWNER", "FINALIZERS", "REMARK"])


def _remark(item: Item) -> str:
    if item.deleted:
        return "being deleted"
    return "made by Kubernetes" if item.made_by_kubernetes else ""


def amounts(counts: Iterable[Count]) -> str:
    """`2 configmaps, 1 deployments.apps`."""
    return escape(", ".join(f"{count.number} {count.resource.group_resource}" for count in counts))


def gaps_text(gaps: Sequence[Gap]) -> str:
    """One line per reason where the names say it all, one per gap where there is more to say."""
    lines = []
    for reason, words in _UNSEEN.items():
        found = [gap for gap in gaps if gap.reason is reason]
        if found and reason in _NAMES_ONLY:
            lines.append(f"{words}: {', '.join(gap.what for gap in found)}")
        else:
            lines += [f"{words}: {gap.what} ({gap.message})" for gap in found]
    return "\n".join("  " + escape(line) for line in lines)


def names(items: Iterable[Item]) -> Iterator[str]:
    """kubectl's `-o name`, a line per object."""
    return (escape(item.label) for item in items)


def counts_data(counts: Iterable[Count]) -> list[dict[str, Any]]:
    return [
        {
            "apiVersion": count.resource.api_version,
            "kind": count.resource.kind,
            "resource": count.resource.group_resource,
            "count": count.number,
        }
        for count in counts
    ]


def objects_data(items: Iterable[Item]) -> list[dict[str, Any]]:
    return [_object_data(item) for item in items]


def _object_data(item: Item) -> dict[str, Any]:
    return {
        "apiVersion": item.resource.api_version,
        "kind": item.resource.kind,
        "resource": item.resource.group_resource,
        "name": item.name,
        "uid": item.uid,
        "creationTimestamp": item.created or None,
        "deletionTimestamp": item.deleted or None,
        "finalizers": list(item.finalizers),
        "owners": [
            {"kind": owner.kind, "name": owner.name, "uid": owner.uid, "controller": owner.controller}
            for owner in item.owners
        ],
        "madeByKubernetes": item.made_by_kubernetes,
    }


def gaps_data(gaps: Iterable[Gap]) -> list[dict[str, Any]]:
    return [
        {
            "what": gap.what,
            "reason": gap.reason.value,
            "message": gap.message,
            "deletedWithNamespace": gap.deletable,
        }
        for gap in gaps
    ]
