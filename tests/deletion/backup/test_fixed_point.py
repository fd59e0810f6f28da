"""The proof of the cleaning, on the real control plane: clean, delete, create, get, clean: the same again."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from kubectl_ns_tools.deletion.backup.cleaning import clean
from tests.controlplane.api import Api
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.backup.cases import CASES, CLAIM, CONTAINER, JOB, PORTS, SELECTED
from tests.deletion.world import World

pytestmark = pytest.mark.integration


class Kind:
    """Objects of one kind in a namespace, called `fixed`."""

    def __init__(self, api: Api, namespace: str, api_version: str, plural: str, kind: str) -> None:
        root = "/apis" if "/" in api_version else "/api"
        self.api = api
        self.path = f"{root}/{api_version}/namespaces/{namespace}/{plural}"
        self.header = {"apiVersion": api_version, "kind": kind}

    @property
    def one(self) -> str:
        return f"{self.path}/fixed"

    def create(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Returns the object as it is once its controllers have looked at it."""
        metadata = {"name": "fixed", **fields.pop("metadata", {})}
        self.api.create(self.path, {**self.header, "metadata": metadata, **fields})
        return self.get()

    def get(self) -> dict[str, Any]:
        found: dict[str, Any] = self.api.get(self.one)
        return found

    def delete(self) -> None:
        options = {"gracePeriodSeconds": 0, "propagationPolicy": "Background"}
        self.api.call("DELETE", self.one, options)
        if self.api.exists(self.one):  # pvc-protection, which no controller here may take off
            self.api.call(
                "PATCH", self.one, {"metadata": {"finalizers": None}}, "application/merge-patch+json"
            )
        wait_until(lambda: not self.api.exists(self.one))

    def is_settled(self, manifest: dict[str, Any]) -> bool:
        """Controllers write to what was just created: their last word counts."""
        return clean(self.get()) == manifest


def prove(kind: Kind, live: dict[str, Any]) -> dict[str, Any]:
    """The manifest, created from which the object is the same again."""
    manifest = clean(live)
    kind.delete()
    kind.api.create(kind.path, manifest)
    assert clean(kind.get()) == manifest
    return manifest


@pytest.mark.parametrize("case", CASES)
def test_what_is_created_from_the_manifest_is_cleaned_to_it(world: World, case: str) -> None:
    api_version, plural, fields = CASES[case]
    kind = Kind(world.api, world.namespace, api_version, plural, case.partition(",")[0].partition(" ")[0])
    live = kind.create(dict(fields))
    if plural == "endpoints":
        serve(world)
    manifest = prove(kind, live)
    assert "uid" not in str(manifest["metadata"])


def serve(world: World) -> None:
    """A Service for the Endpoints: when some without one go, their controller deletes them once more, and
    means those that were created anew meanwhile. Returns when it knows of the Service: a slice is there."""
    root = f"/api/v1/namespaces/{world.namespace}/services"
    world.api.create(root, {"metadata": {"name": "fixed"}, "spec": {"ports": PORTS}})
    slices = f"/apis/discovery.k8s.io/v1/namespaces/{world.namespace}/endpointslices"
    wait_until(lambda: bool(world.api.get(slices)["items"]))


@pytest.mark.parametrize("case", CASES)
def test_a_manifest_loses_nothing_that_was_sent(world: World, case: str) -> None:
    """The other half of a fixed point: cleaning everything away would be one too.

    Each in a namespace of its own: a limit or a quota holds a while longer than it is there.
    """
    api_version, plural, fields = CASES[case]
    kind = Kind(world.api, world.namespace, api_version, plural, case.partition(",")[0].partition(" ")[0])
    assert_contains(clean(kind.create(dict(fields))), fields, case)


def assert_contains(there: Any, sent: Any, place: str) -> None:
    """Whether all of `sent` is there; quantities are normalised by the server."""
    if isinstance(sent, dict):
        for key, value in sent.items():
            assert key in there, f"{place}.{key}"
            assert_contains(there[key], value, f"{place}.{key}")
    elif isinstance(sent, list):
        assert len(there) == len(sent), place
        for index, value in enumerate(sent):
            assert_contains(there[index], value, f"{place}.{index}")
    else:
        assert there == sent or (there, sent) == ("2", "2000m"), place


