"""The preview of a deletion: for people (a summary by kind, a tree by owner) and for programs."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from kubectl_ns_tools.deletion.inventory import count_by_kind
from kubectl_ns_tools.deletion.plan import DeletionPlan
from kubectl_ns_tools.output.age import age
from kubectl_ns_tools.output.contents import (
    amounts,
    counts_data,
    counts_table,
    gaps_data,
    gaps_text,
    names,
    objects_data,
)
from kubectl_ns_tools.output.document import document
from kubectl_ns_tools.output.escape import escape
from kubectl_ns_tools.output.tree import draw, forest_tree


def plan_text(plan: DeletionPlan, at: datetime, *, everything: bool = False) -> str:
    """at: the present, for ages. everything: large families in full."""
    return "\n\n".join(_sections(plan, at, everything))


def plan_names(plan: DeletionPlan) -> str:
    """What goes, as kubectl's `-o name` would print it; the namespace itself first."""
    return "\n".join([escape(f"namespace/{plan.namespace}"), *names(plan.doomed)])


def plan_document(plan: DeletionPlan) -> dict[str, Any]:
    """`complete` is false when something that will be deleted could not be seen; `unseen` then names it."""
    return document(
        "DeletionPreview",
        {
            "namespace": {
                "name": plan.namespace,
                "uid": plan.uid,
                "creationTimestamp": plan.created or None,
                "deletionTimestamp": plan.terminating_since or None,
            },
            "context": plan.context,
            "server": plan.server,
            "complete": not plan.inventory.gaps,
            "counts": counts_data(plan.counts),
            "objects": objects_data(plan.doomed),
            "notDeletable": objects_data(plan.views),
            "unseen": gaps_data(plan.inventory.gaps),
            "notes": list(plan.inventory.notes),
        },
    )


def _sections(plan: DeletionPlan, at: datetime, everything: bool) -> Iterator[str]:
    yield _header(plan, at)
    if plan.doomed:
        yield counts_table(plan.counts)
        yield draw(forest_tree(f"namespace/{plan.namespace}", plan.forest, everything=everything))
    else:
        yield "Nothing was seen in it."
    yield from _remarks(plan)
    if plan.unseen:
        yield "NOT VISIBLE, but deleted too:\n" + gaps_text(plan.unseen)
    if plan.blocking_groups:
        groups = ", ".join(gap.what for gap in plan.blocking_groups)
        yield escape(f"WILL BE STUCK: no namespace of this cluster goes while {groups} does not answer.")


def _header(plan: DeletionPlan, at: datetime) -> str:
    state = f"{age(plan.created, at)} old"
    if plan.terminating:
        state = f"being deleted for {age(plan.terminating_since, at)}"
    lines = [
        f"Namespace:     {plan.namespace} ({state})",
        f"Context:       {plan.context}",
        f"Server:        {plan.server}",
        f"Goes with it:  {_number(len(plan.doomed), 'object')} of {_number(len(plan.counts), 'kind')}",
    ]
    return "\n".join(escape(line) for line in lines)


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _remarks(plan: DeletionPlan) -> Iterator[str]:
    lines = list(plan.inventory.notes)
    if plan.views:
        lines.append(f"computed by the server, nothing to delete: {amounts(count_by_kind(plan.views))}")
    if lines:
        yield "\n".join(escape(f"Note: {line}") for line in lines)
