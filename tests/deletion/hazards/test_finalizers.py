from datetime import datetime, timedelta, timezone

import pytest
from pytest_mock import MockerFixture

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.deletion.hazards.hazard import Effect, Severity
from kubectl_ns_tools.deletion.hazards.known_finalizers import known
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.hazards.inside import MERGE, Inside, as_user, look, seen
from tests.deletion.world import World, rule

pytestmark = pytest.mark.integration

RBAC = "rbac.authorization.k8s.io"
CLEANUP = "widgets.example.com/cleanup"


@pytest.fixture
def group(world: World) -> str:
    """A group of its own, with the custom kind Widget."""
    return world.custom_kind("Widget")


def widget(inside: Inside, group: str, name: str, finalizer: str = CLEANUP) -> None:
    named = {"apiVersion": f"{group}/v1", "kind": "Widget"}
    inside.put("widgets", name, f"{group}/v1", metadata={"finalizers": [finalizer]}, **named)


def held_configmap(inside: Inside, name: str, *finalizers: str, manager: str = "someone") -> None:
    inside.put(f"configmaps?fieldManager={manager}", name, metadata={"finalizers": list(finalizers)})
    inside.undo.callback(release, inside, f"configmaps/{name}")


def release(inside: Inside, what: str) -> None:
    path = f"/api/v1/namespaces/{inside.namespace}/{what}"
    inside.api.call("PATCH", path, {"metadata": {"finalizers": None}}, MERGE)


def test_without_finalizers_there_is_no_hazard(connection: Connection, inside: Inside) -> None:
    inside.put("configmaps", "free")
    assert look(connection, inside.namespace, "finalizers") == []


def test_a_finalizer_of_nobody_known_holds_the_namespace(connection: Connection, inside: Inside) -> None:
    for name in ("a", "b", "c", "d"):
        held_configmap(inside, name, "x.example.com/hold")
    (hazard,) = look(connection, inside.namespace, "finalizers")
    assert (hazard.severity, hazard.effect) == (Severity.WARNING, Effect.BLOCKS)
    assert hazard.objects == ("configmap/a", "configmap/b", "configmap/c", "configmap/d")
    assert hazard.summary == (
        "configmap/a, configmap/b, configmap/c and 1 more are held by the finalizer x.example.com/hold until "
        "its controller removes it; which one that is, nothing here says"
    )
    assert hazard.remedy == (
        f"kubectl get configmap/a -n {inside.namespace} -o yaml --show-managed-fields shows who set it; "
        "removing it by hand skips the cleanup it stands for"
    )
    inside.delete_namespace()
    wait_until(lambda: inside.condition("NamespaceFinalizersRemaining") == "True")
    for name in ("a", "b", "c", "d"):
        release(inside, f"configmaps/{name}")
    wait_until(inside.is_gone)


def test_each_finalizer_and_kind_is_a_hazard(connection: Connection, inside: Inside) -> None:
    held_configmap(inside, "a", "x.example.com/1", "x.example.com/2")
    inside.put("secrets", "s", metadata={"finalizers": ["x.example.com/1"]})
    hazards = look(connection, inside.namespace, "finalizers")
    assert [hazard.objects for hazard in hazards] == [("configmap/a",), ("secret/s",), ("configmap/a",)]


def test_a_pod_that_is_held_freezes_everything(connection: Connection, inside: Inside) -> None:
    inside.pod("web", metadata={"finalizers": ["x.example.com/hold"]})
    inside.put("configmaps", "waits")
    (hazard,) = look(connection, inside.namespace, "finalizers")
    assert hazard.effect is Effect.BLOCKS
    assert hazard.summary.endswith("; pods go first, nothing else is deleted before")
    inside.delete_namespace()
    # all False while pods hold it: the controller has looked, and stopped there
    wait_until(lambda: inside.condition("NamespaceFinalizersRemaining") == "False")
    waiting = inside.api.get(f"/api/v1/namespaces/{inside.namespace}/configmaps/waits")
    assert "deletionTimestamp" not in waiting["metadata"]


def test_what_kubernetes_removes_by_itself_only_takes_time(connection: Connection, inside: Inside) -> None:
    inside.claim("db")
    held_configmap(inside, "a", "foregroundDeletion")
    pod = {"containers": [{"name": "main", "image": "none"}], "restartPolicy": "Never"}
    inside.put("jobs", "once", "batch/v1", spec={"template": {"spec": pod}})
    wait_until(lambda: len(look(connection, inside.namespace, "finalizers")) == 2)
    hazards = look(connection, inside.namespace, "finalizers")
    assert {(hazard.severity, hazard.effect) for hazard in hazards} == {(Severity.INFO, Effect.DELAYS)}
    assert sorted(hazard.summary.partition(" waits for ")[2] for hazard in hazards) == [
        "the garbage collector to remove the finalizer foregroundDeletion once its dependents are gone",
        "the job controller to remove the finalizer batch.kubernetes.io/job-tracking once it has counted "
        "the pod",
    ]
    inside.delete_namespace()
    wait_until(inside.is_gone)


