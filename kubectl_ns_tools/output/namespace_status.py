"""The status of a namespace as text and as data."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from kubectl_ns_tools.deletion.stuck.conditions import bad_conditions
from kubectl_ns_tools.deletion.stuck.status import NamespaceStatus
from kubectl_ns_tools.output.age import age
from kubectl_ns_tools.output.contents import (
    counts_data,
    counts_table,
    gaps_data,
    gaps_text,
    names,
    objects_data,
    objects_table,
)
from kubectl_ns_tools.output.document import document
from kubectl_ns_tools.output.escape import escape


def status_text(status: NamespaceStatus, at: datetime, *, everything: bool = False) -> str:
    """at: the present, for ages. everything: every object on a line, not only their number."""
    return "\n\n".join(_sections(status, at, everything))


def status_names(status: NamespaceStatus) -> str:
    return "\n".join(names(status.inventory.items))


def status_document(status: NamespaceStatus) -> dict[str, Any]:
    """`stuck` is null unless the namespace is being deleted."""
    return document(
        "NamespaceStatus",
        {
            "namespace": {
                "name": status.name,
                "uid": status.namespace["metadata"]["uid"],
                "phase": status.phase,
                "creationTimestamp": status.created or None,
                "deletionTimestamp": status.terminating_since or None,
                "labels": dict(status.namespace["metadata"].get("labels") or {}),
            },
            "stuck": _stuck_data(status),
            "complete": not status.inventory.gaps,
            "counts": counts_data(status.inventory.counts()),
            "objects": objects_data(status.inventory.items),
            "unseen": gaps_data(status.inventory.gaps),
            "notes": list(status.inventory.notes),
        },
    )


def _stuck_data(status: NamespaceStatus) -> dict[str, Any] | None:
    if status.diagnosis is None:
        return None
    return {
        "why": status.diagnosis.sentence,
        "causes": [
            {"cause": cause.sentence, "remedy": cause.remedy or None} for cause in status.diagnosis.causes
        ],
        "conditions": [
            {"type": condition.type, "message": condition.message, "since": condition.since}
            for condition in bad_conditions(status.namespace)
        ],
    }


def _sections(status: NamespaceStatus, at: datetime, everything: bool) -> Iterator[str]:
    yield _header(status, at)
    inventory = status.inventory
    if not inventory.items:
        yield "Nothing was seen in it."
    elif everything:
        yield objects_table(inventory.items, at)
    else:
        yield counts_table(inventory.counts())
    if inventory.notes:
        yield "\n".join(escape(f"Note: {note}") for note in inventory.notes)
    if inventory.gaps:
        yield "NOT VISIBLE:\n" + gaps_text(inventory.gaps)


def _header(status: NamespaceStatus, at: datetime) -> str:
    lines = [f"Name:     {status.name}", f"Status:   {status.phase}", f"Age:      {age(status.created, at)}"]
    if status.terminating_since:
        lines.append(f"Deleted:  {age(status.terminating_since, at)} ago")
    if status.diagnosis:
        lines += [f"Why:      {cause.sentence}" for cause in status.diagnosis.causes]
        lines += [f"Remedy:   {cause.remedy}" for cause in status.diagnosis.causes if cause.remedy]
    return "\n".join(escape(line) for line in lines)
