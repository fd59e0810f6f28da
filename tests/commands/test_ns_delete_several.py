"""Several namespaces in one run: which ones, what is typed for them, what becomes of each."""

import json
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pytest_mock import MockerFixture

from kubectl_ns_tools.errors import ExitCode
from tests.commands.conftest import executable
from tests.commands.deletion_worlds import (
    annotate,
    follow_after,
    label,
    new_worlds,
    pattern,
)
from tests.commands.terminal import Terminal
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.haste import without_haste
from tests.deletion.world import World, rule

pytestmark = pytest.mark.integration
Run = Callable[..., Any]


@pytest.fixture
def worlds(
    controlplane: ControlPlane, kubeconfig: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[World]]:
    """Two namespaces, which the command finds without flags."""
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig))
    with new_worlds(controlplane, 2) as made:
        yield made


@pytest.fixture
def terminal(on_terminal: Callable[..., Terminal], kubeconfig: Path) -> Callable[..., Terminal]:
    return lambda *arguments: on_terminal(executable("ns-delete"), *arguments, KUBECONFIG=str(kubeconfig))


def test_a_summary_comes_before_one_preview_after_the_other(run: Run, worlds: list[World]) -> None:
    names = [world.namespace for world in worlds]
    shown = run("ns-delete", *names, "--dry-run").stdout
    summary, _, previews = shown.partition("\n\n")
    header, *rows = summary.splitlines()
    assert header.split("   ")[0] == "NAMESPACE"
    assert "CONTEXT" not in header
    assert [row.split()[:3] for row in rows] == [[name, "Active", "3"] for name in names]
    assert re.findall(r"^Namespace: +(\S+)", previews, re.MULTILINE) == names


def test_data_for_several_is_a_list(run: Run, worlds: list[World]) -> None:
    found = json.loads(run("ns-delete", pattern(worlds), "--dry-run", "-o", "json").stdout)
    assert (found["apiVersion"], found["kind"]) == ("kubectl-ns-tools/v1", "DeletionPreviewList")
    assert [item["namespace"]["name"] for item in found["items"]] == [each.namespace for each in worlds]
    names = run("ns-delete", pattern(worlds), "--dry-run", "-o", "name").stdout.splitlines()
    assert [name for name in names if name.startswith("namespace/")] == [
        f"namespace/{each.namespace}" for each in worlds
    ]
    page = run("ns-delete", pattern(worlds), "--dry-run", "-o", "html").stdout
    assert page.count("<html") == 1
    assert all(each.namespace in page for each in worlds)


def test_labels_and_expiry_narrow_down(run: Run, worlds: list[World]) -> None:
    first, second = worlds
    label(first, team=first.namespace)
    annotate(second, kubectl_ns_tools__expires="2020-01-01")
    by_label = run("ns-delete", "-l", f"team={first.namespace}", "--dry-run", "-o", "name").stdout
    assert by_label.splitlines()[0] == f"namespace/{first.namespace}"
    assert f"namespace/{second.namespace}" not in by_label
    expired = run("ns-delete", pattern(worlds), "--expired", "--dry-run", "-o", "name").stdout
    assert f"namespace/{second.namespace}" in expired
    assert f"namespace/{first.namespace}" not in expired


def test_a_name_that_is_narrowed_away_is_refused(run: Run, worlds: list[World]) -> None:
    name = worlds[0].namespace
    result = run("ns-delete", name, "--expired", "--yes", code=ExitCode.REFUSED)
    assert (
        result.stderr == f'error: namespace "{name}" is not among those of --expired; nothing was deleted\n'
    )


def test_nothing_to_delete_is_no_failure_unless_a_number_was_expected(run: Run, worlds: list[World]) -> None:
    selector = f"team={worlds[0].namespace}"
    assert run("ns-delete", "-l", selector, "--yes").stderr == "No resources found\n"
    result = run("ns-delete", "-l", selector, "--yes", "--expect", "2", code=ExitCode.REFUSED)
    assert result.stderr.startswith("error: there are 0 namespaces, not 2; nothing was deleted\n")


