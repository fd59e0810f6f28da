import json
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import ExitCode
from tests.builders import Kubeconfig


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = (
        Kubeconfig()
        .context("a", namespace="n")
        .context("b", cluster="d", user="v")
        .write(tmp_path / "config")
    )
    monkeypatch.setenv("KUBECONFIG", str(path))
    return path


def contexts(path: Path) -> dict[str, dict[str, str]]:
    return {item["name"]: item["context"] for item in json.loads(path.read_text())["contexts"]}


def test_a_new_context(config: Path, run) -> None:
    result = run("ctx-set", "new", "--cluster", "c", "--user", "u", "--namespace", "blue")
    assert result.stderr == 'Context "new" created.\n'
    assert contexts(config)["new"] == {"cluster": "c", "user": "u", "namespace": "blue"}


def test_an_existing_one_keeps_what_is_not_named(config: Path, run) -> None:
    result = run("ctx-set", "a", "--cluster", "d")
    assert result.stderr == 'Context "a" modified.\n'
    assert contexts(config)["a"] == {"cluster": "d", "user": "u", "namespace": "n"}


@pytest.mark.parametrize(
    ("arguments", "problems"),
    [
        (
            ["new"],
            ["--cluster is needed (clusters there are: c, d)", "--user is needed (users there are: u, v)"],
        ),
        (["new", "--cluster", "c"], ["--user is needed (users there are: u, v)"]),
        (["new", "--cluster", "x", "--user", "u"], ['cluster "x" does not exist (clusters there are: c, d)']),
        (["a", "--user", "x"], ['user "x" does not exist (users there are: u, v)']),
        (["a", "--user", ""], ["--user is needed (users there are: u, v)"]),
    ],
    ids=["nothing", "no user", "unknown cluster", "unknown user", "empty user"],
)
def test_cluster_and_user_must_be_there(config: Path, run, arguments: list[str], problems: list[str]) -> None:
    before = config.read_text()
    result = run("ctx-set", *arguments, code=ExitCode.REFUSED)
    assert [line.strip() for line in result.stderr.splitlines()[1:-1]] == problems
    assert config.read_text() == before


@pytest.mark.parametrize("name", ["Blue", "a_b", "-a", "a" * 64, "a.b"])
def test_a_namespace_that_cannot_be_is_refused(config: Path, run, name: str) -> None:
    result = run("ctx-set", "a", f"--namespace={name}", code=ExitCode.REFUSED)
    assert "is invalid: a lowercase RFC 1123 label must consist of" in result.stderr
    assert contexts(config)["a"]["namespace"] == "n"


def test_an_entry_is_changed_in_the_file_that_it_comes_from(
    config: Path, tmp_path: Path, run, monkeypatch
) -> None:
    first = Kubeconfig().context("first").write(tmp_path / "first")
    monkeypatch.setenv("KUBECONFIG", f"{first}:{config}")
    before = first.read_text()
    run("ctx-set", "b", "--namespace", "blue")
    assert contexts(config)["b"]["namespace"] == "blue"
    assert first.read_text() == before
    run("ctx-set", "new", "--cluster", "d", "--user", "v")
    assert "new" in contexts(first)
    assert "new" not in contexts(config)


def test_an_empty_name_is_no_name(config: Path, run) -> None:
    run("ctx-set", "", "--cluster", "c", "--user", "u", code=ExitCode.USAGE)