def test_the_actor_of_another_kind_does_not_help(connection: Connection, inside: Inside) -> None:
    held_configmap(inside, "a", "kubernetes.io/pvc-protection")
    (hazard,) = look(connection, inside.namespace, "finalizers")
    assert hazard.effect is Effect.BLOCKS


def test_a_controller_with_rights_to_the_kind_seems_to_be_the_actor(
    connection: Connection, inside: Inside, group: str
) -> None:
    widget(inside, group, "w")
    inside.deployment("operator", account="operator")
    inside.deployment("other", account="other")
    inside.bind("operator", [rule(group, "widgets", "get", "update")])
    inside.bind("other", [rule(group, "widgets", "get", "list")])
    (hazard,) = look(connection, inside.namespace, "finalizers")
    assert (hazard.severity, hazard.effect) == (Severity.DANGER, Effect.BLOCKS)
    assert hazard.summary == (
        f"widget.{group}/w waits for the finalizer {CLEANUP}, and what removes it seems to be "
        "deployment.apps/operator of this same namespace, which may be gone before"
    )
    assert hazard.remedy == f"kubectl ns-delete {inside.namespace} --custom-resources-first"
    inside.delete_namespace()
    wait_until(lambda: inside.condition("NamespaceFinalizersRemaining") == "True")
    path = f"/apis/apps/v1/namespaces/{inside.namespace}/deployments/operator"
    wait_until(lambda: not inside.api.exists(path))


def test_rights_by_a_cluster_role_count_too(connection: Connection, inside: Inside, group: str) -> None:
    widget(inside, group, "w")
    inside.deployment("operator", account="operator")
    inside.bind("operator", [rule(group, "*", "*")], everywhere=True)
    (hazard,) = look(connection, inside.namespace, "finalizers")
    assert "deployment.apps/operator" in hazard.summary


def test_the_right_to_everything_points_at_nobody(connection: Connection, inside: Inside, group: str) -> None:
    widget(inside, group, "w")
    inside.deployment("installer")
    inside.bind("default", [rule("*", "*", "*")])
    (hazard,) = look(connection, inside.namespace, "finalizers")
    assert (hazard.severity, hazard.effect) == (Severity.WARNING, Effect.BLOCKS)


@pytest.mark.parametrize("name", ["keeper", "keeper-image"], ids=["by its name", "by its image"])
def test_a_controller_called_like_the_field_manager_seems_to_be_the_actor(
    connection: Connection, inside: Inside, name: str
) -> None:
    held_configmap(inside, "a", "x.example.com/hold", manager=name)
    inside.deployment("keeper", image="registry.example.com/team/keeper-image:v1@sha256:" + "0" * 64)
    (hazard,) = look(connection, inside.namespace, "finalizers")
    assert (hazard.severity, hazard.effect) == (Severity.DANGER, Effect.BLOCKS)
    assert "seems to be deployment.apps/keeper of this same namespace" in hazard.summary
    where = f"-n {inside.namespace}"
    assert hazard.remedy == f"while the controller runs: kubectl delete configmap/a {where}"


def test_a_name_that_every_controller_has_points_at_nobody(connection: Connection, inside: Inside) -> None:
    held_configmap(inside, "a", "x.example.com/hold", manager="manager")
    inside.deployment("manager")
    (hazard,) = look(connection, inside.namespace, "finalizers")
    assert hazard.severity is Severity.WARNING


def test_the_right_to_change_a_kind_of_kubernetes_points_at_nobody(
    connection: Connection, inside: Inside
) -> None:
    held_configmap(inside, "a", "x.example.com/hold")
    inside.deployment("operator")
    inside.bind("default", [rule("", "configmaps", "update")])
    (hazard,) = look(connection, inside.namespace, "finalizers")
    assert hazard.severity is Severity.WARNING


def test_what_has_waited_long_waits_for_nobody(
    connection: Connection, inside: Inside, mocker: MockerFixture
) -> None:
    held_configmap(inside, "a", "x.example.com/hold")
    inside.api.call("DELETE", f"/api/v1/namespaces/{inside.namespace}/configmaps/a")
    (hazard,) = look(connection, inside.namespace, "finalizers")
    assert hazard.severity is Severity.WARNING
    later = datetime.now(timezone.utc) + timedelta(hours=4)
    mocker.patch("kubectl_ns_tools.deletion.hazards.finalizers.now", return_value=later)
    (hazard,) = look(connection, inside.namespace, "finalizers")
    assert (hazard.severity, hazard.effect) == (Severity.DANGER, Effect.BLOCKS)
    assert hazard.summary.startswith("configmap/a has waited for 4h for the finalizer x.example.com/hold")


