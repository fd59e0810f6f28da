"""kubectl ns-backup on the real control plane."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubectl_ns_tools.deletion.backup.archive import Archive
from kubectl_ns_tools.errors import ExitCode
from tests.cluster.scripted import Scripted
from tests.commands.conftest import executable
from tests.commands.deletion_worlds import CANARY, with_secret
from tests.commands.terminal import Terminal
from tests.controlplane.servers import ControlPlane
from tests.deletion.world import World, rule

Run = Callable[..., Any]


@pytest.fixture
def world(reachable: World) -> World:
    return with_secret(reachable)


@pytest.fixture
def backups(scratch_home: Path) -> Path:
    """Where backups go unless told otherwise."""
    return scratch_home / ".local" / "state" / "kubectl-ns-tools" / "backups"


@pytest.mark.integration
def test_everything_is_saved_to_the_users_state(run: Run, world: World, backups: Path) -> None:
    result = run("ns-backup", world.namespace)
    (path,) = backups.iterdir()
    lines = [line.split(maxsplit=2) for line in result.stdout.splitlines()]
    assert ["configmaps", "1", "<none>"] in lines
    assert ["secrets", "1", "<none>"] in lines
    assert f"File:       {path} (" in result.stdout
    assert "1 configmaps: made by Kubernetes in every namespace" in result.stdout
    assert (path.stat().st_mode & 0o777, backups.stat().st_mode & 0o777) == (0o600, 0o700)
    assert "Warning: the backup holds Secrets in clear" in result.stderr
    assert f"kubectl ns-restore {path}" in result.stderr
    with Archive.open(str(path)) as archive:
        assert {entry.name for entry in archive.index.entries} == {"a", "s"}


@pytest.mark.integration
def test_a_folder_of_ones_own_and_only_the_path(run: Run, world: World, tmp_path: Path) -> None:
    result = run("ns-backup", world.namespace, "--dir", tmp_path / "mine", "-o", "name")
    (path,) = (tmp_path / "mine").iterdir()
    assert result.stdout == f"{path}\n"


@pytest.mark.integration
@pytest.mark.parametrize(("form", "read"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_documents_are_for_programs(run: Run, world: World, form: str, read: Callable[[str], Any]) -> None:
    found = read(run("ns-backup", world.namespace, "-o", form).stdout)
    assert (found["apiVersion"], found["kind"]) == ("kubectl-ns-tools/v1", "NamespaceBackupReport")
    assert found["namespace"] == {"name": world.namespace, "uid": world.uid()}
    assert found["complete"] is True
    assert {"resource": "configmaps", "count": 1, "notRestored": []} in found["saved"]
    assert found["bytes"] == Path(found["path"]).stat().st_size


@pytest.mark.integration
@pytest.mark.parametrize("output", ["table", "name", "json", "yaml"])
def test_no_secret_is_ever_shown(run: Run, world: World, output: str) -> None:
    result = run("ns-backup", world.namespace, "-o", output, "--debug")
    encoded = "aHVudGVyMi1jYW5hcnk"
    assert CANARY not in result.stdout + result.stderr
    assert encoded not in result.stdout + result.stderr


@pytest.mark.integration
def test_what_may_not_be_seen_is_named(
    run: Run, controlplane: ControlPlane, world: World, tmp_path: Path
) -> None:
    user = f"user-{world.namespace}"
    world.allow(user, [rule("", "configmaps", "list"), rule("", "namespaces", "get")])
    flags = ("--kubeconfig", controlplane.user(user), "--dir", tmp_path / "mine")
    result = run("ns-backup", world.namespace, *flags)
    assert "NOT VISIBLE, and not saved:\n  you may not list: " in result.stdout
    assert "Warning: the backup is incomplete, not visible: " in result.stderr
    assert "secrets" in result.stderr
    (path,) = (tmp_path / "mine").iterdir()
    path.unlink()
    found = json.loads(run("ns-backup", world.namespace, *flags, "-o", "json").stdout)
    assert found["complete"] is False
    assert {"secrets"} < {gap["what"] for gap in found["unseen"]}


@pytest.mark.integration
def test_a_hostile_name_does_not_steer_the_terminal(run: Run, world: World) -> None:
    group = world.custom_kind("Widget")
    owner = world.custom(group, "Widget", "one")["metadata"]["uid"]
    reference = {"apiVersion": f"{group}/v1", "kind": "Widget\x1b[31m", "name": "one", "uid": owner}
    world.configmap("b", metadata={"ownerReferences": [{**reference, "controller": True}]})
    result = run("ns-backup", world.namespace)
    assert "\x1b" not in result.stdout + result.stderr
    assert r"1 (Widget\x1b[31m/one makes it)" in result.stdout


@pytest.mark.integration
def test_an_absent_namespace_is_not_found(run: Run, world: World, backups: Path) -> None:
    result = run("ns-backup", "no-such-namespace", code=ExitCode.NOT_FOUND)
    assert result.stderr.startswith('Error from server (NotFound): namespaces "no-such-namespace" not found')
    assert not backups.exists()


@pytest.mark.parametrize("name", ["", "..", "a/b"])
def test_what_cannot_be_a_name_is_refused(run: Run, name: str) -> None:
    run("ns-backup", name, code=ExitCode.REFUSED)


@pytest.mark.integration
def test_a_folder_that_cannot_be_written_to(run: Run, world: World, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run("ns-backup", world.namespace, "--dir", tmp_path / "file", code=ExitCode.FAILED)
    assert result.stderr.startswith(f"error: cannot write the backup {tmp_path}/file/{world.namespace}-")
    assert "file exists" in result.stderr
    assert result.stdout == ""


# A server that is asked for the ConfigMaps of the backup, and says nothing.

VERBS = ["create", "delete", "get", "list"]
KINDS = {"resources": [{"name": "configmaps", "kind": "ConfigMap", "namespaced": True, "verbs": VERBS}]}
LISTED = {"metadata": {}, "items": [{"metadata": {"name": "a", "uid": "u", "namespace": "blue"}}]}


@pytest.fixture
def silent(tmp_path: Path) -> Iterator[Path]:
    """The kubeconfig of such a server."""
    script = Scripted().on("/api").answer({"kind": "APIVersions", "versions": ["v1"]})
    script.on("/apis").answer({"groups": []}).on("/api/v1").answer(KINDS)
    script.on("/api/v1/namespaces/blue").answer({"metadata": {"name": "blue", "uid": "u1"}})
    script.on("/api/v1/namespaces/kube-system").answer({"code": 403}, 403)
    script.on("/api/v1/namespaces/blue/configmaps").answer(LISTED).silence()
    with script as server:
        path = tmp_path / "silent"
        path.write_text(yaml.safe_dump(server.config()))
        yield path


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (signal.SIGINT, "interrupted; there is no backup"),
        (signal.SIGTERM, "ended by SIGTERM; there is no backup"),
    ],
)
def test_an_interruption_leaves_nothing(
    silent: Path, on_terminal: Callable[..., Terminal], backups: Path, number: int, words: str
) -> None:
    terminal = on_terminal(executable("ns-backup"), "blue", "--kubeconfig", str(silent))
    terminal.child.expect("saving configmaps")
    assert [path.suffix for path in backups.iterdir()] == [".partial"]
    os.kill(terminal.child.pid, number)
    terminal.child.expect(words)
    terminal.child.wait()
    assert terminal.child.exitstatus == ExitCode.INTERRUPTED
    assert list(backups.iterdir()) == []
