"""kubectl ns-restore, on backups that ns-backup has made of the real control plane."""

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubectl_ns_tools.deletion.restore.report import Outcome
from kubectl_ns_tools.errors import ExitCode
from tests.builders import Kubeconfig
from tests.commands.conftest import executable
from tests.commands.deletion_worlds import CANARY, with_secret
from tests.commands.terminal import Terminal
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.world import World

Run = Callable[..., Any]


@pytest.fixture
def world(reachable: World) -> World:
    return with_secret(reachable)


@pytest.fixture
def backup(run: Run, world: World) -> str:
    """The path of a backup of it."""
    return str(run("ns-backup", world.namespace, "-o", "name").stdout.strip())


@pytest.fixture
def gone(world: World, backup: str) -> World:
    """The namespace after the backup and its deletion."""
    delete(world)
    return world


def delete(world: World) -> None:
    world.delete_namespace()
    wait_until(world.is_gone, 90)


def has(world: World, path: str) -> bool:
    return world.api.exists(f"/api/v1/namespaces/{world.namespace}/{path}")


@pytest.mark.integration
@pytest.mark.parametrize("by_name", [True, False], ids=["by its name", "by the file"])
def test_a_namespace_comes_back(run: Run, gone: World, backup: str, by_name: bool) -> None:
    result = run("ns-restore", gone.namespace if by_name else backup)
    assert has(gone, "configmaps/a")
    assert has(gone, "secrets/s")
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["configmaps", "1", "0", "0", "0"] in lines
    assert f"Backup:      {backup} (" in result.stdout
    assert CANARY not in result.stdout + result.stderr
    assert "objects restored, at " in result.stderr
    again = run("ns-restore", backup)
    assert ["configmaps", "0", "1", "0", "0"] in [line.split() for line in again.stdout.splitlines()]
    assert again.stderr == ""


@pytest.mark.integration
def test_it_speaks_to_programs(run: Run, gone: World) -> None:
    dry = run("ns-restore", gone.namespace, "--dry-run", "-o", "yaml")
    found = yaml.safe_load(dry.stdout)
    assert (found["kind"], found["dryRun"]) == ("RestoreReport", "client")
    assert gone.is_gone()
    server = json.loads(run("ns-restore", gone.namespace, "--dry-run=server", "-o", "json").stdout)
    assert server["dryRun"] == "server"
    names = run("ns-restore", gone.namespace, "-o", "name").stdout.splitlines()
    assert names == [f"namespace/{gone.namespace}", "configmap/a", "secret/s"]
    assert run("ns-restore", gone.namespace, "-o", "name").stdout == ""


@pytest.mark.integration
def test_another_name_and_a_choice(run: Run, world: World, backup: str, namespace_name: str) -> None:
    other = f"{namespace_name}-copy"
    try:
        result = run(
            "ns-restore", backup, "--as", other, "--only", "cm", "--except", "secret/s", "-o", "name"
        )
        assert result.stdout.splitlines() == [f"namespace/{other}", "configmap/a"]
    finally:
        world.api.call("DELETE", f"/api/v1/namespaces/{other}")


@pytest.mark.integration
def test_a_namespace_with_other_objects_is_asked_for(run: Run, world: World, backup: str) -> None:
    world.api.call("DELETE", f"/api/v1/namespaces/{world.namespace}/configmaps/a")
    world.configmap("other")
    result = run("ns-restore", backup, code=ExitCode.REFUSED)
    assert f'namespace "{world.namespace}" exists, and has other objects: configmap/other\n' in result.stderr
    assert "TO RESTORE" in result.stderr
    assert "there is no terminal to ask on" in result.stderr
    assert result.stdout == ""
    assert not has(world, "configmaps/a")
    run("ns-restore", backup, "--yes")
    assert has(world, "configmaps/a")
    assert has(world, "configmaps/other")


@pytest.mark.integration
def test_a_person_is_asked(world: World, backup: str, on_terminal: Callable[..., Terminal]) -> None:
    world.api.call("DELETE", f"/api/v1/namespaces/{world.namespace}/configmaps/a")
    world.configmap("other")
    child = on_terminal(executable("ns-restore"), backup).child
    child.expect_exact("Do you want to continue? (y/N):")
    child.sendline("n")
    child.expect_exact("nothing was restored")
    child.expect_exact("\r\n")
    assert not has(world, "configmaps/a")
    child = on_terminal(executable("ns-restore"), backup).child
    child.expect_exact("(y/N):")
    child.sendline("y")
    child.expect_exact("RESTORED")
    wait_until(lambda: has(world, "configmaps/a"))


@pytest.mark.integration
def test_ctrl_c_says_what_is_restored(
    world: World, backup: str, on_terminal: Callable[..., Terminal]
) -> None:
    world.refuse_configmaps()
    delete(world)
    child = on_terminal(executable("ns-restore"), backup, "--timeout", "10m").child
    child.expect_exact("trying 1 objects again")
    child.kill(signal.SIGINT)
    child.expect_exact("error: interrupted")
    child.expect_exact("restored so far: 1 namespaces, 1 secrets")
    child.expect_exact("hint: run it again: it goes on from there")
    child.wait()
    assert child.exitstatus == ExitCode.INTERRUPTED


