"""An archive, written member by member beside its later place, and put there only when it was found whole."""

import contextlib
import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from kubectl_ns_tools.deletion.backup.archive import Archive
from kubectl_ns_tools.deletion.backup.contents import HEAD, INDEX, NAMESPACE, Head, Index
from kubectl_ns_tools.deletion.backup.shelf import PARTIAL, file_name, file_part
from kubectl_ns_tools.deletion.clock import moment
from kubectl_ns_tools.durability import orderly_signals, sync_folder
from kubectl_ns_tools.errors import NsToolsError, Refused


@contextlib.contextmanager
def new_archive(folder: str, head: Head) -> Iterator["ArchiveWriter"]:
    """The writer of an archive in the folder, which is made if it is not there.

    Unless the writer is told to `finish`, nothing is left of the archive after the block, whatever ended it:
    an error, Ctrl-C, SIGTERM or SIGHUP. Raises NsToolsError where the folder cannot be written to.
    """
    with orderly_signals("there is no backup"):
        writer = ArchiveWriter(folder, head)
        try:
            yield writer
        finally:
            writer.discard()


class ArchiveWriter:
    """An unfinished archive: a file NAME.partial of mode 0600. Every method raises NsToolsError when the disk
    is full, or takes no more for another reason."""

    def __init__(self, folder: str, head: Head) -> None:
        self.path = os.path.join(folder, file_name(head))
        self._partial = self.path + PARTIAL
        self._names: set[str] = set()
        self._digests: list[tuple[str, str]] = []
        then = moment(head.time)
        self._time = int(then.timestamp()) if then else 0
        self._file = self._opened(folder)
        # not mode "w|": its destructor would write to a full disk once more
        self._zip = gzip.GzipFile(filename="", fileobj=self._file, mode="wb", mtime=self._time)
        self._tar = tarfile.TarFile(fileobj=self._zip, mode="w", format=tarfile.PAX_FORMAT)
        self._digests.append((HEAD, self._write(HEAD, _json(head.data()))))

    def namespace(self, manifest: Mapping[str, Any]) -> None:
        self._digests.append((NAMESPACE, self._write(NAMESPACE, _yaml(manifest))))

    def add(self, folder: str, name: str, manifest: Mapping[str, Any]) -> tuple[str, str] | None:
        """(member, sha256). None when there is such a member already: a list that was begun again tells of
        an object twice, and the first telling will do."""
        member = f"{folder}/{file_part(name)}.yaml"
        if member in self._names:
            return None
        self._names.add(member)
        return member, self._write(member, _yaml(manifest))

    def finish(self, index: Index) -> int:
        """Complete the file, read it again, and give it its name; its size. index: without `digests`."""
        index = replace(index, digests=tuple(self._digests))
        self._write(INDEX, _json(index.data()))
        with self._reported():
            self._tar.close()
            self._zip.close()
            self._file.flush()
            os.fsync(self._file.fileno())
            size = os.fstat(self._file.fileno()).st_size
            self._file.close()
        self._verify(index)
        with self._reported():
            os.rename(self._partial, self.path)
            sync_folder(os.path.dirname(self.path))
        return size

    def discard(self) -> None:
        """Remove what is unfinished; after `finish` there is nothing of that kind."""
        for each in (self._tar, self._zip, self._file):
            with contextlib.suppress(OSError, ValueError):
                each.close()
        with contextlib.suppress(OSError):
            os.unlink(self._partial)

    def _opened(self, folder: str) -> io.BufferedWriter:
        with self._reported():
            os.makedirs(folder, mode=0o700, exist_ok=True)
            if os.path.lexists(self.path):
                raise Refused(f"the backup {self.path} is there already", "it is of this very second: repeat")
            return open(os.open(self._partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def _write(self, name: str, data: bytes) -> str:
        """The sha256 of what was written."""
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = len(data), 0o600, self._time
        with self._reported():
            self._tar.addfile(member, io.BytesIO(data))
        self._tar.members = []  # type: ignore[attr-defined]  # it would remember all of them
        return hashlib.sha256(data).hexdigest()

    def _verify(self, index: Index) -> None:
        try:
            with Archive.open(self._partial) as archive:
                if archive.index == index:
                    return
        except NsToolsError as error:
            raise self._failed("it cannot be read again") from error
        raise self._failed("it reads differently from what was written")

    @contextlib.contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._failed((error.strerror or str(error)).lower()) from error

    def _failed(self, why: str) -> NsToolsError:
        return NsToolsError(f"cannot write the backup {self.path}: {why}", "name another folder for it")


def _json(data: Mapping[str, Any]) -> bytes:
    """A line per object, for grep; json's own `indent` takes ten times as long."""
    fields = (f" {json.dumps(key)}: {_lines(value)}" for key, value in data.items())
    return ("{\n" + ",\n".join(fields) + "\n}\n").encode()


def _lines(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return json.dumps(value)
    return "[\n  " + ",\n  ".join(map(json.dumps, value)) + "\n ]"


def _yaml(manifest: Mapping[str, Any]) -> bytes:
    from kubectl_ns_tools.goyaml import dump

    return dump(manifest).encode()
