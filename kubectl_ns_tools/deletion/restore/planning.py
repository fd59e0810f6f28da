"""The plan of a restore: the archive beside the cluster. Nothing in here writes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.discovery import Discovery, discover
from kubectl_ns_tools.cluster.errors import ApiNotFound
from kubectl_ns_tools.cluster.namespaces import get_namespace
from kubectl_ns_tools.cluster.parallel import in_parallel
from kubectl_ns_tools.deletion.backup.archive import Archive
from kubectl_ns_tools.deletion.backup.contents import Entry
from kubectl_ns_tools.deletion.inventory import WORKERS, take_inventory
from kubectl_ns_tools.deletion.restore import ownership
from kubectl_ns_tools.deletion.restore.choosing import Choice, choose
from kubectl_ns_tools.deletion.restore.live import Live
from kubectl_ns_tools.deletion.restore.manifests import checked_namespace
from kubectl_ns_tools.deletion.restore.merging import Merge, merge
from kubectl_ns_tools.deletion.restore.moving import moved_namespace
from kubectl_ns_tools.deletion.restore.plan import Action, RestorePlan, Step
from kubectl_ns_tools.deletion.restore.rights import refuse_forbidden
from kubectl_ns_tools.deletion.restore.weighing import Scales
from kubectl_ns_tools.errors import Refused

BATCH = 64  # manifests in memory at a time


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person wants. name: of the namespace, "" for the old one; only, excepted: see choosing.py."""

    name: str = ""
    only: Sequence[str] = ()
    excepted: Sequence[str] = ()
    run_finished_jobs: bool = False


def plan_restore(connection: Connection, archive: Archive, wish: Wish) -> RestorePlan:
    """Raises Refused for a namespace that is being deleted, for an archive that has what no backup can have,
    and for what the person may not create; NotFound for an object that the archive does not have."""
    discovery = discover(connection)
    choice = choose(archive.index.entries, discovery, wish.only, wish.excepted)
    name = wish.name or archive.head.namespace
    namespace = _namespace(connection, name)
    inventory = take_inventory(connection, name, discovery=discovery) if namespace else None
    live = Live.of(inventory)
    scales = Scales(connection, archive, discovery, name, live)
    saved = archive.namespace()
    checked_namespace(archive.head.namespace, saved, archive.path)
    manifest = moved_namespace(saved, name)
    # whoever wants a few objects only does not expect changes of the namespace around them
    merged = merge(manifest, namespace) if namespace and choice.whole else Merge()
    scales.keep(f"namespace/{name}", merged.kept)
    steps = tuple(sorted(_steps(archive, wish, discovery, choice, scales), key=lambda step: step.level))
    plan = RestorePlan(
        path=archive.path,
        head=archive.head,
        namespace=name,
        manifest=manifest,
        live=namespace,
        patch=merged.patch,
        steps=steps,
        others=live.others(archive.index.entries),
        lost=tuple(sorted(scales.lost)),
        notes=tuple(sorted(scales.notes)),
    )
    refuse_forbidden(connection, plan)
    return plan


def _namespace(connection: Connection, name: str) -> Mapping[str, Any] | None:
    try:
        live = get_namespace(connection, name)
    except ApiNotFound:
        return None
    if live["metadata"].get("deletionTimestamp"):
        raise Refused(
            f'namespace "{name}" is being deleted, nothing can be restored into it',
            f"kubectl ns-status {name} shows what holds it; restore when it is gone, or with --as NEWNAME",
        )
    return live


def _steps(
    archive: Archive, wish: Wish, discovery: Discovery, choice: Choice, scales: Scales
) -> Iterator[Step]:
    """First what the index alone decides, then the rest by the manifests."""
    wanted: dict[str, Entry] = {}
    skipped: list[Step] = []
    for entry in choice.entries:
        reason = _left_out(entry, wish, choice) or _unserved(entry, discovery)
        if reason:
            skipped.append(Step(entry, Action.SKIP, reason))
        else:
            wanted[entry.member] = entry
    yield from ownership.explained(skipped, wanted.values(), archive.index.entries)
    manifests = archive.manifests(lambda entry: entry.member in wanted)
    while batch := list(islice(manifests, BATCH)):
        yield from in_parallel(scales.step, batch, workers=WORKERS)


def _left_out(entry: Entry, wish: Wish, choice: Choice) -> str:
    """Why the backup itself does not have it made again, "" where it does, or the person insists."""
    if entry.restore:
        return ""
    if entry.owners:
        return "" if entry.member in choice.named else entry.reason
    return "" if wish.run_finished_jobs and entry.resource == "jobs.batch" else entry.reason


def _unserved(entry: Entry, discovery: Discovery) -> str:
    """Why it cannot be made on this cluster, "" where it can."""
    served = [
        resource.version
        for resource in discovery.resources
        if (resource.group_resource, resource.kind) == (entry.resource, entry.kind)
    ]
    version = entry.api_version.rpartition("/")[2]
    if version in served:
        return ""
    for broken in discovery.broken:
        if broken.group_version == entry.api_version:
            return f"the cluster cannot serve it at present ({broken})"
    hint = f"it has {', '.join(served)}" if served else "install its CRD first"
    return f"the cluster does not serve {entry.resource}/{version} ({hint})"
