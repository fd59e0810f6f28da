import shlex
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from pytest_mock import MockerFixture

from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.cluster.errors import ApiConflict, ApiForbidden, ApiUnauthorized
from kubectl_ns_tools.deletion.items import Item
from kubectl_ns_tools.deletion.measures.scaling import (
    Scaled,
    ScalePlan,
    Workload,
    await_pods,
    find_workloads,
    scale_down,
)
from kubectl_ns_tools.deletion.preview import preview
from kubectl_ns_tools.errors import NsToolsError, Refused, TimedOut, Unreachable
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.builders import deployment, plan
from tests.deletion.world import World, rule

APPS, BATCH = "/apis/apps/v1/namespaces/{}/", "/apis/batch/v1/namespaces/{}/"
SCALERS = "/apis/autoscaling/v2/namespaces/{}/horizontalpodautoscalers"
NOWHERE = {"example.com/no-node": "has-this"}  # other tests make nodes, and a DaemonSet would take them
POD = {"containers": [{"name": "main", "image": "registry.example.com/none"}]}


class Works:
    """A real namespace with workloads."""

    def __init__(self, connection: Connection, world: World) -> None:
        self.connection = connection
        self.world = world

    def make(self, path: str, name: str, spec: Any, **metadata: Any) -> Any:
        metadata = {"name": name, **metadata}
        return self.world.api.create(path.format(self.world.namespace), {"metadata": metadata, "spec": spec})

    def workload(self, kinds: str, name: str, *, replicas: int = 1, **metadata: Any) -> Any:
        """Of apps/v1, or a replicationcontroller; returns when its pods are there."""
        labels = {"app": name}
        selector: Any = {"matchLabels": labels}
        spec: dict[str, Any] = {"template": {"metadata": {"labels": labels}, "spec": dict(POD)}}
        path = APPS + kinds
        if kinds == "replicationcontrollers":
            path, selector = "/api/v1/namespaces/{}/" + kinds, labels
        if kinds == "daemonsets":
            spec["template"]["spec"]["nodeSelector"] = NOWHERE
        else:
            spec["replicas"] = replicas
        if kinds == "statefulsets":
            spec["serviceName"] = name
        made = self.make(path, name, {**spec, "selector": selector}, **metadata)
        if kinds != "daemonsets":
            wait_until(lambda: len(self.pods_of(name)) == replicas)
        return made

    def cron_job(self, name: str, **spec: Any) -> Any:
        job = {"template": {"spec": {**POD, "restartPolicy": "Never"}}}
        return self.make(
            BATCH + "cronjobs", name, {"schedule": "0 0 1 1 *", "jobTemplate": {"spec": job}, **spec}
        )

    def scaler(self, name: str, kind: str, target: str) -> Any:
        reference = {"apiVersion": "apps/v1", "kind": kind, "name": target}
        return self.make(SCALERS, name, {"scaleTargetRef": reference, "maxReplicas": 3})

    def pods_of(self, app: str) -> list[Any]:
        return [pod for pod in self.world.pods() if pod["metadata"].get("labels", {}).get("app") == app]

    def spec(self, path: str) -> Any:
        return self.world.api.get(path.format(self.world.namespace))["spec"]

    def find(self) -> ScalePlan:
        return find_workloads(self.connection, preview(self.connection, self.world.namespace, context="test"))

    def wait(self, plan: ScalePlan, timeout: float = 30) -> list[int]:
        """How many pods were left at each look."""
        return [
            len(look.remaining) for look in await_pods(self.connection, plan, timeout=timeout, interval=0.1)
        ]


@pytest.fixture
def works(connection: Connection, world: World) -> Works:
    return Works(connection, world)


def labels(items: Sequence[Item]) -> list[str]:
    return [item.label for item in items]


@pytest.mark.integration
def test_workloads_are_scaled_down_and_their_pods_awaited(works: Works) -> None:
    for kinds in ("deployments", "statefulsets", "replicasets", "replicationcontrollers"):
        works.workload(kinds, kinds, replicas=1)
    works.workload("daemonsets", "agent")
    works.workload("deployments", "idle", replicas=0)
    works.make("/api/v1/namespaces/{}/pods", "bare", POD)
    works.cron_job("nightly")
    works.cron_job("paused", suspend=True)
    works.scaler("web", "Deployment", "deployments")
    works.scaler("other", "Deployment", "idle")
    found = works.find()
    assert [(each.item.label, each.replicas) for each in found.scaled] == [
        ("deployment.apps/deployments", 1),
        ("statefulset.apps/statefulsets", 1),
        ("replicaset.apps/replicasets", 1),
        ("replicationcontroller/replicationcontrollers", 1),
    ]
    assert labels(found.suspended) == ["cronjob.batch/nightly"]
    assert labels(found.autoscalers) == ["horizontalpodautoscaler.autoscaling/web"]
    assert labels(found.untouched) == ["daemonset.apps/agent", "pod/bare"]
    assert (labels(found.managed), len(found.pods)) == ([], 4)
    scaled = scale_down(works.connection, found)
    assert scaled.done[:2] == (
        "cronjob.batch/nightly suspended",
        "deployment.apps/deployments scaled from 1 to 0",
    )
    assert works.wait(found)[-1] == 0
    assert [pod["metadata"]["name"] for pod in works.world.pods()] == ["bare"]
    assert works.spec(BATCH + "cronjobs/nightly")["suspend"] is True


