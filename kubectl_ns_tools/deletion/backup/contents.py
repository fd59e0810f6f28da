"""What an archive says of itself: its head, which comes first, and its index, which comes last. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from kubectl_ns_tools.deletion.inventory import Gap, Reason
from kubectl_ns_tools.deletion.items import Owner

FORMAT = "kubectl-ns-tools/v1"
HEAD_KIND, INDEX_KIND = "NamespaceBackup", "NamespaceBackupIndex"
HEAD, NAMESPACE, INDEX = "backup.json", "namespace.yaml", "index.json"


@dataclass(frozen=True, slots=True)
class Head:
    """Of which namespace the backup is, and where and when it was made.

    cluster: the uid of the namespace kube-system, "" where it could not be read; time: RFC 3339, UTC;
    version: of this program.
    """

    namespace: str
    uid: str
    server: str
    context: str
    cluster: str
    time: str
    version: str

    def data(self) -> dict[str, Any]:
        return {
            "apiVersion": FORMAT,
            "kind": HEAD_KIND,
            "namespace": {"name": self.namespace, "uid": self.uid},
            "server": self.server,
            "context": self.context,
            "cluster": self.cluster or None,
            "time": self.time,
            "toolVersion": self.version,
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Head":
        space = data["namespace"]
        texts = (space["name"], space["uid"], data["server"], data["context"], data["cluster"] or "",
                 data["time"], data["toolVersion"])  # fmt: skip
        return cls(*map(str, texts))


class Entry(NamedTuple):
    """One saved object. A NamedTuple, as there may be 100,000 of them.

    member: its file in the archive; resource: `deployments.apps`; owners: as it had them, its manifest has
    none. restore: whether a restore makes it again; reason: why not, or what to know of it, else "".
    """

    member: str
    api_version: str
    kind: str
    resource: str
    name: str
    uid: str
    owners: tuple[Owner, ...]
    restore: bool
    reason: str
    sha256: str

    def data(self) -> dict[str, Any]:
        return {
            "member": self.member,
            "apiVersion": self.api_version,
            "kind": self.kind,
            "resource": self.resource,
            "name": self.name,
            "uid": self.uid,
            "owners": [
                {"kind": owner.kind, "name": owner.name, "uid": owner.uid, "controller": owner.controller}
                for owner in self.owners
            ],
            "restore": self.restore,
            "reason": self.reason,
            "sha256": self.sha256,
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Entry":
        return cls(
            member=str(data["member"]),
            api_version=str(data["apiVersion"]),
            kind=str(data["kind"]),
            resource=str(data["resource"]),
            name=str(data["name"]),
            uid=str(data["uid"]),
            owners=tuple(
                Owner(str(each["kind"]), str(each["name"]), str(each["uid"]), bool(each["controller"]))
                for each in data["owners"]
            ),
            restore=bool(data["restore"]),
            reason=str(data["reason"]),
            sha256=str(data["sha256"]),
        )


class Volume(NamedTuple):
    """A PersistentVolume that was bound to a claim of the namespace; its data are not in the backup.

    claim: the PersistentVolumeClaim's name. policy: "Delete" or "Retain" at the time of the backup. Only a
    claim on a retained volume keeps its spec.volumeName; where the volume is retained later on, the pair
    claim and name tells what belonged together.
    """

    member: str
    name: str
    uid: str
    claim: str
    policy: str
    sha256: str

    def data(self) -> dict[str, Any]:
        return {
            "member": self.member,
            "name": self.name,
            "uid": self.uid,
            "claim": self.claim,
            "reclaimPolicy": self.policy,
            "sha256": self.sha256,
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Volume":
        names = ("member", "name", "uid", "claim", "reclaimPolicy", "sha256")
        return cls(*(str(data[name]) for name in names))


class Skipped(NamedTuple):
    """How many objects of a kind are not in the archive, for one reason."""

    resource: str
    reason: str
    number: int

    def data(self) -> dict[str, Any]:
        return {"resource": self.resource, "reason": self.reason, "count": self.number}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Skipped":
        return cls(str(data["resource"]), str(data["reason"]), int(data["count"]))


@dataclass(frozen=True, slots=True)
class Index:
    """What is in the archive, and what is not: skipped on purpose, or not visible (gaps).

    digests: the sha256 of the head and of the namespace's manifest; entries and volumes have theirs.
    """

    entries: tuple[Entry, ...]
    volumes: tuple[Volume, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    gaps: tuple[Gap, ...] = ()
    digests: tuple[tuple[str, str], ...] = ()

    def counts(self) -> dict[str, int]:
        """The number of saved objects by kind, in alphabetical order."""
        numbers: dict[str, int] = {}
        for entry in self.entries:
            numbers[entry.resource] = numbers.get(entry.resource, 0) + 1
        return dict(sorted(numbers.items()))

    def members(self) -> Iterator[tuple[str, str]]:
        """(member, sha256) of everything but the index itself."""
        yield from self.digests
        yield from ((entry.member, entry.sha256) for entry in self.entries)
        yield from ((volume.member, volume.sha256) for volume in self.volumes)

    def data(self) -> dict[str, Any]:
        return {
            "apiVersion": FORMAT,
            "kind": INDEX_KIND,
            "counts": [{"resource": name, "count": number} for name, number in self.counts().items()],
            "objects": [entry.data() for entry in self.entries],
            "volumes": [volume.data() for volume in self.volumes],
            "skipped": [skipped.data() for skipped in self.skipped],
            "gaps": list(map(_gap_data, self.gaps)),
            "digests": dict(self.digests),
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Index":
        return cls(
            entries=tuple(map(Entry.of, data["objects"])),
            volumes=tuple(map(Volume.of, data["volumes"])),
            skipped=tuple(map(Skipped.of, data["skipped"])),
            gaps=tuple(_gaps(data["gaps"])),
            digests=tuple((str(name), str(digest)) for name, digest in data["digests"].items()),
        )


def _gap_data(gap: Gap) -> dict[str, Any]:
    return {
        "what": gap.what,
        "reason": gap.reason.value,
        "message": gap.message,
        "deletedWithNamespace": gap.deletable,
    }


def _gaps(found: Iterable[Mapping[str, Any]]) -> Iterator[Gap]:
    for data in found:
        deletable = bool(data["deletedWithNamespace"])
        yield Gap(str(data["what"]), Reason(data["reason"]), str(data["message"]), deletable)
