"""What applying a plan to a namespace that exists would change, by the server's own dry run.

The server merges, fills in defaults and writes quantities its way; so `1000m` is no change where `1` is.
"""

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.cluster.errors import ApiConflict, ApiError, ApiNotFound
from kubectl_ns_tools.cluster.objects import apply_object, get_object
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.planning.check import ServedKinds
from kubectl_ns_tools.templates.sending import as_sent
from kubectl_ns_tools.templates.update.fields import value_at

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

_MANAGER = re.compile(r'conflict with "(.*?)"')
_SERVERS_OWN = ("managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink")
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"  # has the values of a Secret in it


@dataclass(frozen=True)
class Conflict:
    """A field that another manager has set to something else; live, wanted: its values, or fields.MISSING."""

    field: str
    manager: str
    live: Any
    wanted: Any


@dataclass(frozen=True)
class Change:
    """One object. data: as it is to be sent; before: as it is, None when it is not there; after: as it would
    be; both without what is the server's own. unchecked: why the server could not be asked, else "".

    forced: whether the server saw only conflicts about different spellings of the same value.
    """

    manifest: Manifest
    data: Mapping[str, Any]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]
    uid: str = ""
    conflicts: tuple[Conflict, ...] = ()
    forced: bool = False
    unchecked: str = ""

    @property
    def is_new(self) -> bool:
        return self.before is None

    @property
    def differs(self) -> bool:
        """Whether something would be changed, as far as that is known."""
        return self.before != self.after and not (self.unchecked and self.before is not None)

    @property
    def is_due(self) -> bool:
        """Whether it is to be sent."""
        return self.differs or bool(self.unchecked)


def live_of(connection: "Connection", manifest: Manifest, kinds: ServedKinds) -> dict[str, Any] | None:
    """The object as it is, None when it is not there."""
    if kinds.is_new(manifest):
        return None
    try:
        return get_object(connection, kinds.resource(manifest), manifest.name, manifest.namespace or None)
    except ApiNotFound:
        return None


def change_of(
    connection: "Connection", manifest: Manifest, live: Mapping[str, Any] | None, kinds: ServedKinds
) -> Change:
    """What applying the object would change. Raises the ApiError with which the server refuses it."""
    resource, data = kinds.resource(manifest), as_sent(manifest.data)
    if kinds.is_new(manifest):
        return Change(manifest, data, None, shown(data), unchecked="its kind is not served yet")
    uid = str(live["metadata"]["uid"]) if live else ""
    before = shown(live) if live else None
    rehearse = functools.partial(apply_object, connection, resource, data, dry_run=True)
    causes: Sequence[Mapping[str, Any]] = ()
    try:
        after = rehearse().object
    except ApiConflict as error:
        causes = [cause for cause in error.causes if cause.get("reason") == "FieldManagerConflict"]
        if not causes:
            raise
        after = rehearse(force=True).object
    except ApiError as error:
        if error.status == 400 and "does not support dry run" in error.message:
            why = "a webhook does not support dry runs"
            return Change(manifest, data, before, shown(data), uid, unchecked=why)
        raise
    conflicts = tuple(_conflicts(causes, live or {}, after))
    forced = bool(causes) and not conflicts
    return Change(manifest, data, before, shown(after), uid, conflicts, forced)


def shown(live: Mapping[str, Any]) -> dict[str, Any]:
    """An object without what is the server's own: its status, the bookkeeping."""
    metadata = {key: value for key, value in live["metadata"].items() if key not in _SERVERS_OWN}
    annotations = {
        key: value for key, value in (metadata.pop("annotations", None) or {}).items() if key != _LAST_APPLIED
    }
    if annotations:
        metadata["annotations"] = annotations
    return {key: value for key, value in {**live, "metadata": metadata}.items() if key != "status"}


def _conflicts(
    causes: Sequence[Mapping[str, Any]], live: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Conflict]:
    """The conflicts about values that differ: `1000m` is `1`, whoever wrote it."""
    found = []
    for cause in causes:
        field = str(cause.get("field") or "")
        is_now, would_be = value_at(live, field), value_at(after, field)
        if is_now != would_be:
            manager = _MANAGER.search(str(cause.get("message") or ""))
            found.append(Conflict(field, manager[1] if manager else "somebody", is_now, would_be))
    return found
