"""`--plan FILE` and `--apply FILE`: what was decided is what is deleted."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubectl_ns_tools.errors import ExitCode
from tests.commands.deletion_worlds import new_worlds, pattern
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.world import PATHS, World, rule

pytestmark = pytest.mark.integration
Run = Callable[..., Any]
_MERGE = "application/merge-patch+json"


@pytest.fixture
def world(reachable: World) -> World:
    reachable.configmap("a", data={"password": "hunter2"})
    return reachable


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "plan.json"


@pytest.fixture
def saved(run: Run, world: World, file: Path) -> Path:
    """A plan for the namespace."""
    run("ns-delete", world.namespace, "--plan", file)
    return file


def patch(world: World, kind: str, name: str, body: dict[str, Any], subresource: str = "") -> None:
    path = f"{PATHS[kind].format(world.namespace)}/{name}{subresource}"
    status, answer = world.api.call("PATCH", path, body, _MERGE)
    assert status == 200, answer


def test_a_plan_is_shown_saved_for_oneself_and_deletes_nothing(run: Run, world: World, file: Path) -> None:
    file.write_text("older")
    file.chmod(0o644)
    result = run("ns-delete", world.namespace, "--plan", file, "-o", "name")
    assert "configmap/a" in result.stdout.splitlines()
    assert result.stderr == (f"plan saved; to delete exactly this: kubectl ns-delete --apply {file}\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir() if path.name.startswith("plan")] == ["plan.json"]
    assert not world.is_terminating()


def test_a_plan_knows_the_cluster_and_every_object_but_no_content(world: World, saved: Path) -> None:
    found = json.loads(saved.read_text())
    (planned,) = found["namespaces"]
    assert (found["apiVersion"], found["kind"]) == ("kubectl-ns-tools/v1", "DeletionPlan")
    assert (planned["name"], planned["uid"]) == (world.namespace, world.uid())
    system = world.api.get("/api/v1/namespaces/kube-system")["metadata"]["uid"]
    assert planned["cluster"]["uid"] == system
    live = world.api.get(f"{PATHS['ConfigMap'].format(world.namespace)}/a")["metadata"]
    (planned_map,) = [each for each in planned["objects"] if each["label"] == "configmap/a"]
    assert planned_map["kind"] == "ConfigMap"
    assert (planned_map["uid"], planned_map["resourceVersion"]) == (live["uid"], live["resourceVersion"])
    assert "hunter2" not in saved.read_text()


def test_an_unchanged_namespace_is_deleted_as_planned(run: Run, world: World, saved: Path) -> None:
    refused = run("ns-delete", "--apply", saved, code=ExitCode.REFUSED)
    assert "pass --yes" in refused.stderr
    result = run("ns-delete", "--apply", saved, "--yes")
    assert result.stdout == f'namespace "{world.namespace}" deleted\n'
    assert world.is_gone()


def test_content_that_changed_is_refused_with_the_difference(run: Run, world: World, saved: Path) -> None:
    world.configmap("new")
    patch(world, "ConfigMap", "a", {"data": {"key": "other"}})
    result = run("ns-delete", "--apply", saved, "--yes", code=ExitCode.REFUSED)
    assert (
        f'namespace "{world.namespace}" changed since the plan was made; nothing was deleted' in result.stderr
    )
    assert "  + configmap/new\n  ~ configmap/a (resourceVersion " in result.stderr
    assert not world.is_terminating()
    result = run("ns-delete", "--apply", saved, "--yes", "--allow-drift")
    assert "  + configmap/new\n" in result.stderr
    assert world.is_gone()


def test_what_is_gone_is_a_change_too(run: Run, world: World, saved: Path) -> None:
    world.api.call("DELETE", f"{PATHS['ConfigMap'].format(world.namespace)}/a")
    result = run("ns-delete", "--apply", saved, "--yes", code=ExitCode.REFUSED)
    assert "  - configmap/a\n" in result.stderr


def test_what_controllers_do_all_the_time_is_no_change(run: Run, world: World, file: Path) -> None:
    world.deployment("web", replicas=1)
    run("ns-delete", world.namespace, "--plan", file)
    (pod,) = world.pods()
    name = pod["metadata"]["name"]
    world.api.call("DELETE", f"{PATHS['Pod'].format(world.namespace)}/{name}?gracePeriodSeconds=0")
    wait_until(lambda: [each["metadata"]["name"] for each in world.pods()] not in ([], [name]))
    world.event("e")
    lease = {"metadata": {"name": "leader"}}
    world.api.create(f"/apis/coordination.k8s.io/v1/namespaces/{world.namespace}/leases", lease)
    patch(world, "Deployment", "web", {"status": {"observedGeneration": 0}}, "/status")
    run("ns-delete", "--apply", file, "--yes")
    assert world.is_gone()


def test_a_new_spec_is_a_change(run: Run, world: World, file: Path) -> None:
    world.deployment("web", replicas=1)
    run("ns-delete", world.namespace, "--plan", file)
    patch(world, "Deployment", "web", {"spec": {"replicas": 2}})
    result = run("ns-delete", "--apply", file, "--yes", code=ExitCode.REFUSED)
    assert "  ~ deployment.apps/web (generation 1 -> generation 2)\n" in result.stderr


@pytest.mark.parametrize("flags", [(), ("--allow-drift",)], ids=["plain", "drift"])
def test_a_namespace_made_anew_is_another_one(
    run: Run, controlplane: ControlPlane, world: World, saved: Path, flags: tuple[str, ...]
) -> None:
    world.delete_namespace()
    wait_until(world.is_gone)
    gone = run("ns-delete", "--apply", saved, "--yes", code=ExitCode.NOT_FOUND)
    assert f'error: namespace "{world.namespace}" of the plan is gone\n' in gone.stderr
    controlplane.create_namespace(world.namespace)
    result = run("ns-delete", "--apply", saved, "--yes", *flags, code=ExitCode.REFUSED)
    assert "was deleted and re-created since the plan; nothing was deleted" in result.stderr
    assert not world.is_terminating()


def test_another_cluster_is_refused_whatever_its_address(
    run: Run, world: World, saved: Path, private_controlplane: ControlPlane
) -> None:
    private_controlplane.create_namespace(world.namespace)
    path = private_controlplane.kubeconfig
    result = run(
        "ns-delete", "--apply", saved, "--yes", "--allow-drift", "--kubeconfig", path, code=ExitCode.REFUSED
    )
    assert "error: the plan is of another cluster than that of context " in result.stderr
    assert private_controlplane.api.exists(f"/api/v1/namespaces/{world.namespace}")


def test_the_same_cluster_by_another_name_is_the_same(
    run: Run, world: World, saved: Path, kubeconfig: Path
) -> None:
    config = yaml.safe_load(kubeconfig.read_text())
    config["contexts"] = [{**config["contexts"][0], "name": "mine"}]
    config["clusters"][0]["cluster"]["server"] = config["clusters"][0]["cluster"]["server"].replace(
        "127.0.0.1", "localhost"
    )
    kubeconfig.write_text(json.dumps({**config, "current-context": "mine"}))
    run("ns-delete", "--apply", saved, "--yes", "--context", "mine")
    assert world.is_gone()


def test_who_may_not_read_kube_system_has_the_address_to_go_by(
    run: Run, controlplane: ControlPlane, world: World, file: Path
) -> None:
    user = f"user-{world.namespace}"
    world.allow(user, [rule("", "namespaces", "get", "delete")])
    config = controlplane.user(user)
    run("ns-delete", world.namespace, "--plan", file, "--kubeconfig", config)
    assert json.loads(file.read_text())["namespaces"][0]["cluster"] == {
        "server": controlplane.server,
        "uid": "",
    }
    flags = ("--yes", "--no-backup", "--no-wait", "--kubeconfig", config)
    run("ns-delete", "--apply", file, *flags)
    wait_until(world.is_gone)


def test_the_plan_keeps_how_it_is_to_be_done(run: Run, world: World, file: Path) -> None:
    world.configmap("b")
    run("ns-delete", world.namespace, "--only", "configmap/a", "--plan", file)
    assert json.loads(file.read_text())["options"]["only"] == ["configmap/a"]
    world.configmap("c")  # of no concern to this plan
    result = run("ns-delete", "--apply", file, "--yes")
    assert result.stdout == f'1 object of namespace "{world.namespace}" deleted\n'
    assert not world.api.exists(f"{PATHS['ConfigMap'].format(world.namespace)}/a")
    assert world.api.exists(f"{PATHS['ConfigMap'].format(world.namespace)}/b")


def test_one_plan_for_several(run: Run, controlplane: ControlPlane, world: World, file: Path) -> None:
    with new_worlds(controlplane, 2) as worlds:
        run("ns-delete", pattern(worlds), "--plan", file)
        worlds[0].configmap("new")
        result = run("ns-delete", "--apply", file, "--yes", "--expect", "2", code=ExitCode.REFUSED)
        assert (
            "error: 1 of 2 namespaces changed since the plan was made; nothing was deleted" in result.stderr
        )
        assert "+ configmap/new" in result.stderr
        assert not any(each.is_terminating() for each in worlds)
        run("ns-delete", "--apply", file, "--yes", "--expect", "2", "--allow-drift")
        assert all(each.is_gone() for each in worlds)


def test_what_is_being_deleted_already_is_not_planned(run: Run, world: World, file: Path) -> None:
    world.configmap("held", finalizers=["example.com/hold"])
    world.delete_namespace()
    result = run("ns-delete", world.namespace, "--plan", file, code=ExitCode.REFUSED)
    assert "is being deleted already; no plan was saved" in result.stderr
    assert not file.exists()


def test_a_plan_that_cannot_be_written_is_an_error(run: Run, world: World, tmp_path: Path) -> None:
    path = tmp_path / "no" / "plan.json"
    result = run("ns-delete", world.namespace, "--plan", path, code=ExitCode.LOCKED)
    assert f"error: cannot write the plan {path}: no such file or directory\n" in result.stderr
