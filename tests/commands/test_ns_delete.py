import json
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest
import yaml
from pytest_mock import MockerFixture

from kubectl_ns_tools.cluster.namespaces import PROTECTED
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.deletion.progress import Progress, State
from kubectl_ns_tools.errors import ExitCode
from tests.builders import Kubeconfig
from tests.commands.deletion_worlds import follow_after
from tests.commands.terminal import interrupt, put_away
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.haste import without_haste
from tests.deletion.world import World, rule

EXECUTABLE = Path(__file__).parents[2] / "bin" / "kubectl-ns_delete"
Run = Callable[..., Any]


@pytest.fixture
def prod(world: World, kubeconfig: Path) -> World:
    """The same, by a context that `protected` protects, and by one, `plain`, that it does not."""
    config = yaml.safe_load(kubeconfig.read_text())
    body = config["contexts"][0]["context"]
    config["contexts"] = [{"name": name, "context": body} for name in ("my prod", "plain")]
    kubeconfig.write_text(json.dumps(config | {"current-context": "my prod"}))
    return world


@pytest.fixture
def terminal(world: World) -> Iterator[Callable[..., pexpect.spawn]]:
    """Starts the command on a terminal of its own."""
    started: list[pexpect.spawn] = []

    def start(*arguments: str) -> pexpect.spawn:
        command = [str(EXECUTABLE), *arguments]
        started.append(
            pexpect.spawn(sys.executable, command, encoding="utf-8", dimensions=(50, 150), timeout=60)
        )
        return started[-1]

    yield start
    for child in started:
        put_away(child)


def ended(child: pexpect.spawn) -> tuple[int, str]:
    """The exit code and what was still written."""
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, child.before


@pytest.mark.parametrize("name", PROTECTED)
def test_kubernetes_own_namespaces_are_refused_before_anything_is_asked(
    run: Run, tmp_path: Path, name: str
) -> None:
    config = Kubeconfig().context("c").current("c").write(tmp_path / "config")
    result = run("ns-delete", name, "--yes", "--kubeconfig", config, code=ExitCode.REFUSED)
    assert result.stderr.startswith(
        f'error: namespace "{name}" is not deleted: Kubernetes itself lives in it\n'
    )


@pytest.mark.parametrize("name", ["", "..", "a/b", "Blue"])
def test_what_cannot_be_a_name_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    config = Kubeconfig().context("c").current("c").write(tmp_path / "config")
    result = run("ns-delete", name, "--yes", "--kubeconfig", config, code=ExitCode.REFUSED)
    assert result.stderr.startswith(f'error: the namespace "{name}" is invalid')


@pytest.mark.integration
def test_a_dry_run_shows_the_preview_as_data_and_deletes_nothing(run: Run, world: World) -> None:
    result = run("ns-delete", "--dry-run", world.namespace)
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"Namespace:     {world.namespace} (")
    assert "├── configmap/a" in lines
    assert "├── configmap/kube-root-ca.crt (made by Kubernetes)" in lines
    assert "└── serviceaccount/default (made by Kubernetes)" in lines
    assert result.stderr == ""
    assert not world.is_terminating()


@pytest.mark.integration
def test_a_server_dry_run_asks_the_server_too(run: Run, world: World) -> None:
    result = run("ns-delete", world.namespace, "--dry-run=server", "-o", "name")
    assert "configmap/a" in result.stdout.splitlines()
    assert result.stderr == f'namespace "{world.namespace}" deleted (server dry run)\n'
    assert not world.is_terminating()


