"""The PersistentVolumes of a namespace's claims, met claim by claim and written into the archive."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiForbidden, ApiNotFound
from kubectl_ns_tools.cluster.objects import get_object
from kubectl_ns_tools.cluster.parallel import in_parallel
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.deletion.backup.cleaning import clean
from kubectl_ns_tools.deletion.backup.contents import Volume
from kubectl_ns_tools.deletion.backup.kinds.volumes import RETAIN
from kubectl_ns_tools.deletion.backup.writing import ArchiveWriter
from kubectl_ns_tools.deletion.inventory import WORKERS, Gap, Reason

_VOLUMES = Resource("", "v1", "persistentvolumes", "PersistentVolume", False)
_AT_ONCE = 64


class BoundVolumes:
    """volumes: those found so far. retained: the names of those that stay when their claims go. gaps: one,
    where they may not be read; claims are then saved without their volumes."""

    def __init__(self, connection: Connection, namespace: str, writer: ArchiveWriter) -> None:
        self.volumes: list[Volume] = []
        self.retained: set[str] = set()
        self.gaps: list[Gap] = []
        self._connection = connection
        self._namespace = namespace
        self._writer = writer

    def met(self, claims: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The claims once more, each after its volume was read."""
        waiting = iter(claims)
        while some := list(islice(waiting, _AT_ONCE)):
            for found in in_parallel(self._read, some, workers=WORKERS):
                if isinstance(found, Gap):
                    self.gaps = [found]
                elif found:
                    self._save(found)
            yield from some

    def _read(self, claim: Mapping[str, Any]) -> dict[str, Any] | Gap | None:
        """The volume, if it is really the claim's: a claim may name one that another has."""
        name = (claim.get("spec") or {}).get("volumeName")
        if not name:
            return None
        try:
            volume = get_object(self._connection, _VOLUMES, name)
        except ApiNotFound:
            return None
        except ApiForbidden as error:
            return Gap(_VOLUMES.name, Reason.FORBIDDEN, error.message, deletable=False)
        reference = (volume.get("spec") or {}).get("claimRef") or {}
        return volume if reference.get("uid") == claim["metadata"]["uid"] else None

    def _save(self, volume: Mapping[str, Any]) -> None:
        metadata, spec = volume["metadata"], volume["spec"]
        policy, claim = str(spec.get("persistentVolumeReclaimPolicy")), str(spec["claimRef"]["name"])
        if policy == RETAIN:
            self.retained.add(metadata["name"])
        manifest = clean({**volume, "apiVersion": _VOLUMES.api_version, "kind": _VOLUMES.kind})
        if written := self._writer.add("volumes", metadata["name"], manifest):
            member, digest = written
            found = Volume(member, metadata["name"], metadata["uid"], claim, policy, digest)
            self.volumes.append(found)
