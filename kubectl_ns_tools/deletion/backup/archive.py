"""The archive of one namespace, for reading. The format, in the order in which it is written and read:

    backup.json                               the Head
    namespace.yaml                            the Namespace
    objects/<resource.group>/<name>.yaml      the objects, cleaned, in no order to rely on
    volumes/<name>.yaml                       the PersistentVolumes of its claims, cleaned
    index.json                                the Index, with the sha256 of every other member

A gzipped tar file, NAME-YYYYMMDDTHHMMSSZ-<8 hex of the uid>.tar.gz, mode 0600. Unpacked by tar it is a
folder for `kubectl apply -R -f objects`. We never unpack it: members are read one by one, in memory.
"""

import gzip
import hashlib
import json
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import IO, Any, TypeVar

from kubectl_ns_tools.deletion.backup.contents import (
    FORMAT,
    HEAD,
    HEAD_KIND,
    INDEX,
    INDEX_KIND,
    NAMESPACE,
    Entry,
    Head,
    Index,
    Volume,
)
from kubectl_ns_tools.errors import NotFound, NsToolsError, Refused

__all__ = ["Archive", "Entry", "Head", "Index", "Volume"]

# What the writer makes: nothing that would leave the folder it is unpacked into, or surprise a shell there.
_SEGMENT = r"[A-Za-z0-9_%][A-Za-z0-9._:%@+=~-]*"
_MEMBER = re.compile(
    rf"(?:backup\.json|index\.json|namespace\.yaml|(?:objects/{_SEGMENT}|volumes)/{_SEGMENT}\.yaml)\Z"
)
# Objects are below 1.5 MB in etcd; as YAML, with every character escaped, six times that.
_LARGEST, _LARGEST_INDEX = 16 * 2**20, 2**30
Named = TypeVar("Named")


def _everything(entry: Entry) -> bool:
    return True


