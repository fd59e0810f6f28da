import json
import subprocess
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import ExitCode
from tests.builders import Kubeconfig
from tests.commands.conftest import BIN
from tests.commands.screen import Screen


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return (
        Kubeconfig()
        .context("a", namespace="n")
        .context("日本", cluster="d")
        .current("a")
        .cluster("c", server="https://c", certificate_authority_data="c2VjcmV0", x_unknown="s3cret")
        .user(
            "u",
            token="s3cret",
            password="s3cret",
            client_key_data="c2VjcmV0",
            x_unknown="s3cret",
            exec={
                "apiVersion": "client.authentication.k8s.io/v1",
                "command": "c",
                "env": [{"name": "T", "value": "s3cret"}],
            },
        )
        .write(tmp_path / "config")
    )


def test_a_table_with_the_current_context_marked(config: Path, run) -> None:
    assert run("ctx-list", "--kubeconfig", config).stdout == (
        "CURRENT   NAME   CLUSTER   USER   NAMESPACE\n"
        "*         a      c         u      n\n"
        "          日本   d         u      <none>\n"
    )


def test_wide_shows_server_and_file(config: Path, run) -> None:
    line = run("ctx-list", "-o", "wide", "--kubeconfig", config).stdout.splitlines()[1]
    assert line.split() == ["*", "a", "c", "u", "n", "https://c", str(config)]


def test_names_only(config: Path, run) -> None:
    assert run("ctx-list", "-o", "name", "--kubeconfig", config).stdout == "a\n日本\n"


def test_json_is_what_kubectl_shows_and_holds_no_secret(config: Path, run, kubectl_path: Path) -> None:
    shown = run("ctx-list", "-o", "json", "--kubeconfig", config).stdout
    assert "s3cret" not in shown
    assert "c2VjcmV0" not in shown
    command = [kubectl_path, "config", "view", "-o", "json", "--kubeconfig", config]
    said = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    ours = json.loads(shown)
    for section in ("clusters", "contexts"):
        assert ours[section] == said[section]
    said_user, our_user = said["users"][0]["user"], ours["users"][0]["user"]
    assert our_user | {"exec": 0} == said_user | {"exec": 0}
    assert our_user["exec"]["env"] == [{"name": "T", "value": "REDACTED"}]


def test_yaml_holds_no_secret(config: Path, run) -> None:
    assert "s3cret" not in run("ctx-list", "-o", "yaml", "--kubeconfig", config).stdout


def test_broken_references_are_flagged(tmp_path: Path, run) -> None:
    value = Kubeconfig().context("a").value()
    value["users"] = []
    path = tmp_path / "config"
    path.write_text(json.dumps(value))
    assert "u (missing)" in run("ctx-list", "--kubeconfig", path).stdout


def test_control_characters_are_shown_not_obeyed(tmp_path: Path, run) -> None:
    path = Kubeconfig().context("a\x1b[2J", namespace="\u202e").write(tmp_path / "config")
    shown = run("ctx-list", "--kubeconfig", path).stdout
    assert "\x1b" not in shown
    assert "a\\x1b[2J" in shown
    assert "\\u202e" in shown


def test_an_empty_file_lists_nothing_on_stdout(tmp_path: Path, run) -> None:
    result = run("ctx-list", "--kubeconfig", tmp_path / "none")
    assert result.stdout == ""
    assert result.stderr == f"No contexts found in {tmp_path / 'none'}.\n"


def test_a_broken_file_is_a_warning_with_its_line(config: Path, tmp_path: Path, run, monkeypatch) -> None:
    broken = tmp_path / "broken"
    broken.write_text("contexts:\n- name: 123\n")
    monkeypatch.setenv("KUBECONFIG", f"{broken}:{config}")
    result = run("ctx-list", "-o", "name")
    assert "a\n" in result.stdout
    assert result.stderr == (
        f"Warning: {broken}:2: json: cannot unmarshal number into Go struct field NamedContext.contexts.name "
        "of type string\n"
    )