@pytest.mark.integration
def test_what_fails_makes_the_exit_code(run: Run, world: World, backup: str) -> None:
    hook = world.refuse_configmaps()
    delete(world)
    result = run("ns-restore", backup, "--timeout", "0", code=ExitCode.FAILED)
    assert "Failed:\n  configmap/a: Internal error occurred: failed calling webhook" in result.stdout
    assert result.stderr.endswith(
        "error: 1 of 3 objects could not be restored\n"
        "hint: once it is mended, run it again: it goes on from there\n"
    )
    world.api.call("DELETE", hook)
    wait_until(lambda: not world.refuses_configmaps())
    assert run("ns-restore", backup, "-o", "name").stdout == "configmap/a\n"


@pytest.mark.integration
@pytest.mark.usefixtures("protected")
def test_a_protected_context_is_confirmed_by_its_name(
    run: Run, gone: World, backup: str, kubeconfig: Path
) -> None:
    config = yaml.safe_load(kubeconfig.read_text())
    body = config["contexts"][0]["context"]
    config["contexts"] = [{"name": "prod", "context": body}]
    kubeconfig.write_text(json.dumps(config | {"current-context": "prod"}))
    assert run("ns-restore", backup, "--dry-run", "-o", "name").stdout
    result = run("ns-restore", backup, "--yes", code=ExitCode.REFUSED)
    assert f"to restore namespace {gone.namespace} in it, pass --confirm-context prod" in result.stderr
    assert gone.is_gone()
    run("ns-restore", backup, "--confirm-context", "prod")
    assert has(gone, "configmaps/a")


@pytest.mark.integration
def test_backups_are_listed(run: Run, world: World, backup: str) -> None:
    lines = run("ns-restore", "--list").stdout.splitlines()
    assert lines[0].split() == ["NAMESPACE", "AGE", "OBJECTS", "SIZE", "CLUSTER", "FILE"]
    assert lines[1].split()[0] == world.namespace
    assert lines[1].endswith(backup)
    assert run("ns-restore", "--list", world.namespace, "-o", "name").stdout == f"{backup}\n"
    found = json.loads(run("ns-restore", "--list", "-o", "json").stdout)
    assert [each["objects"] for each in found["backups"]] == [2]
    assert run("ns-restore", "--list", "other").stderr.startswith("No backups found in ")


@pytest.mark.integration
def test_the_newest_backup_of_this_cluster_is_meant(
    run: Run, gone: World, backup: str, scratch_home: Path, controlplane: ControlPlane
) -> None:
    result = run("ns-restore", "no-such-namespace", code=ExitCode.NOT_FOUND)
    assert 'there is no backup of namespace "no-such-namespace" in ' in result.stderr
    assert f"hint: there are backups of: {gone.namespace}" in result.stderr
    (Path(backup).parent / f"{gone.namespace}-broken.tar.gz").write_bytes(b"x")
    assert run("ns-restore", gone.namespace, "--dry-run", "-o", "name").stdout


@pytest.mark.integration
def test_a_backup_of_another_cluster_must_be_named(
    run: Run, gone: World, backup: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kubectl_ns_tools.deletion.restore.finding.cluster_of", lambda _: "another")
    result = run("ns-restore", gone.namespace, code=ExitCode.NOT_FOUND)
    assert f'there is no backup of namespace "{gone.namespace}" of this cluster' in result.stderr
    assert f"hint: {backup} is of https://" in result.stderr
    result = run("ns-restore", backup, "--dry-run")
    assert result.stderr.startswith("Warning: this backup was made on another cluster, https://")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), ExitCode.USAGE, "error: Missing argument 'FILE|NAME'."),
        (("b", "--as", "A_B"), ExitCode.REFUSED, 'error: the namespace "A_B" is invalid'),
        (("--list", "A_B"), ExitCode.REFUSED, 'error: the namespace "A_B" is invalid'),
        (("A_B",), ExitCode.REFUSED, 'error: the namespace "A_B" is invalid'),
        (("./nope.tar.gz",), ExitCode.NOT_FOUND, "error: the backup ./nope.tar.gz does not exist"),
        ((__file__,), ExitCode.REFUSED, f"error: the backup {__file__} cannot be used: "),
    ],
)
def test_what_cannot_be_meant(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    config = Kubeconfig().context("c").current("c").write(tmp_path / "config")
    assert run("ns-restore", *arguments, "--kubeconfig", config, code=code).stderr.startswith(words)


def test_the_words_of_the_outcomes_are_part_of_the_output() -> None:
    assert [outcome.value for outcome in Outcome] == ["restored", "unchanged", "skipped", "failed"]
