"""Everything of a namespace that can be created again, into an archive."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kubectl_ns_tools import __version__
from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.discovery import Discovery, Resource
from kubectl_ns_tools.cluster.lists import iterate_objects
from kubectl_ns_tools.cluster.namespaces import get_namespace
from kubectl_ns_tools.deletion.backup.bound import BoundVolumes
from kubectl_ns_tools.deletion.backup.cleaning import clean
from kubectl_ns_tools.deletion.backup.contents import Entry, Head, Index, Skipped, Volume
from kubectl_ns_tools.deletion.backup.shelf import file_part
from kubectl_ns_tools.deletion.backup.verdict import Surroundings, Verdict, verdict_on, verdict_on_kind
from kubectl_ns_tools.deletion.backup.writing import ArchiveWriter, new_archive
from kubectl_ns_tools.deletion.inventory import Gap, Inventory, Reason
from kubectl_ns_tools.deletion.items import Item, Reader
from kubectl_ns_tools.errors import NotFound, NsToolsError, Refused

# Objects in full, some of them large (a Secret of Helm has up to 1 MB): a page is all that is in memory.
_PAGE = 200
_CLUSTERS_OWN = "kube-system"


@dataclass(frozen=True, slots=True)
class Saved:
    """How many objects of a kind are in the archive; kept_only: how many of them a restore leaves out, by
    reason."""

    resource: str
    number: int
    kept_only: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class BackupResult:
    """path: the archive, complete and verified. counts: what is in it, by kind. skipped: what is not in it,
    on purpose. gaps: what could not be seen. volumes: those of the claims, whose data are nowhere in it."""

    path: str
    bytes: int
    head: Head
    counts: tuple[Saved, ...]
    skipped: tuple[Skipped, ...]
    gaps: tuple[Gap, ...]
    volumes: tuple[Volume, ...]

    @property
    def objects(self) -> int:
        return sum(saved.number for saved in self.counts)


def save_namespace(
    connection: Connection,
    namespace: Mapping[str, Any],
    inventory: Inventory,
    discovery: Discovery,
    folder: str,
    *,
    context: str,
    now: datetime,
    tell: Callable[[str], None] = lambda kind: None,
) -> BackupResult:
    """namespace: the Namespace object; folder: where the archive goes, made if it is not there; tell: is told
    the kind that is being read, for a status line.

    Raises NsToolsError when something that is in the inventory could not be read to its end, when the archive
    could not be written, or when the namespace was replaced meanwhile; no file is left then, nor after
    Ctrl-C. For that, call it in the main thread, where interruptions arrive.
    """
    head = _head(connection, namespace, context, now)
    with new_archive(folder, head) as writer:
        writer.namespace(clean({"apiVersion": "v1", "kind": "Namespace", **namespace}))
        work = _Work(
            connection, head.namespace, writer, Surroundings.of(inventory.items, discovery), discovery
        )
        for resource, number in _kinds(inventory):
            tell(resource.group_resource)
            work.save_kind(resource, number)
        _refuse_another(connection, head)
        # what was only not counted exactly was read to its end here
        index = work.index(tuple(gap for gap in inventory.gaps if gap.reason is not Reason.INCONSISTENT))
        size = writer.finish(index)
    return BackupResult(
        writer.path, size, head, tuple(_saved(index)), index.skipped, index.gaps, index.volumes
    )


def _head(connection: Connection, namespace: Mapping[str, Any], context: str, now: datetime) -> Head:
    try:
        cluster = str(get_namespace(connection, _CLUSTERS_OWN)["metadata"]["uid"])
    except NsToolsError:  # no right to; the server's address has to do
        cluster = ""
    metadata = namespace["metadata"]
    time = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    return Head(metadata["name"], metadata["uid"], connection.server, context, cluster, time, __version__)


def _kinds(inventory: Inventory) -> list[tuple[Resource, int]]:
    """Services first: what they select decides which endpoints are somebody's own."""
    counts = [(count.resource, count.number) for count in inventory.counts()]
    return sorted(counts, key=lambda count: count[0].group_resource != "services")


def _refuse_another(connection: Connection, head: Head) -> None:
    """What was read must be of one namespace, and of one that is still there."""
    try:
        uid = get_namespace(connection, head.namespace)["metadata"]["uid"]
    except NotFound as error:
        raise Refused(f'namespace "{head.namespace}" went while it was saved; there is no backup') from error
    if uid != head.uid:
        raise Refused(
            f'namespace "{head.namespace}" was deleted and re-created while it was saved; there is no backup',
            "begin again",
        )


def _saved(index: Index) -> Iterator[Saved]:
    kept = Counter((entry.resource, entry.reason) for entry in index.entries if not entry.restore)
    for resource, number in index.counts().items():
        kept_only = tuple((reason, few) for (each, reason), few in kept.items() if each == resource)
        yield Saved(resource, number, kept_only)


@dataclass
class _Work:
    """One namespace on its way into an archive."""

    connection: Connection
    namespace: str
    writer: ArchiveWriter
    around: Surroundings
    discovery: Discovery
    entries: list[Entry] = field(default_factory=list)
    skipped: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.bound = BoundVolumes(self.connection, self.namespace, self.writer)

    def save_kind(self, resource: Resource, number: int) -> None:
        """number: how many there were; of a kind that is skipped as a whole, no object is read."""
        on_kind = verdict_on_kind(resource)
        if not on_kind.saved:
            self.skipped[resource.group_resource, on_kind.reason] += number
            return
        resource = _richest(resource, self.discovery)
        objects = iterate_objects(self.connection, resource, self.namespace, limit=_PAGE)
        if resource.group_resource == "persistentvolumeclaims":
            objects = self.bound.met(objects)
        reader = Reader(resource)
        for obj in objects:
            self._save(obj, reader.item(obj))

    def index(self, gaps: tuple[Gap, ...]) -> Index:
        skipped = tuple(Skipped(*which, number) for which, number in sorted(self.skipped.items()))
        return Index(tuple(self.entries), tuple(self.bound.volumes), skipped, (*gaps, *self.bound.gaps))

    def _save(self, obj: Mapping[str, Any], item: Item) -> None:
        self.around.meet(obj)
        kind = item.resource.group_resource
        verdict = verdict_on(obj, item.resource, self.around)
        if not verdict.saved:
            self.skipped[kind, verdict.reason] += 1
            return
        manifest = clean(obj, retained=self.bound.retained)
        if written := self.writer.add(f"objects/{file_part(kind)}", item.name, manifest):
            self.entries.append(_entry(item, verdict, *written))


def _entry(item: Item, verdict: Verdict, member: str, digest: str) -> Entry:
    kind = item.resource
    return Entry(
        member, kind.api_version, kind.kind, kind.group_resource, item.name, item.uid, item.owners,
        verdict.restore, verdict.reason, digest,
    )  # fmt: skip


def _richest(resource: Resource, discovery: Discovery) -> Resource:
    """autoscaling/v1 has most of an autoscaler in annotations; older servers prefer it all the same."""
    if resource.group_resource != "horizontalpodautoscalers.autoscaling":
        return resource
    served = {each.version: each for each in discovery.resources if each.name == resource.name}
    return next((served[version] for version in ("v2", "v2beta2") if version in served), resource)