def test_every_name_that_stands_for_nothing_is_told(run: Run, worlds: list[World]) -> None:
    name = worlds[0].namespace
    near = run("ns-delete", f"{name}x", "--dry-run", code=ExitCode.NOT_FOUND)
    assert near.stderr.endswith(f"hint: did you mean '{name}'?\n")
    both = run("ns-delete", name, f"{name}x", "no-such-*", "--dry-run", code=ExitCode.NOT_FOUND)
    assert "2 names stand for no namespace" in both.stderr
    assert '  no namespace matches "no-such-*"' in both.stderr


def test_no_pattern_stands_for_the_systems_namespaces(run: Run, worlds: list[World]) -> None:
    result = run("ns-delete", "kube-*", "--dry-run", code=ExitCode.NOT_FOUND)
    assert "kube-system, kube-public, kube-node-lease would" in result.stderr
    shown = run("ns-delete", "*", "--dry-run", "-o", "name").stdout.splitlines()
    names = {line for line in shown if line.startswith("namespace/")}
    assert {f"namespace/{each.namespace}" for each in worlds} <= names
    assert not names & {"namespace/default", "namespace/kube-system", "namespace/kube-node-lease"}


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [((), "pass --yes --expect 2"), (("--yes",), "pass --expect 2")],
    ids=["nothing", "yes alone"],
)
def test_without_a_terminal_their_number_is_to_be_known(
    run: Run, worlds: list[World], arguments: tuple[str, ...], hint: str
) -> None:
    result = run("ns-delete", pattern(worlds), *arguments, code=ExitCode.REFUSED)
    assert "error: 2 namespaces are not deleted unconfirmed" in result.stderr
    assert hint in result.stderr
    assert not any(world.is_terminating() for world in worlds)


def test_another_number_than_expected_deletes_nothing(run: Run, worlds: list[World]) -> None:
    result = run("ns-delete", pattern(worlds), "--yes", "--expect", "1", code=ExitCode.REFUSED)
    assert "error: there are 2 namespaces, not 1; nothing was deleted\n" in result.stderr
    assert not any(world.is_terminating() for world in worlds)


def test_yes_and_the_number_delete_them_all(run: Run, worlds: list[World]) -> None:
    result = run("ns-delete", pattern(worlds), "--yes", "--expect", "2")
    assert sorted(result.stdout.splitlines()) == [f'namespace "{each.namespace}" deleted' for each in worlds]
    assert all(world.is_gone() for world in worlds)


def test_deleted_as_data_is_one_document(run: Run, worlds: list[World]) -> None:
    result = run("ns-delete", pattern(worlds), "--yes", "--expect", "2", "-o", "json")
    found = json.loads(result.stdout)
    assert [item["namespace"]["name"] for item in found["items"]] == [each.namespace for each in worlds]


def test_the_number_is_typed(worlds: list[World], terminal: Callable[..., Terminal]) -> None:
    child = terminal(pattern(worlds)).child
    child.expect_exact("Type the number of namespaces to delete all of this, 6 objects (2):")
    child.sendline("3")
    child.expect_exact("error: the typed number is not 2; nothing was deleted")
    again = terminal(pattern(worlds), "--yes")
    again.child.expect_exact("(2):")
    again.type("2")
    assert again.ended() == 0
    assert all(world.is_gone() for world in worlds)


def hold(mocker: MockerFixture, held: World, free: World) -> None:
    """Something holds one of two, whose time is up later than the other one is gone."""
    held.configmap("held", finalizers=["example.com/hold"])
    conditions = {
        held.namespace: lambda: free.is_gone() and held.is_deleted("ConfigMap", "held"),
        free.namespace: free.is_gone,
    }
    follow_after(mocker, conditions)


def test_one_that_fails_does_not_stop_the_others(
    run: Run, worlds: list[World], mocker: MockerFixture
) -> None:
    first, second = worlds
    hold(mocker, first, second)
    without_haste(mocker)
    arguments = (pattern(worlds), "--yes", "--expect", "2", "--timeout", "5s")
    result = run("ns-delete", *arguments, code=ExitCode.TIMEOUT)
    assert result.stdout == f'namespace "{second.namespace}" deleted\n'
    assert "error: 1 of 2 namespaces were not deleted to the end\n" in result.stderr
    assert f"  {first.namespace}: timed out: " in result.stderr
    assert "configmap/held waits for the finalizer example.com/hold" in result.stderr
    assert second.is_gone()


