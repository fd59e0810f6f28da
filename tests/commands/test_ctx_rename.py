import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kubectl_ns_tools.errors import ExitCode
from kubectl_ns_tools.kubeconfig.locations import SHELL, Locations
from kubectl_ns_tools.kubeconfig.undo.history import History
from tests.builders import Kubeconfig

BLOCK = """\
# ours
current-context: a # now
contexts:
# about a
- name: a   # prod!
  context: {cluster: c, user: u}
# about b
- context:
    cluster: c
    user: u
  name: 'b'
clusters: []
users: []
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config"
    path.write_text(BLOCK)
    monkeypatch.setenv("KUBECONFIG", str(path))
    return path


@pytest.fixture
def kubectl_config(kubectl_path: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """kubectl_config(files, *arguments): the real `kubectl config` on these files."""

    def run(files: list[Path], *arguments: str) -> "subprocess.CompletedProcess[str]":
        environ = {**os.environ, "KUBECONFIG": os.pathsep.join(map(str, files))}
        return subprocess.run(
            [kubectl_path, "config", *arguments], env=environ, capture_output=True, text=True, check=False
        )

    return run


def current(path: Path) -> str:
    return json.loads(path.read_text())["current-context"]


def names(path: Path) -> list[str]:
    return [item["name"] for item in json.loads(path.read_text())["contexts"]]


@pytest.mark.parametrize(
    ("old", "changed"),
    [
        ("a", [("current-context: a # now", "current-context: z # now"), ("- name: a   #", "- name: z   #")]),
        ("b", [("name: 'b'", "name: 'z'")]),
    ],
)
def test_only_the_name_changes(config: Path, run, old: str, changed: list[tuple[str, str]]) -> None:
    result = run("ctx-rename", old, "z")
    assert (result.stdout, result.stderr) == ("", f'Context "{old}" renamed to "z".\n')
    expected = BLOCK
    for before, after in changed:
        expected = expected.replace(before, after)
    assert config.read_text() == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [("a", "b"), ("a", "a"), ("x", "y"), ("a", "")],
    ids=["taken", "itself", "unknown", "empty"],
)
def test_what_kubectl_refuses_is_refused_in_its_words(
    config: Path, run, kubectl_config, old: str, new: str
) -> None:
    code = ExitCode.NOT_FOUND if old == "x" else ExitCode.REFUSED
    result = run("ctx-rename", old, new, code=code)
    theirs = kubectl_config([config], "rename-context", old, new).stderr.strip()
    assert result.stderr.splitlines()[0].lower() == theirs.lower()
    assert config.read_text() == BLOCK


def test_the_file_that_has_the_taken_name_is_named(config: Path, tmp_path: Path, run, use) -> None:
    other = Kubeconfig().context("d").write(tmp_path / "other")
    use(config, other)
    result = run("ctx-rename", "a", "d", code=ExitCode.REFUSED)
    assert f'the context "d" already exists in {other}' in result.stderr


SEVERAL_FILES = {
    "current in the context's own file": [("a", ["a", "b"]), ("", ["d"])],
    "current in an earlier file": [("d", ["x"]), ("d", ["d"])],
    "current in a later file": [("", ["a"]), ("a", ["b"])],
    "current in all": [("a", ["a"]), ("a", ["b"])],
    "another is current": [("b", ["a", "b"]), ("a", ["d"])],
    "hidden in a later file": [("a", ["a"]), ("a", ["a"])],
    "hidden in a later file, which alone says what is current": [("", ["a"]), ("a", ["a"])],
}


@pytest.mark.parametrize("files", SEVERAL_FILES.values(), ids=SEVERAL_FILES.keys())
def test_the_merged_view_is_what_kubectl_makes_of_it(
    tmp_path: Path, run, use, kubectl_config, files: list[tuple[str, list[str]]]
) -> None:
    ours, theirs = (
        [_write(tmp_path / who / str(index), *file) for index, file in enumerate(files)]
        for who in ("ours", "theirs")
    )
    old = "d" if files[0][0] == "d" else "a"
    use(*ours)
    run("ctx-rename", old, "z")
    assert kubectl_config(theirs, "rename-context", old, "z").returncode == 0
    seen, expected = (
        json.loads(kubectl_config(paths, "view", "--raw", "-o", "json").stdout) for paths in (ours, theirs)
    )
    assert _sorted(seen) == _sorted(expected)


def _write(path: Path, current: str, contexts: list[str]) -> Path:
    builder = Kubeconfig().current(current)
    for name in contexts:
        builder.context(name, namespace=path.name)
    return builder.write(path)


def _sorted(view: dict[str, Any]) -> dict[str, Any]:
    return {**view, "contexts": sorted(view["contexts"], key=lambda item: item["name"])}


def test_each_file_whose_current_context_it_was_follows(tmp_path: Path, run, use) -> None:
    first = Kubeconfig().context("b").current("b").write(tmp_path / "first")
    second = Kubeconfig().context("a").current("a").write(tmp_path / "second")
    own = Kubeconfig().context("a").current("a").write(tmp_path / "own")
    use(first, second, own)
    result = run("ctx-rename", "a", "z")
    assert [current(path) for path in (first, second, own)] == ["b", "z", "a"]
    assert result.stderr == (
        f'Warning: there is still a context "a": the one of {own}, hidden until now\n'
        'Context "a" renamed to "z".\n'
    )


def test_a_file_by_two_names_is_one_file(config: Path, tmp_path: Path, run, use) -> None:
    link = tmp_path / "link"
    link.symlink_to(config)
    use(config, link, f"{tmp_path}/./config")
    result = run("ctx-rename", "a", "z")
    assert result.stderr == 'Context "a" renamed to "z".\n'
    assert config.read_text() == BLOCK.replace("context: a", "context: z").replace("name: a", "name: z")


def test_a_dry_run_shows_the_difference_and_writes_nothing(config: Path, run) -> None:
    run("ctx-switch", "b")
    before = config.read_text()
    result = run("ctx-rename", "--dry-run", "a", "z")
    changed = [
        line for line in result.stdout.splitlines() if line[0] in "+-" and line[:3] not in ("+++", "---")
    ]
    assert changed == ["-- name: a   # prod!", "+- name: z   # prod!"]
    assert result.stderr == ""
    assert config.read_text() == before
    run("ctx-switch", "-")
    assert "current-context: a" in config.read_text()


def test_every_shell_goes_back_to_it_by_its_new_name(config: Path, run) -> None:
    locations = Locations((str(config),))
    elsewhere = History(Locations((f"{config}-elsewhere",)), os.environ, "another")
    other = History(locations, os.environ, "another")
    for history in (other, elsewhere):
        history.left_context("a")
        history.left_namespace("a", "blue")
    run("ctx-switch", "b")
    run("ctx-rename", "a", "z")
    assert other.previous_context() == "z"
    assert other.previous_namespace("z") == "blue"
    assert elsewhere.previous_context() == "a"
    run("ctx-switch", "-")
    assert "current-context: z" in config.read_text()


def test_a_name_that_looks_like_a_number_is_quoted(config: Path, run, kubectl_config) -> None:
    run("ctx-rename", "a", "1e3")
    assert '- name: "1e3"   # prod!' in config.read_text()
    assert kubectl_config([config], "current-context").stdout == "1e3\n"


@pytest.mark.parametrize("name", ["--help", "-", "a: b", "é\u202e", "../../x", "$(id)", " x "])
def test_any_name_can_be_given_and_taken_away(config: Path, run, kubectl_config, name: str) -> None:
    run("ctx-rename", "--", "a", name)
    assert kubectl_config([config], "current-context").stdout == f"{name}\n"
    result = run("ctx-rename", "--", name, "a")
    assert "\u202e" not in result.stderr
    assert kubectl_config([config], "current-context").stdout == "a\n"


def test_all_files_change_or_none(tmp_path: Path, run, use) -> None:
    first = tmp_path / "first"
    first.write_text("current-context: a\nkind: 1\n")
    second = Kubeconfig().context("a").write(tmp_path / "second")
    use(first, second)
    before = second.read_text()
    result = run("ctx-rename", "a", "z", code=ExitCode.REFUSED)
    assert f"{first}:2: " in result.stderr
    assert second.read_text() == before


def test_the_context_of_a_shell_is_refused_in_it_others_are_not(
    config: Path, tmp_path: Path, run, use, monkeypatch
) -> None:
    overlay = Kubeconfig().context("a").current("a").write(tmp_path / "overlay")
    use(overlay, config)
    monkeypatch.setenv(SHELL, str(overlay))
    before = overlay.read_text()
    result = run("ctx-rename", "a", "z", code=ExitCode.REFUSED)
    assert 'context "a" is in use in this shell' in result.stderr
    assert config.read_text() == BLOCK
    run("ctx-rename", "b", "z")
    assert "name: 'z'" in config.read_text()
    assert overlay.read_text() == before
