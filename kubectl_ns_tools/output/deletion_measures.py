"""What is done before a deletion, and what a deletion of a part leaves; one sentence a line."""

from collections.abc import Iterable, Iterator

from kubectl_ns_tools.deletion.items import Item
from kubectl_ns_tools.deletion.measures.custom_first import CustomResources
from kubectl_ns_tools.deletion.measures.partial import PartialPlan
from kubectl_ns_tools.deletion.measures.retaining import RetainPlan
from kubectl_ns_tools.deletion.measures.scaling import ScalePlan
from kubectl_ns_tools.output.contents import amounts
from kubectl_ns_tools.output.escape import escape

_SHOWN = 10


def part_text(part: PartialPlan) -> str:
    """What becomes of the rest of the namespace."""
    lines = [f"A part of it: the namespace itself stays, and {len(part.staying)} of its objects."]
    if part.remade:
        lines.append(f"Note: a controller that stays makes these again: {_labels(part.remade)}")
    if part.unseen:
        unseen = ", ".join(gap.what for gap in part.unseen)
        lines.append(f"Note: not visible, and stays unless its owner goes: {unseen}")
    return _text(lines)


def workloads_text(plan: ScalePlan) -> str:
    """And what goes on running all the same."""
    scaled = [f"{each.item.label} (from {each.replicas})" for each in plan.scaled]
    lines = _told(
        ("Scaled down to 0 before: ", _some(scaled)),
        ("Suspended before: ", _labels(plan.suspended)),
        ("Note: go on running until the namespace goes: ", _labels(plan.untouched)),
        ("Note: something may scale these up again: ", _labels(plan.managed)),
    )
    return _text(lines) or "There is nothing to be scaled down."


def volumes_text(plan: RetainPlan) -> str:
    """Of changed volumes, what their policy was."""
    changed = [f"{each.name} (of claim {each.claim}, reclaim policy {each.policy})" for each in plan.volumes]
    kept = [f"{each.name} (of claim {each.claim})" for each in plan.kept]
    return (
        _text(
            _told(
                ("Set to Retain before, and kept: ", _some(changed)),
                ("Kept, being Retain already: ", _some(kept)),
                *(("Note: ", note) for note in plan.notes),
            )
        )
        or "There are no volumes to be kept."
    )


def custom_text(custom: CustomResources) -> str:
    if not custom.items:
        return "There are no custom resources to be deleted first."
    lines = [f"Deleted before all the rest: {amounts(custom.counts)}"]
    if custom.assumed:
        lines.append("Note: which kinds are custom could not be read, it is guessed by their groups")
    return _text(lines)


def _told(*sentences: tuple[str, str]) -> Iterator[str]:
    return (opening + rest for opening, rest in sentences if rest)


def _labels(items: Iterable[Item]) -> str:
    return _some([item.label for item in items])


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _text(lines: Iterable[str]) -> str:
    return "\n".join(map(escape, lines))
