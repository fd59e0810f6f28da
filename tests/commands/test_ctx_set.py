import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

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


@pytest.mark.parametrize(
    "arguments",
    [["", "--cluster", "c", "--user", "u"], [], ["--namespace", "blue"], ["a", "--current"]],
    ids=["empty", "nothing", "no name", "both"],
)
def test_a_name_or_the_current_context_is_needed(config: Path, run, arguments: list[str]) -> None:
    before = config.read_text()
    result = run("ctx-set", *arguments, code=ExitCode.USAGE)
    assert "give either the context's name or --current" in result.stderr
    assert config.read_text() == before


def test_the_current_context_can_be_changed(config: Path, run) -> None:
    run("ctx-switch", "b")
    result = run("ctx-set", "--current", "--namespace", "blue", "--user", "u")
    assert result.stderr == 'Context "b" modified.\n'
    assert contexts(config)["b"] == {"cluster": "d", "user": "u", "namespace": "blue"}


def test_without_a_current_context_there_is_none_to_change(config: Path, run) -> None:
    result = run("ctx-set", "--current", "--namespace", "blue", code=ExitCode.NOT_FOUND)
    assert result.stderr.startswith("error: current-context is not set\n")


def test_a_current_context_that_does_not_exist_is_a_new_one(config: Path, run) -> None:
    config.write_text(config.read_text().replace('"current-context": ""', '"current-context": "gone"'))
    run("ctx-set", "--current", "--namespace", "blue", code=ExitCode.REFUSED)
    result = run("ctx-set", "--current", "--cluster", "c", "--user", "u")
    assert result.stderr == 'Context "gone" created.\n'


@pytest.mark.parametrize(
    ("arguments", "left"),
    [
        (["--unset", "namespace"], {"cluster": "c", "user": "u"}),
        (["--unset", "namespace", "--unset", "namespace"], {"cluster": "c", "user": "u"}),
        (["--unset", "namespace", "--cluster", "d"], {"cluster": "d", "user": "u"}),
        (["--namespace", ""], {"cluster": "c", "user": "u"}),
        (["--unset", "namespace, user"], {"cluster": "c"}),
        (["--unset=cluster", "--unset=user"], {"namespace": "n"}),
    ],
    ids=["namespace", "twice", "and set", "empty", "listed", "repeated"],
)
def test_fields_can_be_taken_out(config: Path, run, arguments: list[str], left: dict[str, str]) -> None:
    run("ctx-set", "a", *arguments)
    assert contexts(config)["a"] == left


def test_what_makes_a_context_useless_is_a_warning(config: Path, run) -> None:
    assert run("ctx-set", "a", "--unset", "user,cluster").stderr == (
        'Warning: context "a" is of no use until it has a cluster again\n'
        'Warning: context "a" is of no use until it has a user again\n'
        'Context "a" modified.\n'
    )
    assert run("ctx-set", "b", "--unset", "namespace").stderr == 'Context "b" modified.\n'


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--unset", "namespce"], "a context has no field \"namespce\" (did you mean 'namespace'?)"),
        (["--unset", ""], 'a context has no field ""'),
        (["--unset", "user,"], 'a context has no field ""'),
        (["--unset", "user,namespace", "--namespace", "x"], "--namespace and --unset namespace exclude"),
        (["--unset", "cluster", "--cluster", "c"], "--cluster and --unset cluster exclude each other"),
    ],
)
def test_what_cannot_be_taken_out_is_a_usage_error(config: Path, run, arguments, said: str) -> None:
    before = config.read_text()
    assert said in run("ctx-set", "a", *arguments, code=ExitCode.USAGE).stderr
    assert config.read_text() == before


def test_a_new_context_still_needs_both(config: Path, run) -> None:
    result = run("ctx-set", "new", "--unset", "cluster", "--user", "u", code=ExitCode.REFUSED)
    assert "--cluster is needed" in result.stderr


def test_a_dry_run_shows_the_difference(config: Path, run) -> None:
    before = config.read_bytes(), config.stat().st_mtime_ns
    result = run("ctx-set", "--dry-run", "a", "--unset", "namespace")
    assert result.stderr == ""
    assert '-    "namespace": "n"' in result.stdout
    assert run("ctx-set", "a", "--namespace", "n", "--dry-run").stderr == "Nothing would change.\n"
    assert (config.read_bytes(), config.stat().st_mtime_ns) == before


