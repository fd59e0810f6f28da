"""What is to be done about one object of the archive: its manifest beside what the cluster has."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.discovery import Discovery
from kubectl_ns_tools.cluster.errors import ApiForbidden, ApiNotFound
from kubectl_ns_tools.cluster.permissions import Access, is_allowed
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.deletion.backup.archive import Archive
from kubectl_ns_tools.deletion.backup.contents import Entry
from kubectl_ns_tools.deletion.restore.comparing import differences
from kubectl_ns_tools.deletion.restore.live import Live, cleaned, look_at_volume
from kubectl_ns_tools.deletion.restore.manifests import checked, refused
from kubectl_ns_tools.deletion.restore.merging import merge
from kubectl_ns_tools.deletion.restore.moving import mentions, moved
from kubectl_ns_tools.deletion.restore.order import level_of
from kubectl_ns_tools.deletion.restore.plan import Action, Note, Step, label_of, shortened
from kubectl_ns_tools.deletion.restore.volumes import Fate, freed, volume_of, with_volume

_CLAIMS = "persistentvolumeclaims"
_ACCOUNTS = ("default", "builder", "deployer")  # made in every namespace, the latter two by OpenShift


@dataclass
class Scales:
    """Used by several threads at a time. namespace: where to; lost, notes: see RestorePlan."""

    connection: Connection
    archive: Archive
    discovery: Discovery
    namespace: str
    live: Live
    lost: list[Note] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def step(self, pair: tuple[Entry, dict[str, Any]]) -> Step:
        """Of an object that is to be there afterwards. Raises Refused for one that no backup can have."""
        entry, manifest = pair
        resource = self._resource(entry)
        checked(entry, manifest, self.archive.path)
        wanted = moved(manifest, self._old, self.namespace)
        self._note_mentions(entry, wanted)
        step = Step(entry, Action.CREATE, "", resource, level_of(wanted))
        if (entry.resource, entry.name in _ACCOUNTS) == ("serviceaccounts", True):
            return self._merged(step, wanted)
        if self.live.has(entry):
            return self._compared(step, wanted)
        return self._created(step, wanted)

    def keep(self, label: str, paths: Sequence[str]) -> None:
        """Note what is not as in the backup, and stays so."""
        if paths:
            self.notes.append(Note(label, f"stays as it is in the cluster: {shortened(paths)}"))

    @property
    def _old(self) -> str:
        return self.archive.head.namespace

    def _resource(self, entry: Entry) -> Resource:
        resource = self.discovery.resource_for(entry.api_version, entry.kind)
        if not resource.namespaced or resource.group_resource != entry.resource:
            raise refused(self.archive.path, f"it has {label_of(entry)}, which is in no namespace")
        return resource

    def _note_mentions(self, entry: Entry, wanted: Mapping[str, Any]) -> None:
        if self.namespace == self._old:
            return
        paths = mentions(wanted, self._old)
        self.notes += [
            Note(label_of(entry), f"{path} may still mean namespace {self._old}") for path in paths
        ]

    def _compared(self, step: Step, wanted: Mapping[str, Any]) -> Step:
        try:
            live = self.connection.get(step.target.path(self.namespace, step.entry.name))
        except ApiNotFound:  # gone in the meantime
            return self._created(step, wanted)
        if live["metadata"].get("deletionTimestamp"):
            return self._created(step, wanted)  # it may be gone by then
        different = differences(wanted, cleaned(live, wanted))
        if different == ("spec.volumeName",) and step.entry.resource == _CLAIMS:
            self.lost.append(Note(step.label, f"persistentvolume/{volume_of(wanted)} is not its volume now"))
            different = ()
        if different:
            return step._replace(action=Action.SKIP, reason=f"exists and differs ({', '.join(different)})")
        return step._replace(action=Action.UNCHANGED)

    def _merged(self, step: Step, wanted: Mapping[str, Any]) -> Step:
        merging = step._replace(action=Action.MERGE)
        if not self.live.has(step.entry):
            return merging
        try:
            live = self.connection.get(step.target.path(self.namespace, step.entry.name))
        except ApiNotFound:
            return merging
        found = merge(wanted, live)
        self.keep(step.label, found.kept)
        return merging if found.patch else step._replace(action=Action.UNCHANGED)

    def _created(self, step: Step, wanted: Mapping[str, Any]) -> Step:
        """A claim, too, and whether it gets its volume back."""
        if step.entry.resource != _CLAIMS:
            return step
        volume = volume_of(wanted) or self._volume_before(step.entry.name)
        if not volume:
            return step
        try:
            found = look_at_volume(self.connection, volume, wanted, self._old)
        except ApiForbidden:
            return self._unseen(step, wanted, volume)
        if found.lost:
            self.lost.append(Note(step.label, found.lost))
        elif found.patch and not self._may_free:
            self.notes.append(Note(step.label, _ask_for_volume(volume, found.patch)))
            found = Fate(volume, {})
        return step._replace(fate=found)

    def _volume_before(self, claim: str) -> str:
        """The backup's own claim names its volume only where that was retained; it may be retained since."""
        found = (volume.name for volume in self.archive.index.volumes if volume.claim == claim)
        return next(found, "")

    def _unseen(self, step: Step, wanted: Mapping[str, Any], volume: str) -> Step:
        """A claim that says which volume it had waits for it, rather than begin with an empty one."""
        if volume_of(wanted):
            patch = freed(wanted["metadata"]["namespace"], step.entry.name)
            self.notes.append(Note(step.label, _ask_for_volume(volume, patch)))
        else:
            self.lost.append(Note(step.label, f"you may not look at persistentvolume/{volume}, which it had"))
        return step

    @cached_property
    def _may_free(self) -> bool:
        try:
            return is_allowed(self.connection, Access("patch", "", "persistentvolumes"))
        except ApiForbidden:
            return True  # the server will say so


def as_created(step: Step, manifest: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """What is sent for a step of the plan. manifest: of the archive; old, new: the namespaces."""
    wanted = moved(manifest, old, new)
    return with_volume(wanted, step.fate) if step.fate else wanted


def _ask_for_volume(volume: str, patch: Mapping[str, Any]) -> str:
    text = json.dumps({"spec": patch["spec"]}, separators=(",", ":"))
    command = f"kubectl patch persistentvolume {shlex.quote(volume)} --type merge -p {shlex.quote(text)}"
    return (
        f"it waits for persistentvolume/{volume}, which you may not change; if that is Released, "
        f"an administrator gives it back by: {command}"
    )