def test_what_was_deleted_is_a_list_even_of_one(run: Run, worlds: list[World], mocker: MockerFixture) -> None:
    hold(mocker, *worlds)
    arguments = (pattern(worlds), "--yes", "--expect", "2", "--timeout", "5s", "-o", "yaml")
    found = yaml.safe_load(run("ns-delete", *arguments, code=ExitCode.TIMEOUT).stdout)
    assert found["kind"] == "DeletionPreviewList"
    assert [item["namespace"]["name"] for item in found["items"]] == [worlds[1].namespace]


def test_whose_turn_does_not_come_in_time_is_not_begun(run: Run, worlds: list[World]) -> None:
    first, second = worlds
    first.configmap("held", finalizers=["example.com/hold"])
    flags = ("--yes", "--expect", "2", "--timeout", "5s", "--parallel", "1")
    result = run("ns-delete", pattern(worlds), *flags, code=ExitCode.TIMEOUT)
    assert f"  {second.namespace}: not begun: the time was up before its turn came\n" in result.stderr
    assert first.is_terminating()
    assert not second.is_terminating()


def test_a_different_failure_each_gives_the_general_exit_code(
    run: Run, controlplane: ControlPlane, worlds: list[World]
) -> None:
    first, second = worlds
    user = f"user-{first.namespace}"
    first.configmap("held", finalizers=["example.com/hold"])
    for world in worlds:
        world.allow(user, [rule("", "configmaps", "list"), rule("", "namespaces", "get")])
    first.make("Role", "deleter", rules=[rule("", "namespaces", "delete")])
    subject = {"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": user}
    role = {"kind": "Role", "apiGroup": "rbac.authorization.k8s.io", "name": "deleter"}
    first.make("RoleBinding", "deleter", subjects=[subject], roleRef=role)
    first.await_rule(user, rule("", "namespaces", "delete"))
    flags = ("--yes", "--expect", "2", "--no-backup", "--timeout", "5s")
    config = controlplane.user(user)
    names = (first.namespace, second.namespace)
    result = run("ns-delete", *names, *flags, "--kubeconfig", config, code=ExitCode.FAILED)
    assert "error: 2 of 2 namespaces were not deleted to the end\n" in result.stderr
    assert f"  {second.namespace}: Error from server (Forbidden): " in result.stderr
    assert not second.is_terminating()


def test_ctrl_c_says_for_each_how_it_stands(worlds: list[World], terminal: Callable[..., Terminal]) -> None:
    first, second = worlds
    first.configmap("held", finalizers=["example.com/hold"])
    child = terminal(pattern(worlds), "--yes", "--expect", "2", "--parallel", "1").child
    child.expect_exact("0 of 2 namespaces done; waiting for namespace")
    child.kill(signal.SIGINT)
    child.expect_exact(f"{first.namespace}: interrupted; the deletion goes on in the server")
    child.expect_exact(f"{second.namespace}: interrupted; not begun")
    child.wait()
    assert child.exitstatus == ExitCode.INTERRUPTED
    wait_until(first.is_terminating)
    assert not second.is_terminating()


def test_without_waiting_they_only_begin(run: Run, worlds: list[World]) -> None:
    for world in worlds:
        world.configmap("held", finalizers=["example.com/hold"])
    result = run("ns-delete", pattern(worlds), "--yes", "--expect", "2", "--no-wait", "-o", "name")
    assert sorted(result.stdout.splitlines()) == [f"namespace/{each.namespace}" for each in worlds]
    assert all(world.is_terminating() for world in worlds)


def test_those_that_are_being_deleted_already_are_not_asked_for(run: Run, worlds: list[World]) -> None:
    for world in worlds:
        world.delete_namespace()
    result = run("ns-delete", *(world.namespace for world in worlds))
    assert result.stderr.count("is being deleted already") == 2
    assert all(world.is_gone() for world in worlds)


def test_one_that_is_being_deleted_already_counts_as_in_the_table(run: Run, worlds: list[World]) -> None:
    worlds[0].configmap("held", finalizers=["example.com/hold"])
    worlds[0].delete_namespace()
    refused = run("ns-delete", pattern(worlds), "--yes", code=ExitCode.REFUSED)
    assert "hint: look with --dry-run, then pass --expect 2\n" in refused.stderr
    run("ns-delete", pattern(worlds), "--yes", "--expect", "2", "--no-wait")
    assert worlds[1].is_terminating()


