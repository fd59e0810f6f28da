"""Files are replaced whole; links, modes and owners stay."""

import os
import stat
import threading
import time
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import Locked, NsToolsError, Refused
from kubectl_ns_tools.kubeconfig import storage
from kubectl_ns_tools.kubeconfig.storage import holds, read_bytes, read_settled, write_bytes


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_the_mode_is_kept_and_the_inode_is_new(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"old")
    path.chmod(mode)
    inode = path.stat().st_ino
    write_bytes(str(path), b"new")
    assert (path.read_bytes(), mode_of(path)) == (b"new", mode)
    assert path.stat().st_ino != inode
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_and_its_folder_are_private(tmp_path: Path) -> None:
    path = tmp_path / "a" / "config"
    write_bytes(str(path), b"new")
    assert mode_of(path) == 0o600
    assert mode_of(path.parent) == 0o700


def test_a_symlink_stays_one_and_its_target_changes(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "config", tmp_path / "config"
    target.write_bytes(b"old")
    link.symlink_to("real/config")
    write_bytes(str(link), b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_dangling_symlink_makes_its_target(tmp_path: Path) -> None:
    link = tmp_path / "config"
    link.symlink_to("elsewhere")
    write_bytes(str(link), b"new")
    assert link.is_symlink()
    assert (tmp_path / "elsewhere").read_bytes() == b"new"


def test_a_hard_link_is_written_in_place(tmp_path: Path) -> None:
    path, other = tmp_path / "config", tmp_path / "other"
    path.write_bytes(b"something longer")
    other.hardlink_to(path)
    write_bytes(str(path), b"new")
    assert other.read_bytes() == b"new"
    assert sorted(tmp_path.iterdir()) == [path, other]


def test_where_a_rename_cannot_work_the_file_is_written_in_place(tmp_path: Path, mocker) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"something longer")
    inode = path.stat().st_ino
    mocker.patch.object(storage.os, "replace", side_effect=OSError(16, "Device or resource busy"))
    write_bytes(str(path), b"new")
    assert (path.read_bytes(), path.stat().st_ino) == (b"new", inode)
    assert list(tmp_path.iterdir()) == [path]


def test_a_read_only_mode_is_the_users_will(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"old")
    path.chmod(0o400)
    with pytest.raises(Refused, match=r"read-only \(mode 0400\)"):
        write_bytes(str(path), b"new")
    assert path.read_bytes() == b"old"


def test_a_full_disk_leaves_the_old_content_and_no_rest(tmp_path: Path, mocker) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"old")
    mocker.patch.object(storage.os, "fsync", side_effect=OSError(28, "No space left on device"))
    with pytest.raises(Locked, match="no space left on device"):
        write_bytes(str(path), b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(Refused, match="not a regular file"):
        write_bytes(str(pipe), b"new")


def test_a_missing_file_reads_as_none(tmp_path: Path) -> None:
    assert read_bytes(str(tmp_path / "none")) is None


def test_a_file_that_kubectl_is_writing_is_read_when_it_is_whole(tmp_path: Path) -> None:
    path, lock = tmp_path / "config", tmp_path / "config.lock"
    path.write_bytes(b"")
    lock.touch()

    def kubectl() -> None:
        time.sleep(0.7)
        path.write_bytes(b"whole")
        lock.unlink()

    writer = threading.Thread(target=kubectl)
    writer.start()
    assert read_settled(str(path)) == b"whole"
    writer.join()


@pytest.mark.parametrize("through_a_link", [False, True], ids=["itself", "its link"])
def test_a_file_that_is_locked_but_not_being_written_is_read_at_once(
    tmp_path: Path, through_a_link: bool
) -> None:
    path, link = tmp_path / "config", tmp_path / "link"
    path.write_bytes(b"old")
    link.symlink_to("config")
    (tmp_path / "config.lock").touch()
    started = time.monotonic()
    assert read_settled(str(link if through_a_link else path)) == b"old"
    assert time.monotonic() - started < 4


def test_a_stale_lock_is_not_waited_for(tmp_path: Path) -> None:
    path, lock = tmp_path / "config", tmp_path / "config.lock"
    path.write_bytes(b"")
    lock.touch()
    os.utime(lock, (time.time() - 6, time.time() - 6))
    started = time.monotonic()
    assert read_settled(str(path)) == b""
    assert time.monotonic() - started < 4


@pytest.mark.parametrize("size", [0, 1, storage._PIECE - 1, storage._PIECE, 3 * storage._PIECE + 5])
def test_what_a_file_holds_is_compared_to_its_last_byte(tmp_path: Path, size: int) -> None:
    path, data = str(tmp_path / "config"), os.urandom(size)
    Path(path).write_bytes(data)
    assert holds(path, data)
    for other in (data + b"x", data[:-1] + b"\0" + b"\1", data[1:] + b"\0\0", None):
        assert not holds(path, other)


def test_a_missing_file_holds_nothing_and_a_folder_cannot_be_read(tmp_path: Path) -> None:
    missing = str(tmp_path / "config")
    assert holds(missing, None)
    assert not holds(missing, b"")
    with pytest.raises(NsToolsError, match="is a directory"):
        holds(str(tmp_path), b"")
