"""Bytes of a kubeconfig, in and out: symlinks followed, mode and owner kept, replaced in one step."""

import contextlib
import errno
import os
import stat

from kubectl_ns_tools.errors import Locked, NsToolsError, Refused

# A rename cannot take the place of a bind mount, or cross devices; some file systems forbid it.
_NO_RENAME = {errno.EBUSY, errno.EXDEV, errno.EPERM, errno.EACCES, errno.EROFS}


def read_bytes(path: str) -> bytes | None:
    """What the file holds, None if it does not exist. Raises NsToolsError when it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NsToolsError(f"error loading config file {path!r}: {_reason(error)}") from error


def write_bytes(path: str, data: bytes) -> None:
    """Put `data` in the place of the file's content; readers see the old bytes or the new ones.

    A new file gets mode 0600 and a new folder 0700. Raises Refused for a file whose mode says that it is
    not to be written, Locked when the system does not let us; the old content is then still there.
    """
    target = os.path.realpath(path)
    try:
        _make_folder(os.path.dirname(target))
        status = _status(target)
        _check_writable(path, status)
        if status is not None and status.st_nlink > 1:
            _write_in_place(target, data)
        else:
            _replace(target, data, status)
    except OSError as error:
        hint = "the file is as it was; check its folder's permissions and the space on the disk"
        raise Locked(f"cannot write {path}: {_reason(error)}", hint) from error


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _make_folder(folder: str) -> None:
    os.makedirs(folder or ".", mode=0o700, exist_ok=True)


def _status(target: str) -> os.stat_result | None:
    try:
        return os.stat(target)
    except FileNotFoundError:
        return None


def _check_writable(path: str, status: os.stat_result | None) -> None:
    if status is None:
        return
    if not stat.S_ISREG(status.st_mode):
        raise Refused(f"{path} is not a regular file", "name a file with --kubeconfig or KUBECONFIG")
    if not status.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise Refused(f"{path} is read-only (mode {stat.S_IMODE(status.st_mode):04o})", f"chmod u+w {path}")


def _replace(target: str, data: bytes, status: os.stat_result | None) -> None:
    beside = f"{target}.{os.urandom(6).hex()}.tmp"
    try:
        _write_new(beside, data, status)
        os.replace(beside, target)
    except OSError as error:
        if status is None or error.errno not in _NO_RENAME:
            raise
        _write_in_place(target, data)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(beside)
    _sync_folder(os.path.dirname(target))


def _write_new(path: str, data: bytes, like: os.stat_result | None) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        if like is not None:
            _keep_owner(descriptor, like)
            os.fchmod(descriptor, stat.S_IMODE(like.st_mode))
        file.write(data)
        file.flush()
        os.fsync(descriptor)


def _keep_owner(descriptor: int, like: os.stat_result) -> None:
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid):
        os.fchown(descriptor, like.st_uid, like.st_gid)  # EPERM for another's file: written in place instead


def _write_in_place(target: str, data: bytes) -> None:
    """For a hard link, a bind mount or another's file. A copy beside it survives a crash half way."""
    backup = _backup(target)
    with open(target, "r+b") as file:
        file.write(data)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())
    if backup:
        os.unlink(backup)


def _backup(target: str) -> str | None:
    path = f"{target}.{os.urandom(6).hex()}.backup"
    with open(target, "rb") as file:
        old = file.read()
    try:
        _write_new(path, old, None)
    except OSError:  # a bind mount's folder may be read-only
        return None
    return path


def _sync_folder(folder: str) -> None:
    with contextlib.suppress(OSError):
        descriptor = os.open(folder or ".", os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
