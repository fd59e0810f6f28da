import json
import os
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import ExitCode
from kubectl_ns_tools.kubeconfig.undo.journal import Journal
from tests.builders import Kubeconfig


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = Kubeconfig().context("a").context("b").context("--help").current("a").write(tmp_path / "config")
    monkeypatch.setenv("KUBECONFIG", str(path))
    return path


def current(path: Path) -> str:
    return json.loads(path.read_text())["current-context"]


def test_switching_and_going_back_and_forth(config: Path, run) -> None:
    result = run("ctx-switch", "b")
    assert (result.stdout, result.stderr) == ("", 'Switched to context "b".\n')
    assert current(config) == "b"
    run("ctx-switch", "-")
    assert current(config) == "a"
    run("ctx-switch", "-")
    assert current(config) == "b"


def test_switching_to_the_same_context_keeps_the_previous_one(config: Path, run) -> None:
    run("ctx-switch", "b")
    run("ctx-switch", "b")
    run("ctx-switch", "-")
    assert current(config) == "a"


def test_there_is_nothing_to_go_back_to_at_first(config: Path, run) -> None:
    result = run("ctx-switch", "-", code=ExitCode.NOT_FOUND)
    assert "no previous context found in this shell" in result.stderr


def test_an_unknown_name_is_refused_with_the_nearest(config: Path, run) -> None:
    before = config.read_text()
    result = run("ctx-switch", "bb", code=ExitCode.NOT_FOUND)
    assert result.stderr == "error: no context exists with the name: \"bb\"\nhint: did you mean 'b'?\n"
    assert config.read_text() == before


def test_a_name_that_looks_like_an_option(config: Path, run) -> None:
    run("ctx-switch", "--", "--help")
    assert current(config) == "--help"


def test_current_context_goes_to_the_first_existing_file(
    config: Path, tmp_path: Path, run, monkeypatch
) -> None:
    first = tmp_path / "first"
    first.write_text("# mine\n")
    monkeypatch.setenv("KUBECONFIG", f"{tmp_path / 'missing'}:{first}:{config}")
    run("ctx-switch", "b")
    assert first.read_text() == "# mine\napiVersion: v1\nkind: Config\ncurrent-context: b\n"
    assert current(config) == "a"
    assert run("ctx-current").stdout == "b\n"


def test_a_lock_that_stays_has_its_own_exit_code(config: Path, run, monkeypatch) -> None:
    monkeypatch.setattr("kubectl_ns_tools.kubeconfig.lock.WAIT_SECONDS", 0.05)
    lock = Path(f"{config}.lock")
    lock.touch()
    before = config.read_text()
    result = run("ctx-switch", "b", code=ExitCode.LOCKED)
    assert f"open {lock}: file exists" in result.stderr
    assert lock.exists()
    assert config.read_text() == before


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    builder = Kubeconfig()
    for name in ("Prod-eu", "prod-us", "dev-eu", "dev", "de*", "-", "[x]"):
        builder.context(name)
    path = builder.current("dev").write(tmp_path / "many")
    monkeypatch.setenv("KUBECONFIG", str(path))
    return path


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("dev", "dev"),
        ("de*", "de*"),
        ("pr*-us", "prod-us"),
        ("d*-[e]u", "dev-eu"),
        ("US", "prod-us"),
        ("d-eu", "Prod-eu"),
        ("[-]", "-"),
        ("[x]", "[x]"),
        ("[x", "[x]"),
    ],
)
def test_a_name_then_a_glob_then_a_part_is_meant(many: Path, run, word: str, name: str) -> None:
    assert run("ctx-switch", word).stderr == f'Switched to context "{name}".\n'
    assert current(many) == name


@pytest.mark.parametrize(
    ("word", "names"),
    [("prod", ["Prod-eu", "prod-us"]), ("*eu", ["Prod-eu", "dev-eu"]), ("d*", ["de*", "dev", "dev-eu"])],
)
def test_several_matches_without_a_terminal_are_listed(many: Path, run, word: str, names: list[str]) -> None:
    before = many.read_bytes()
    result = run("ctx-switch", word, code=ExitCode.NOT_FOUND)
    assert result.stderr.splitlines() == [
        f'error: no context exists with the name: "{word}"; {len(names)} match it',
        *(f"  {name}" for name in names),
        "hint: give the whole name, or more of it",
    ]
    assert many.read_bytes() == before


def test_of_very_many_matches_some_are_listed(tmp_path: Path, run) -> None:
    builder = Kubeconfig()
    for number in range(50):
        builder.context(f"context-{number:02d}")
    path = builder.write(tmp_path / "config")
    lines = run("ctx-switch", "ctx", "--kubeconfig", path, code=ExitCode.NOT_FOUND).stderr.splitlines()
    assert len(lines) == 2
    lines = run("ctx-switch", "text", "--kubeconfig", path, code=ExitCode.NOT_FOUND).stderr.splitlines()
    assert lines[1:3] == ["  context-00", "  context-01"]
    assert lines[20:] == ["  context-19", "  and 30 more", "hint: give the whole name, or more of it"]


