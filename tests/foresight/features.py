"""What random namespaces are made of. Each feature puts something there, and may hold up the deletion.

A feature returns what it holds the deletion up with; None if the deletion goes its way.
"""

import random
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import uuid4

from tests.controlplane.waiting import wait_until
from tests.deletion.world import World


class Blocker(NamedTuple):
    """label: what the preview must name; release: does what whoever is missing would do."""

    label: str
    release: Callable[[], object]


Feature = Callable[[World, random.Random], Blocker | None]
_RBAC = "/apis/rbac.authorization.k8s.io/v1"
_MERGE = "application/merge-patch+json"


def some_objects(world: World, rng: random.Random) -> None:
    for number in range(rng.randint(1, 6)):
        world.configmap(f"plain-{number}", data={"a": "b"})
    _create(world, "secrets", "plain", stringData={"a": "b"})
    _create(world, "serviceaccounts", "plain")


def owners(world: World, rng: random.Random) -> None:
    world.deployment("web", replicas=rng.randint(1, 3))
    top = world.configmap("top")
    owner = {"apiVersion": "v1", "kind": "ConfigMap", "name": "top", "uid": top["metadata"]["uid"]}
    world.configmap("below", metadata={"ownerReferences": [owner]})


def a_dangling_finalizer(world: World, rng: random.Random) -> Blocker:
    """Nobody removes it but us."""
    name = f"held-{rng.randint(0, 99)}"
    world.configmap(name, finalizers=["example.com/nobody"])
    path = f"/api/v1/namespaces/{world.namespace}/configmaps/{name}"
    return Blocker(f"configmap/{name}", lambda: _free(world, path))


def a_finalizer_that_kubernetes_removes(world: World, rng: random.Random) -> None:
    world.configmap("set-free", finalizers=[rng.choice(["orphan", "foregroundDeletion"])])


def a_volume(world: World, rng: random.Random) -> None:
    """Bound by the real controller. There is no plug-in that would destroy data: with Delete, the volume
    itself stays here as Failed."""
    volume, policy = f"pv-{world.namespace}", rng.choice(["Retain", "Delete"])
    claim = {"namespace": world.namespace, "name": "data"}
    common = {"accessModes": ["ReadWriteOnce"], "storageClassName": ""}
    spec = {**common, "capacity": {"storage": "1Gi"}, "claimRef": claim, "hostPath": {"path": "/nowhere"}}
    spec["persistentVolumeReclaimPolicy"] = policy
    world.api.create("/api/v1/persistentvolumes", {"metadata": {"name": volume}, "spec": spec})
    wanted = {**common, "volumeName": volume, "resources": {"requests": {"storage": "1Gi"}}}
    _create(world, "persistentvolumeclaims", "data", spec=wanted)
    path = f"/api/v1/namespaces/{world.namespace}/persistentvolumeclaims/data"
    wait_until(lambda: world.api.get(path).get("status", {}).get("phase") == "Bound")


def a_claim_without_a_volume(world: World, rng: random.Random) -> None:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    _create(world, "persistentvolumeclaims", "waiting", spec={**spec, "storageClassName": "none"})


def a_pod_on_a_lost_node(world: World, rng: random.Random) -> Blocker:
    world.bound_pod("lost", grace=rng.randint(1, 3))
    pod = f"/api/v1/namespaces/{world.namespace}/pods/lost"
    return Blocker("pod/lost", lambda: world.api.call("DELETE", f"{pod}?gracePeriodSeconds=0"))


def custom_resources(world: World, rng: random.Random) -> Blocker | None:
    group = world.custom_kind("Widget")
    for number in range(rng.randint(1, 3)):
        world.custom(group, "Widget", f"w-{number}")
    if rng.random() < 0.5:
        return None
    world.custom(group, "Widget", "held", finalizers=[f"{group}/cleanup"])
    path = f"/apis/{group}/v1/namespaces/{world.namespace}/widgets/held"
    return Blocker(f"widget.{group}/held", lambda: _free(world, path))


