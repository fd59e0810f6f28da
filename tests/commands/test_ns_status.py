import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubectl_ns_tools.errors import ExitCode
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.world import World, rule

Run = Callable[..., Any]


@pytest.mark.integration
def test_everything_is_counted_by_kind(run: Run, world: World) -> None:
    world.deployment("web", replicas=2)
    group = world.custom_kind("Widget")
    world.custom(group, "Widget", "one")
    result = run("ns-status", world.namespace)
    rows = dict(line.split() for line in result.stdout.splitlines() if len(line.split()) == 2)
    assert (rows["Name:"], rows["Status:"]) == (world.namespace, "Active")
    assert {"deployments.apps": "1", "pods": "2", f"widgets.{group}": "1"}.items() <= rows.items()
    assert result.stderr == ""


@pytest.mark.integration
def test_kube_system_is_no_secret(run: Run, world: World) -> None:
    assert "roles.rbac.authorization.k8s.io" in run("ns-status", "kube-system").stdout


@pytest.mark.integration
def test_wide_lists_the_objects(run: Run, world: World) -> None:
    lines = run("ns-status", world.namespace, "-o", "wide").stdout.splitlines()
    assert lines[4].split() == ["NAME", "AGE", "OWNER", "FINALIZERS", "REMARK"]
    assert lines[5].split()[0] == "configmap/a"


@pytest.mark.integration
def test_names_are_what_kubectl_gets(run: Run, world: World, kubectl: Callable[..., Any]) -> None:
    names = run("ns-status", world.namespace, "-o", "name").stdout.split()
    assert "configmap/a" in names
    theirs = kubectl("get", *names, "-n", world.namespace, "-o", "name").stdout.split()
    assert theirs == names


@pytest.mark.integration
@pytest.mark.parametrize(("form", "read"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_documents_are_for_programs(run: Run, world: World, form: str, read: Callable[[str], Any]) -> None:
    found = read(run("ns-status", world.namespace, "-o", form).stdout)
    assert (found["apiVersion"], found["kind"]) == ("kubectl-ns-tools/v1", "NamespaceStatus")
    assert (found["namespace"]["phase"], found["stuck"], found["complete"]) == ("Active", None, True)


@pytest.mark.integration
def test_without_a_name_it_is_the_namespace_of_the_context(run: Run, world: World, kubeconfig: Path) -> None:
    config = yaml.safe_load(kubeconfig.read_text())
    config["contexts"][0]["context"]["namespace"] = world.namespace
    kubeconfig.write_text(yaml.safe_dump(config))
    assert run("ns-status").stdout.startswith(f"Name:     {world.namespace}\n")


@pytest.mark.integration
def test_the_namespace_may_be_given_by_flag(run: Run, world: World) -> None:
    by_flag = run("ns-status", "-n", world.namespace, "-o", "name").stdout
    assert by_flag == run("ns-status", world.namespace, "-o", "name").stdout
    run("ns-status", world.namespace, "-n", "other", code=ExitCode.USAGE)


@pytest.mark.integration
def test_an_absent_namespace_is_not_found(run: Run, world: World) -> None:
    result = run("ns-status", "no-such-namespace", code=ExitCode.NOT_FOUND)
    assert result.stderr.startswith('Error from server (NotFound): namespaces "no-such-namespace" not found')


@pytest.mark.parametrize("name", ["", "..", "a/b"])
def test_what_cannot_be_a_name_is_refused(run: Run, name: str) -> None:
    result = run("ns-status", name, code=ExitCode.REFUSED)
    assert result.stderr.startswith(f'error: the namespace "{name}" is invalid')


@pytest.mark.integration
def test_what_may_not_be_seen_is_named(run: Run, controlplane: ControlPlane, world: World) -> None:
    user = f"user-{world.namespace}"
    world.allow(user, [rule("", "namespaces", "get"), rule("", "configmaps", "list")])
    config = controlplane.user(user)
    assert (
        "NOT VISIBLE:\n  you may not list: "
        in run("ns-status", world.namespace, "--kubeconfig", config).stdout
    )
    names = run("ns-status", world.namespace, "-o", "name", "--kubeconfig", config)
    assert set(names.stdout.split()) >= {"configmap/a"}
    assert "Warning: not visible: " in names.stderr


@pytest.mark.integration
def test_a_stuck_namespace_says_why(run: Run, world: World) -> None:
    world.configmap("held", finalizers=["example.com/hold"])
    world.delete_namespace()
    why = "Why:      configmap/held waits for the finalizer example.com/hold to be removed"
    wait_until(lambda: why in run("ns-status", world.namespace).stdout)
    stuck = json.loads(run("ns-status", world.namespace, "-o", "json").stdout)["stuck"]
    assert stuck["causes"][0]["remedy"].startswith("kubectl get configmap/held")
