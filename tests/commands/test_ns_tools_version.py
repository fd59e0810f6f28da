import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubectl_ns_tools import __version__
from kubectl_ns_tools.commands.doctor import program
from kubectl_ns_tools.errors import ExitCode
from tests.builders import Kubeconfig

Run = Callable[..., Any]
Version = dict[str, str]


def kubectl_that_says(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    script = folder / "kubectl"
    script.write_text(f"#!/bin/sh\necho '{text}'\n")
    script.chmod(0o755)
    return folder


@pytest.fixture
def real_kubectl(kubectl_path: Path, monkeypatch: pytest.MonkeyPatch) -> Version:
    """On PATH; what it says of itself. Some hand over to another one, of the server's version, when they are
    told of a server; they are asked without one."""
    monkeypatch.setenv("PATH", os.pathsep.join([str(kubectl_path.parent), os.environ["PATH"]]))
    command = [kubectl_path, "version", "--client", "--output=json"]
    said: Version = json.loads(subprocess.check_output(command))["clientVersion"]
    return said


@pytest.mark.integration
def test_all_versions_in_kubectls_way(
    run: Run, kubeconfig: Path, kubectl: Run, real_kubectl: Version
) -> None:
    shown = run("ns-tools", "version", "--kubeconfig", kubeconfig).stdout.splitlines()
    assert shown[:2] == [
        f"kubectl-ns-tools Version: v{__version__}",
        f"Python Version: {platform.python_version()}",
    ]
    [theirs] = [line for line in kubectl("version").stdout.splitlines() if line.startswith("Server")]
    assert shown[2:] == [f"Client Version: {real_kubectl['gitVersion']}", theirs]


@pytest.mark.integration
@pytest.mark.parametrize("output", ["json", "yaml"])
def test_the_same_for_a_program(
    output: str, run: Run, kubectl: Run, kubeconfig: Path, real_kubectl: Version
) -> None:
    load = {"json": json.loads, "yaml": yaml.safe_load}[output]
    shown = load(run("ns-tools", "version", "-o", output, "--kubeconfig", kubeconfig).stdout)
    theirs = json.loads(kubectl("version", "-o", "json").stdout)
    assert (shown["apiVersion"], shown["kind"]) == ("kubectl-ns-tools/v1", "Versions")
    assert shown["suiteVersion"] == f"v{__version__}"
    assert shown["python"] == {"version": platform.python_version(), "packed": False}
    for side, told in (("clientVersion", real_kubectl), ("serverVersion", theirs["serverVersion"])):
        for field in ("gitVersion", "major", "minor"):
            assert shown[side][field] == told[field]


def test_the_cluster_is_not_asked_with_client(run: Run, real_kubectl: Version) -> None:
    shown = run("ns-tools", "version", "--client")
    assert shown.stdout.splitlines()[-1] == f"Client Version: {real_kubectl['gitVersion']}"
    assert shown.stderr == ""
    assert json.loads(run("ns-tools", "version", "--client", "-o", "json").stdout)["serverVersion"] is None


def test_without_an_answer_the_rest_is_shown_before_the_error(
    tmp_path: Path, run: Run, real_kubectl: Version
) -> None:
    config = Kubeconfig().context("a").current("a").write(tmp_path / "config")
    failed = run("ns-tools", "version", "--kubeconfig", config, code=ExitCode.UNREACHABLE)
    assert failed.stdout.splitlines()[-1] == f"Client Version: {real_kubectl['gitVersion']}"
    assert failed.stderr.startswith("The connection to the server 127.0.0.1:1 was refused")
    missing = run("ns-tools", "version", "--kubeconfig", tmp_path / "none", code=ExitCode.NOT_FOUND)
    assert missing.stdout == failed.stdout


@pytest.mark.parametrize("text", ["no JSON", "[]", '{"clientVersion": 1}', "{}"])
def test_a_kubectl_that_says_nothing_of_use_is_a_warning(
    text: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = kubectl_that_says(tmp_path / "bin", text)
    monkeypatch.setenv("PATH", str(folder))
    shown = run("ns-tools", "version", "--client")
    assert shown.stderr == f"Warning: {folder}/kubectl does not tell its version\n"
    assert "Client" not in shown.stdout


def test_no_kubectl_is_a_warning(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run("ns-tools", "version", "--client").stderr == "Warning: there is no kubectl on PATH\n"


def test_what_kubectl_says_cannot_steer_the_terminal(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = '{"clientVersion": {"gitVersion": "v1\\u001b[31m"}}'
    monkeypatch.setenv("PATH", str(kubectl_that_says(tmp_path / "bin", text)))
    assert "Client Version: v1\\x1b[31m\n" in run("ns-tools", "version", "--client").stdout


def test_an_interpreter_that_came_with_us_is_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "lib" / "app" / "kubectl_ns_tools"
    monkeypatch.setattr(program.kubectl_ns_tools, "__file__", str(package / "__init__.py"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "lib" / "python"))
    assert program.is_packed()
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "other" / "python"))
    assert not program.is_packed()
