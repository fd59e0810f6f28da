"""What becomes of each entry of other kubeconfigs: which goes in, and under which name.

Clusters and users go where their contexts go. A name that is taken by something else is never reused: the
newcomer gets another one, NAME-2, NAME-3 and so on, in the contexts that refer to it too; what is there
already with the same content is shared. Only the names of contexts are what people type, so that it is
theirs to say what happens when one is taken.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kubectl_ns_tools.errors import NotFound, Refused, did_you_mean
from kubectl_ns_tools.kubeconfig.patterns import matching
from kubectl_ns_tools.kubeconfig.transfer.holdings import Holdings
from kubectl_ns_tools.kubeconfig.transfer.paths import folder_of, moved
from kubectl_ns_tools.kubeconfig.transfer.sources import REFERENCES, Newcomer, Source
from kubectl_ns_tools.kubeconfig.view import View

ADDED, REPLACED, UNCHANGED, SKIPPED = "added", "replaced", "unchanged", "skipped"
FAIL, RENAME, REPLACE, SKIP = CONFLICT_POLICIES = ("fail", "rename", "replace", "skip")


@dataclass(frozen=True)
class Wishes:
    """How to import. prefix: of all names; renames: of contexts, old to new; on_conflict: what becomes of a
    context whose name is taken; only: patterns of contexts, none for everything."""

    prefix: str = ""
    renames: Mapping[str, str] = field(default_factory=dict)
    on_conflict: str = FAIL
    only: Sequence[str] = ()


@dataclass(frozen=True)
class Step:
    """What becomes of one entry. target: the name that it goes by here; action: ADDED, REPLACED, UNCHANGED
    or SKIPPED.

    body: its fields as they are written to the file at `path`; before: the fields of what it replaces.
    """

    entry: Newcomer
    target: str
    action: str
    path: str = ""
    body: Mapping[str, Any] = field(default_factory=dict, repr=False)
    before: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def is_written(self) -> bool:
        return self.action in (ADDED, REPLACED)

    @property
    def item(self) -> dict[str, Any]:
        """What stands in the file."""
        kind = self.entry.kind
        rest = {key: value for key, value in self.entry.item.items() if key != kind}
        return {kind: self.body, **rest, "name": self.target}


def plan_import(view: View, target: str, sources: Sequence[Source], wishes: Wishes) -> list[Step]:
    """What becomes of each entry of the sources, in their order.

    target: the file for what is added. Raises NotFound for a pattern or an old name that no source has;
    Refused when a context refers to what its own source does not have, and for contexts whose names are
    taken, if they may not be.
    """
    contexts = [each for source in sources for each in source.sections["contexts"].values()]
    names = {each.name: None for each in contexts}
    for old in wishes.renames:
        if old not in names:
            hint = did_you_mean(old, names, "contexts there are")
            raise NotFound(f'no context to import has the name: "{old}"', hint)
    chosen = set(matching(wishes.only, names) if wishes.only else names)
    contexts = [each for each in contexts if each.name in chosen]
    _check_references(contexts)
    return _Planner(view, target, wishes).steps(sources, contexts)


def _check_references(contexts: Iterable[Newcomer]) -> None:
    problems = [problem for each in contexts for problem in each.dangling]
    if problems:
        # What a file of ours has under that name is something else.
        raise Refused(
            "nothing was imported: what a context refers to is missing",
            "leave such contexts out with --only PATTERN, or mend them with: kubectl ctx-set",
            problems,
        )


class _Planner:
    """Contexts first, as it depends on them which clusters and users are needed, and which are free to go."""

    def __init__(self, view: View, target: str, wishes: Wishes) -> None:
        self._here = Holdings(view)
        self._target = target
        self._wishes = wishes
        self._conflicts: list[tuple[str, Newcomer]] = []
        self._replaced: set[str] = set()

    def steps(self, sources: Iterable[Source], contexts: Iterable[Newcomer]) -> list[Step]:
        decided = [(each, *self._decided(each)) for each in contexts]
        if self._conflicts:
            raise self._refusal()
        steps = []
        for source in sources:
            mine = [(each, target, action) for each, target, action in decided if each.source is source]
            going = [each for each, _, action in mine if action in (ADDED, REPLACED)]
            others = [self._other(each) for each in self._needed(source, going)]
            targets = {(step.entry.kind, step.entry.name): step.target for step in others}
            steps += [self._context(*each, targets) for each in mine] + others
        return steps

    def _decided(self, entry: Newcomer) -> tuple[str, str]:
        """The name that a context gets, and what becomes of it."""
        wanted = self._wishes.renames.get(entry.name, self._wishes.prefix + entry.name)
        target, action = self._choice(entry, wanted)
        if action == REPLACED:
            self._replaced.add(target)
        if action != SKIPPED:
            self._here.claim("contexts", target, entry.content)
        return target, action

    def _choice(self, entry: Newcomer, wanted: str) -> tuple[str, str]:
        policy = self._wishes.on_conflict
        if policy == RENAME:
            target, is_free = self._here.room_for("contexts", wanted, entry.content)
            return target, ADDED if is_free else UNCHANGED
        if not self._here.has("contexts", wanted):
            return wanted, ADDED
        if self._here.content("contexts", wanted) == entry.content:
            return wanted, UNCHANGED
        if policy == REPLACE and not self._here.is_claimed("contexts", wanted):
            return wanted, REPLACED
        if policy != SKIP:
            self._conflicts.append((wanted, entry))
        return wanted, SKIPPED

    def _needed(self, source: Source, going: Iterable[Newcomer]) -> list[Newcomer]:
        """The clusters and users that come: those of the contexts that go in, and those that belong to no
        context, unless contexts were chosen."""
        wanted = {other for each in going for other in each.others}
        owned = {other for each in source.sections["contexts"].values() for other in each.others}
        all_others = [each for section in REFERENCES.values() for each in source.sections[section].values()]
        return [each for each in all_others if each in wanted or not (self._wishes.only or each in owned)]

    def _other(self, entry: Newcomer) -> Step:
        """A cluster or a user."""
        section, wanted = entry.section, self._wishes.prefix + entry.name
        target, is_free = self._here.room_for(section, wanted, entry.content, self._replaced)
        self._here.claim(section, target, entry.content)
        if not is_free:
            return Step(entry, target, UNCHANGED)
        old = self._here.entry(section, target)
        path = old.path if old else self._target
        body = moved(entry.body, entry.source.folder, folder_of(path))
        return Step(entry, target, REPLACED if old else ADDED, path, body, old.body if old else {})

    def _context(
        self, entry: Newcomer, target: str, action: str, targets: Mapping[tuple[str, str], str]
    ) -> Step:
        if action not in (ADDED, REPLACED):
            return Step(entry, target, action)
        body = {**entry.body, **{kind: targets[kind, name] for kind, name in entry.references.items()}}
        old = self._here.entry("contexts", target) if action == REPLACED else None
        return Step(entry, target, action, old.path if old else self._target, body, old.body if old else {})

    def _refusal(self) -> Refused:
        problems = [
            f'context "{name}" of {entry.source.name}: {self._here.whereabouts("contexts", name)} has another'
            for name, entry in self._conflicts
        ]
        return Refused(
            f"nothing was imported: {_count(problems)} taken by another context",
            "--prefix and --rename give other names, --on-conflict=rename free ones (NAME-2), "
            "--on-conflict=replace takes the place, --on-conflict=skip leaves such contexts out",
            problems,
        )


def _count(names: Collection[str]) -> str:
    return "a name is" if len(names) == 1 else f"{len(names)} names are"
