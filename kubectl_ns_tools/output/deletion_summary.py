"""Several deletions at a glance, and what is told of each at the end."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kubectl_ns_tools.deletion.plan import DeletionPlan
from kubectl_ns_tools.output.escape import escape
from kubectl_ns_tools.output.hazards import hazards_phrase
from kubectl_ns_tools.output.table import table


class Row(NamedTuple):
    """plan: what is shown of the namespace; objects: how many of them go."""

    plan: DeletionPlan
    objects: int


def summary_table(rows: Sequence[Row], *, contexts: bool) -> str:
    """contexts: whether to say which one each namespace is in."""
    headers = ["NAMESPACE", "CONTEXT", "STATUS", "OBJECTS", "NOT VISIBLE", "HAZARDS"]
    shown = [index for index, header in enumerate(headers) if contexts or header != "CONTEXT"]
    cells = [_cells(row) for row in rows]
    return table([[each[index] for index in shown] for each in cells], [headers[index] for index in shown])


def _cells(row: Row) -> list[str]:
    plan = row.plan
    return [
        plan.namespace,
        plan.context,
        "Terminating" if plan.terminating else "Active",
        str(row.objects),
        ", ".join(gap.what for gap in plan.unseen),
        hazards_phrase(plan.hazards),
    ]


def unbacked(plans: Iterable[DeletionPlan]) -> str:
    """What no backup will hold: nobody can save what he cannot read."""
    lines = [
        escape(f"  {plan.namespace}: {', '.join(gap.what for gap in plan.unseen)}")
        for plan in plans
        if plan.unseen
    ]
    return "\n".join(["NOT IN THE BACKUP, and gone for good:", *lines]) if lines else ""