def test_a_service_does_not_ask_for_the_address_that_it_had(world: World) -> None:
    kind = Kind(world.api, world.namespace, "v1", "services", "Service")
    live = kind.create({"spec": {"type": "NodePort", "ports": PORTS}})
    assert live["spec"].keys() >= {"clusterIP", "clusterIPs", "ipFamilies"}
    spec = clean(live)["spec"]
    assert not spec.keys() & {"clusterIP", "clusterIPs", "ipFamilies"}
    assert not any("nodePort" in port for port in spec["ports"])


def test_a_node_port_that_somebody_chose_comes_back(world: World) -> None:
    kind = Kind(world.api, world.namespace, "v1", "services", "Service")
    free = world.free_node_port()
    chosen = [{**PORTS[0], "nodePort": free}, PORTS[1]]
    ports = prove(kind, kind.create({"spec": {"type": "NodePort", "ports": chosen}}))["spec"]["ports"]
    assert [port.get("nodePort") for port in ports] == [free, None]


def test_a_token_that_was_asked_for_is_filled_in_anew(world: World) -> None:
    Kind(world.api, world.namespace, "v1", "serviceaccounts", "ServiceAccount").create({})
    kind = Kind(world.api, world.namespace, "v1", "secrets", "Secret")
    annotations = {"kubernetes.io/service-account.name": "fixed"}
    kind.create({"type": "kubernetes.io/service-account-token", "metadata": {"annotations": annotations}})
    wait_until(lambda: "token" in kind.get().get("data", {}))
    manifest = prove(kind, kind.get())
    assert "data" not in manifest
    wait_until(lambda: "token" in kind.get().get("data", {}))
    assert kind.is_settled(manifest)


def test_a_workload_after_a_roll_out_is_what_it_was_before_it(world: World) -> None:
    kind = Kind(world.api, world.namespace, "apps/v1", "deployments", "Deployment")
    kind.create({"spec": {"replicas": 1, **SELECTED}})
    wait_until(lambda: "annotations" in kind.get()["metadata"])
    manifest = prove(kind, kind.get())
    assert "annotations" not in manifest["metadata"]
    wait_until(lambda: "annotations" in kind.get()["metadata"])
    assert kind.is_settled(manifest)


def test_a_job_that_was_told_how_to_select(world: World) -> None:
    kind = Kind(world.api, world.namespace, "batch/v1", "jobs", "Job")
    template = {**JOB["template"], "metadata": {"labels": {"mine": "1"}}}
    spec = {"manualSelector": True, "selector": {"matchLabels": {"mine": "1"}}, "template": template}
    assert prove(kind, kind.create({"spec": spec}))["spec"]["selector"] == {"matchLabels": {"mine": "1"}}


def test_a_custom_resource_keeps_its_empty_maps(world: World) -> None:
    group = world.custom_kind("Widget")
    kind = Kind(world.api, world.namespace, f"{group}/v1", "widgets", "Widget")
    fields = {"spec": {"mtls": {}, "list": [], "none": None, "number": 1.5}, "status": {"phase": "x"}}
    fields["metadata"] = {
        "finalizers": ["example.com/held"],
        "annotations": {"crossplane.io/external-name": "v"},
    }
    manifest = prove(kind, kind.create(fields))
    assert manifest["spec"] == {"mtls": {}, "list": [], "none": None, "number": 1.5}
    assert "finalizers" not in manifest["metadata"]


@pytest.fixture
def cluster_scoped(controlplane: ControlPlane) -> Iterator[Callable[[str, dict[str, Any]], str]]:
    """Creates an object outside of namespaces, which is gone afterwards; its name comes back."""
    made: list[str] = []

    def create(path: str, body: dict[str, Any]) -> str:
        name = f"x{uuid4().hex[:10]}"
        controlplane.api.create(path, {**body, "metadata": {"name": name, **body.get("metadata", {})}})
        made.append(f"{path}/{name}")
        return name

    yield create
    for path in reversed(made):
        controlplane.api.call(
            "PATCH", path, {"metadata": {"finalizers": None}}, "application/merge-patch+json"
        )
        controlplane.api.call("DELETE", path)


def volume(namespace: str, policy: str) -> dict[str, Any]:
    spec = {
        "capacity": {"storage": "1Gi"},
        "accessModes": ["ReadWriteOnce"],
        "persistentVolumeReclaimPolicy": policy,
        "hostPath": {"path": "/nowhere"},
        "claimRef": {"namespace": namespace, "name": "fixed"},
    }
    return {"apiVersion": "v1", "kind": "PersistentVolume", "spec": spec}


