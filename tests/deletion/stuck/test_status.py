"""A stuck namespace on the real control plane, and the remedies that the diagnosis gives for it."""

import re
import shlex
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pytest_mock import MockerFixture

from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.deletion.stuck import diagnosis as module
from kubectl_ns_tools.deletion.stuck.diagnosis import Diagnosis
from kubectl_ns_tools.deletion.stuck.status import take_status
from tests.controlplane import flags
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.conftest import BROKEN_GROUP
from tests.deletion.world import World, rule

MERGE = "application/merge-patch+json"
Kubectl = Callable[..., Any]


def diagnosed(connection: Connection, world: World) -> Diagnosis:
    diagnosis = take_status(connection, world.namespace).diagnosis
    assert diagnosis is not None
    return diagnosis


def commands(remedy: str, verb: str) -> list[list[str]]:
    """The arguments of the kubectl commands of a remedy that begin with the verb."""
    found = re.findall(rf"kubectl ({verb} .*?)(?= shows| -o yaml shows|$)", remedy)
    return [shlex.split(command) for command in found]


@pytest.mark.integration
def test_an_active_namespace_has_no_diagnosis(connection: Connection, world: World) -> None:
    assert take_status(connection, world.namespace).diagnosis is None


@pytest.mark.integration
def test_the_configuration_of_the_webhook_at_fault_is_found(
    connection: Connection, world: World, kubectl: Kubectl
) -> None:
    world.configmap("a")
    name = world.webhook_that_never_answers()
    world.delete_namespace()
    wait_until(lambda: world.controller_complains(name))
    remedy = diagnosed(connection, world).remedy
    assert remedy == (
        f"kubectl get validatingwebhookconfiguration/{name} -o yaml shows it: repair what serves it, "
        f"{world.namespace}/nobody, or delete the configuration: "
        f"kubectl delete validatingwebhookconfiguration/{name}"
    )
    (command,) = commands(remedy, "delete")
    kubectl(*command)
    wait_until(world.is_gone)


@pytest.mark.integration
def test_who_may_not_see_webhooks_learns_their_names(
    controlplane: ControlPlane, connection: Connection, world: World
) -> None:
    world.configmap("a")
    name = world.webhook_that_never_answers()
    user = f"user-{world.namespace}"
    world.allow(user, [rule("", "namespaces", "get")])
    path = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{world.namespace}/rolebindings/{user}"
    world.api.call("PATCH", path, {"metadata": {"finalizers": ["example.com/hold"]}}, MERGE)
    role = path.replace("rolebindings", "roles")
    world.api.call("PATCH", role, {"metadata": {"finalizers": ["example.com/hold"]}}, MERGE)
    try:
        world.delete_namespace()
        wait_until(lambda: world.controller_complains(name))
        diagnosis = diagnosed(connect(controlplane.kubeconfig_dict(user)), world)
    finally:
        for held in (path, role):
            world.api.call("PATCH", held, {"metadata": {"finalizers": None}}, MERGE)
    assert f'the admission webhook "{name}" keeps content' in diagnosis.sentence
    assert "kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations" in diagnosis.remedy


@pytest.mark.integration
def test_the_service_of_the_broken_group_is_found(broken_controlplane: ControlPlane) -> None:
    world = World(broken_controlplane.api, f"stuck-{uuid4().hex[:8]}")
    broken_controlplane.create_namespace(world.namespace)
    world.delete_namespace()
    wait_until(world.controller_complains)
    diagnosis = diagnosed(connect(broken_controlplane.kubeconfig_dict()), world)
    assert f"cannot say which kinds {BROKEN_GROUP} has" in diagnosis.sentence
    assert "kubectl get apiservice/v1.broken.example.com -o yaml" in diagnosis.remedy
    assert (
        'repair what serves it, default/nobody (service/nobody in "default" is not present)'
        in diagnosis.remedy
    )
    assert diagnosis.remedy.endswith("kubectl delete apiservice/v1.broken.example.com")


@pytest.fixture
def unconverted(private_controlplane: ControlPlane) -> Iterator[World]:
    """A namespace with an object of a kind that is stored in another version than the preferred one, and
    whose conversion has no server. In a cluster of its own: no namespace may be sure to have none of them."""
    private_controlplane.create_namespace("unconverted")
    with World.of(private_controlplane.api, "unconverted") as world:
        group = world.custom_kind("Widget")
        world.custom(group, "Widget", "old")
        path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.{group}"
        definition = world.api.get(path)
        (version,) = definition["spec"]["versions"]
        service = {"namespace": "default", "name": "nobody"}
        definition["spec"]["versions"].append({**version, "name": "v2", "storage": False})
        definition["spec"]["conversion"] = {
            "strategy": "Webhook",
            "webhook": {"clientConfig": {"service": service}, "conversionReviewVersions": ["v1"]},
        }
        assert world.api.call("PUT", path, definition)[0] == 200
        wait_until(lambda: world.api.call("GET", f"/apis/{group}/v2/widgets?limit=1")[0] == 500)
        yield world


