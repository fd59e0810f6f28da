"""What is saved, what is only kept to be read, what is not even saved, and why."""

from typing import Any

import pytest

from kubectl_ns_tools.cluster.discovery import Discovery, Resource
from kubectl_ns_tools.deletion.backup.verdict import (
    RESTORED,
    Surroundings,
    Verdict,
    kept,
    skipped,
    verdict_on,
    verdict_on_kind,
)
from tests.deletion.backup.objects import live, owned_by
from tests.deletion.builders import Thing, deployment, pod, replicaset, resource

PLURALS = {"Endpoints": "endpoints", "EndpointSlice": "endpointslices.discovery.k8s.io"}
TENANTS = Resource("x.io", "v1", "tenants", "Tenant", False)


def verdict(obj: dict[str, Any], *things: Thing, services: tuple[dict[str, Any], ...] = ()) -> Verdict:
    around = Surroundings.of((thing.item for thing in things), Discovery((TENANTS,)))
    for each in (*services, obj):
        around.meet(each)
    kind = str(obj["kind"])
    return verdict_on(obj, resource(PLURALS.get(kind, f"{kind.lower()}s"), kind), around)


@pytest.mark.parametrize(
    "name", ["events", "events.events.k8s.io", "leases.coordination.k8s.io", "controllerrevisions.apps"]
)
def test_kinds_that_are_never_saved(name: str) -> None:
    plural, _, group = name.partition(".")
    kind = Resource(group, "v1", plural, "Kind", True, frozenset({"create", "list", "delete"}))
    assert not verdict_on_kind(kind).saved
    assert verdict_on_kind(kind).reason


def test_what_cannot_be_created_is_not_saved() -> None:
    views = Resource("metrics.k8s.io", "v1", "pods", "PodMetrics", True, frozenset({"get", "list"}))
    assert verdict_on_kind(views) == skipped("they cannot be created")
    assert verdict_on_kind(resource("configmaps", "ConfigMap")) == RESTORED


@pytest.mark.parametrize("name", ["kube-root-ca.crt", "openshift-service-ca.crt", "istio-ca-root-cert"])
def test_certificates_that_are_in_every_namespace(name: str) -> None:
    assert not verdict(live("v1", "ConfigMap", name)).saved
    assert verdict(live("v1", "Secret", name)) == RESTORED


@pytest.mark.parametrize("kind", ["ConfigMap", "Endpoints"])
def test_the_lock_of_a_leader(kind: str) -> None:
    assert not verdict(live("v1", kind, annotations={"control-plane.alpha.kubernetes.io/leader": "{}"})).saved


@pytest.mark.parametrize(
    ("name", "annotation", "saved"),
    [
        ("ci-token-abc12", "kubernetes.io/service-account.name", False),
        ("ci-dockercfg-abc12", "openshift.io/internal-registry-auth-token.service-account", False),
        ("my-token", "kubernetes.io/service-account.name", True),
        ("other-token-abc12", "kubernetes.io/service-account.name", True),
        ("ci-token-abc12", "example.com/other", True),
    ],
)
def test_tokens_are_saved_if_somebody_asked_for_them(name: str, annotation: str, saved: bool) -> None:
    assert verdict(live("v1", "Secret", name, annotations={annotation: "ci"})).saved is saved


@pytest.mark.parametrize(
    "changed",
    [
        {"labels": {"a": "b"}},
        {"annotations": {"eks.amazonaws.com/role-arn": "x"}},
        {"imagePullSecrets": [{"name": "registry"}]},
        {"secrets": [{"name": "mine"}]},
        {"automountServiceAccountToken": False},
    ],
)
def test_the_default_account_is_saved_once_it_was_changed(changed: dict[str, Any]) -> None:
    untouched = {"secrets": [{"name": "default-token-abc12"}], "annotations": {}}
    assert not verdict(live("v1", "ServiceAccount", "default", **untouched)).saved
    assert verdict(live("v1", "ServiceAccount", "default", **changed)) == RESTORED
    assert verdict(live("v1", "ServiceAccount", "ci")) == RESTORED


@pytest.mark.parametrize("name", ["builder", "deployer"])
def test_the_accounts_of_openshift(name: str) -> None:
    made = live(
        "v1",
        "ServiceAccount",
        name,
        secrets=[{"name": f"{name}-dockercfg-abc12"}],
        annotations={"openshift.io/internal-registry-pull-secret-ref": f"{name}-dockercfg-abc12"},
    )
    assert not verdict(made).saved


def test_a_static_pod_of_a_node() -> None:
    assert not verdict(live("v1", "Pod", annotations={"kubernetes.io/config.mirror": "x"})).saved


SELECTING = live("v1", "Service", "web", spec={"selector": {"app": "web"}})
BARE = live("v1", "Service", "db", spec={})
MANAGED = "endpointslice.kubernetes.io/managed-by"


