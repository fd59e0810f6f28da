"""ns-template publish, and the use of what it has published, on the real cluster."""

import json
import sys
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubectl_ns_tools.errors import ExitCode
from kubectl_ns_tools.templates.library.publishing import MOST_BYTES, configmap, joined
from tests.builders import Kubeconfig
from tests.commands.conftest import executable
from tests.controlplane.servers import ControlPlane

Run = Callable[..., Any]
TEXT = """\
apiVersion: template.openshift.io/v1
kind: Template
metadata: {name: web, annotations: {description: For the web.}}
parameters: [{name: OWNER, value: anna}]
objects:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {owner: "${OWNER}"}}
"""
VARIABLE = "KUBECTL_NS_TOOLS_TEMPLATES_NAMESPACE"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with w.yaml in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "w.yaml").write_text(TEXT)
    return tmp_path


class TestWithoutACluster:
    def test_a_dry_run_shows_what_would_be_there(self, run: Run) -> None:
        result = run("ns-template", "publish", "w.yaml", "--dry-run", "-o", "yaml")
        assert yaml.safe_load(result.stdout) == {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {
                "name": "web",
                "namespace": "kubectl-ns-tools",
                "labels": {
                    "kubectl-ns-tools/template": "true",
                    "app.kubernetes.io/managed-by": "kubectl-ns-tools",
                },
            },
            "data": {"template.yaml": TEXT},
        }
        assert run("ns-template", "publish", "w.yaml", "--dry-run").stdout == (
            "configmap/web published (dry run)\n"
        )

    @pytest.mark.parametrize(
        ("arguments", "name"),
        [
            (["w.yaml"], "web"),
            (["w.yaml", "--name", "web-2"], "web-2"),
            (["plain.yaml"], "plain"),
            (["./both"], "both"),
            (["team"], "team"),
        ],
    )
    def test_the_name(self, run: Run, folder: Path, arguments: list[str], name: str) -> None:
        plain = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}"
        (folder / "plain.yaml").write_text(plain)
        (folder / "both").mkdir()
        (folder / "both" / "a.yaml").write_text(plain)
        result = run("ns-template", "publish", *arguments, "--dry-run", "-o", "name")
        assert result.stdout == f"configmap/{name}\n"

    def test_a_name_that_no_configmap_can_have(self, run: Run) -> None:
        for name in ("Web", "a_b", "../x", ""):
            run("ns-template", "publish", "w.yaml", "--name", name or "-", "--dry-run", code=ExitCode.REFUSED)

    def test_stdin_has_no_name(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        plain = b"{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}"
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(plain)))
        result = run("ns-template", "publish", "-", "--dry-run", code=ExitCode.REFUSED)
        assert result.stderr.endswith("error: what comes from stdin has no name\nhint: --name NAME\n")
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(TEXT.encode())))
        assert run("ns-template", "publish", "-", "--dry-run", "-o", "name").stdout == "configmap/web\n"

    def test_a_template_with_errors_is_not_published(self, run: Run, folder: Path) -> None:
        (folder / "w.yaml").write_text(TEXT.replace("${OWNER}", "${OWNR}"))
        result = run("ns-template", "publish", "w.yaml", "--dry-run", code=ExitCode.REFUSED)
        assert result.stdout == ""
        assert "error      w.yaml:6   there is no parameter OWNR (did you mean OWNER?)" in result.stderr
        assert result.stderr.endswith(
            "error: the template has errors, and is not published\n"
            "hint: mend them; --force publishes it anyway\n"
        )
        assert run("ns-template", "publish", "w.yaml", "--dry-run", "--force").stdout

    def test_a_warning_is_no_obstacle(self, run: Run, folder: Path) -> None:
        (folder / "w.yaml").write_text(TEXT.replace("${OWNER}", "x"))
        result = run("ns-template", "publish", "w.yaml", "--dry-run")
        assert "warning    w.yaml:4   parameter OWNER is never used" in result.stderr

    def test_what_is_too_large(self, run: Run, folder: Path) -> None:
        assert configmap("a", "n", "x" * MOST_BYTES)
        (folder / "w.yaml").write_text(TEXT + f"# {'x' * MOST_BYTES}\n")
        result = run("ns-template", "publish", "w.yaml", "--dry-run", code=ExitCode.REFUSED)
        assert "bytes, and a ConfigMap has room for 1048576" in result.stderr

    def test_a_cluster_is_needed_for_the_real_thing(self, run: Run, folder: Path) -> None:
        config = Kubeconfig().context("c").current("c").write(folder / "config")
        run("ns-template", "publish", "w.yaml", "--kubeconfig", config, code=ExitCode.UNREACHABLE)

    @pytest.mark.parametrize(
        ("texts", "text"),
        [
            (["a: 1"], "a: 1"),
            (["a: 1", "b: 2\n"], "---\na: 1\n---\nb: 2\n"),
            (["---\na: 1\n", "---\nb: 2\n"], "---\na: 1\n---\nb: 2\n"),
        ],
    )
    def test_several_texts_are_one_stream(self, texts: list[str], text: str) -> None:
        assert joined(texts) == text


