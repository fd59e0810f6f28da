"""The preview of a deletion: for people (a summary by kind, a tree by owner, hazards) and for programs."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from kubectl_ns_tools.deletion.hazards.hazard import Effect
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
from kubectl_ns_tools.output.hazards import (
    VERDICTS,
    hazards_data,
    hazards_phrase,
    hazards_text,
    unchecked_data,
    unchecked_text,
    verdicts,
)
from kubectl_ns_tools.output.tree import draw, forest_tree


def plan_text(plan: DeletionPlan, at: datetime, *, everything: bool = False) -> str:
    """at: the present, for ages. everything: large families and all objects of a hazard in full."""
    return "\n\n".join(filter(None, _sections(plan, at, everything)))


def plan_tree(plan: DeletionPlan, *, everything: bool = True) -> str:
    """The namespace and all that goes with it, each object under its owner. everything: no family is cut."""
    return draw(forest_tree(f"namespace/{plan.namespace}", plan.forest, everything=everything))


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
            "hazards": hazards_data(plan.hazards.hazards),
            "unchecked": unchecked_data(plan.hazards.unchecked),
        },
    )


def _sections(plan: DeletionPlan, at: datetime, everything: bool) -> Iterator[str]:
    """What is to be known before saying yes comes last, next to the question."""
    yield _header(plan, at)
    if plan.doomed:
        yield counts_table(plan.counts)
        yield plan_tree(plan, everything=everything)
    else:
        yield "Nothing was seen in it."
    yield "\n".join(escape(f"Note: {line}") for line in remarks(plan))
    yield hazards_text(plan.hazards.hazards, everything=everything)
    if plan.unseen:
        yield "NOT VISIBLE, but deleted too:\n" + gaps_text(plan.unseen)
    yield unchecked_text(plan.hazards.unchecked)
    yield "\n".join(escape(f"{words}: {subjects}") for words, subjects in all_verdicts(plan))


def facts(plan: DeletionPlan, at: datetime) -> list[tuple[str, str]]:
    """The head of the preview; not escaped."""
    state = f"{age(plan.created, at)} old"
    if plan.terminating:
        state = f"being deleted for {age(plan.terminating_since, at)}"
    return [
        ("Namespace", f"{plan.namespace} ({state})"),
        ("Context", plan.context),
        ("Server", plan.server),
        ("Goes with it", f"{_number(len(plan.doomed), 'object')} of {_number(len(plan.counts), 'kind')}"),
        ("Hazards", hazards_phrase(plan.hazards)),
    ]


def remarks(plan: DeletionPlan) -> list[str]:
    """Oddities of the inventory; not escaped."""
    lines = list(plan.inventory.notes)
    if plan.views:
        lines.append(f"computed by the server, nothing to delete: {amounts(count_by_kind(plan.views))}")
    return lines


def all_verdicts(plan: DeletionPlan) -> Iterator[tuple[str, str]]:
    """What it comes to, the hazards' and that of broken API groups which no hazard tells of; not escaped."""
    told = {name for hazard in plan.hazards.of(Effect.BLOCKS) for name in hazard.objects}
    groups = [gap.what for gap in plan.blocking_groups if _api_service(gap.what) not in told]
    if groups:
        yield (
            VERDICTS[Effect.BLOCKS],
            f"no namespace of this cluster goes while {', '.join(groups)} does not answer",
        )
    yield from verdicts(plan.hazards)


def _api_service(group_version: str) -> str:
    """What an API group's APIService is called among the objects of a hazard."""
    group, _, version = group_version.rpartition("/")
    return f"apiservice.apiregistration.k8s.io/{version}.{group}"


def _header(plan: DeletionPlan, at: datetime) -> str:
    return "\n".join(escape(f"{name + ':':<15}{value}") for name, value in facts(plan, at))


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