@pytest.mark.integration
def test_the_undo_is_made_of_commands_that_work(works: Works, kubectl: Callable[..., object]) -> None:
    works.workload("deployments", "web", replicas=2)
    works.cron_job("nightly")
    scaled = scale_down(works.connection, works.find())
    assert works.spec(APPS + "deployments/web")["replicas"] == 0
    for command in scaled.undo:
        kubectl(*shlex.split(command)[1:])
    assert works.spec(APPS + "deployments/web")["replicas"] == 2
    assert works.spec(BATCH + "cronjobs/nightly")["suspend"] is False


@pytest.mark.integration
def test_a_dry_run_changes_nothing(works: Works) -> None:
    works.workload("deployments", "web", replicas=2)
    works.cron_job("nightly")
    assert len(scale_down(works.connection, works.find(), dry_run=True).done) == 2
    assert works.spec(APPS + "deployments/web")["replicas"] == 2
    assert not works.spec(BATCH + "cronjobs/nightly").get("suspend")


@pytest.mark.integration
def test_who_may_scale_up_again_is_named(works: Works) -> None:
    group = works.world.custom_kind("Widget")
    owner = works.world.custom(group, "Widget", "op")["metadata"]["uid"]
    reference = {
        "apiVersion": f"{group}/v1",
        "kind": "Widget",
        "name": "op",
        "uid": owner,
        "controller": True,
    }
    works.workload("deployments", "web", ownerReferences=[reference])
    works.workload("replicasets", "rollout", ownerReferences=[reference])
    found = works.find()
    assert labels([each.item for each in found.scaled]) == labels(found.managed) == ["deployment.apps/web"]
    assert labels(found.untouched) == [f"widget.{group}/op"]


@pytest.mark.integration
def test_pods_that_were_made_after_the_plan_are_awaited_too(works: Works) -> None:
    works.workload("deployments", "web", replicas=1)
    found = works.find()
    path = (APPS + "deployments/web").format(works.world.namespace)
    change = {"spec": {"template": {"metadata": {"annotations": {"a": "b"}}}, "replicas": 3}}
    works.world.api.call("PATCH", path, change, "application/merge-patch+json")
    wait_until(lambda: len(works.pods_of("web")) > 1)
    with pytest.raises(TimedOut, match="not all pods of what was scaled down are gone, and nothing was del"):
        works.wait(found, timeout=0)
    scale_down(works.connection, found)
    works.wait(found)
    assert works.world.pods() == []


@pytest.mark.integration
@pytest.mark.usefixtures("patient")
def test_a_pod_that_no_node_ends_holds_everything(works: Works) -> None:
    pod = works.world.bound_pod("lost", grace=1)
    labelled = {"metadata": {"labels": {"app": "web"}}}
    path = f"/api/v1/namespaces/{works.world.namespace}/pods/lost"
    works.world.api.call("PATCH", path, labelled, "application/merge-patch+json")
    works.workload("replicasets", "web", replicas=1)
    wait_until(lambda: is_adopted(works.pods_of("web")))
    found = works.find()
    assert [item.uid for item in found.pods] == [pod["metadata"]["uid"]]
    scale_down(works.connection, found)
    wait_until(lambda: works.world.is_deleted("Pod", "lost", seconds_ago=1))
    with pytest.raises(TimedOut, match=r"pod/lost should have ended \d+s ago") as late:
        works.wait(found, timeout=0)
    assert f"kubectl delete pod lost -n {works.world.namespace} --force" in late.value.hint


def is_adopted(pods: list[Any]) -> bool:
    """Whether it is one pod, and has an owner; before, there may be a second, as it was not seen at once."""
    return [bool(pod["metadata"].get("ownerReferences")) for pod in pods] == [True]


