"""Each finding, produced by real files, programs and servers, and not produced where all is well."""

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubectl_ns_tools import __version__
from kubectl_ns_tools.commands.doctor.cluster import clock_findings
from kubectl_ns_tools.commands.doctor.kubectl import release, skew_findings
from kubectl_ns_tools.commands.doctor.program import client_version
from kubectl_ns_tools.errors import ExitCode
from kubectl_ns_tools.main import COMMANDS
from tests.builders import Kubeconfig
from tests.cluster.scripted import Scripted
from tests.commands.conftest import BIN, executable

Doctor = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def folder(tmp_path: Path, kubectl_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where executables may be put: first in a PATH that has the checkout's and the real kubectl besides."""
    path = tmp_path / "first"
    path.mkdir()
    tools = tmp_path / "tools"
    tools.mkdir()
    script(
        tools / "python3", f'exec "{sys.executable}" "$@"'
    )  # its own folder has commands that are installed
    script(tools / "kubectl", f'exec "{kubectl_path}" "$@"')
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, [path, BIN, tools, "/usr/bin", "/bin"])))
    return path


@pytest.fixture
def healthy(scratch_home: Path) -> Path:
    """A kubeconfig without fault, but for its server, which is not there."""
    config = Kubeconfig().user("u", token="t").context("a", namespace="blue").current("a")
    path = config.write(scratch_home / ".kube" / "config")
    path.chmod(0o600)
    return path


@pytest.fixture
def doctor(run: Callable[..., Any]) -> Doctor:
    """doctor(area, *arguments): what it finds there; the exit code must fit, whatever it finds elsewhere."""

    def look(area: str, *arguments: object, code: int = 1) -> list[dict[str, Any]]:
        shown = json.loads(run("ns-tools", "doctor", "-o", "json", *arguments, code=code).stdout)
        assert (shown["apiVersion"], shown["kind"]) == ("kubectl-ns-tools/v1", "DoctorReport")
        assert code == any(item["level"] == "error" for item in shown["items"])
        assert all(item["remedy"] for item in shown["items"] if item["level"] != "ok")
        return [item for item in shown["items"] if item["area"] == area]

    return look


def script(path: Path, text: str, mode: int = 0o755) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(mode)
    return path


def levels(findings: list[dict[str, Any]]) -> list[str]:
    return [item["level"] for item in findings]


def bad(findings: list[dict[str, Any]]) -> dict[str, Any]:
    """The one that is not ok."""
    (found,) = [item for item in findings if item["level"] != "ok"]
    return found


