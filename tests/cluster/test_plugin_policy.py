"""kubectl's settings for credential plugins: what may run, and that nothing else does."""

import os
import stat
from pathlib import Path

import pytest

from kubectl_ns_tools.cluster.connection import connect
from kubectl_ns_tools.cluster.plugin_policy import PluginPolicy, read_policy
from kubectl_ns_tools.errors import NsToolsError, Refused, Unreachable
from kubectl_ns_tools.goyaml import YamlError
from tests.cluster.scripted import Scripted
from tests.cluster.test_exec_plugin import Plugin

HEAD = "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n"


@pytest.fixture
def kuberc(scratch_home: Path) -> Path:
    path = scratch_home / ".kube" / "kuberc"
    path.parent.mkdir()
    return path


@pytest.fixture
def plugin(tmp_path: Path) -> Plugin:
    return Plugin(tmp_path).says({"token": "t1"})


@pytest.fixture
def on_path(plugin: Plugin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{plugin.folder}{os.pathsep}{os.environ['PATH']}")


def asked(plugin: Plugin, command: str = "") -> list[str]:
    """The token that is sent, or the error."""
    more = {"command": command} if command else {}
    with Scripted().answer({}) as server:
        try:
            connect(server.config(plugin.user(**more))).get("/x")
        except NsToolsError as error:
            assert not server.requests
            return [error.message]
        return server.requests[0].headers["authorization"]


@pytest.mark.parametrize(
    "text", [None, "", HEAD, HEAD + "credentialPluginPolicy: AllowAll\n", "kind: Other\n"]
)
def test_everything_may_run_where_nothing_is_said(plugin: Plugin, kuberc: Path, text: str | None) -> None:
    if text is not None:
        kuberc.write_text(text)
    assert asked(plugin) == ["Bearer t1"]


def test_nothing_runs_that_is_denied(plugin: Plugin, kuberc: Path) -> None:
    kuberc.write_text(f"kind: Other\n---\n{HEAD}credentialPluginPolicy: DenyAll\n")
    denied = f'getting credentials: plugin "{plugin.program}" not allowed: policy set to "DenyAll"'
    assert asked(plugin) == [denied]
    assert plugin.runs == []


@pytest.mark.usefixtures("on_path")
@pytest.mark.parametrize(
    ("entry", "command", "runs"),
    [
        ("command: {0}/plugin", "", True),
        ("command: plugin", "", True),
        ("name: plugin", "plugin", True),
        ("name: {0}/plugin", "plugin", True),
        ("command: other", "", False),
        ("command: /elsewhere/plugin", "", False),
    ],
)
def test_what_is_listed_runs_and_nothing_else(
    plugin: Plugin, kuberc: Path, entry: str, command: str, runs: bool
) -> None:
    listed = entry.format(plugin.folder)
    kuberc.write_text(f"{HEAD}credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist:\n- {listed}\n")
    refused = f'plugin path "{plugin.program}" is not permitted by the credential plugin allowlist'
    assert asked(plugin, command) == (["Bearer t1"] if runs else [f"getting credentials: {refused}"])
    assert bool(plugin.runs) is runs


def test_a_kept_answer_of_what_may_not_run_is_not_used(plugin: Plugin, kuberc: Path, tmp_path: Path) -> None:
    config = {"expirationTimestamp": "2999-01-01T00:00:00Z"}
    lasting = Plugin(tmp_path).says({"token": "t1", **config})
    with Scripted().answer({}) as server:
        kept = server.config(lasting.user())
        connect(kept, cache=str(tmp_path / "cache")).get("/x")
        kuberc.write_text(f"{HEAD}credentialPluginPolicy: DenyAll\n")
        with pytest.raises(Refused, match="not allowed"):
            connect(kept, cache=str(tmp_path / "cache")).get("/x")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("credentialPluginPolicy: denyall", 'unknown plugin policy: "denyall"'),
        ("credentialPluginPolicy: Allowlist", "allowlist is empty"),
        ("credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: []", "allowlist is empty"),
        ("credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{}]", "empty allowlist entry"),
        ("credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [aws]", "empty allowlist entry"),
        ("credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{name: /a/../b}]", "non-normalized"),
        ("credentialPluginAllowlist: [{name: aws}]", "allowlist is non-nil"),
    ],
)
def test_a_slip_of_the_pen_is_refused(kuberc: Path, text: str, why: str) -> None:
    kuberc.write_text(f"{HEAD}{text}\n")
    with pytest.raises(Refused, match=why):
        read_policy(os.environ)


def test_what_is_no_settings_lets_nothing_run(plugin: Plugin, kuberc: Path) -> None:
    kuberc.write_text("a: [\n")
    with pytest.raises(YamlError):
        read_policy(os.environ)
    asked(plugin)
    assert plugin.runs == []


def test_another_file_or_none(kuberc: Path, tmp_path: Path) -> None:
    kuberc.write_text(f"{HEAD}credentialPluginPolicy: DenyAll\n")
    other = tmp_path / "other"
    other.write_text(HEAD)
    assert read_policy({**os.environ, "KUBERC": str(other)}) == PluginPolicy(path=str(other))
    assert read_policy({**os.environ, "KUBERC": "off"}).kind == "AllowAll"
    assert read_policy({**os.environ, "KUBECTL_KUBERC": "false"}).kind == "AllowAll"
    with pytest.raises(Refused, match=r"kuberc: open .*: no such file or directory"):
        read_policy({**os.environ, "KUBERC": str(tmp_path / "missing")})


def test_a_plugin_is_not_looked_for_where_the_kubeconfig_says(plugin: Plugin) -> None:
    """Its own PATH is for what it starts itself."""
    user = plugin.user(command="plugin", env=[{"name": "PATH", "value": str(plugin.folder)}])
    with Scripted() as server, pytest.raises(Unreachable, match="exec: executable plugin not found"):
        connect(server.config(user)).get("/x")


def test_a_plugin_is_not_taken_from_the_current_directory(
    plugin: Plugin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(plugin.folder)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    assert "exec: executable plugin not found" in asked(plugin, "plugin")[0]
    assert stat.S_IMODE(plugin.program.stat().st_mode) & 0o100
