"""What is not restored as its owner makes it again: whether there will be such an owner. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from kubectl_ns_tools.deletion.backup.contents import Entry
from kubectl_ns_tools.deletion.restore.plan import Step


def explained(skipped: Sequence[Step], wanted: Iterable[Entry], entries: Iterable[Entry]) -> Iterator[Step]:
    """The skipped steps; the reason of one whose owner is not restored either says that.

    wanted: what is restored; entries: all that the archive has.
    """
    coming = {entry.uid for entry in wanted}
    known = {entry.uid: entry for entry in entries}
    for step in skipped:
        owners = [known[owner.uid] for owner in step.entry.owners if owner.uid in known]
        if owners and not any(_comes(owner, coming, known) for owner in owners):
            owner = f"{owners[0].kind}/{owners[0].name}"
            hint = f"--only {step.label} restores it by itself"
            yield step._replace(reason=f"its owner {owner} is not restored; {hint}")
        else:
            yield step


def _comes(entry: Entry, coming: set[str], known: dict[str, Entry]) -> bool:
    """Whether it is restored itself, or made by something that is."""
    seen: set[str] = set()
    while entry.uid not in coming:
        seen.add(entry.uid)
        above = [known[owner.uid] for owner in entry.owners if owner.uid in known]
        if not above or above[0].uid in seen:
            return False
        entry = above[0]
    return True