@pytest.mark.integration
class TestPublishing:
    @pytest.fixture(autouse=True)
    def home(self, namespace: str, kubeconfig: Path, monkeypatch: pytest.MonkeyPatch) -> str:
        """The namespace that is published in and looked into."""
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig))
        monkeypatch.setenv(VARIABLE, namespace)
        return namespace

    def test_everybody_finds_it_by_its_name(
        self, run: Run, kubectl: Run, home: str, controlplane: ControlPlane
    ) -> None:
        result = run("ns-template", "publish", "w.yaml")
        assert result.stdout == "configmap/web published\n"
        assert result.stderr == "everybody who may read it: kubectl ns-create NAME -t web\n"
        assert "web          cluster    For the web." in run("ns-template", "list").stdout
        assert run("ns-template", "show", "web", "-o", "yaml").stdout == TEXT
        made = f"{home}-made"
        try:
            assert "configmap/c created" in run("ns-create", made, "-t", "web", "-p", "OWNER=bob").stdout
            found = json.loads(kubectl("get", "configmap", "c", "-n", made, "-o", "json").stdout)
            assert found["data"] == {"owner": "bob"}
        finally:
            controlplane.api.call("DELETE", f"/api/v1/namespaces/{made}")

    def test_again_it_is_changed(self, run: Run, kubectl: Run, folder: Path, home: str) -> None:
        run("ns-template", "publish", "w.yaml")
        (folder / "w.yaml").write_text(TEXT.replace("anna", "bob"))
        assert run("ns-template", "publish", "w.yaml").stdout == "configmap/web published again\n"
        assert "value: bob" in kubectl("get", "configmap", "web", "-n", home, "-o", "yaml").stdout

    def test_a_server_dry_run_changes_nothing(self, run: Run, kubectl: Run, home: str) -> None:
        result = run("ns-template", "publish", "w.yaml", "--dry-run=server")
        assert result.stdout == "configmap/web published (server dry run)\n"
        assert run("ns-template", "list", "-o", "name").stdout.split().count("web") == 0

    def test_a_namespace_that_is_not_there(self, run: Run) -> None:
        result = run("ns-template", "publish", "w.yaml", "-n", "no-such", code=ExitCode.NOT_FOUND)
        assert result.stderr == (
            'error: namespace "no-such" does not exist\n'
            "hint: make it, and let users read the ConfigMaps in it: kubectl create namespace no-such\n"
        )

    def test_where_nobody_looks(self, run: Run, home: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(VARIABLE, "elsewhere")
        result = run("ns-template", "publish", "w.yaml", "-n", home)
        assert f'Warning: nobody looks in the namespace "{home}" unless ${VARIABLE} names it' in result.stderr

    def test_before_a_builtin_one(self, run: Run) -> None:
        result = run("ns-template", "publish", "w.yaml", "--name", "team")
        assert "template 'team' is found before the built-in one now\n" in result.stderr

    def test_a_configmap_that_is_no_template(self, run: Run, kubectl: Run, home: str) -> None:
        kubectl("create", "configmap", "web", "-n", home, "--from-literal=a=b")
        result = run("ns-template", "publish", "w.yaml", code=ExitCode.REFUSED)
        assert f'configmap "web" in namespace "{home}" is there and is no template' in result.stderr
        run("ns-template", "publish", "w.yaml", "--delete", "--name", "web", "-y", code=ExitCode.NOT_FOUND)
        run("ns-template", "publish", "w.yaml", "--force")
        data = json.loads(kubectl("get", "configmap", "web", "-n", home, "-o", "json").stdout)["data"]
        assert data == {"a": "b", "template.yaml": TEXT}

    def test_what_somebody_else_has_written(self, run: Run, kubectl: Run, folder: Path, home: str) -> None:
        run("ns-template", "publish", "w.yaml")
        patch = json.dumps({"data": {"template.yaml": TEXT.replace("anna", "eve")}})
        kubectl("patch", "configmap", "web", "-n", home, "--type=merge", "-p", patch)
        result = run("ns-template", "publish", "w.yaml", code=ExitCode.FAILED)
        assert "conflict" in result.stderr
        assert result.stderr.endswith("hint: --force publishes it nevertheless\n")
        run("ns-template", "publish", "w.yaml", "--force")
        assert "anna" in kubectl("get", "configmap", "web", "-n", home, "-o", "yaml").stdout

    def test_it_can_be_withdrawn(self, run: Run) -> None:
        run("ns-template", "publish", "w.yaml")
        refused = run("ns-template", "publish", "web", "--delete", code=ExitCode.REFUSED)
        assert "unconfirmed" in refused.stderr
        dry = run("ns-template", "publish", "web", "--delete", "--dry-run=server")
        assert dry.stdout == "configmap/web deleted (server dry run)\n"
        assert run("ns-template", "publish", "web", "--delete", "-y").stdout == "configmap/web deleted\n"
        again = run("ns-template", "publish", "web", "--delete", "-y", code=ExitCode.NOT_FOUND)
        assert 'no template "web" is published' in again.stderr

    def test_at_a_terminal_it_asks(self, run: Run, on_terminal: Run, plugin_environ: Any) -> None:
        run("ns-template", "publish", "w.yaml")
        arguments = ["publish", "web", "--delete"]
        terminal = on_terminal(executable("ns-template"), *arguments)
        terminal.child.expect_exact("Do you want to continue? (y/N):")
        terminal.type("n")
        assert terminal.ended() == ExitCode.REFUSED
        terminal = on_terminal(executable("ns-template"), *arguments)
        terminal.child.expect_exact("Do you want to continue? (y/N):")
        terminal.type("y")
        assert terminal.ended() == ExitCode.OK
        assert "web" not in run("ns-template", "list", "-o", "name").stdout.split()

    def test_the_documented_rights_are_enough(
        self, run: Run, kubectl: Run, allowed: Run, home: str, controlplane: ControlPlane
    ) -> None:
        text = (Path(__file__).parents[2] / "docs" / "templates.md").read_text()
        lines = [line.strip() for line in text.splitlines() if line.startswith("    kubectl create role")]
        assert len(lines) == 2
        for line in lines:
            kubectl(*line.replace("kubectl-ns-tools", home).split()[1:])
        run("ns-template", "publish", "w.yaml")
        config = controlplane.user(f"user-{home}")
        allowed(f"user-{home}", "list", "configmaps", "-n", home)
        result = run("ns-template", "list", "-o", "name", "--kubeconfig", config)
        assert "web" in result.stdout.split()
        assert run("ns-template", "show", "web", "-o", "yaml", "--kubeconfig", config).stdout == TEXT

    def test_who_may_not_is_told_in_the_servers_words(self, run: Run, controlplane: ControlPlane) -> None:
        config = controlplane.user("nobody")
        result = run("ns-template", "publish", "w.yaml", "--kubeconfig", config, code=ExitCode.FAILED)
        assert 'Error from server (Forbidden): configmaps "web" is forbidden' in result.stderr
