"""Undo brings the exact bytes back, and refuses when they are not the ones that were written."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import Locked, NotFound, Refused
from kubectl_ns_tools.kubeconfig.locations import Locations
from kubectl_ns_tools.kubeconfig.lock import locked
from kubectl_ns_tools.kubeconfig.undo import undoing
from kubectl_ns_tools.kubeconfig.undo.journal import Journal
from kubectl_ns_tools.kubeconfig.undo.undoing import last_write, undo, writes_of
from tests.kubeconfig.undo.writes import EDIT, switch

KILLED = """
import os, signal, sys
from kubectl_ns_tools.kubeconfig.undo import undoing
from kubectl_ns_tools.kubeconfig.undo.journal import Journal
journal = Journal({"XDG_STATE_HOME": sys.argv[1]})
real, left = undoing.write_bytes, [int(sys.argv[2])]
def dying(path, data):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    real(path, data)
undoing.write_bytes = dying
undoing.undo(journal, journal.records()[0])
"""


def undo_last(journal: Journal, *paths: Path) -> str:
    record = last_write(journal, Locations(tuple(map(str, paths))))
    undo(journal, record)
    return record.title


def texts(files: dict[str, Path]) -> dict[str, str]:
    return {name: path.read_text() for name, path in files.items()}


def test_undo_brings_back_every_file_of_a_write_and_then_the_write_before(journal: Journal, files) -> None:
    switch(journal, files["one"], files["two"], to="b")
    switch(journal, files["one"], to="c")
    assert undo_last(journal, files["one"]) == "switch to c"
    assert "current-context: b" in files["one"].read_text()
    assert undo_last(journal, files["two"]) == "switch to b"
    assert texts(files) == EDIT
    with pytest.raises(NotFound, match="nothing to undo"):
        last_write(journal, Locations((str(files["one"]),)))


@pytest.mark.parametrize("gone", [False, True], ids=["changed", "gone"])
def test_undo_refuses_a_file_that_has_changed_since(journal: Journal, files, gone: bool) -> None:
    switch(journal, files["one"], files["two"])
    files["two"].write_text(files["two"].read_text() + "# mine\n")
    if gone:
        files["two"].unlink()
    before = files["one"].read_text()
    words = "is gone" if gone else "has changed since"
    with pytest.raises(Refused, match=f"{files['two']} {words}: switch to b"):
        undo_last(journal, files["one"])
    assert files["one"].read_text() == before
    assert len(journal.records()) == 1


def test_undo_of_a_new_file_removes_it(journal: Journal, tmp_path: Path) -> None:
    switch(journal, tmp_path / "new")
    assert (tmp_path / "new").exists()
    undo_last(journal, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_writes_of_other_files_are_not_offered(journal: Journal, files, tmp_path: Path) -> None:
    switch(journal, files["one"])
    switch(journal, files["two"])
    link = tmp_path / "link"
    link.symlink_to("one")
    (found,) = writes_of(journal, Locations((str(link),)))
    assert found.paths == (str(files["one"]),)


def test_a_dry_run_writes_and_locks_nothing(journal: Journal, files) -> None:
    switch(journal, files["one"])
    written = texts(files)
    with locked(str(files["one"])):
        (change,) = undo(journal, journal.records()[0], dry_run=True)
    assert (change.before, change.after) == (written["one"].encode(), EDIT["one"].encode())
    assert texts(files) == written
    assert len(journal.records()) == 1


def test_all_locks_are_held_before_anything_is_written(journal: Journal, files, mocker) -> None:
    mocker.patch("kubectl_ns_tools.kubeconfig.lock.WAIT_SECONDS", 0.05)
    mocker.patch.object(undoing, "locked", lambda path: locked(path, 0.05))
    switch(journal, files["one"], files["two"])
    written = texts(files)
    with locked(str(files["two"])), pytest.raises(Locked):
        undo_last(journal, files["one"])
    assert texts(files) == written
    assert not list(files["one"].parent.glob("*.lock"))


def test_a_file_that_cannot_be_written_leaves_all_as_they_were(journal: Journal, files, mocker) -> None:
    switch(journal, files["one"], files["two"])
    written = texts(files)
    real = undoing.write_bytes

    def failing(path: str, data: bytes) -> None:
        if path == str(files["two"]) and data == EDIT["two"].encode():
            raise Locked("disk full")
        real(path, data)

    mocker.patch.object(undoing, "write_bytes", failing)
    with pytest.raises(Locked):
        undo_last(journal, files["one"])
    assert texts(files) == written
    assert len(journal.records()) == 1


@pytest.mark.parametrize("writes", [0, 1])
def test_an_undo_that_was_killed_is_finished_by_the_next(
    journal: Journal, state: Path, files, writes: int
) -> None:
    switch(journal, files["one"], files["two"])
    command = [sys.executable, "-c", KILLED, str(state), str(writes)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert sum(path.read_text() == EDIT[name] for name, path in files.items()) == writes
    for path in files.values():
        Path(f"{path}.lock").unlink()
    assert undo_last(journal, files["one"]) == "switch to b"
    assert texts(files) == EDIT
    assert journal.records() == []


def test_a_record_whose_edit_does_not_fit_is_refused(journal: Journal, files, state: Path) -> None:
    switch(journal, files["one"])
    (record,) = state.rglob("*.json")
    record.write_text(record.read_text().replace('"edit": [[', '"edit": [[0, 1, ""], ['))
    with pytest.raises(Refused, match="the record of this change is spoilt"):
        undo_last(journal, files["one"])


def test_the_folder_of_the_records_is_private(journal: Journal, files, state: Path) -> None:
    switch(journal, files["one"])
    assert (state / "kubectl-ns-tools" / "undo").stat().st_mode & 0o777 == 0o700