class Archive:
    """An archive that was read to its end and found whole; open until it is closed.

    with Archive.open(path) as archive:
        for entry, manifest in archive.manifests(lambda entry: entry.restore): ...
    """

    path: str
    head: Head
    index: Index

    def __init__(self, path: str, file: IO[bytes]) -> None:
        """file: the archive, open for reading; Archive.open is what callers use."""
        self.path = path
        self._file = file
        self.head, self.index = self._checked()

    @classmethod
    def open(cls, path: str) -> "Archive":
        """Reads every member and compares its sha256 with the index.

        Raises NotFound when there is no such file; Refused for what is no archive of ours, is cut off, was
        changed, has members with unsafe names, or was made by a newer version; NsToolsError when the file
        cannot be read.
        """
        try:
            file = open(path, "rb")  # noqa: SIM115  closed by close()
        except FileNotFoundError as error:
            raise NotFound(f"the backup {path} does not exist", "kubectl ns-restore --list") from error
        except OSError as error:
            raise NsToolsError(f"cannot read the backup {path}: {(error.strerror or '').lower()}") from error
        try:
            return cls(path, file)
        except BaseException:
            file.close()
            raise

    def namespace(self) -> dict[str, Any]:
        """The Namespace's manifest."""
        return next(self._parsed({NAMESPACE: NAMESPACE}))[1]

    def manifests(
        self, wanted: Callable[[Entry], bool] = _everything
    ) -> Iterator[tuple[Entry, dict[str, Any]]]:
        """The saved objects that are wanted, one after the other, in the archive's order.

        Each call reads the file from its beginning, so take one such iterator at a time; several calls
        (one per phase of a restore) are cheap beside the requests that they lead to.
        """
        return self._parsed({entry.member: entry for entry in self.index.entries if wanted(entry)})

    def volumes(self) -> Iterator[tuple[Volume, dict[str, Any]]]:
        """The PersistentVolumes that were bound to the namespace's claims."""
        return self._parsed({volume.member: volume for volume in self.index.volumes})

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _parsed(self, wanted: dict[str, Named]) -> Iterator[tuple[Named, dict[str, Any]]]:
        """wanted: what to call the members with these names. The file may have been written to since it was
        opened: each member is compared with the index once more."""
        if not wanted:
            return
        digests = dict(self.index.members())
        for name, data in self._members():
            if name in wanted:
                self._compare(name, data, digests[name])
                yield wanted[name], _manifest(data.decode(), f"{self.path}:{name}")

    def _checked(self) -> tuple[Head, Index]:
        """One pass over the whole file: the head first, the index last, the digests of all between."""
        head, index, found = None, None, dict[str, str]()
        for name, data in self._members():
            if (name == HEAD) != (head is None) or index is not None:
                raise self._refused(f"{name} is not in its place")
            if head is None:
                head = self._read(Head.of, HEAD_KIND, data)
            if name == INDEX:
                index = self._read(Index.of, INDEX_KIND, data)
            else:
                found[name] = hashlib.sha256(data).hexdigest()
        if head is None or index is None:
            raise self._refused("its end is missing")
        self._compare_all(found, dict(index.members()))
        return head, index

    def _members(self) -> Iterator[tuple[str, bytes]]:
        """The name and content of each member. Raises Refused for what is no tar file, or a cut one."""
        self._file.seek(0)
        with self._readable(), gzip.GzipFile(fileobj=self._file, mode="rb") as unzipped:
            with tarfile.open(fileobj=unzipped, mode="r|") as tar:
                for member in tar:
                    tar.members = []  # type: ignore[attr-defined]  # it would remember all of them
                    yield member.name, self._content(tar, member)
            unzipped.read()  # to the checksum at its end

    def _content(self, tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
        if not member.isreg() or not _MEMBER.match(member.name):
            raise self._refused(f"it has a member that no backup has: {member.name!r}")
        if member.size > (_LARGEST_INDEX if member.name == INDEX else _LARGEST):
            raise self._refused(f"its member {member.name} is larger than any object can be")
        file = tar.extractfile(member)
        assert file is not None  # a regular file
        return file.read()

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise self._refused("it is cut off or damaged, or no backup of this program") from error
        except OSError as error:
            raise NsToolsError(
                f"cannot read the backup {self.path}: {(error.strerror or '').lower()}"
            ) from error

    def _read(self, make: Callable[[dict[str, Any]], Named], kind: str, data: bytes) -> Named:
        try:
            document = json.loads(data)
            if document["kind"] == kind and document["apiVersion"] == FORMAT:
                return make(document)
            newer = document["kind"] == kind and document["apiVersion"].startswith(FORMAT.partition("/")[0])
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise self._refused("it is no backup of this program, or was changed") from error
        if newer:
            raise self._refused(
                f"its format is {document['apiVersion']}, and this version reads {FORMAT}",
                "use the version of kubectl-ns-tools that it was made with, or a newer one",
            )
        raise self._refused("it is no backup of this program")

    def _compare_all(self, found: dict[str, str], wanted: dict[str, str]) -> None:
        for name in sorted(found.keys() ^ wanted.keys()):
            raise self._refused(f"{name} is {'not in its index' if name in found else 'missing'}")
        for name, digest in found.items():
            if digest != wanted[name]:
                raise self._refused(f"{name} was changed since the backup was made")

    def _compare(self, name: str, data: bytes, digest: str) -> None:
        if hashlib.sha256(data).hexdigest() != digest:
            raise self._refused(f"{name} was changed since the backup was made")

    def _refused(self, why: str, hint: str = "") -> Refused:
        return Refused(f"the backup {self.path} cannot be used: {why}", hint)


def _manifest(text: str, source: str) -> dict[str, Any]:
    from kubectl_ns_tools.goyaml import construct, parse_first

    document = parse_first(text, source)
    manifest: dict[str, Any] = construct(document.root if document else None, source)
    return manifest