def test_a_known_actor_elsewhere_is_named(connection: Connection, inside: Inside) -> None:
    held_configmap(inside, "a", "acme.cert-manager.io/finalizer")
    (hazard,) = look(connection, inside.namespace, "finalizers")
    assert (hazard.severity, hazard.effect) == (Severity.WARNING, Effect.DELAYS)
    assert hazard.summary == (
        "configmap/a waits for cert-manager (if it runs) to remove the finalizer "
        "acme.cert-manager.io/finalizer once the challenge is cleaned up"
    )


def test_an_actor_that_deletes_elsewhere_is_a_danger(
    connection: Connection, inside: Inside, group: str
) -> None:
    widget(inside, group, "bucket", "finalizer.managedresource.crossplane.io")
    (hazard,) = look(connection, inside.namespace, "finalizers")
    assert (hazard.severity, hazard.effect) == (Severity.DANGER, Effect.DESTROYS)


@pytest.mark.parametrize(
    ("finalizer", "kind", "who"),
    [
        ("resources-finalizer.argocd.argoproj.io", "applications.argoproj.io", "Argo CD"),
        ("resources-finalizer.argocd.argoproj.io/background", "applications.argoproj.io", "Argo CD"),
        ("finalizers.fluxcd.io", "gitrepositories.source.toolkit.fluxcd.io", "Flux"),
        ("service.k8s.aws/resources", "services", "the AWS Load Balancer Controller"),
        (
            "snapshot.storage.kubernetes.io/volumesnapshot-bound-protection",
            "volumesnapshots.snapshot.storage.k8s.io",
            "the CSI snapshot controller",
        ),
        ("resources-finalizer.argocd.argoproj.io", "configmaps", None),
        ("resources-finalizer.argocd.argoproj.iox", "applications.argoproj.io", None),
    ],
)
def test_who_is_known(finalizer: str, kind: str, who: str | None) -> None:
    found = known(finalizer, kind)
    assert (found and found.who) == who


def test_flux_deletes_elsewhere_by_some_kinds_only() -> None:
    kinds = ("helmreleases.helm.toolkit.fluxcd.io", "gitrepositories.source.toolkit.fluxcd.io")
    found = [known("finalizers.fluxcd.io", kind) for kind in kinds]
    assert [each and each.severity for each in found] == [Severity.DANGER, Severity.WARNING]


def test_finalizers_of_the_namespace_itself(connection: Connection, inside: Inside) -> None:
    path = f"/api/v1/namespaces/{inside.namespace}"
    names = ["x.example.com/hold", "controller.cattle.io/namespace-auth"]
    inside.api.call("PATCH", path, {"metadata": {"finalizers": names}}, MERGE)
    inside.undo.callback(inside.api.call, "PATCH", path, {"metadata": {"finalizers": None}}, MERGE)
    inside.api.call("PUT", f"{path}/finalize", with_spec(inside, ["kubernetes", "example.com/own"]))
    inside.undo.callback(
        lambda: inside.api.call("PUT", f"{path}/finalize", with_spec(inside, ["kubernetes"]))
    )
    held, rancher, own = look(connection, inside.namespace, "finalizers")
    label = f"namespace/{inside.namespace}"
    assert (held.severity, held.effect, held.objects) == (Severity.WARNING, Effect.BLOCKS, (label,))
    assert held.summary == (
        "the namespace itself is held by the finalizer x.example.com/hold until its controller removes it"
    )
    assert (rancher.severity, rancher.effect, rancher.objects) == (Severity.WARNING, Effect.DELAYS, (label,))
    assert "waits for Rancher (if it runs)" in rancher.summary
    assert (own.effect, own.objects) == (Effect.BLOCKS, (label,))


def with_spec(inside: Inside, finalizers: list[str]) -> object:
    found = inside.api.get(f"/api/v1/namespaces/{inside.namespace}")
    return {**found, "spec": {"finalizers": finalizers}}


@pytest.mark.parametrize(
    ("missing", "unseen"),
    [
        ("deployments", "deployments.apps"),
        ("rolebindings", f"rolebindings.{RBAC}, clusterrolebindings.{RBAC}"),
        ("roles", f"clusterrolebindings.{RBAC}, roles.{RBAC}"),
        ("", f"clusterrolebindings.{RBAC}"),
    ],
)
def test_without_rights_the_finalizers_are_told_and_what_was_not_seen(
    controlplane: ControlPlane, world: World, inside: Inside, missing: str, unseen: str
) -> None:
    held_configmap(inside, "a", "x.example.com/hold")
    inside.deployment("operator")
    inside.bind("default", [rule("", "configmaps", "update")])
    rights = {
        "": ["configmaps"],
        "apps": ["deployments", "statefulsets", "daemonsets"],
        RBAC: ["rolebindings", "roles"],
    }
    rules = [
        rule(group, ",".join(kind for kind in kinds if kind != missing), "list", "get")
        for group, kinds in rights.items()
    ]
    hazards, said = seen(as_user(controlplane, world, *rules), inside.namespace, "finalizers")
    assert [hazard.objects for hazard in hazards] == [("configmap/a",)]
    assert said == f"{unseen}: forbidden"