@pytest.mark.parametrize(
    ("obj", "saved"),
    [
        (live("v1", "Endpoints", "web"), False),
        (live("v1", "Endpoints", "db"), True),
        (
            live(
                "v1", "Endpoints", "db", labels={"endpoints.kubernetes.io/managed-by": "endpoint-controller"}
            ),
            False,
        ),
        (live("v1", "EndpointSlice", labels={MANAGED: "endpointslice-controller.k8s.io"}), False),
        (live("v1", "EndpointSlice", labels={MANAGED: "endpointslicemirroring-controller.k8s.io"}), False),
        (live("v1", "EndpointSlice", labels={"kubernetes.io/service-name": "web"}), False),
        (live("v1", "EndpointSlice", labels={"kubernetes.io/service-name": "web", MANAGED: "staff"}), True),
        (live("v1", "EndpointSlice", labels={"kubernetes.io/service-name": "db"}), True),
        (live("v1", "EndpointSlice"), True),
    ],
)
def test_endpoints_are_saved_if_somebody_wrote_them(obj: dict[str, Any], saved: bool) -> None:
    assert verdict(obj, services=(SELECTING, BARE)).saved is saved


def test_the_service_of_the_api_server_itself() -> None:
    own = live("v1", "Service", "kubernetes")
    assert verdict(own) == RESTORED
    own["metadata"]["namespace"] = "default"
    assert not verdict(own).saved


@pytest.mark.parametrize(
    ("owner", "child"),
    [("ReplicaSet", "Pod"), ("Deployment", "ReplicaSet"), ("StatefulSet", "Pod"), ("DaemonSet", "Pod")],
)
def test_what_a_controller_of_kubernetes_makes(owner: str, child: str) -> None:
    assert verdict(owned_by(live("v1", child), owner, "u")) == skipped(f"a {owner} makes them")


def test_a_job_of_a_cron_job_and_a_claim_of_a_pod() -> None:
    assert not verdict(owned_by(live("batch/v1", "Job"), "CronJob", "u", group="batch/v1")).saved
    claim = owned_by(live("v1", "PersistentVolumeClaim"), "Pod", "u", group="v1")
    assert not verdict(claim).saved


def test_a_claim_of_a_stateful_set_has_the_data() -> None:
    assert verdict(owned_by(live("v1", "PersistentVolumeClaim"), "StatefulSet", "u")) == RESTORED


def test_what_an_operator_hangs_on_its_deployment_is_not_made_by_the_deployment() -> None:
    web = deployment("web")
    assert verdict(owned_by(live("v1", "Service"), "Deployment", web.item.uid), web) == RESTORED


def test_the_children_of_custom_resources_are_kept_but_not_restored() -> None:
    widget = Thing(resource("widgets.x.io", "Widget"), "w")
    child = owned_by(live("v1", "Secret"), "Widget", widget.item.uid, group="x.io/v1")
    assert verdict(child, widget) == kept("Widget/owner makes it")
    assert verdict(owned_by(live("v1", "Secret"), "Tenant", "t", group="x.io/v1")) == kept(
        "Tenant/owner makes it"
    )


def test_a_child_whose_owner_is_in_no_backup_is_restored() -> None:
    orphan = owned_by(live("v1", "Secret"), "Widget", "gone", group="x.io/v1")
    assert verdict(orphan) == Verdict(reason="its owner Widget/owner is not in the backup")


def test_a_kind_that_only_sounds_like_one_of_kubernetes() -> None:
    pods = owned_by(live("v1", "Pod"), "Job", "u", group="batch.volcano.sh/v1alpha1")
    assert verdict(pods) == Verdict(reason="its owner Job/owner is not in the backup")


def test_who_only_hangs_on_an_owner_is_restored_unless_the_owner_comes_back_as_another() -> None:
    web = deployment("web")
    running = pod("web-1").owned_by(replicaset("web-0"))
    settings = owned_by(live("v1", "ConfigMap"), "Deployment", web.item.uid, controller=False)
    lock = owned_by(live("v1", "ConfigMap"), "Pod", running.item.uid, controller=False, group="v1")
    assert verdict(settings, web, running) == RESTORED
    assert verdict(lock, web, running) == kept("it belongs to Pod/owner, which will be another one")


def condition(kind: str, status: str = "True") -> dict[str, Any]:
    return {"conditions": [{"type": kind, "status": status}]}


@pytest.mark.parametrize(
    "obj",
    [
        live("batch/v1", "Job", status=condition("Complete")),
        live("batch/v1", "Job", status=condition("Failed")),
        live("v1", "Pod", status={"phase": "Succeeded"}),
        live("v1", "Pod", status={"phase": "Failed"}),
    ],
)
def test_what_has_run_to_its_end_is_kept_but_not_run_again(obj: dict[str, Any]) -> None:
    assert verdict(obj) == kept("finished: it would run again")


@pytest.mark.parametrize(
    "obj",
    [
        live("batch/v1", "Job", status={"active": 1}),
        live("batch/v1", "Job", status=condition("Failed", "False")),
        live("v1", "Pod", status={"phase": "Running"}),
        live("x.io/v1", "Widget", status={"phase": "Failed"}),
    ],
)
def test_what_runs_or_only_has_failed_is_restored(obj: dict[str, Any]) -> None:
    assert verdict(obj) == RESTORED