def a_webhook_without_a_server(world: World, rng: random.Random) -> Blocker:
    world.configmap("watched")
    name = world.webhook_that_never_answers()
    kind, group = "validatingwebhookconfiguration", "admissionregistration.k8s.io"
    path = f"/apis/{group}/v1/{kind}s/{name}"
    return Blocker(f"{kind}.{group}/{name}", lambda: world.api.call("DELETE", path))


def a_load_balancer_without_a_cloud(world: World, rng: random.Random) -> Blocker:
    finalizers = ["service.kubernetes.io/load-balancer-cleanup"]
    body = {"metadata": {"name": "lb", "finalizers": finalizers}, "spec": {"type": "LoadBalancer"}}
    body["spec"]["ports"] = [{"port": 80}]  # type: ignore[index]
    path = f"/api/v1/namespaces/{world.namespace}/services"
    world.api.create(path, body)
    return Blocker("service/lb", lambda: _free(world, f"{path}/lb"))


def something_of_the_cluster_that_it_owns(world: World, rng: random.Random) -> None:
    owner = {"apiVersion": "v1", "kind": "Namespace", "name": world.namespace, "uid": world.uid()}
    metadata = {"name": f"owned-{world.namespace}", "ownerReferences": [owner]}
    world.api.create(f"{_RBAC}/clusterroles", {"metadata": metadata, "rules": []})


def rights_from_outside(world: World, rng: random.Random) -> None:
    subject = {"kind": "ServiceAccount", "name": "default", "namespace": world.namespace}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"}
    body = {"metadata": {"name": f"outside-{world.namespace}"}, "subjects": [subject], "roleRef": role}
    world.api.create(f"{_RBAC}/clusterrolebindings", body)


def a_name_from_outside(world: World, rng: random.Random) -> None:
    spec = {"type": "ExternalName", "externalName": f"db.{world.namespace}.svc.cluster.local"}
    path = "/api/v1/namespaces/default/services"
    world.api.create(path, {"metadata": {"name": f"to-{world.namespace}"}, "spec": spec})


FEATURES: tuple[Feature, ...] = (
    some_objects,
    owners,
    a_dangling_finalizer,
    a_finalizer_that_kubernetes_removes,
    a_volume,
    a_claim_without_a_volume,
    a_pod_on_a_lost_node,
    custom_resources,
    a_webhook_without_a_server,
    a_load_balancer_without_a_cloud,
    something_of_the_cluster_that_it_owns,
    rights_from_outside,
    a_name_from_outside,
)


def broken_api(world: World) -> Blocker:
    """An API of the cluster that does not answer: no namespace goes meanwhile."""
    group = f"g{uuid4().hex[:8]}.example.com"
    spec: dict[str, Any] = {"group": group, "version": "v1", "groupPriorityMinimum": 1, "versionPriority": 1}
    spec |= {"service": {"namespace": "default", "name": "nobody"}, "insecureSkipTLSVerify": True}
    path = "/apis/apiregistration.k8s.io/v1/apiservices"
    world.api.create(path, {"metadata": {"name": f"v1.{group}"}, "spec": spec})
    wait_until(lambda: world.api.call("GET", f"/apis/{group}/v1")[0] == 503)
    wait_until(lambda: world.api.is_stale(group))
    label = f"apiservice.apiregistration.k8s.io/v1.{group}"
    return Blocker(label, lambda: world.api.call("DELETE", f"{path}/v1.{group}"))


def _create(world: World, plural: str, name: str, **fields: Any) -> None:
    path = f"/api/v1/namespaces/{world.namespace}/{plural}"
    world.api.create(path, {"metadata": {"name": name}, **fields})


def _free(world: World, path: str) -> None:
    world.api.call("PATCH", path, {"metadata": {"finalizers": None}}, _MERGE)
