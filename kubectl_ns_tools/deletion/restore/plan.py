"""What a restore would do: one step per object of the archive."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.deletion.backup.contents import Entry, Head
from kubectl_ns_tools.deletion.restore.volumes import Fate


class Action(enum.Enum):
    """CREATE: it is not there. MERGE: it is there in every namespace, what is missing is added to it."""

    CREATE = "create"
    MERGE = "merge"
    UNCHANGED = "unchanged"
    SKIP = "skip"


class Step(NamedTuple):
    """resource: where it is created, None for what is skipped. level: see order.py. reason: why it is
    skipped, or what to know of it. fate: of a claim's volume."""

    entry: Entry
    action: Action
    reason: str = ""
    resource: Resource | None = None
    level: int = 0
    fate: Fate | None = None

    @property
    def label(self) -> str:
        return label_of(self.entry)

    @property
    def target(self) -> Resource:
        """Of what is not skipped."""
        assert self.resource is not None
        return self.resource

    @property
    def writes(self) -> bool:
        return self.action in (Action.CREATE, Action.MERGE)


class Note(NamedTuple):
    """Something that the person has to know, or to do. label: the object."""

    label: str
    text: str


@dataclass(frozen=True)
class RestorePlan:
    """path, head: of the archive. namespace: where to. manifest: of the Namespace, under its new name; live:
    as the cluster has it, None when it is to be created; patch: what is added to it, {} for nothing.

    others: the labels of what is there and not of the archive. lost: claims that come back without their
    data. notes: everything else that is not as it was.
    """

    path: str
    head: Head
    namespace: str
    manifest: Mapping[str, Any]
    live: Mapping[str, Any] | None
    patch: Mapping[str, Any]
    steps: tuple[Step, ...]
    others: tuple[str, ...] = ()
    lost: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def writing(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.writes)

    @property
    def levels(self) -> tuple[tuple[Step, ...], ...]:
        """What is written, in order: all steps of one may be done at the same time."""
        return in_levels(self.writing)

    @property
    def changes_nothing(self) -> bool:
        return bool(self.live) and not self.patch and not self.writing


def in_levels(steps: Iterable[Step]) -> tuple[tuple[Step, ...], ...]:
    found: dict[int, list[Step]] = {}
    for step in steps:
        found.setdefault(step.level, []).append(step)
    return tuple(tuple(found[level]) for level in sorted(found))


def label_of(entry: Entry) -> str:
    """kubectl's `-o name`."""
    return label(entry.api_version, entry.kind, entry.name)


def label(api_version: str, kind: str, name: str) -> str:
    group = api_version.rpartition("/")[0]
    return f"{kind.lower()}.{group}/{name}" if group else f"{kind.lower()}/{name}"


def shortened(labels: Sequence[str], most: int = 5) -> str:
    """`a, b and 3 more`."""
    if len(labels) <= most:
        return ", ".join(labels)
    return f"{', '.join(labels[:most])} and {len(labels) - most} more"