@pytest.fixture
def several(tmp_path: Path) -> Path:
    return (
        Kubeconfig()
        .context("prod-eu", cluster="eu", user="admin")
        .context("prod-us", cluster="us", user="admin")
        .context("dev", cluster="local", user="me")
        .current("dev")
        .write(tmp_path / "config")
    )


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        (["*"], ["prod-eu", "prod-us", "dev"]),
        (["prod-*"], ["prod-eu", "prod-us"]),
        (["dev", "*-us", "d*"], ["prod-us", "dev"]),
        (["prod-eu"], ["prod-eu"]),
    ],
)
def test_patterns_choose(several: Path, run, patterns: list[str], names: list[str]) -> None:
    assert run("ctx-list", *patterns, "-o", "name", "--kubeconfig", several).stdout.split() == names
    table = run("ctx-list", *patterns, "--kubeconfig", several).stdout.splitlines()[1:]
    assert [line[1:].split()[0] for line in table] == sorted(names)
    assert [line for line in table if line.startswith("*")] == [line for line in table if " dev " in line]


@pytest.mark.parametrize("output", ["table", "name", "json"])
def test_a_pattern_that_matches_nothing_is_not_found(several: Path, run, output: str) -> None:
    result = run("ctx-list", "dev", "prd", "-o", output, "--kubeconfig", several, code=ExitCode.NOT_FOUND)
    assert result.stdout == ""
    assert result.stderr.startswith('error: no context matches "prd"\nhint: ')


def test_json_of_one_context_is_what_kubectl_minifies(several: Path, run, kubectl_path: Path) -> None:
    ours = json.loads(run("ctx-list", "dev", "-o", "json", "--kubeconfig", several).stdout)
    command = [kubectl_path, "config", "view", "--minify", "-o", "json", "--kubeconfig", several]
    said = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    for section in ("clusters", "contexts", "users", "current-context"):
        assert ours[section] == said[section]


def test_json_of_others_has_no_dangling_current_context(several: Path, run) -> None:
    shown = json.loads(run("ctx-list", "prod-*", "-o", "json", "--kubeconfig", several).stdout)
    assert [item["name"] for item in shown["clusters"]] == ["eu", "us"]
    assert [item["name"] for item in shown["users"]] == ["admin"]
    assert shown["current-context"] == ""


def test_a_current_context_that_does_not_exist_is_a_warning(several: Path, run) -> None:
    several.write_text(several.read_text().replace('"current-context": "dev"', '"current-context": "gone"'))
    assert run("ctx-list", "--kubeconfig", several).stderr == (
        'Warning: the current context "gone" does not exist\n'
    )
    assert run("ctx-list", "-o", "name", "--kubeconfig", several).stderr == ""


@pytest.fixture
def protecting(scratch_home: Path) -> None:
    path = scratch_home / ".config" / "kubectl-ns-tools" / "config.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("protected: ['PROD-*']\n")


@pytest.mark.parametrize("output", ["table", "wide"])
def test_protected_contexts_are_marked_in_the_last_column(several: Path, protecting, run, output) -> None:
    lines = run("ctx-list", "-o", output, "--kubeconfig", several).stdout.splitlines()
    assert [line.split()[-1] for line in lines] == ["PROTECTED", "no", "yes", "yes"]
    assert lines[0].split()[:5] == ["CURRENT", "NAME", "CLUSTER", "USER", "NAMESPACE"]


def test_protection_does_not_show_in_what_programs_read(several: Path, protecting, run) -> None:
    for output in ("name", "json", "yaml"):
        shown = run("ctx-list", "-o", output, "--kubeconfig", several).stdout
        assert "rotected" not in shown


def test_names_are_exact_for_a_program_and_escaped_on_a_terminal(tmp_path: Path, plugin_environ) -> None:
    path = Kubeconfig().context("a\x1b[2J").current("a\x1b[2J").write(tmp_path / "config")
    for command in (["ctx_list", "-o", "name"], ["ctx_current"]):
        program = [BIN / f"kubectl-{command[0]}", *command[1:], "--kubeconfig", path]
        done = subprocess.run(program, env=plugin_environ, check=True, capture_output=True, text=True)
        assert done.stdout == "a\x1b[2J\n"
        terminal = Screen(program[0], list(map(str, program[1:])), plugin_environ)
        assert terminal.ended() == 0
        assert terminal.sent == "a\\x1b[2J\r\n"
