"""Exec plugins, by a real program: what it is told, what it answers, when it runs, how it fails."""

import datetime
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from kubectl_ns_tools.cluster.connection import connect
from kubectl_ns_tools.cluster.endpoint import Endpoint
from kubectl_ns_tools.cluster.errors import ApiUnauthorized
from kubectl_ns_tools.cluster.exec_plugin import ExecPlugin, expired
from kubectl_ns_tools.errors import Refused, Unreachable
from tests.cluster.scripted import Scripted

V1 = "client.authentication.k8s.io/v1"


class Plugin:
    """A program that notes each run and prints the next of its answers (the last one again and again)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = folder / "plugin"
        self._answers: list[str] = []

    def says(self, status: dict[str, Any], api_version: str = V1) -> "Plugin":
        return self.prints(
            json.dumps({"apiVersion": api_version, "kind": "ExecCredential", "status": status})
        )

    def prints(self, text: str) -> "Plugin":
        self._answers.append(text)
        return self

    def user(self, **more: Any) -> dict[str, Any]:
        for number, answer in enumerate(self._answers):
            (self.folder / f"answer-{number}").write_text(answer)
        self.program.write_text(
            f"#!{sys.executable}\n"
            "import os, pathlib, sys\n"
            f"folder = pathlib.Path({str(self.folder)!r})\n"
            "runs = len(list(folder.glob('run-*')))\n"
            "info = os.environ['KUBERNETES_EXEC_INFO']\n"
            "(folder / f'run-{runs}').write_text(repr((sys.argv[1:], os.environ.get('EXTRA'), info)))\n"
            "print('plugin speaking', file=sys.stderr)\n"
            f"print((folder / f'answer-{{min(runs, {len(self._answers) - 1})}}').read_text())\n"
        )
        self.program.chmod(0o755)
        entry = {"apiVersion": V1, "command": str(self.program), "interactiveMode": "Never", **more}
        return {"exec": entry}

    @property
    def runs(self) -> list[Any]:
        import ast

        notes = sorted(self.folder.glob("run-*"))
        return [ast.literal_eval(note.read_text()) for note in notes]


@pytest.fixture
def plugin(tmp_path: Path) -> Plugin:
    return Plugin(tmp_path)


def token_sent(server: Scripted, number: int = -1) -> list[str]:
    return server.requests[number].headers["authorization"]


def test_the_token_is_used_and_the_plugin_runs_once(plugin: Plugin) -> None:
    with Scripted().answer({}).answer({}) as server:
        connection = connect(server.config(plugin.says({"token": "t1"}).user()))
        connection.get("/x")
        connection.get("/x")
    assert [token_sent(server, number) for number in (0, 1)] == [["Bearer t1"]] * 2
    assert len(plugin.runs) == 1


def test_the_plugin_is_told_what_the_kubeconfig_says(plugin: Plugin) -> None:
    user = plugin.says({"token": "t1"}).user(
        args=["a", "b"], env=[{"name": "EXTRA", "value": "1"}], provideClusterInfo=True
    )
    extension = {"name": "client.authentication.k8s.io/exec", "extension": {"audience": "x"}}
    with Scripted().answer({}) as server:
        config = server.config(user, extensions=[extension], **{"tls-server-name": "n"})
        connect(config).get("/x")
    ((arguments, extra, info),) = plugin.runs
    assert (arguments, extra) == (["a", "b"], "1")
    assert json.loads(info) == {
        "apiVersion": V1,
        "kind": "ExecCredential",
        "spec": {
            "interactive": False,
            "cluster": {"server": server.url, "tls-server-name": "n", "config": {"audience": "x"}},
        },
    }


def test_a_spent_token_is_renewed_before_it_is_sent(plugin: Plugin) -> None:
    plugin.says({"token": "t1", "expirationTimestamp": "2020-01-01T00:00:00Z"}).says({"token": "t2"})
    with Scripted().answer({}).answer({}) as server:
        connection = connect(server.config(plugin.user()))
        connection.get("/x")
    assert token_sent(server) == ["Bearer t2"]


def test_a_token_that_is_not_taken_is_renewed_once(plugin: Plugin) -> None:
    plugin.says({"token": "t1"}).says({"token": "t2"})
    with Scripted().text("no", 401).answer({"a": 1}) as server:
        assert connect(server.config(plugin.user())).request("PATCH", "/x").json() == {"a": 1}
    assert token_sent(server) == ["Bearer t2"]


def test_threads_that_meet_the_same_401_renew_the_token_once(plugin: Plugin) -> None:
    plugin.says({"token": "t1"}).says({"token": "t2"})
    source = ExecPlugin(plugin.user()["exec"], Endpoint("https://a"))
    assert source.authorization() == "Bearer t1"
    assert source.renew("Bearer t1")
    assert source.renew("Bearer t1")
    assert source.authorization() == "Bearer t2"
    assert len(plugin.runs) == 2


def test_a_plugin_that_gives_the_same_again_is_not_tried_twice(plugin: Plugin) -> None:
    with Scripted().text("no", 401) as server, pytest.raises(ApiUnauthorized):
        connect(server.config(plugin.says({"token": "t1"}).user())).get("/x")
    assert len(server.requests) == 1
    assert len(plugin.runs) == 2


def test_the_plugins_stderr_is_shown(plugin: Plugin, capfd: pytest.CaptureFixture[str]) -> None:
    with Scripted().answer({}) as server:
        connect(server.config(plugin.says({"token": "t1"}).user())).get("/x")
    assert capfd.readouterr().err == "plugin speaking\n"


@pytest.mark.parametrize(
    ("entry", "message", "hint"),
    [
        pytest.param(
            {"command": "/bin/sh", "args": ["-c", "exit 3"]},
            "exec: executable /bin/sh failed with exit code 3",
            "",
            id="exit code",
        ),
        pytest.param(
            {"command": "no-such-plugin", "installHint": "brew install it\n"},
            "exec: executable no-such-plugin not found",
            "brew install it",
            id="not installed",
        ),
        pytest.param({"command": "/"}, "exec: Permission denied: /", "", id="not a program"),
        pytest.param(
            {"command": "/bin/sh", "args": ["-c", "true"], "interactiveMode": "Always"},
            "exec plugin cannot support interactive mode: standard input is not a terminal",
            "",
            id="wants a terminal",
        ),
    ],
)
def test_a_plugin_that_fails_is_a_clear_error(entry: dict[str, Any], message: str, hint: str) -> None:
    user = {"exec": {"apiVersion": V1, "interactiveMode": "Never", **entry}}
    with Scripted() as server, pytest.raises(Unreachable) as caught:
        connect(server.config(user)).get("/x")
    assert caught.value.message == f"Unable to connect to the server: getting credentials: {message}"
    assert caught.value.hint == hint
    assert server.requests == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("token hunter2", "decoding stdout: it is not a JSON ExecCredential", id="no JSON"),
        pytest.param('["hunter2"]', "decoding stdout: it is not a JSON ExecCredential", id="no object"),
        pytest.param(
            json.dumps({"kind": "ExecCredential", "apiVersion": V1, "status": {}}),
            "exec plugin didn't return a token or cert/key pair",
            id="no credential",
        ),
        pytest.param(
            json.dumps(
                {"kind": "ExecCredential", "apiVersion": V1, "status": {"clientCertificateData": "hunter2"}}
            ),
            "exec plugin returned only certificate or key, not both",
            id="half a pair",
        ),
        pytest.param(
            json.dumps(
                {"kind": "ExecCredential", "apiVersion": f"{V1}beta1", "status": {"token": "hunter2"}}
            ),
            f"exec plugin is configured to use API version {V1}, plugin returned version {V1}beta1",
            id="another version",
        ),
    ],
)
def test_an_answer_that_cannot_be_used_is_a_clear_error_without_its_text(
    plugin: Plugin, text: str, message: str
) -> None:
    user = plugin.prints(text).user()
    with Scripted() as server, pytest.raises(Unreachable) as caught:
        connect(server.config(user)).get("/x")
    assert caught.value.message == f"Unable to connect to the server: getting credentials: {message}"
    assert "hunter2" not in repr((caught.value.args, caught.value.__cause__, caught.value.__context__))


def test_an_old_version_of_the_protocol_is_refused() -> None:
    entry = {"apiVersion": "client.authentication.k8s.io/v1alpha1", "command": "x"}
    with Scripted() as server, pytest.raises(Refused, match="exec plugin: invalid apiVersion"):
        connect(server.config({"exec": entry}))


def test_a_token_of_the_kubeconfig_spares_the_plugin(plugin: Plugin) -> None:
    with Scripted().answer({}) as server:
        connect(server.config({"token": "fixed", **plugin.says({"token": "t1"}).user()})).get("/x")
    assert token_sent(server) == ["Bearer fixed"]
    assert plugin.runs == []


def test_the_environment_of_the_process_reaches_the_plugin(
    plugin: Plugin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXTRA", "from outside")
    with Scripted().answer({}) as server:
        connect(server.config(plugin.says({"token": "t1"}).user())).get("/x")
    assert plugin.runs[0][1] == "from outside"
    assert "KUBERNETES_EXEC_INFO" not in os.environ


@pytest.mark.parametrize(
    ("stamp", "is_spent"),
    [
        (None, False),
        ("2020-01-01T00:00:00Z", True),
        ("2020-01-01T00:00:00+02:00", True),
        ((datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=2)).isoformat(), False),
        ("9999-12-31T23:59:59Z", False),
        ("soon", True),
    ],
    ids=["none", "past", "with a zone", "in two days", "far", "no time"],
)
def test_an_answer_lasts_until_its_stamp(stamp: str | None, is_spent: bool) -> None:
    assert expired({"expirationTimestamp": stamp}) is is_spent
