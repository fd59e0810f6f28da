"""What goes with what: which objects are to be deleted, and which ones follow by garbage collection. Pure.

Source: the garbage collector deletes an object when none of its owners is left, and only then
(pkg/controller/garbagecollector, attemptToDeleteItem). The Endpoints of a Service name no owner, but go with
it all the same, and come back while it stays (pkg/controller/endpoint, syncService).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kubectl_ns_tools.deletion.items import Item


@dataclass(frozen=True, slots=True)
class Cascade:
    """requested: to be deleted by a request each. following: they go because their owners do."""

    requested: tuple[Item, ...]
    following: tuple[Item, ...]


class Kinship:
    """Who owns whom among the objects of a namespace, by uid."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items: Mapping[str, Item] = {item.uid: item for item in items if item.uid}
        self._services = {item.name: item.uid for item in items if _is(item, "services")}
        self._owned: dict[str, list[Item]] = {}
        for item in self.items.values():
            for uid in self.owners(item):
                self._owned.setdefault(uid, []).append(item)

    def owners(self, item: Item) -> tuple[str, ...]:
        """The owners that were seen here."""
        return tuple(uid for uid in self._all_owners(item) if uid in self.items)

    def controllers(self, item: Item) -> tuple[str, ...]:
        """Those of the owners that make the object again when it goes without them."""
        makers = (owner.uid for owner in item.owners if owner.controller and owner.uid in self.items)
        return (*makers, *self._service_of(item))

    def below(self, uids: Iterable[str]) -> set[str]:
        """These and everything that they own, at any depth."""
        found = set(uids)
        waiting = list(found)
        while waiting:
            for item in self._owned.get(waiting.pop(), ()):
                if item.uid not in found:
                    found.add(item.uid)
                    waiting.append(item.uid)
        return found

    def falling(self, uids: Iterable[str]) -> set[str]:
        """These and what goes with them: what they own, unless another owner of it stays.

        An owner that was not seen here may be gone or not; it is not counted on to keep anything.
        """
        found = set(uids)
        waiting = list(found)
        while waiting:
            for item in self._owned.get(waiting.pop(), ()):
                if item.uid not in found and found.issuperset(self.owners(item)):
                    found.add(item.uid)
                    waiting.append(item.uid)
        return found

    def topmost(self, item: Item, among: Collection[str]) -> Item:
        """The end of the chain of its owners, as long as they are among these; in a circle, one of them."""
        seen: set[str] = set()
        while item.uid not in seen:
            seen.add(item.uid)
            above = next((uid for uid in self.owners(item) if uid in among), item.uid)
            item = self.items[above]
        return item

    def goes_surely(self, item: Item, going: Collection[str]) -> bool:
        """Whether it needs no request of its own: it has owners, and all of them go."""
        owners = self._all_owners(item)
        return bool(owners) and all(uid in going for uid in owners)

    def _all_owners(self, item: Item) -> tuple[str, ...]:
        return (*(owner.uid for owner in item.owners), *self._service_of(item))

    def _service_of(self, item: Item) -> tuple[str, ...]:
        if _is(item, "endpoints") and item.name in self._services:
            return (self._services[item.name],)
        return ()


def cascade(kinship: Kinship, chosen: Collection[str]) -> Cascade:
    """How the chosen objects (uids) go. What their owners take with them is not asked for by itself: a
    controller would make it again while it is still there."""
    going = kinship.falling(chosen)
    asked = {uid for uid in chosen if not kinship.goes_surely(kinship.items[uid], going)}
    asked.update(set(chosen) - kinship.falling(asked))  # owners in a circle, with nobody above them
    return Cascade(
        requested=tuple(item for uid, item in kinship.items.items() if uid in asked),
        following=tuple(item for uid, item in kinship.items.items() if uid in going and uid not in asked),
    )


def _is(item: Item, group_resource: str) -> bool:
    return item.resource.group_resource == group_resource
