import json
import subprocess
from pathlib import Path

import pytest

from tests.builders import Kubeconfig


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