def test_without_a_name_or_a_terminal_it_says_what_to_do(many: Path, run) -> None:
    before = many.read_bytes()
    result = run("ctx-switch", code=ExitCode.USAGE)
    assert "error: no context is named, and there is no terminal to choose one on" in result.stderr
    assert "kubectl ctx-list -o name" in result.stderr
    assert many.read_bytes() == before


def test_there_is_nothing_to_choose_in_an_empty_file(tmp_path: Path, run) -> None:
    result = run("ctx-switch", "--kubeconfig", tmp_path / "none", code=ExitCode.NOT_FOUND)
    assert result.stderr == f"error: there is no context in {tmp_path / 'none'}\n"


def test_an_empty_name_is_no_name(many: Path, run) -> None:
    assert "the context's name is empty" in run("ctx-switch", "", code=ExitCode.USAGE).stderr


def test_a_namespace_goes_with_it_in_one_write(config: Path, run) -> None:
    assert run("ctx-switch", "b", "-n", "blue").stderr == 'Switched to context "b", namespace "blue".\n'
    value = json.loads(config.read_text())
    assert value["current-context"] == "b"
    assert value["contexts"][1]["context"]["namespace"] == "blue"
    (record,) = Journal(os.environ).records()
    assert record.title == "switch to context 'b', namespace 'blue'"
    assert record.paths == (str(config),)


def test_the_namespace_of_the_current_context_can_be_set(config: Path, run) -> None:
    run("ctx-switch", "a", "-n", "blue")
    assert json.loads(config.read_text())["contexts"][0]["context"]["namespace"] == "blue"
    run("ctx-switch", "-", code=ExitCode.NOT_FOUND)
    run("ns-switch", "-", "--force")
    assert json.loads(config.read_text())["contexts"][0]["context"]["namespace"] == "default"


def test_going_back_with_a_namespace(config: Path, run) -> None:
    run("ctx-switch", "b")
    run("ctx-switch", "-", "-n", "blue")
    assert current(config) == "a"
    assert json.loads(config.read_text())["contexts"][0]["context"]["namespace"] == "blue"


def test_a_namespace_that_cannot_be_is_refused(config: Path, run) -> None:
    before = config.read_bytes()
    run("ctx-switch", "b", "-n", "Blue", code=ExitCode.REFUSED)
    run("ctx-switch", "b", "-n", "", code=ExitCode.REFUSED)
    assert config.read_bytes() == before


@pytest.fixture
def two(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A file with the current context, and one with another context."""
    other = Kubeconfig().context("other", cluster="c", user="u").write(tmp_path / "other")
    monkeypatch.setenv("KUBECONFIG", f"{config}:{other}")
    return config, other


def test_the_namespace_goes_to_the_file_of_the_context(two: tuple[Path, Path], run) -> None:
    run("ctx-switch", "other", "-n", "blue")
    assert current(two[0]) == "other"
    assert "blue" not in two[0].read_text()
    assert json.loads(two[1].read_text())["contexts"][0]["context"]["namespace"] == "blue"
    assert current(two[1]) == ""


def test_of_two_files_both_are_written_or_none(two: tuple[Path, Path], run, monkeypatch) -> None:
    monkeypatch.setattr("kubectl_ns_tools.kubeconfig.lock.WAIT_SECONDS", 0.05)
    before = [path.read_bytes() for path in two]
    Path(f"{two[1]}.lock").touch()
    run("ctx-switch", "other", "-n", "blue", code=ExitCode.LOCKED)
    assert [path.read_bytes() for path in two] == before
    run("ctx-switch", "other")  # touches the first one only
    assert current(two[0]) == "other"


def test_a_dry_run_shows_the_difference_and_remembers_nothing(two: tuple[Path, Path], run) -> None:
    before = [(path.read_bytes(), path.stat().st_mtime_ns) for path in two]
    result = run("ctx-switch", "--dry-run", "other", "-n", "blue")
    assert result.stderr == ""
    assert f"+++ {two[0]}" in result.stdout
    assert '+ "current-context": "other",' in result.stdout
    assert '+    "namespace": "blue"' in result.stdout.replace("     ", "    ")
    assert [(path.read_bytes(), path.stat().st_mtime_ns) for path in two] == before
    run("ctx-switch", "-", code=ExitCode.NOT_FOUND)
    assert run("ctx-switch", "a", "--dry-run").stderr == "Nothing would change.\n"


def test_in_a_ctx_shell_both_stay_in_it(config: Path, scratch_home: Path, run, monkeypatch) -> None:
    overlay = scratch_home / "overlay"
    overlay.write_text("current-context: a\n")
    monkeypatch.setenv("KUBECONFIG", f"{overlay}:{config}")
    monkeypatch.setenv("KUBECTL_NS_TOOLS_SHELL", str(overlay))
    before = config.read_bytes()
    run("ctx-switch", "b", "-n", "blue")
    assert run("ctx-current", "--template", "{context}/{namespace}").stdout == "b/blue\n"
    run("ctx-switch", "b", "-n", "green")
    assert run("ctx-current", "--template", "{context}/{namespace}").stdout == "b/green\n"
    assert config.read_bytes() == before