def bound(world: World, name: str) -> bool:
    return bool(world.api.get(f"/api/v1/persistentvolumes/{name}")["status"].get("phase") == "Bound")


def test_a_claim_on_a_retained_volume_is_bound_to_it_again(
    world: World, cluster_scoped: Callable[[str, dict[str, Any]], str]
) -> None:
    path = "/api/v1/persistentvolumes"
    name = cluster_scoped(path, volume(world.namespace, "Retain"))
    kind = Kind(world.api, world.namespace, "v1", "persistentvolumeclaims", "PersistentVolumeClaim")
    kind.create({"spec": {**CLAIM, "volumeName": name, "storageClassName": ""}})
    wait_until(lambda: bound(world, name))
    claims, volumes = kind.get(), world.api.get(f"{path}/{name}")
    manifest, kept = (
        clean(claims, retained=[name]),
        clean({"apiVersion": "v1", "kind": "PersistentVolume", **volumes}),
    )
    assert "annotations" not in manifest["metadata"]
    kind.delete()
    wait_until(lambda: world.api.get(f"{path}/{name}")["status"]["phase"] == "Released")
    world.api.call(
        "PATCH", f"{path}/{name}", {"metadata": {"finalizers": None}}, "application/merge-patch+json"
    )
    world.api.call("DELETE", f"{path}/{name}")
    wait_until(lambda: not world.api.exists(f"{path}/{name}"))
    world.api.create(path, kept)
    world.api.create(kind.path, manifest)
    wait_until(lambda: bound(world, name))
    assert clean(kind.get(), retained=[name]) == manifest
    again = world.api.get(f"{path}/{name}")
    assert clean({"apiVersion": "v1", "kind": "PersistentVolume", **again}) == kept


def test_a_namespace_comes_back_with_its_labels(world: World, cluster_scoped: Callable[..., str]) -> None:
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    path = "/api/v1/namespaces"
    name = cluster_scoped(path, {"metadata": {"labels": labels}})
    manifest = clean(world.api.get(f"{path}/{name}"))
    world.api.call("DELETE", f"{path}/{name}")
    wait_until(lambda: not world.api.exists(f"{path}/{name}"))
    assert clean(world.api.create(path, manifest)) == manifest
    assert manifest["metadata"] == {"name": name, "labels": labels}


@pytest.mark.api("admissionregistration.k8s.io/v1", "mutatingadmissionpolicies", since="1.36")
def test_what_a_policy_of_admission_puts_into_a_pod_is_put_there_again(
    world: World, cluster_scoped: Callable[[str, dict[str, Any]], str]
) -> None:
    """A sidecar, as of a service mesh; injected twice, the pod would be refused."""
    path = "/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies"
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
    injection = """[
        JSONPatch{op: "add", path: "/spec/containers/-", value: Object.spec.containers{name: "proxy",
            image: "p",
            volumeMounts: [Object.spec.containers.volumeMounts{name: "proxy-data", mountPath: "/p"}]}},
        JSONPatch{op: "add", path: "/spec/volumes/-", value: Object.spec.volumes{name: "proxy-data",
            emptyDir: Object.spec.volumes.emptyDir{}}}]"""
    namespaces = {"matchLabels": {"kubernetes.io/metadata.name": world.namespace}}
    spec = {
        "matchConstraints": {"resourceRules": [rule], "namespaceSelector": namespaces},
        "failurePolicy": "Fail",
        "reinvocationPolicy": "Never",
        "mutations": [{"patchType": "JSONPatch", "jsonPatch": {"expression": injection}}],
    }
    name = cluster_scoped(path, {"spec": spec})
    cluster_scoped(f"{path[:-3]}ybindings", {"spec": {"policyName": name}})
    kind = Kind(world.api, world.namespace, "v1", "pods", "Pod")
    sent = {"spec": {"containers": [CONTAINER], "volumes": [{"name": "v", "emptyDir": {}}]}}

    def is_injected() -> bool:
        names = [each["name"] for each in kind.create(dict(sent))["spec"]["containers"]]
        if "proxy" not in names:
            kind.delete()
        return "proxy" in names

    wait_until(is_injected)
    manifest = prove(kind, kind.get())
    assert [each["name"] for each in manifest["spec"]["containers"]] == ["main"]
    assert [each["name"] for each in manifest["spec"]["volumes"]] == ["v"]
    assert "proxy" in str(kind.get()["spec"])
