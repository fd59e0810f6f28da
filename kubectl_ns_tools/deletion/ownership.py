"""Who owns whom: the objects of a namespace as a forest. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kubectl_ns_tools.deletion.items import Item


@dataclass(frozen=True, slots=True)
class Forest:
    """Each object once: under its owner, or as a root.

    children: by the owner's uid. notes: by uid, why an object with owners is a root all the same.
    """

    roots: tuple[Item, ...]
    children: Mapping[str, tuple[Item, ...]]
    notes: Mapping[str, str]

    def below(self, items: Iterable[Item]) -> int:
        """How many objects hang under the items, at any depth, the items themselves not counted."""
        number = 0
        waiting = [item.uid for item in items]
        while waiting:
            children = self.children.get(waiting.pop(), ())
            number += len(children)
            waiting.extend(child.uid for child in children)
        return number


def grow(items: Sequence[Item]) -> Forest:
    """The forest of the items. An object hangs under its controller, or else under its first owner here.

    Owners outside of the namespace or deleted, and owners that own each other in a circle, leave roots
    with a note.
    """
    here = {item.uid for item in items if item.uid}
    parents = {item.uid: owner for item in items if (owner := _owner_here(item, here))}
    notes = {item.uid: _absent_note(item) for item in items if item.owners and item.uid not in parents}
    notes.update(dict.fromkeys(_cut_circles(parents), "its owners own each other in a circle"))
    children: dict[str, list[Item]] = {}
    for item in items:
        if item.uid in parents:
            children.setdefault(parents[item.uid], []).append(item)
    return Forest(
        roots=tuple(item for item in items if item.uid not in parents),
        children={uid: tuple(found) for uid, found in children.items()},
        notes=notes,
    )


def _owner_here(item: Item, here: set[str]) -> str:
    found = [owner for owner in item.owners if owner.uid in here]
    controllers = [owner for owner in found if owner.controller]
    return (controllers or found)[0].uid if found and item.uid else ""


def _absent_note(item: Item) -> str:
    owners = ", ".join(f"{owner.kind}/{owner.name}" for owner in item.owners)
    return f"owner {owners} is not among the objects seen here"


def _cut_circles(parents: dict[str, str]) -> list[str]:
    """Removes one link of each circle from `parents`; returns the uids that became roots by it."""
    cut = []
    settled: set[str] = set()
    for start in tuple(parents):
        path: dict[str, None] = {}
        uid = start
        while uid in parents and uid not in settled and uid not in path:
            path[uid] = None
            uid = parents[uid]
        if uid in path:
            del parents[uid]
            cut.append(uid)
        settled.update(path)
    return cut