@pytest.mark.integration
@pytest.mark.parametrize(("form", "read"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_a_dry_run_gives_a_document(run: Run, world: World, form: str, read: Callable[[str], Any]) -> None:
    found = read(run("ns-delete", world.namespace, "--dry-run", "-o", form).stdout)
    assert (found["kind"], found["complete"]) == ("DeletionPreview", True)
    assert found["namespace"]["uid"] == world.uid()
    assert "a" in [item["name"] for item in found["objects"] if item["kind"] == "ConfigMap"]


@pytest.mark.integration
def test_what_may_not_be_seen_is_told(run: Run, controlplane: ControlPlane, world: World) -> None:
    user = f"user-{world.namespace}"
    world.allow(user, [rule("", "namespaces", "get"), rule("", "configmaps", "list")])
    config = controlplane.user(user)
    shown = run("ns-delete", world.namespace, "--dry-run", "--kubeconfig", config).stdout
    hidden = shown.partition("NOT VISIBLE, but deleted too:\n  you may not list: ")[2]
    assert "secrets" in hidden.split(", ")
    names = run("ns-delete", world.namespace, "--dry-run", "-o", "name", "--kubeconfig", config)
    assert "Warning: not visible, but deleted too: " in names.stderr


@pytest.mark.integration
def test_an_absent_namespace_is_not_found_in_kubectls_words(
    run: Run, world: World, kubectl: Callable[..., Any]
) -> None:
    result = run("ns-delete", "no-such-namespace", "--yes", code=ExitCode.NOT_FOUND)
    theirs = kubectl("delete", "namespace", "no-such-namespace", check=False)
    assert result.stderr.splitlines()[0] == theirs.stderr.strip()


@pytest.mark.integration
def test_without_a_terminal_and_without_yes_it_refuses(run: Run, world: World) -> None:
    result = run("ns-delete", world.namespace, code=ExitCode.REFUSED)
    assert "configmap/a" in result.stderr
    assert "there is no terminal to ask on" in result.stderr
    assert "--yes" in result.stderr
    assert result.stdout == ""
    assert not world.is_terminating()


@pytest.mark.integration
def test_with_yes_it_deletes_and_waits_until_the_namespace_is_gone(run: Run, world: World) -> None:
    result = run("ns-delete", world.namespace, "--yes")
    assert result.stdout == f'namespace "{world.namespace}" deleted\n'
    assert f'waiting for namespace "{world.namespace}": ' in result.stderr
    assert "\x1b" not in result.stderr
    assert world.is_gone()


@pytest.mark.integration
@pytest.mark.parametrize("flag", ["--no-wait", "--wait=false"])
def test_without_waiting_it_only_begins(run: Run, world: World, flag: str) -> None:
    world.configmap("held", finalizers=["example.com/hold"])
    result = run("ns-delete", world.namespace, "-y", flag, "-o", "name")
    assert result.stdout == f"namespace/{world.namespace}\n"
    assert "waiting for" not in result.stderr
    assert world.is_terminating()


@pytest.mark.integration
def test_a_namespace_that_is_held_times_out_with_the_reason(
    run: Run, world: World, mocker: MockerFixture
) -> None:
    world.configmap("held", finalizers=["example.com/hold"])
    follow_after(mocker, {world.namespace: lambda: world.is_deleted("ConfigMap", "held")})
    without_haste(mocker)
    result = run("ns-delete", world.namespace, "--yes", "--timeout", "5s", code=ExitCode.TIMEOUT)
    assert result.stdout == ""
    assert "configmap/held waits for the finalizer example.com/hold to be removed" in result.stderr
    assert "the deletion goes on in the server" in result.stderr
    assert "hint: kubectl get configmap/held" in result.stderr


@pytest.mark.integration
def test_a_namespace_that_is_being_deleted_already_is_followed_to_its_end(run: Run, world: World) -> None:
    world.delete_namespace()
    result = run("ns-delete", world.namespace, "-o", "json")
    assert f'namespace "{world.namespace}" is being deleted already\n' in result.stderr
    assert json.loads(result.stdout)["namespace"]["deletionTimestamp"]
    assert world.is_gone()


@pytest.mark.integration
def test_a_namespace_re_created_while_waiting_is_told(run: Run, world: World, mocker: MockerFixture) -> None:
    mocker.patch("kubectl_ns_tools.deletion.progress.follow", return_value=iter([Progress(State.RECREATED)]))
    result = run("ns-delete", world.namespace, "--yes")
    assert result.stdout == f'namespace "{world.namespace}" deleted\n'
    assert "is gone; another one of the same name has been created since" in result.stderr


@pytest.mark.integration
def test_the_servers_warnings_about_the_deletion_are_shown(
    run: Run, world: World, mocker: MockerFixture
) -> None:
    mocker.patch("kubectl_ns_tools.deletion.execution.delete", return_value=("dear to us\x1b",))
    result = run("ns-delete", world.namespace, "--dry-run=server", "-o", "name")
    assert "Warning: dear to us\\x1b\n" in result.stderr


@pytest.mark.integration
def test_in_a_pod_there_is_no_context(
    run: Run, world: World, connection: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    monkeypatch.setattr(Session, "connect", lambda _: connection)
    shown = run("ns-delete", world.namespace, "--dry-run").stdout
    assert "Context:       in-cluster\n" in shown


@pytest.mark.integration
def test_the_name_must_be_typed(world: World, terminal: Callable[..., pexpect.spawn]) -> None:
    child = terminal(world.namespace)
    child.expect_exact(f"Type the name of the namespace to delete all of this ({world.namespace}):")
    assert "configmap/a" in child.before
    child.sendline(world.namespace)
    code, said = ended(child)
    assert code == ExitCode.OK
    assert said.endswith(f'\x1b[Knamespace "{world.namespace}" deleted\r\n')
    assert world.is_gone()


@pytest.mark.integration
@pytest.mark.parametrize("typed", ["", "y", "yes", "other"])
def test_any_other_answer_deletes_nothing(
    world: World, terminal: Callable[..., pexpect.spawn], typed: str
) -> None:
    child = terminal(world.namespace)
    child.expect_exact("):")
    child.sendline(typed)
    code, said = ended(child)
    assert code == ExitCode.REFUSED
    assert f'error: the typed name is not "{world.namespace}"; nothing was deleted' in said
    assert not world.is_terminating()


@pytest.mark.integration
@pytest.mark.parametrize("leave", [interrupt, pexpect.spawn.sendeof], ids=["Ctrl-C", "Ctrl-D"])
def test_leaving_the_prompt_deletes_nothing(
    world: World, terminal: Callable[..., pexpect.spawn], leave: Callable[[pexpect.spawn], None]
) -> None:
    child = terminal(world.namespace)
    child.expect_exact("):")
    leave(child)
    code, said = ended(child)
    assert code == ExitCode.INTERRUPTED
    assert "nothing was changed" in said
    assert not world.is_terminating()


@pytest.mark.integration
def test_ctrl_c_while_waiting_says_that_the_deletion_goes_on(
    world: World, terminal: Callable[..., pexpect.spawn]
) -> None:
    world.configmap("held", finalizers=["example.com/hold"])
    child = terminal(world.namespace, "--yes")
    child.expect_exact("waiting for namespace")
    child.kill(signal.SIGINT)
    code, said = ended(child)
    assert code == ExitCode.INTERRUPTED
    assert "error: interrupted; the deletion goes on in the server" in said
    assert f"kubectl ns-status {world.namespace}" in said
    wait_until(world.is_terminating)


@pytest.mark.integration
@pytest.mark.usefixtures("protected")
def test_a_dry_run_in_a_protected_context_asks_nothing(run: Run, prod: World) -> None:
    assert "├── configmap/a" in run("ns-delete", prod.namespace, "--dry-run").stdout
    assert run("ns-delete", prod.namespace, "--dry-run=server", "-o", "name").stdout
    assert not prod.is_terminating()


@pytest.mark.integration
@pytest.mark.parametrize("arguments", [(), ("--yes",), ("--yes", "--confirm-context", "x")])
def test_a_yes_is_not_enough_in_a_protected_context(
    run: Run, prod: World, protected: Path, arguments: tuple[str, ...]
) -> None:
    result = run("ns-delete", prod.namespace, *arguments, code=ExitCode.REFUSED)
    assert "configmap/a" in result.stderr
    assert result.stderr.endswith(
        f'error: context "my prod" is protected ({protected}), and there is no terminal to ask on\n'
        f"hint: to delete namespace {prod.namespace} in it, pass --confirm-context 'my prod'\n"
    )
    assert not prod.is_terminating()


@pytest.mark.integration
@pytest.mark.usefixtures("protected")
def test_the_context_is_no_yes_either(run: Run, prod: World) -> None:
    result = run("ns-delete", prod.namespace, "--confirm-context", "my prod", code=ExitCode.REFUSED)
    assert "pass --yes" in result.stderr
    assert not prod.is_terminating()


@pytest.mark.integration
@pytest.mark.usefixtures("protected")
def test_both_together_delete_in_a_protected_context(run: Run, prod: World) -> None:
    run("ns-delete", prod.namespace, "--yes", "--confirm-context", "my prod")
    assert prod.is_gone()


@pytest.mark.integration
@pytest.mark.usefixtures("protected")
def test_what_is_being_deleted_already_needs_no_name(run: Run, prod: World) -> None:
    prod.delete_namespace()
    run("ns-delete", prod.namespace)
    assert prod.is_gone()


@pytest.mark.integration
@pytest.mark.usefixtures("protected")
@pytest.mark.parametrize("yes", [(), ("--yes",)])
def test_the_name_of_a_protected_context_must_be_typed(
    prod: World, terminal: Callable[..., pexpect.spawn], yes: tuple[str, ...]
) -> None:
    child = terminal(prod.namespace, *yes)
    child.expect_exact(
        f'Context "my prod" is protected. Type its name to delete namespace {prod.namespace} in it:'
    )
    assert "configmap/a" in child.before
    child.sendline("my prod")
    if not yes:
        child.expect_exact("Type the name of the namespace")
        child.sendline(prod.namespace)
    assert ended(child)[0] == ExitCode.OK
    assert prod.is_gone()


@pytest.mark.integration
@pytest.mark.usefixtures("protected")
@pytest.mark.parametrize("typed", ["", "yes", "prod"])
def test_another_name_than_the_protected_contexts_deletes_nothing(
    prod: World, terminal: Callable[..., pexpect.spawn], typed: str
) -> None:
    child = terminal(prod.namespace, "--yes")
    child.expect_exact("in it:")
    child.sendline(typed)
    code, said = ended(child)
    assert code == ExitCode.REFUSED
    assert 'error: the typed name is not "my prod"; nothing was done' in said
    assert not prod.is_terminating()


@pytest.mark.integration
@pytest.mark.usefixtures("protected")
def test_other_contexts_stay_as_they_were(run: Run, prod: World) -> None:
    run("ns-delete", prod.namespace, "--yes", "--context", "plain")
    assert prod.is_gone()


def test_settings_that_are_not_understood_stop_it(run: Run, tmp_path: Path, protected: Path) -> None:
    protected.write_text("protect: ['*']\n")
    config = Kubeconfig().context("c").current("c").write(tmp_path / "config")
    result = run("ns-delete", "blue", "--yes", "--kubeconfig", config, code=ExitCode.REFUSED)
    assert result.stderr.startswith(f'error: {protected}:1: unknown key "protect"\n')