@pytest.mark.usefixtures("folder", "healthy")
class TestCommands:
    def test_all_are_there_and_of_one_version(self, doctor: Doctor, healthy: Path) -> None:
        found = doctor("commands")
        assert levels(found) == ["ok", "ok"]
        assert found[0]["text"] == f"{len(COMMANDS)} of {len(COMMANDS)} on PATH, in {BIN}"
        assert found[1]["text"] == f"all of version {__version__}"

    def test_none_is_an_error(
        self, doctor: Doctor, monkeypatch: pytest.MonkeyPatch, kubectl_path: Path
    ) -> None:
        monkeypatch.setenv("PATH", str(kubectl_path.parent))
        assert levels(doctor("commands")) == ["error"]

    def test_a_single_one_is_fine_and_how_to_have_the_others_is_said(
        self, doctor: Doctor, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (folder / "kubectl-ns_tools").symlink_to(executable("ns-tools"))
        monkeypatch.setenv(
            "PATH", os.pathsep.join([str(folder), str(folder.parent / "tools"), "/usr/bin", "/bin"])
        )
        found = doctor("commands")
        assert levels(found) == ["ok", "ok"]
        assert found[0]["text"].startswith(f"1 of {len(COMMANDS)} on PATH, in {folder}; not ctx-current, ")
        assert "kubectl krew install ctx-current" in found[0]["remedy"]

    def test_another_version(self, doctor: Doctor, folder: Path) -> None:
        script(folder / "kubectl-ns_list", "echo kubectl-ns-tools 0.0.1")
        found = doctor("commands")
        assert {"ns-list: version 0.0.1, while this is " + __version__} < {item["text"] for item in found}

    def test_a_program_of_somebody_else_under_our_name(self, doctor: Doctor, folder: Path) -> None:
        path = script(folder / "kubectl-ns_list", "echo something else 1.0")
        found = [item for item in doctor("commands") if item["level"] == "error"]
        assert [item["text"] for item in found] == [f"ns-list: another program of this name: {path}"]

    def test_one_that_does_not_start(self, doctor: Doctor, folder: Path) -> None:
        path = script(folder / "kubectl-ns_list", "echo no module >&2; exit 1")
        found = [item for item in doctor("commands") if item["level"] == "error"]
        assert [item["text"] for item in found] == ["ns-list: cannot be run: no module"]
        assert found[0]["remedy"] == f"see what this says: {path} --version"

    def test_what_is_hidden_is_told_once_for_a_folder(self, doctor: Doctor, folder: Path) -> None:
        for name in ("kubectl-ns_list", "kubectl-ns_create"):
            shutil.copy(BIN / name, folder)
        texts = [item["text"] for item in doctor("commands") if item["level"] == "warning"]
        hidden = "kubectl-ns_create, kubectl-ns_list"
        assert f"{hidden} in {BIN}: never run, as {folder} comes first in PATH" in texts

    def test_a_link_to_the_same_file_hides_nothing(self, doctor: Doctor, folder: Path) -> None:
        (folder / "kubectl-ns_list").symlink_to(executable("ns-list"))
        assert levels(doctor("commands")) == ["ok", "ok"]

    def test_one_that_cannot_be_run(self, doctor: Doctor, folder: Path) -> None:
        path = script(folder / "kubectl-ns_list", "true", mode=0o644)
        found = bad(doctor("commands"))
        assert (found["level"], found["remedy"]) == ("warning", f"chmod +x {path}")

    def test_a_program_that_takes_what_was_meant_for_us(self, doctor: Doctor, folder: Path) -> None:
        path = script(folder / "kubectl-ns_create-blue_sky", "true")
        found = bad(doctor("commands"))
        assert found["text"] == f"{path} is what runs for: kubectl ns-create blue-sky"

    @pytest.mark.parametrize("name", ["kubectl-ns", "kubectl-ctx"])
    def test_namesakes_are_told_and_harm_nobody(self, doctor: Doctor, folder: Path, name: str) -> None:
        path = script(folder / name, "true")
        found = doctor("commands")
        assert set(levels(found)) == {"ok"}
        assert found[-1]["text"].startswith(f"{path} is another plugin")

    def test_a_folder_of_path_that_is_not_there(
        self, doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = os.environ["PATH"]
        monkeypatch.setenv("PATH", f"{tmp_path}/none::{path}:{path}")
        assert levels(doctor("commands")) == ["ok", "ok"]


@pytest.mark.usefixtures("healthy")
class TestKubectl:
    def test_which_and_of_which_version(self, doctor: Doctor, folder: Path, kubectl_path: Path) -> None:
        (found,) = doctor("kubectl")
        version = client_version(str(kubectl_path), os.environ)["gitVersion"]
        assert (found["level"], found["text"].rpartition(", ")[2]) == ("ok", version)

    @pytest.mark.parametrize(
        ("says", "level", "words"),
        [
            ({"gitVersion": "v1.25.3", "major": "1", "minor": "25"}, "warning", "too old to complete"),
            ({"gitVersion": "v1.26.0", "major": "1", "minor": "26+"}, "ok", "v1.26.0"),
            ({}, "ok", "of an unknown version"),
        ],
    )
    def test_too_old_for_completion(
        self, doctor: Doctor, folder: Path, says: dict[str, str], level: str, words: str
    ) -> None:
        script(folder / "kubectl", f"echo '{json.dumps({'clientVersion': says})}'")
        (found,) = doctor("kubectl")
        assert (found["level"], words in found["text"]) == (level, True)

    def test_none_and_one_that_does_not_work(
        self, doctor: Doctor, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        script(folder / "kubectl", "exit 3")
        assert bad(doctor("kubectl"))["text"] == f"{folder}/kubectl does not tell its version"
        monkeypatch.setenv("PATH", str(BIN))
        assert bad(doctor("kubectl"))["text"] == "there is no kubectl on PATH"

    @pytest.mark.parametrize(
        ("client", "server", "warns"),
        [
            ((1, 36), (1, 36), False),
            ((1, 35), (1, 36), False),
            ((1, 37), (1, 36), False),
            ((1, 34), (1, 36), True),
            ((1, 38), (1, 36), True),
            (None, (1, 36), False),
            ((1, 36), None, False),
        ],
    )
    def test_skew(self, client: Any, server: Any, warns: bool) -> None:
        assert bool(list(skew_findings(client, server))) is warns

    @pytest.mark.parametrize(
        ("says", "expected"),
        [
            ({"major": "1", "minor": "36+"}, (1, 36)),
            ({"major": "1", "minor": ""}, None),
            ({}, None),
            ({"major": 1, "minor": 36}, (1, 36)),
        ],
    )
    def test_a_release_as_providers_write_it(self, says: dict[str, Any], expected: Any) -> None:
        assert release(says) == expected


@pytest.mark.usefixtures("folder")
class TestKubeconfig:
    def test_a_good_one(self, doctor: Doctor, healthy: Path) -> None:
        found = doctor("kubeconfig")
        assert [item["text"] for item in found] == [str(healthy), "context a, namespace blue"]
        assert levels(found) == ["ok", "ok"]

    def test_none_at_all(self, doctor: Doctor, scratch_home: Path) -> None:
        found = doctor("kubeconfig", code=0)
        assert levels(found) == ["warning", "warning"]
        assert found[0]["text"] == f"{scratch_home}/.kube/config: no such file"
        assert found[1]["text"] == "no context is the current one"
        assert doctor("cluster", code=0)[0]["text"] == "not asked: current-context is not set"

    def test_one_that_kubectl_refuses(self, doctor: Doctor, healthy: Path) -> None:
        healthy.write_text("contexts: [\n")
        found = doctor("kubeconfig")[0]
        assert (found["level"], found["remedy"]) == ("error", "kubectl ctx-lint -o wide")
        assert found["text"].startswith(f"{healthy}:")

    def test_one_that_cannot_be_read(self, doctor: Doctor, healthy: Path) -> None:
        healthy.unlink()
        healthy.mkdir()
        assert levels(doctor("kubeconfig"))[0] == "error"

    def test_open_to_others(self, doctor: Doctor, healthy: Path) -> None:
        healthy.chmod(0o644)
        found = bad(doctor("kubeconfig"))
        assert (found["level"], found["remedy"]) == ("warning", "kubectl ctx-lint --fix")
        assert "(mode 0644)" in found["text"]

    def test_many_faults_are_summed_up(self, doctor: Doctor, healthy: Path) -> None:
        config = (
            Kubeconfig().context("a").context("b", user="gone").context("c", cluster="nowhere").current("a")
        )
        value = config.value()
        value["users"], value["clusters"] = value["users"][:1], value["clusters"][:1]
        healthy.write_text(json.dumps(value))
        assert "2 errors, the first: " in bad(doctor("kubeconfig"))["text"]

    def test_a_current_context_that_is_not_there(self, doctor: Doctor, healthy: Path) -> None:
        Kubeconfig().context("a").current("b").write(healthy)
        texts = [item["text"] for item in doctor("kubeconfig") if item["level"] == "error"]
        assert 'there is no context "b", which is the one in use' in texts
        assert levels(doctor("cluster")) == ["warning"]

    def test_the_context_of_the_flag(self, doctor: Doctor, healthy: Path) -> None:
        assert 'there is no context "x"' in bad(doctor("kubeconfig", "--context", "x"))["text"]

    @pytest.mark.parametrize(("age", "told"), [(3600, True), (0, False)])
    def test_a_lock_that_was_left_behind(self, doctor: Doctor, healthy: Path, age: int, told: bool) -> None:
        lock = healthy.with_name("config.lock")
        lock.touch()
        os.utime(lock, (time.time() - age, time.time() - age))
        found = doctor("kubeconfig")
        assert [item["remedy"] for item in found if item["level"] == "error"] == (
            [f"if no kubectl is running: rm {lock}"] if told else []
        )


@pytest.mark.usefixtures("folder", "healthy")
class TestSettingsAndState:
    def test_no_settings(self, doctor: Doctor) -> None:
        assert levels(doctor("settings")) == ["ok"]

    def test_settings(self, doctor: Doctor, protected: Path) -> None:
        (found,) = doctor("settings")
        assert found["text"] == f"{protected}: patterns that protect, 1 of contexts and 0 of namespaces"

    def test_broken_settings(self, doctor: Doctor, protected: Path) -> None:
        protected.write_text("\nprotectd: []\n")
        (found,) = doctor("settings")
        assert (found["level"], found["text"]) == ("error", f'{protected}:2: unknown key "protectd"')
        assert found["remedy"] == "did you mean 'protected'?"

    def test_a_state_folder_that_is_not_there_yet(self, doctor: Doctor) -> None:
        assert levels(doctor("state")) == ["ok"]

    def test_a_state_folder_as_we_make_it(
        self, doctor: Doctor, run: Callable[..., Any], healthy: Path
    ) -> None:
        run("ctx-set", "a", "--namespace", "green")
        run("ctx-switch", "a")
        assert levels(doctor("state")) == ["ok"]

    def test_a_state_folder_that_is_open(
        self, doctor: Doctor, run: Callable[..., Any], scratch_home: Path
    ) -> None:
        run("ctx-set", "a", "--namespace", "green")
        undo = scratch_home / ".local" / "state" / "kubectl-ns-tools" / "undo"
        undo.chmod(0o755)
        (found,) = doctor("state")
        assert (found["level"], found["remedy"]) == ("warning", f"chmod go-rwx {undo}")

    def test_a_state_folder_that_cannot_be(
        self, doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").touch()
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
        assert levels(doctor("state")) == ["error"]


@contextmanager
def answering(home: Path, date: str) -> "Iterator[Scripted]":
    """A server that says its version at this date, and is the one of the kubeconfig."""
    body = b'{"major": "1", "minor": "36", "gitVersion": "v1.36.0"}'

    def answer(handler: Any) -> None:
        handler.date_time_string = lambda: date
        handler.whole(200, body, "application/json", {})

    with Scripted().on("/version") as server:
        for _ in range(9):  # some kubectls ask it, too
            server.do(answer)
        point_at(home, server)
        yield server


def point_at(home: Path, server: Scripted) -> None:
    config = Kubeconfig().context("a").cluster("c", server=server.url).user("u", token="t").current("a")
    (home / ".kube" / "config").write_text(yaml.safe_dump(config.value()))


class TestCluster:
    @pytest.mark.integration
    @pytest.mark.usefixtures("folder")
    def test_all_is_well(
        self, doctor: Doctor, kubeconfig: Path, controlplane: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig))
        kubeconfig.chmod(0o600)
        reachable, known = [item for item in doctor("cluster", code=0) if item["level"] == "ok"]
        assert reachable["text"].startswith(f"{controlplane.server}, v1.")
        assert known["text"] == "it knows you as kubernetes-admin"
        rights = doctor("rights", code=0)
        assert [item["text"] for item in rights] == [
            "you may list namespaces (ns-list)",
            "you may create namespaces (ns-create)",
            "you may delete namespaces (ns-delete)",
            "you may get namespaces (ns-switch)",
        ]
        assert doctor("clock", code=0) == []

    @pytest.mark.integration
    @pytest.mark.usefixtures("folder")
    def test_who_may_do_nothing_is_told_of_each(
        self, doctor: Doctor, controlplane: Any, namespace: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("KUBECONFIG", str(controlplane.user(f"nobody-{namespace}")))
        rights = doctor("rights", code=0)
        assert levels(rights) == ["warning"] * 4
        assert rights[1]["text"] == "you may not create namespaces (ns-create)"

    @pytest.mark.integration
    @pytest.mark.usefixtures("folder")
    def test_credentials_that_the_server_does_not_know(
        self, doctor: Doctor, kubeconfig: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        config = yaml.safe_load(kubeconfig.read_text())
        config["users"][0]["user"] = {"token": "s3cret"}
        kubeconfig.write_text(yaml.safe_dump(config))
        kubeconfig.chmod(0o600)
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig))
        found = bad(doctor("cluster"))
        assert (found["level"], found["remedy"]) == ("error", "log in again")
        assert doctor("rights") == []
        assert "s3cret" not in json.dumps(doctor("cluster"))

    @pytest.mark.usefixtures("folder", "healthy")
    def test_a_server_that_refuses_the_connection(self, doctor: Doctor) -> None:
        (found,) = doctor("cluster")
        assert found["level"] == "error"
        assert "127.0.0.1:1 was refused" in found["text"]

    @pytest.mark.usefixtures("folder", "healthy")
    def test_a_server_that_says_nothing_is_not_waited_for(self, doctor: Doctor, scratch_home: Path) -> None:
        with Scripted().on("/version").silence() as server:
            point_at(scratch_home, server)
            started = time.monotonic()
            assert levels(doctor("cluster", "--request-timeout", "1s")) == ["error"]
            assert time.monotonic() - started < 20

    @pytest.mark.usefixtures("folder", "healthy")
    def test_a_credential_that_cannot_be_used(self, doctor: Doctor, healthy: Path) -> None:
        config = (
            Kubeconfig().context("a").user("u", client_certificate="none", client_key="none").current("a")
        )
        config.write(healthy)
        assert levels(doctor("cluster")) == ["error"]

    @pytest.mark.usefixtures("folder", "healthy")
    def test_a_clock_that_is_wrong(self, doctor: Doctor, scratch_home: Path) -> None:
        with answering(scratch_home, formatdate(time.time() - 3600, usegmt=True)):
            (found,) = doctor("clock", code=0)
        assert "ahead of the server's" in found["text"]

    @pytest.mark.parametrize(
        ("date", "words"),
        [
            (formatdate(1000, usegmt=True), ""),
            (formatdate(1059, usegmt=True), ""),
            (formatdate(1062, usegmt=True), "62 s behind the server's"),
            (formatdate(900, usegmt=True), "100 s ahead of the server's"),
            ("", ""),
            ("soon", ""),
        ],
    )
    def test_clocks(self, date: str, words: str) -> None:
        assert words in "".join(finding.text for finding in clock_findings(date, 1000.0))
        assert bool(list(clock_findings(date, 1000.0))) is bool(words)


@pytest.mark.usefixtures("healthy")
class TestCompletion:
    def test_all_completers_are_there(self, doctor: Doctor, folder: Path) -> None:
        (found,) = doctor("completion")
        assert (found["level"], found["text"]) == (
            "ok",
            f"kubectl finds the completers of {len(COMMANDS)} commands",
        )

    def test_none_is_there(self, doctor: Doctor, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (folder / "kubectl-ns_tools").symlink_to(executable("ns-tools"))
        monkeypatch.setenv(
            "PATH", os.pathsep.join([str(folder), str(folder.parent / "tools"), "/usr/bin", "/bin"])
        )
        (found,) = doctor("completion")
        assert (found["level"], found["remedy"]) == ("warning", "kubectl ns-tools completion install")


@pytest.mark.usefixtures("folder")
def test_a_line_for_each_with_its_remedy_below(run: Callable[..., Any], healthy: Path) -> None:
    healthy.chmod(0o644)
    result = run("ns-tools", "doctor", code=ExitCode.FAILED)
    lines = result.stdout.splitlines()
    place = lines.index(
        f"warning  kubeconfig  {healthy}: other users may read the credentials in it (mode 0644)"
    )
    assert lines[place + 1] == " " * len("warning  kubeconfig  ") + "to do: kubectl ctx-lint --fix"
    assert lines[0].startswith("ok       commands    ")
    assert result.stderr == "1 error, 1 warning, 8 ok\n"


@pytest.mark.usefixtures("folder")
def test_names_cannot_steer_the_terminal(run: Callable[..., Any], healthy: Path) -> None:
    Kubeconfig().context("a\x1b[31m").current("a\x1b[31m").write(healthy)
    result = run("ns-tools", "doctor", code=ExitCode.FAILED)
    assert "\x1b" not in result.stdout + result.stderr
    assert "a\\x1b[31m" in result.stdout