class TestContexts:
    @pytest.fixture(autouse=True)
    def contexts(self, kubeconfig: Path, worlds: list[World]) -> None:
        """c1 and c2 lead to the cluster, dead does not."""
        config = yaml.safe_load(kubeconfig.read_text())
        body = config["contexts"][0]["context"]
        config["clusters"].append({"name": "dead", "cluster": {"server": "https://127.0.0.1:1"}})
        places = {"c1": body, "c2": body, "dead": {**body, "cluster": "dead"}}
        config["contexts"] = [{"name": name, "context": body} for name, body in places.items()]
        kubeconfig.write_text(json.dumps(config | {"current-context": "c1"}))

    def test_two_contexts_of_one_cluster_are_one(self, run: Run, worlds: list[World]) -> None:
        shown = run("ns-delete", pattern(worlds), "--contexts", "c?", "--dry-run", "-o", "json").stdout
        found = json.loads(shown)["items"]
        assert [item["context"] for item in found] == ["c1", "c1"]

    def test_a_dead_cluster_stops_everything(self, run: Run, worlds: list[World]) -> None:
        flags = ("--contexts", "*", "--yes", "--expect", "2")
        result = run("ns-delete", pattern(worlds), *flags, code=ExitCode.UNREACHABLE)
        assert "error: 1 of 3 contexts could not be asked; nothing was deleted\n" in result.stderr
        assert '  context "dead": ' in result.stderr
        assert not any(world.is_terminating() for world in worlds)

    def test_the_name_of_every_protected_context_is_needed(
        self, run: Run, worlds: list[World], scratch_home: Path
    ) -> None:
        path = scratch_home / ".config" / "kubectl-ns-tools" / "config.yaml"
        path.parent.mkdir(parents=True)
        path.write_text("protected: [c2]\n")
        flags = ("--contexts", "c1", "--contexts", "c2", "--yes", "--expect", "2")
        result = run("ns-delete", pattern(worlds), *flags, code=ExitCode.REFUSED)
        assert "hint: to delete 2 namespaces in it, pass --confirm-context c2\n" in result.stderr
        assert not any(world.is_terminating() for world in worlds)

    def test_each_plan_names_its_context(
        self, run: Run, worlds: list[World], kubeconfig: Path, private_controlplane: ControlPlane
    ) -> None:
        """One namespace's name in two clusters: shown, planned and deleted in each."""
        other = private_controlplane.kubeconfig_dict()
        config = yaml.safe_load(kubeconfig.read_text())
        for kind in ("cluster", "user"):
            config[f"{kind}s"].append({**other[f"{kind}s"][0], "name": "other"})
        config["contexts"].append({"name": "c3", "context": {"cluster": "other", "user": "other"}})
        kubeconfig.write_text(json.dumps(config))
        name = worlds[0].namespace
        private_controlplane.create_namespace(name)
        flags = ("--contexts", "c1", "--contexts", "c3")
        shown = run("ns-delete", name, *flags, "--dry-run").stdout
        assert [line.split()[:2] for line in shown.splitlines()[:3]] == [
            ["NAMESPACE", "CONTEXT"], [name, "c1"], [name, "c3"]
        ]  # fmt: skip
        assert "Context:       c3\n" in shown
        plan = kubeconfig.with_name("plan.json")
        run("ns-delete", name, *flags, "--plan", plan)
        refused = run("ns-delete", "--apply", plan, "--context", "c1", code=ExitCode.REFUSED)
        assert "error: the plan is of several contexts" in refused.stderr
        worlds[0].configmap("new")
        drifted = run("ns-delete", "--apply", plan, "--yes", "--expect", "2", code=ExitCode.REFUSED)
        assert f"  {name} (c1): namespace " in drifted.stderr
        assert f"{name} (c3)" not in drifted.stderr
        result = run("ns-delete", "--apply", plan, "--yes", "--expect", "2", "--allow-drift")
        assert sorted(result.stdout.splitlines()) == [
            f'namespace "{name}" deleted in context {context}' for context in ("c1", "c3")
        ]
        assert not private_controlplane.api.exists(f"/api/v1/namespaces/{name}")
        assert worlds[0].is_gone()
