"""`--retain-volumes`: the volumes behind a namespace's claims outlive it.

    find_volumes(connection, plan) -> RetainPlan           looks only; Refused without the rights to look
    retain(connection, retain_plan, dry_run=False) -> Retained
        sets all to Retain and looks again. Any failure: NsToolsError, whose problems say what was changed
        until then and how to undo it; nothing may be deleted then.

A volume whose policy is Delete is destroyed with its claim; one that is Retain stays, Released, with its data
(kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaiming).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from shlex import quote
from typing import Any

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.discovery import Resource
from kubectl_ns_tools.cluster.errors import ApiConflict, ApiForbidden, ApiNotFound, ApiUnauthorized
from kubectl_ns_tools.cluster.lists import list_objects
from kubectl_ns_tools.cluster.objects import get_object
from kubectl_ns_tools.cluster.parallel import in_parallel
from kubectl_ns_tools.deletion.inventory import WORKERS
from kubectl_ns_tools.deletion.measures.stopping import stopped
from kubectl_ns_tools.deletion.plan import DeletionPlan
from kubectl_ns_tools.errors import NsToolsError, Refused, Unreachable

_CLAIMS = Resource("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", True)
_VOLUMES = Resource("", "v1", "persistentvolumes", "PersistentVolume", False)
_RETAIN = "Retain"
_ATTEMPTS = 3  # the volume's controllers write to it too


@dataclass(frozen=True, slots=True)
class Volume:
    """A PersistentVolume and the claim it is bound to. policy: `Delete`, `Recycle`, `Retain`."""

    name: str
    uid: str
    claim: str
    claim_uid: str
    policy: str

    @property
    def undo(self) -> str:
        """The command that sets the policy back."""
        patch = f'{{"spec":{{"persistentVolumeReclaimPolicy":"{self.policy}"}}}}'
        return f"kubectl patch persistentvolume {quote(self.name)} -p {quote(patch)}"


@dataclass(frozen=True, slots=True)
class RetainPlan:
    """volumes: those that are to be changed. kept: those that are Retain already. notes: the claims that have
    no volume."""

    namespace: str
    volumes: tuple[Volume, ...]
    kept: tuple[Volume, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retained:
    """What was changed, with the policies from before."""

    volumes: tuple[Volume, ...]

    @property
    def undo(self) -> tuple[str, ...]:
        return tuple(volume.undo for volume in self.volumes)


def find_volumes(connection: Connection, plan: DeletionPlan) -> RetainPlan:
    """The volumes that are bound to the claims of the plan's namespace, as they are now."""
    return _look(connection, plan.namespace)


def _look(connection: Connection, namespace: str) -> RetainPlan:
    try:
        claims = list(list_objects(connection, _CLAIMS, namespace))
        found = in_parallel(lambda claim: _volume_of(connection, claim), claims, workers=WORKERS)
    except ApiForbidden as error:
        raise Refused(
            f"the volumes cannot be retained, as they cannot be seen: {error.message}",
            "--retain-volumes needs list on persistentvolumeclaims, get and patch on persistentvolumes",
        ) from error
    volumes = [volume for volume in found if volume]
    return RetainPlan(
        namespace,
        volumes=tuple(volume for volume in volumes if volume.policy != _RETAIN),
        kept=tuple(volume for volume in volumes if volume.policy == _RETAIN),
        notes=tuple(
            f"claim {claim['metadata']['name']} has no volume"
            for claim, volume in zip(claims, found, strict=True)
            if not volume
        ),
    )


def retain(connection: Connection, plan: RetainPlan, *, dry_run: bool = False) -> Retained:
    """Sets the volumes of the plan to Retain, one after the other, and looks whether they are.

    Stops at the first failure. A dry run asks admission only.
    """
    changed: list[Volume] = []
    for volume in plan.volumes:
        try:
            if _retain(connection, volume, dry_run) and not dry_run:
                changed.append(volume)
        except NsToolsError as error:
            raise stopped(error, f'volume "{volume.name}" is not retained', _done(changed)) from None
    if not dry_run:
        _verify(connection, plan, changed)
    return Retained(tuple(changed))


def _volume_of(connection: Connection, claim: Mapping[str, Any]) -> Volume | None:
    """None for a claim without a volume, and for one that names somebody else's."""
    name = (claim.get("spec") or {}).get("volumeName")
    if not name:
        return None
    try:
        volume = _read(get_object(connection, _VOLUMES, name))
    except ApiNotFound:
        return None
    return volume if volume.claim_uid == claim["metadata"]["uid"] else None


def _read(obj: Mapping[str, Any]) -> Volume:
    spec, metadata = obj["spec"], obj["metadata"]
    claim = spec.get("claimRef") or {}
    return Volume(
        name=metadata["name"],
        uid=metadata["uid"],
        claim=str(claim.get("name", "")),
        claim_uid=str(claim.get("uid", "")),
        # the server fills it in (SetDefaults_PersistentVolume)
        policy=str(spec.get("persistentVolumeReclaimPolicy", _RETAIN)),
    )


def _retain(connection: Connection, volume: Volume, dry_run: bool) -> bool:
    """Whether it was we who changed it; a conflict or a lost answer is looked at again."""
    attempts = _ATTEMPTS
    while True:
        live = get_object(connection, _VOLUMES, volume.name)
        now = _read(live)
        if (now.uid, now.claim_uid) != (volume.uid, volume.claim_uid):
            raise Refused("it is another volume now, or bound to another claim", "look again, then decide")
        if now.policy == _RETAIN:
            return attempts < _ATTEMPTS
        attempts -= 1
        try:
            _patch(connection, live, dry_run)
            return True
        except ApiUnauthorized:
            raise
        except (ApiConflict, Unreachable):
            if not attempts:
                raise


def _patch(connection: Connection, live: Mapping[str, Any], dry_run: bool) -> None:
    """The resourceVersion makes it a conflict when anything was changed since it was read."""
    metadata = {key: live["metadata"][key] for key in ("uid", "resourceVersion")}
    connection.request(
        "PATCH",
        _VOLUMES.path(name=live["metadata"]["name"]),
        query={"dryRun": "All"} if dry_run else {},
        body={"metadata": metadata, "spec": {"persistentVolumeReclaimPolicy": _RETAIN}},
        content_type="application/merge-patch+json",
    )


def _verify(connection: Connection, plan: RetainPlan, changed: Iterable[Volume]) -> None:
    """Looks at all claims again: one may have been bound to a volume since the plan was made."""
    try:
        again = _look(connection, plan.namespace)
    except NsToolsError as error:
        raise stopped(error, "it is not certain that the volumes are retained", _done(changed)) from None
    if again.volumes:
        names = ", ".join(f"{volume.name} ({volume.policy})" for volume in again.volumes)
        found = Refused(f"these are not: {names}", "look again, then decide")
        raise stopped(found, "not all volumes are retained", _done(changed))


def _done(changed: Iterable[Volume]) -> Iterator[str]:
    for volume in changed:
        yield f'volume "{volume.name}" was set to Retain; back to {volume.policy}: {volume.undo}'