@pytest.mark.integration
def test_a_conversion_that_fails_is_named(
    private_controlplane: ControlPlane, unconverted: World, kubectl: Kubectl
) -> None:
    connection = connect(private_controlplane.kubeconfig_dict())
    unconverted.delete_namespace()
    wait_until(lambda: unconverted.controller_complains("conversion webhook for"))
    diagnosis = diagnosed(connection, unconverted)
    assert re.search(r"widgets\.g\w+\.example\.com cannot be read, and so not deleted: ", diagnosis.sentence)
    assert diagnosis.sentence.count("conversion webhook for") == 1
    assert "repair the conversion webhook, default/nobody, that kubectl get" in diagnosis.remedy
    (command,) = commands(diagnosis.remedy, "get")
    assert "nobody" in kubectl(*command, "--kubeconfig", private_controlplane.kubeconfig).stdout


@pytest.fixture
def policy(world: World) -> Iterator[str]:
    """Forbids the deletion of the namespace's ConfigMap; returns its name, and that of its binding."""
    world.configmap("a")
    name = f"p-{world.namespace}"
    root = "/apis/admissionregistration.k8s.io/v1/validatingadmission"
    labels = {"matchLabels": {"kubernetes.io/metadata.name": world.namespace}}
    rules = [
        {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["DELETE"], "resources": ["configmaps"]}
    ]
    spec = {
        "failurePolicy": "Fail",
        "matchConstraints": {"resourceRules": rules, "namespaceSelector": labels},
        "validations": [{"expression": "false", "message": "not these"}],
    }
    bound = {"policyName": name, "validationActions": ["Deny"]}
    world.api.create(f"{root}policies", {"metadata": {"name": name}, "spec": spec})
    world.api.create(f"{root}policybindings", {"metadata": {"name": name}, "spec": bound})
    configmap = f"/api/v1/namespaces/{world.namespace}/configmaps/a?dryRun=All"
    wait_until(lambda: world.api.call("DELETE", configmap)[0] == 422)
    yield name
    for kind in ("policybindings", "policies"):
        world.api.call("DELETE", f"{root}{kind}/{name}")


@pytest.mark.integration
def test_a_policy_that_denies_is_named(
    connection: Connection, world: World, kubectl: Kubectl, policy: str
) -> None:
    world.delete_namespace()
    wait_until(lambda: world.controller_complains(policy))
    diagnosis = diagnosed(connection, world)
    assert f"ValidatingAdmissionPolicy '{policy}' with binding '{policy}' denied" in diagnosis.sentence
    (command,) = commands(diagnosis.remedy, "delete")
    kubectl(*command)
    wait_until(world.is_gone)


@pytest.mark.integration
def test_the_finalizer_of_the_namespace_can_be_removed_as_told(
    connection: Connection, world: World, kubectl: Kubectl
) -> None:
    path = f"/api/v1/namespaces/{world.namespace}"
    world.api.call("PATCH", path, {"metadata": {"finalizers": ["example.com/hold"]}}, MERGE)
    world.delete_namespace()
    wait_until(lambda: not world.api.get(path)["spec"].get("finalizers"))
    diagnosis = diagnosed(connection, world)
    assert diagnosis.sentence == "the namespace itself waits for the finalizer example.com/hold to be removed"
    (command,) = commands(diagnosis.remedy, "patch")
    kubectl(*command)
    wait_until(world.is_gone)


@pytest.fixture
def headless(binaries: Path, tmp_path: Path, mocker: MockerFixture) -> Iterator[ControlPlane]:
    """A cluster with every controller but the one for namespaces."""
    original = flags.controller_manager
    without = "--controllers=*,-namespace-controller"
    mocker.patch.object(flags, "controller_manager", lambda *args: [*original(*args), without])
    with ControlPlane.start(tmp_path / "headless", binaries) as cluster:
        yield cluster


@pytest.mark.integration
def test_a_missing_controller_is_told_from_a_stuck_namespace(
    headless: ControlPlane, mocker: MockerFixture
) -> None:
    headless.create_namespace("held")
    world, connection = World(headless.api, "held"), connect(headless.kubeconfig_dict())
    world.configmap("held", finalizers=["example.com/hold"])
    world.delete_namespace()
    assert diagnosed(connection, world).sentence.startswith("the deletion has just begun")
    mocker.patch.object(module, "SILENCE", 1.0)
    time.sleep(2)
    diagnosis = diagnosed(connection, world)
    assert re.match(
        r"the namespace controller seems not to run: it has said nothing in the \d+s", diagnosis.sentence
    )
    assert "-l component=kube-controller-manager shows whether it runs" in diagnosis.remedy
