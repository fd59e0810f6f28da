import json
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import ExitCode
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