@pytest.mark.integration
@pytest.mark.parametrize("kind", ["deployments", "cronjobs"])
def test_what_was_made_anew_is_left_alone(works: Works, kind: str) -> None:
    def make() -> None:
        if kind == "cronjobs":
            works.cron_job("b")
        else:
            works.workload("deployments", "b", replicas=1)

    works.cron_job("a")
    make()
    found = works.find()
    root = (BATCH if kind == "cronjobs" else APPS).format(works.world.namespace)
    works.world.api.call("DELETE", f"{root}{kind}/b")
    wait_until(lambda: not works.world.pods())
    make()
    with pytest.raises(Refused) as refused:
        scale_down(works.connection, found)
    assert (
        "/b is not scaled down, so nothing was deleted: it was deleted and made again"
        in refused.value.message
    )
    (done,) = refused.value.problems
    assert done.startswith("cronjob.batch/a suspended; back: kubectl patch cronjob.batch/a -n ")
    spec = works.spec(root + f"{kind}/b")
    assert not spec.get("suspend")
    assert spec.get("replicas", 1) == 1


@pytest.mark.integration
def test_what_is_gone_meanwhile_is_passed_over(works: Works) -> None:
    works.workload("deployments", "web", replicas=1)
    found = works.find()
    path = (APPS + "deployments/web").format(works.world.namespace)
    works.world.api.call("DELETE", path)
    wait_until(lambda: not works.world.api.exists(path))
    assert scale_down(works.connection, found).done == ()
    assert works.wait(found)[-1] == 0


@pytest.mark.integration
def test_what_is_forbidden_stops_everything(works: Works, controlplane: ControlPlane) -> None:
    works.workload("deployments", "web", replicas=1)
    works.cron_job("nightly")
    user = f"user-{works.world.namespace}"
    works.world.allow(user, [rule("batch", "cronjobs", "patch")])
    theirs = connect(controlplane.kubeconfig_dict(user))
    with pytest.raises(ApiForbidden) as refused:
        scale_down(theirs, works.find())
    assert refused.value.message.startswith(
        "deployment.apps/web is not scaled down, so nothing was deleted: "
    )
    assert [problem.partition(";")[0] for problem in refused.value.problems] == [
        "cronjob.batch/nightly suspended"
    ]
    assert works.spec(APPS + "deployments/web")["replicas"] == 1
    with pytest.raises(ApiForbidden):
        find_workloads(theirs, preview(works.connection, works.world.namespace, context="test"))


@pytest.mark.integration
def test_another_conflict_is_told(works: Works, mocker: MockerFixture) -> None:
    works.workload("deployments", "web", replicas=1)
    found = works.find()
    mocker.patch.object(
        works.connection, "request", side_effect=ApiConflict("a webhook of somebody", status=409)
    )
    mocker.patch(
        "kubectl_ns_tools.deletion.measures.workload_writer.get_object",
        side_effect=[{"metadata": {"uid": found.scaled[0].item.uid}}, NsToolsError("no")],
    )
    for _ in range(2):
        with pytest.raises(ApiConflict) as refused:
            scale_down(works.connection, found)
        assert "a webhook of somebody" in refused.value.message


def test_a_namespace_that_is_going_already_is_refused(mocker: MockerFixture) -> None:
    with pytest.raises(Refused, match="--scale-down-first comes too late"):
        find_workloads(mocker.Mock(), plan(terminating_since="2026-05-17T12:00:00Z"))


def test_a_namespace_without_workloads_is_not_asked_for_any(mocker: MockerFixture) -> None:
    connection = mocker.Mock()
    assert find_workloads(connection, plan()) == ScalePlan("blue", (), ())
    assert connection.mock_calls == []


class Server:
    """What it answers to one PATCH after the other; an exception is raised."""

    def __init__(self, mocker: MockerFixture, *answers: Exception | None) -> None:
        self.request = mocker.Mock(side_effect=answers)

    def scale_down(self) -> Scaled:
        return scale_down(self, ScalePlan("blue", (Workload(deployment("web").item, 2),), ()))  # type: ignore[arg-type]


def test_a_lost_answer_is_asked_for_again(mocker: MockerFixture) -> None:
    lost = Unreachable("broken")
    assert Server(mocker, lost, None).scale_down().done == ("deployment.apps/web scaled from 2 to 0",)
    with pytest.raises(Unreachable) as stopped:
        Server(mocker, lost, lost).scale_down()
    assert stopped.value.message == "deployment.apps/web is not scaled down, so nothing was deleted: broken"


def test_a_dry_run_that_fails_has_done_nothing(mocker: MockerFixture) -> None:
    work = (Workload(deployment("a").item, 2), Workload(deployment("b").item, 2))
    server = Server(mocker, None, ApiForbidden("no", status=403))
    with pytest.raises(ApiForbidden) as stopped:
        scale_down(server, ScalePlan("blue", work, ()), dry_run=True)  # type: ignore[arg-type]
    assert stopped.value.problems == ()


def test_credentials_that_are_not_accepted_are_not_tried_twice(mocker: MockerFixture) -> None:
    with pytest.raises(ApiUnauthorized):
        Server(mocker, ApiUnauthorized("who", status=401)).scale_down()
