import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubectl_ns_tools.errors import ExitCode
from kubectl_ns_tools.kubeconfig.state import state_folder
from tests.builders import Kubeconfig


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = (
        Kubeconfig()
        .context("a")
        .context("b")
        .user("u", token="s3cret")
        .current("a")
        .write(tmp_path / "config")
    )
    monkeypatch.setenv("KUBECONFIG", str(path))
    return path


def current(path: Path) -> str:
    return json.loads(path.read_text())["current-context"]


def test_the_last_change_is_undone_and_then_the_one_before(config: Path, run) -> None:
    before = config.read_bytes()
    run("ctx-rename", "b", "z")
    run("ctx-switch", "z")
    result = run("ctx-undo")
    assert (result.stdout, result.stderr) == ("", f"Undone: switch to context 'z' ({config}).\n")
    assert current(config) == "a"
    assert run("ctx-undo").stderr == f"Undone: rename context 'b' to 'z' ({config}).\n"
    assert config.read_bytes() == before
    result = run("ctx-undo", code=ExitCode.NOT_FOUND)
    assert result.stderr.startswith(f"error: there is nothing to undo in {config}\nhint: ")


def test_a_file_that_has_changed_since_is_named(config: Path, run) -> None:
    run("ctx-switch", "b")
    config.write_text(config.read_text() + "\n")
    before = config.read_bytes()
    result = run("ctx-undo", code=ExitCode.REFUSED)
    assert result.stderr.startswith(f"error: {config} has changed since: switch to context 'b'\nhint: ")
    assert config.read_bytes() == before


def test_a_dry_run_shows_what_would_come_back_without_secrets(config: Path, run) -> None:
    run("ctx-delete", "a", "b", "--prune", "-y")
    before = config.read_bytes()
    result = run("ctx-undo", "--dry-run")
    assert '+ "current-context": "a",' in result.stdout
    assert "REDACTED" in result.stdout
    assert "s3cret" not in result.stdout + result.stderr
    assert config.read_bytes() == before
    run("ctx-undo")
    assert "s3cret" in config.read_text()


def test_the_list_has_the_last_change_first(config: Path, run) -> None:
    run("ctx-switch", "b")
    run("ctx-rename", "a", "z\x1b")
    lines = run("ctx-undo", "--list").stdout.splitlines()
    assert re.fullmatch(r"AGE +CHANGE +FILES", lines[0])
    assert re.fullmatch(rf"\d+s +rename context 'a' to 'z\\\\?x1b' +{config}", lines[1])
    assert re.fullmatch(rf"\d+s +switch to context 'b' +{config}", lines[2])
    names = run("ctx-undo", "--list", "-o", "name").stdout.split()
    wide = run("ctx-undo", "--list", "-o", "wide").stdout.splitlines()
    assert [line.split()[-1] for line in wide] == ["ID", *names]


@pytest.mark.parametrize(("form", "read"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_the_list_as_a_document(config: Path, run, form: str, read) -> None:
    run("ctx-switch", "b")
    found: dict[str, Any] = read(run("ctx-undo", "--list", "-o", form).stdout)
    assert found["kind"] == "UndoList"
    (item,) = found["items"]
    assert (item["title"], item["files"]) == ("switch to context 'b'", [str(config)])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(item["time"]))


def test_an_empty_list_says_so(config: Path, run) -> None:
    result = run("ctx-undo", "--list")
    assert (result.stdout, result.stderr) == ("", f"Nothing to undo in {config}.\n")
    assert json.loads(run("ctx-undo", "--list", "-o", "json").stdout)["items"] == []


def test_changes_of_other_files_are_not_ours_to_undo(config: Path, tmp_path: Path, run) -> None:
    run("ctx-switch", "b")
    other = Kubeconfig().context("x").write(tmp_path / "other")
    run("ctx-switch", "x", "--kubeconfig", other)
    assert run("ctx-undo").stderr == f"Undone: switch to context 'b' ({config}).\n"
    assert current(other) == "x"
    run("ctx-undo", "--kubeconfig", other)
    assert current(other) == ""


SPOILT = {
    "cut off": "{",
    "another kind": "[]",
    "no files": '{"time": 1, "title": "t", "files": []}',
    "a file that is none": '{"time": 1, "title": "t", "files": [1]}',
    "a time that is none": '{"time": "x", "title": "t", "files": [{"path": "PATH", "after": "a"}]}',
    "a time beyond all dates": '{"time": 1e300, "title": "t", "files": [{"path": "PATH", "after": "a"}]}',
    "a title that is none": '{"time": 1, "title": 2, "files": [{"path": "PATH", "after": "a"}]}',
    "edit that is none": '{"time": 1, "title": "", "files": [{"path": "PATH", "after": "a", "edit": [1]}]}',
    "no base64": '{"time": 1, "title": "", "files": [{"path": "PATH", "after": "a", "edit": [[0, 1, "x"]]}]}',
}


@pytest.mark.parametrize("text", SPOILT.values(), ids=SPOILT.keys())
def test_a_spoilt_record_is_passed_over(config: Path, run, text: str) -> None:
    run("ctx-switch", "b")
    folder = Path(state_folder(os.environ, "undo"))
    (folder / "99999999999999999999-1.json").write_text(text.replace("PATH", str(config)))
    (folder / "99999999999999999999-2.json").mkdir()
    run("ctx-undo", "--list")
    run("ctx-undo")
    assert current(config) == "a"


def test_a_change_that_was_killed_half_way_is_undone_as_far_as_it_went(config: Path, run) -> None:
    before = config.read_bytes()
    run("ctx-switch", "b")
    config.write_bytes(before)
    assert run("ctx-undo", "--dry-run").stderr == "Nothing would change.\n"
    assert run("ctx-undo").stderr == f"Was undone already: switch to context 'b' ({config}).\n"
    run("ctx-undo", code=ExitCode.NOT_FOUND)
