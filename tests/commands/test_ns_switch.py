import json
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import ExitCode
from tests.builders import Kubeconfig
from tests.commands.conftest import BIN
from tests.commands.screen import ENTER, ESCAPE, Screen


def namespace_in(config: Path, kubectl) -> str:
    return kubectl("config", "view", "--minify", "-o", "jsonpath={..namespace}").stdout


@pytest.mark.integration
def test_kubectls_default_namespace_follows_and_comes_back(kubeconfig, kubectl, namespace, run) -> None:
    result = run("ns-switch", namespace, "--kubeconfig", kubeconfig)
    assert result.stderr == f'Context "kubernetes-admin@kubernetes" now uses namespace "{namespace}".\n'
    assert namespace_in(kubeconfig, kubectl) == namespace
    assert (
        kubectl("get", "serviceaccount", "default", "-o", "jsonpath={.metadata.namespace}").stdout
        == namespace
    )
    run("ns-switch", "-", "--kubeconfig", kubeconfig)
    assert namespace_in(kubeconfig, kubectl) == "default"
    run("ns-switch", "-", "--kubeconfig", kubeconfig)
    assert namespace_in(kubeconfig, kubectl) == namespace


@pytest.mark.integration
def test_a_namespace_that_is_not_there_is_refused_with_the_nearest(
    kubeconfig, kubectl, namespace, run
) -> None:
    before = kubeconfig.read_text()
    result = run("ns-switch", namespace[:-1], "--kubeconfig", kubeconfig, code=ExitCode.NOT_FOUND)
    assert result.stderr == (
        f'Error from server (NotFound): namespaces "{namespace[:-1]}" not found\n'
        f"hint: did you mean {namespace!r}?\n"
    )
    assert kubeconfig.read_text() == before


def test_a_dry_run_shows_the_change_and_makes_none(tmp_path: Path, run) -> None:
    config = Kubeconfig().context("a", namespace="red").current("a").write(tmp_path / "config")
    before = config.read_bytes(), config.stat().st_mtime_ns
    result = run("ns-switch", "blue", "--force", "--dry-run", "--kubeconfig", config)
    assert '-    "namespace": "red"\n+    "namespace": "blue"' in result.stdout
    assert (config.read_bytes(), config.stat().st_mtime_ns) == before
    failed = run("ns-switch", "-", "--kubeconfig", config, code=ExitCode.NOT_FOUND)
    assert "no previous namespace" in failed.stderr


@pytest.mark.integration
def test_who_may_not_look_is_warned_and_switched(controlplane, namespace, run) -> None:
    config = controlplane.user(f"nobody-{namespace}")
    result = run("ns-switch", namespace, "--kubeconfig", config)
    assert result.stderr.startswith(
        f'Warning: not checked whether namespace "{namespace}" exists (forbidden)\n'
    )
    assert json.dumps(namespace) in config.read_text() or namespace in config.read_text()


@pytest.mark.integration
def test_a_terminating_namespace_is_a_warning(kubeconfig, kubectl, namespace, run) -> None:
    held = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "held", "finalizers": ["example.com/hold"]},
    }
    kubectl("create", "-n", namespace, "-f", "-", input=json.dumps(held))
    kubectl("delete", "namespace", namespace, "--wait=false")
    result = run("ns-switch", namespace, "--kubeconfig", kubeconfig)
    assert f'Warning: namespace "{namespace}" is being deleted' in result.stderr
    kubectl(
        "patch",
        "configmap",
        "held",
        "-n",
        namespace,
        "--type=merge",
        "-p",
        '{"metadata":{"finalizers":null}}',
    )


def test_force_asks_no_cluster(tmp_path: Path, run) -> None:
    config = Kubeconfig().context("a").current("a").write(tmp_path / "config")
    run("ns-switch", "blue", "--kubeconfig", config, code=ExitCode.UNREACHABLE)
    assert "blue" not in config.read_text()
    run("ns-switch", "blue", "--force", "--kubeconfig", config)
    assert json.loads(config.read_text())["contexts"][0]["context"]["namespace"] == "blue"


def test_another_context_can_be_named(tmp_path: Path, run) -> None:
    config = Kubeconfig().context("a").context("b").current("a").write(tmp_path / "config")
    run("ns-switch", "blue", "--force", "--context", "b", "--kubeconfig", config)
    assert "namespace" not in json.loads(config.read_text())["contexts"][0]["context"]
    run("ns-switch", "x", "--force", "--context", "nope", "--kubeconfig", config, code=ExitCode.NOT_FOUND)


def test_a_name_that_no_namespace_can_have_is_refused(tmp_path: Path, run) -> None:
    config = Kubeconfig().context("a").current("a").write(tmp_path / "config")
    run("ns-switch", "Blue", "--kubeconfig", config, code=ExitCode.REFUSED)


@pytest.mark.integration
def test_without_a_name_one_is_picked(kubeconfig, kubectl, namespace, plugin_environ) -> None:
    arguments = ["--kubeconfig", str(kubeconfig)]
    picker = Screen(BIN / "kubectl-ns_switch", arguments, plugin_environ).shows("status     Active")
    assert picker.lines[0] == "namespace>"
    assert picker.pointed == "* default"
    picker.press(namespace).points_at(f"  {namespace}").shows("template   <none>")
    assert picker.press(ENTER).ended() == 0
    assert namespace_in(kubeconfig, kubectl) == namespace


@pytest.mark.integration
def test_the_picker_can_be_left(kubeconfig, plugin_environ) -> None:
    before = kubeconfig.read_bytes()
    arguments = ["--kubeconfig", str(kubeconfig)]
    picker = Screen(BIN / "kubectl-ns_switch", arguments, plugin_environ).shows("status     Active")
    assert picker.press(ESCAPE).ended() == ExitCode.INTERRUPTED
    assert kubeconfig.read_bytes() == before


def test_without_a_name_or_a_terminal_it_says_what_to_do(tmp_path: Path, run) -> None:
    config = Kubeconfig().context("a").current("a").write(tmp_path / "config")
    result = run("ns-switch", "--kubeconfig", config, code=ExitCode.USAGE)
    assert "no namespace is named, and there is no terminal to choose one on" in result.stderr