@pytest.mark.parametrize(
    ("ours", "kubectls"),
    [
        (["a", "--namespace", "x"], ["set-context", "a", "--namespace=x"]),
        (["--current", "--namespace=x"], ["set-context", "--current", "--namespace=x"]),
        (["a", "--namespace="], ["set-context", "a", "--namespace="]),
        (["--current", "--namespace="], ["set-context", "--current", "--namespace="]),
        (["a", "--cluster=d", "--user=v"], ["set-context", "a", "--cluster=d", "--user=v"]),
        (["b", "--user=u"], ["set-context", "b", "--user=u"]),
        (["new", "--cluster=c", "--user=v"], ["set-context", "new", "--cluster=c", "--user=v"]),
        (["a"], ["set-context", "a"]),
        (["a", "--unset", "namespace"], ["unset", "contexts.a.namespace"]),
        (["a", "--unset", "user"], ["unset", "contexts.a.user"]),
        (["a", "--unset", "cluster"], ["unset", "contexts.a.cluster"]),
    ],
    ids=" ".join,
)
def test_kubectl_would_have_made_the_same_of_it(
    *, config: Path, tmp_path: Path, run, kubectl_path: Path, monkeypatch, ours, kubectls
) -> None:
    first = Kubeconfig().context("first").current("b").write(tmp_path / "first")
    said = []
    for folder in ("ours", "kubectls"):
        (tmp_path / folder).mkdir()
        paths = [shutil.copy(path, tmp_path / folder) for path in (first, config)]
        monkeypatch.setenv("KUBECONFIG", os.pathsep.join(paths))
        if folder == "ours":
            run("ctx-set", *ours)
        else:
            subprocess.run([kubectl_path, "config", *kubectls], check=True, capture_output=True)
        views = [
            [kubectl_path, "config", "view", "--raw", "-o", "json", "--kubeconfig", path] for path in paths
        ]
        said.append([subprocess.run(view, check=True, capture_output=True).stdout for view in views])
    assert said[0] == said[1]


@pytest.fixture
def inside(config: Path, scratch_home: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """In a ctx-shell in a ctx-shell, with `a` as its context; the overlays, the inner one first."""
    overlays = [scratch_home / "shells" / name / "overlay-1.yaml" for name in ("inner", "outer")]
    for overlay in overlays:
        Kubeconfig().context("a", namespace="own").current("a").write(overlay)
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join(map(str, [*overlays, config])))
    monkeypatch.setenv("KUBECTL_NS_TOOLS_SHELL", str(overlays[0]))
    return overlays


def test_the_current_context_of_a_ctx_shell_is_its_own(inside: list[Path], config: Path, run) -> None:
    before = config.read_bytes(), inside[1].read_bytes()
    result = run("ctx-set", "--current", "--namespace", "blue", "--cluster", "d")
    assert result.stderr == 'Context "a" modified in this shell.\n'
    assert contexts(inside[0])["a"] == {"cluster": "d", "user": "u", "namespace": "blue"}
    run("ctx-set", "--current", "--unset", "namespace")
    assert contexts(inside[0])["a"] == {"cluster": "d", "user": "u"}
    assert (config.read_bytes(), inside[1].read_bytes()) == before


def test_a_context_that_the_ctx_shell_has_no_copy_of_gets_one(
    inside: list[Path], config: Path, run, kubectl_path: Path
) -> None:
    subprocess.run([kubectl_path, "config", "use-context", "b"], check=True, capture_output=True)
    before = config.read_bytes()
    run("ctx-set", "--current", "--namespace", "blue", "--unset", "user")
    assert contexts_of_yaml(inside[0])["b"] == {"cluster": "d", "namespace": "blue"}
    assert config.read_bytes() == before


def contexts_of_yaml(path: Path) -> dict[str, dict[str, str]]:
    return {item["name"]: item["context"] for item in yaml.safe_load(path.read_text())["contexts"]}


def test_a_name_in_a_ctx_shell_is_everybodys(inside: list[Path], config: Path, run) -> None:
    before = [path.read_bytes() for path in inside]
    assert run("ctx-set", "a", "--namespace", "blue").stderr == (
        'Warning: this shell keeps its own copy of context "a"; change that with: kubectl ctx-set --current\n'
        'Context "a" modified.\n'
    )
    assert run("ctx-set", "b", "--namespace", "blue").stderr == 'Context "b" modified.\n'
    run("ctx-set", "new", "--cluster", "d", "--user", "v")
    assert contexts(config)["a"]["namespace"] == contexts(config)["b"]["namespace"] == "blue"
    assert "new" in contexts(config)
    assert [path.read_bytes() for path in inside] == before


def test_in_a_ctx_shell_with_a_single_file_that_one_is_changed(
    scratch_home: Path, run, monkeypatch: pytest.MonkeyPatch
) -> None:
    flattened = scratch_home / "shells" / "mine" / "flattened-1.yaml"
    Kubeconfig().context("a").current("a").write(flattened)
    monkeypatch.setenv("KUBECONFIG", str(flattened))
    monkeypatch.setenv("KUBECTL_NS_TOOLS_SHELL", str(flattened))
    run("ctx-set", "a", "--namespace", "blue")
    assert contexts(flattened)["a"]["namespace"] == "blue"
