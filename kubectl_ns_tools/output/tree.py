"""Trees: any tree as text, and the objects of a namespace as a tree of who owns whom."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from kubectl_ns_tools.deletion.items import Item
from kubectl_ns_tools.deletion.ownership import Forest
from kubectl_ns_tools.output.escape import escape

# More siblings of one kind than these are shown as the first ones and a number.
SIBLINGS = 10
EVENTS = "events"


@dataclass(slots=True)
class Branch:
    """A line of a tree and what hangs under it; the label is safe to print."""

    label: str
    branches: "list[Branch]" = field(default_factory=list)


def draw(root: Branch) -> str:
    """The tree as text. Iterative: chains of owners may be longer than Python's stack."""
    lines = []
    waiting = [(root, "", "")]
    while waiting:
        branch, before, under = waiting.pop()
        lines.append(before + branch.label)
        last = len(branch.branches) - 1
        for index in range(last, -1, -1):
            corner, trunk = ("└── ", "    ") if index == last else ("├── ", "│   ")
            waiting.append((branch.branches[index], under + corner, under + trunk))
    return "\n".join(lines)


def forest_tree(label: str, forest: Forest, *, everything: bool) -> Branch:
    """The objects under `label`, by kind and name, each under its owner.

    Large families are cut at SIBLINGS and events at their number, unless `everything`.
    """
    root = Branch(escape(label))
    waiting = [(forest.roots, root)]
    while waiting:
        items, parent = waiting.pop()
        for kind, family in families(items, forest):
            shown = family if everything else _shown(kind, family)
            for item in shown:
                branch = Branch(item_label(item, forest.notes.get(item.uid, "")))
                parent.branches.append(branch)
                waiting.append((forest.children.get(item.uid, ()), branch))
            if len(shown) < len(family):
                parent.branches.append(Branch(_more(kind, family[len(shown) :], bool(shown), forest)))
    return root


def item_label(item: Item, note: str = "") -> str:
    """`configmap/a` and in brackets what is special about it."""
    remarks = [
        "made by Kubernetes" if item.made_by_kubernetes else "",
        "being deleted" if item.deleted else "",
        f"finalizers: {', '.join(item.finalizers)}" if item.finalizers else "",
        note,
    ]
    told = "; ".join(remark for remark in remarks if remark)
    return escape(f"{item.label} ({told})" if told else item.label)


def families(items: Iterable[Item], forest: Forest) -> Iterator[tuple[str, list[Item]]]:
    """Siblings by kind, those with objects under them first; events come last, nobody looks for them."""

    def place(item: Item) -> tuple[bool, str, bool, str]:
        kind = item.resource.group_resource
        return kind == EVENTS, kind, item.uid not in forest.children, item.name

    for kind, family in groupby(sorted(items, key=place), key=lambda item: item.resource.group_resource):
        yield kind, list(family)


def _shown(kind: str, family: list[Item]) -> list[Item]:
    if kind == EVENTS:
        return []
    return family if len(family) <= SIBLINGS else family[:SIBLINGS]


def _more(kind: str, hidden: Sequence[Item], others_shown: bool, forest: Forest) -> str:
    below = forest.below(hidden)
    number = f"… and {len(hidden)} more {kind}" if others_shown else f"{len(hidden)} {kind}"
    return escape(f"{number}, with {below} objects below" if below else number)
