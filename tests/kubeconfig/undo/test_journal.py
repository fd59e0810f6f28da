"""Every write leaves a record of what undoes it, and several files are written together."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import Locked
from kubectl_ns_tools.kubeconfig import state
from kubectl_ns_tools.kubeconfig.editing import writer as writer_module
from kubectl_ns_tools.kubeconfig.editing.writer import Writer
from kubectl_ns_tools.kubeconfig.undo.journal import FileChange, Journal, reverse_edit
from tests.builders import Kubeconfig
from tests.kubeconfig.undo.writes import EDIT, switch


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"a"),
        (b"a", b""),
        (b"abc\ndef\n", b"abc\nxyz\n"),
        (b"a\nb\nc\nd\ne\nf\n", b"a\nB\nc\nd\nE\nf\ng\n"),
        (b"x" * 200_000 + b"1" + b"y" * 200_000, b"x" * 200_000 + b"2" + b"y" * 200_000),
        (b"aaaa", b"aaaaaaaa"),
        (b"\xff\x00\r\n", b"\xff\r\n\x00"),
        (b"\n".join(b"%d" % i for i in range(5000)), b"\n".join(b"%d" % (i * 2) for i in range(5000))),
    ],
    ids=[
        "from nothing",
        "to nothing",
        "one line",
        "two places",
        "long lines",
        "repeats",
        "any bytes",
        "many lines",
    ],
)
def test_a_reverse_edit_gives_the_bytes_before(before: bytes, after: bytes) -> None:
    data = after
    for low, high, piece in reverse_edit(before, after):
        data = data[:low] + piece + data[high:]
    assert data == before


def test_the_record_is_private_and_holds_nothing_that_stayed(journal: Journal, files, tmp_path: Path) -> None:
    switch(journal, files["one"])
    (record,) = (tmp_path / "state").rglob("*.json")
    assert record.stat().st_mode & 0o777 == 0o600
    assert "s3cret" not in record.read_text()
    assert len(record.read_text()) < 600


def test_records_are_bounded_in_number_and_spoilt_ones_are_passed_over(
    journal: Journal, files, tmp_path: Path
) -> None:
    for number in range(55):
        switch(journal, files["one"], to=f"n{number}")
    records = list((tmp_path / "state").rglob("*.json"))
    assert len(records) == 50
    max(records).write_text("{")
    assert journal.records()[0].title == "switch to n53"


def test_a_record_that_goes_while_they_are_listed_hides_no_other(journal: Journal, files, mocker) -> None:
    for name in ("b", "c", "d"):
        switch(journal, files["one"], to=name)
    real = os.scandir

    @contextmanager
    def listed_and_gone(folder: str) -> Iterator[list[os.DirEntry[str]]]:
        with real(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        os.unlink(found[1].path)
        yield found

    mocker.patch.object(state.os, "scandir", listed_and_gone)
    assert [record.title for record in journal.records()] == ["switch to d", "switch to b"]


def test_several_files_are_written_all_or_none(journal: Journal, files, mocker) -> None:
    real = writer_module.write_bytes

    def failing(path: str, data: bytes) -> None:
        if path == str(files["two"]) and b"current-context" in data:
            raise Locked("disk full")
        real(path, data)

    mocker.patch.object(writer_module, "write_bytes", failing)
    with pytest.raises(Locked):
        switch(journal, files["one"], files["two"])
    assert {name: path.read_text() for name, path in files.items()} == EDIT
    assert journal.records() == []


def test_a_dry_run_writes_and_locks_nothing(journal: Journal, files, tmp_path: Path) -> None:
    Path(f"{files['one']}.lock").touch()
    edits = {str(files["one"]): lambda editor: editor.put("b", "current-context")}
    (change,) = Writer(journal, dry_run=True).apply("switch", edits)
    assert change == FileChange(
        str(files["one"]), EDIT["one"].encode(), EDIT["one"].replace("context: a", "context: b").encode()
    )
    assert files["one"].read_text() == EDIT["one"]
    assert journal.records() == []


def test_the_edit_is_applied_to_what_is_there_when_the_lock_is_got(tmp_path: Path, journal: Journal) -> None:
    path = Kubeconfig().context("a").write(tmp_path / "config")

    def edit(editor) -> None:
        assert editor.index_of("contexts", "added meanwhile") == 1
        editor.put("a", "current-context")

    Kubeconfig().context("a").context("added meanwhile").write(path)
    Writer(journal).apply("switch", {str(path): edit})
    assert "added meanwhile" in path.read_text()
