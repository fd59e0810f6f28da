"""A deletion of a part of a namespace: `--only KIND[/NAME]`, `--except KIND[/NAME]`. The namespace stays.

narrowed(plan, discovery, only, excepted) -> PartialPlan                    pure; Refused, NotFound
delete_items(connection, partial, dry_run=False) -> tuple[Removal, ...]     see removal.py
follow_items(connection, partial, timeout=None) -> Iterator[Departure]      see departure.py
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from shlex import quote

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.discovery import Discovery
from kubectl_ns_tools.deletion.inventory import Count, Gap, Reason, count_by_kind
from kubectl_ns_tools.deletion.items import Item
from kubectl_ns_tools.deletion.measures.cascade import Kinship, cascade
from kubectl_ns_tools.deletion.measures.departure import INTERVAL, Departure, depart
from kubectl_ns_tools.deletion.measures.removal import Removal, refuse_terminating, remove
from kubectl_ns_tools.deletion.measures.selectors import Selector, matched, parse
from kubectl_ns_tools.deletion.ownership import Forest, grow
from kubectl_ns_tools.deletion.plan import DeletionPlan
from kubectl_ns_tools.errors import Refused


@dataclass(frozen=True)
class PartialPlan:
    """plan: of the whole namespace. requested: deleted by a request each. following: go with them by garbage
    collection. staying: all the rest that was seen. remade: of those that go, what a controller that stays
    will make again."""

    plan: DeletionPlan
    requested: tuple[Item, ...]
    following: tuple[Item, ...]
    staying: tuple[Item, ...]
    remade: tuple[Item, ...] = ()

    @property
    def namespace(self) -> str:
        return self.plan.namespace

    @cached_property
    def going(self) -> tuple[Item, ...]:
        """All that goes, in the order of the plan."""
        uids = {item.uid for item in (*self.requested, *self.following)}
        return tuple(item for item in self.plan.doomed if item.uid in uids)

    @cached_property
    def forest(self) -> Forest:
        """What goes, by owner."""
        return grow(self.going)

    @property
    def counts(self) -> tuple[Count, ...]:
        """What goes, by kind."""
        return count_by_kind(self.going)

    @property
    def unseen(self) -> tuple[Gap, ...]:
        """What was not seen stays, unless an owner of it goes."""
        return self.plan.unseen


def narrowed(
    plan: DeletionPlan, discovery: Discovery, only: Sequence[str], excepted: Sequence[str]
) -> PartialPlan:
    """The part of the plan that `--only` names, without what `--except` names. Pure.

    What an excepted object owns is excepted with it. What Kubernetes itself makes again (the ServiceAccount
    default, kube-root-ca.crt) is left out unless it is named. Raises NotFound for a kind or a name that is
    not there, Refused for what cannot be kept, because its owner goes, and when nothing is left to delete.
    """
    refuse_terminating(plan, "a deletion of a part of it")
    chosen_by = [parse("--only", text, discovery) for text in only]
    spared_by = [parse("--except", text, discovery) for text in excepted]
    _refuse_unseen((*chosen_by, *spared_by), plan)
    items = [item for item in plan.doomed if item.uid]
    kinship = Kinship(items)
    kept = matched(spared_by, items)
    chosen = _chosen(items, chosen_by) - kinship.below(kept)
    if not chosen:
        raise Refused(
            f'nothing of namespace "{plan.namespace}" is left to be deleted',
            "choose otherwise; what Kubernetes makes again by itself goes only where --only names it",
        )
    going = kinship.falling(chosen)
    _refuse_to_lose(kept & going, kinship, going)
    result = cascade(kinship, chosen)
    return PartialPlan(
        plan=plan,
        requested=result.requested,
        following=result.following,
        staying=tuple(item for item in plan.doomed if item.uid not in going),
        remade=tuple(item for item in items if item.uid in going and _returns(item, kinship, going)),
    )


def delete_items(
    connection: Connection, partial: PartialPlan, *, dry_run: bool = False
) -> tuple[Removal, ...]:
    """Asks for the deletion of what the plan requests, each by its uid. A dry run asks admission only."""
    return remove(connection, partial.namespace, partial.requested, dry_run=dry_run)


def follow_items(
    connection: Connection,
    partial: PartialPlan,
    *,
    removals: Sequence[Removal] = (),
    timeout: float | None = None,
    interval: float = INTERVAL,
) -> Iterator[Departure]:
    """Waits until all that goes is gone. removals: what failed is not waited for, nor what it owns."""
    failed = {removal.item.uid for removal in removals if not removal.done}
    stay = Kinship(partial.going).below(failed)
    late = "not all of it is gone, the deletion goes on in the server"
    yield from depart(
        connection,
        partial.namespace,
        [item for item in partial.going if item.uid not in stay],
        late=late,
        timeout=timeout,
        interval=interval,
    )


def _chosen(items: Sequence[Item], only: Sequence[Selector]) -> set[str]:
    picked = matched(only, items) if only else {item.uid for item in items}
    return picked - {item.uid for item in items if item.made_by_kubernetes and not _is_named(item, only)}


def _is_named(item: Item, only: Sequence[Selector]) -> bool:
    return any(selector.names_one and selector.picks(item) for selector in only)


def _returns(item: Item, kinship: Kinship, going: Collection[str]) -> bool:
    return item.made_by_kubernetes or any(uid not in going for uid in kinship.controllers(item))


def _refuse_unseen(selectors: Sequence[Selector], plan: DeletionPlan) -> None:
    unseen = {gap.what: gap for gap in plan.inventory.gaps if gap.reason is not Reason.INCONSISTENT}
    for selector in selectors:
        for kind in sorted(selector.kinds & unseen.keys()):
            raise Refused(
                f"{selector.text}: which {kind} there are cannot be seen ({unseen[kind].message})",
                "what cannot be seen cannot be chosen or kept: it stays, unless its owner goes",
            )


def _refuse_to_lose(lost: Collection[str], kinship: Kinship, going: Collection[str]) -> None:
    for uid in sorted(lost, key=lambda uid: kinship.items[uid].label):
        item = kinship.items[uid]
        owner = kinship.items[kinship.owners(item)[0]]
        raise Refused(
            f"{item.label} cannot be kept: {owner.label} goes, and takes along what it owns",
            f"keep what it belongs to as well: --except {quote(kinship.topmost(owner, going).label)}",
        )
