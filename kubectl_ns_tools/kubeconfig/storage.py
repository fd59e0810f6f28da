"""Bytes of a kubeconfig, in and out: symlinks followed, mode and owner kept, replaced in one step."""

import contextlib
import errno
import os
import stat
import time

from kubectl_ns_tools.durability import sync_folder
from kubectl_ns_tools.errors import Locked, NsToolsError, Refused

# A rename cannot take the place of a bind mount, or cross devices; some file systems forbid it.
_NO_RENAME = {errno.EBUSY, errno.EXDEV, errno.EPERM, errno.EACCES, errno.EROFS, errno.ENOTSUP}
_NOT_OURS = {errno.EPERM, errno.EACCES, errno.EROFS}  # a folder in which we cannot make files

_STALE_AFTER, _BETWEEN_READS = 5.0, 0.01  # seconds
_PIECE = 1 << 16


def read_bytes(path: str) -> bytes | None:
    """What the file holds, None if it does not exist. Raises NsToolsError when it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NsToolsError(f"error loading config file {path!r}: {_reason(error)}") from error


def holds(path: str, data: bytes | None) -> bool:
    """Whether this is what the file holds, None for no file; compared piece by piece, as that takes no
    second copy of a large file. Raises NsToolsError when it cannot be read."""
    if data is None:
        return read_bytes(path) is None
    at = 0
    try:
        with open(path, "rb", buffering=0) as file:
            while piece := file.read(_PIECE):
                if data[at : at + len(piece)] != piece:
                    return False
                at += len(piece)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise NsToolsError(f"error loading config file {path!r}: {_reason(error)}") from error
    return at == len(data)


def read_settled(path: str) -> bytes | None:
    """The same for a file that kubectl may be writing just now: it does so in place, so that others can read
    an empty or a half file, but never without its lock. While that is there, what counts is what is read
    twice and not empty; once the lock is so old that it may be stale, whatever is there."""
    last = None
    while True:
        was_locked = _is_locked(path)
        data = read_bytes(path)
        if not (was_locked or _is_locked(path)) or not os.path.isfile(path) or (data and data == last):
            return data
        last = data
        time.sleep(_BETWEEN_READS)


def write_bytes(path: str, data: bytes, durable: bool = True) -> None:
    """Put `data` in the place of the file's content; readers see the old bytes or the new ones.

    A new file gets mode 0600 and a new folder 0700. durable: wait until it would survive a power cut; what
    can be missed, such as a history, need not cost that wait.

    Raises Refused for a file whose mode says that it is not to be written, Locked when the system does not
    let us; the old content is then still there.
    """
    target = os.path.realpath(path)
    status = check_writable(path)
    try:
        _make_folder(os.path.dirname(target))
        if status is not None and status.st_nlink > 1:
            _write_in_place(target, data)
        else:
            _replace(target, data, status, durable)
    except OSError as error:
        hint = "the file is as it was; check its folder's permissions and the space on the disk"
        raise Locked(f"cannot write {path}: {_reason(error)}", hint) from error


def check_writable(path: str) -> os.stat_result | None:
    """The file's status, None if it does not exist. Raises Refused for one that nobody should write to."""
    if not path:
        raise Refused("KUBECONFIG has separators only: there is no file to write to", "unset KUBECONFIG")
    try:
        status = os.stat(path)
    except OSError:  # a write will tell why
        return None
    if not stat.S_ISREG(status.st_mode):
        raise Refused(f"{path} is not a regular file", "name a file with --kubeconfig or KUBECONFIG")
    if not status.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise Refused(f"{path} is read-only (mode {stat.S_IMODE(status.st_mode):04o})", f"chmod u+w {path}")
    return status


def _is_locked(path: str) -> bool:
    """Whether there is a lock that has not been there for long."""
    return _is_fresh(f"{path}.lock") or (os.path.islink(path) and _is_fresh(f"{os.path.realpath(path)}.lock"))


def _is_fresh(lock: str) -> bool:
    try:
        return abs(time.time() - os.lstat(lock).st_mtime) < _STALE_AFTER
    except OSError:
        return False


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _make_folder(folder: str) -> None:
    os.makedirs(folder or ".", mode=0o700, exist_ok=True)


def _replace(target: str, data: bytes, status: os.stat_result | None, durable: bool) -> None:
    beside = f"{target}.{os.urandom(6).hex()}.tmp"
    try:
        _write_new(beside, data, target if status else None, durable)
        os.replace(beside, target)
    except OSError as error:
        if status is None or error.errno not in _NO_RENAME:
            raise
        _write_in_place(target, data)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(beside)
    if durable:
        sync_folder(os.path.dirname(target))


def _write_new(path: str, data: bytes, like: str | None, durable: bool = True) -> None:
    """like: whose owner, mode and extended attributes, access lists among them, the new file gets."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        if like is not None:
            status = os.stat(like)
            _keep_owner(descriptor, status)
            os.fchmod(descriptor, stat.S_IMODE(status.st_mode))
            _keep_attributes(descriptor, like)
        file.write(data)
        file.flush()
        if durable:
            os.fsync(descriptor)


def _keep_owner(descriptor: int, like: os.stat_result) -> None:
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid):
        os.fchown(descriptor, like.st_uid, like.st_gid)  # EPERM for another's file: written in place instead


def _keep_attributes(descriptor: int, like: str) -> None:
    if not hasattr(os, "listxattr"):  # Linux only
        return
    for name in os.listxattr(like):
        value = os.getxattr(like, name)
        if name not in os.listxattr(descriptor) or os.getxattr(descriptor, name) != value:
            os.setxattr(descriptor, name, value)


def _write_in_place(target: str, data: bytes) -> None:
    """For a hard link, a bind mount or another's file. A copy beside it survives a crash half way."""
    with open(target, "rb") as file:
        old = file.read()
    backup = _backup(target, old)
    try:
        _overwrite(target, data)
    except BaseException:  # a full disk, or Ctrl-C; the old bytes have their place on the disk still
        _overwrite(target, old)
        raise
    finally:
        if backup and (holds(target, data) or holds(target, old)):
            os.unlink(backup)


def _overwrite(target: str, data: bytes) -> None:
    with open(target, "r+b") as file:
        file.write(data)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def _backup(target: str, data: bytes) -> str | None:
    """Where the copy is, None when its folder takes no new files, such as that of a bind mount."""
    path = f"{target}.{os.urandom(6).hex()}.backup"
    try:
        _write_new(path, data, None)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(path)
        if error.errno not in _NOT_OURS:
            raise
        return None
    return path
