from typing import Any

import pytest

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Severity
from kubectl_ns_tools.deletion.hazards.references import data_sources
from tests.deletion.hazards.surroundings import Surroundings

pytestmark = pytest.mark.integration

NETWORKING = "/apis/networking.k8s.io/v1"
CHECKS = (
    "network-policies",
    "external-names",
    "storage-classes",
    "volume-secrets",
    "ingress-classes",
    "gateway-classes",
    "data-sources",
)


@pytest.mark.parametrize("check", CHECKS)
def test_without_any_nothing_is_found(around: Surroundings, check: str) -> None:
    assert around.hazards(check) == []


def policy(around: Surroundings, namespace: str, **spec: Any) -> str:
    path = f"{NETWORKING}/namespaces/{namespace}/networkpolicies"
    name = around.put(path, spec={"podSelector": {}, **spec})["metadata"]["name"]
    return f"networkpolicy.networking.k8s.io/{name} -n {namespace}"


def names(around: Surroundings, how: str) -> dict[str, Any]:
    key = "kubernetes.io/metadata.name"
    if how == "label":
        return {"matchLabels": {key: around.namespace}}
    return {"matchExpressions": [{"key": key, "operator": "In", "values": ["x", around.namespace]}]}


@pytest.mark.parametrize("how", ["label", "expression"])
@pytest.mark.parametrize(("direction", "peers"), [("ingress", "from"), ("egress", "to")])
def test_a_network_policy_that_names_it(around: Surroundings, direction: str, peers: str, how: str) -> None:
    selector = names(around, how)
    label = policy(around, around.other, **{direction: [{peers: [{"namespaceSelector": selector}]}]})
    policy(around, around.namespace, **{direction: [{peers: [{"namespaceSelector": selector}]}]})
    policy(around, around.other, **{direction: [{peers: [{"namespaceSelector": {}}]}, {}]})
    (found,) = around.hazards("network-policies")
    assert (found.severity, found.effect) == (Severity.INFO, Effect.LEAVES)
    assert found.objects == (label,)
    assert found.remedy == f"kubectl edit {label}"


@pytest.mark.parametrize("suffix", ["", ".cluster.local"])
def test_another_name_for_a_service_in_here(around: Surroundings, suffix: str) -> None:
    target = f"web.{around.namespace}.svc{suffix}"
    name = around.service(around.other, type="ExternalName", externalName=target)
    around.service(around.other, type="ExternalName", externalName=f"web.{around.other}.svc{suffix}")
    around.service(around.namespace, type="ExternalName", externalName=target)
    (found,) = around.hazards("external-names")
    assert (found.severity, found.effect) == (Severity.DANGER, Effect.BREAKS)
    assert found.objects == (f"service/{name} -n {around.other}",)
    assert f"is another name for {target}" in found.summary


def test_a_storage_class_with_its_secret_in_here(around: Surroundings) -> None:
    path, key = "/apis/storage.k8s.io/v1/storageclasses", "csi.storage.k8s.io/provisioner-secret-namespace"
    name = around.put(path, provisioner="x.io", parameters={key: around.namespace})["metadata"]["name"]
    around.put(path, provisioner="x.io", parameters={key: "${pvc.namespace}", "other": around.namespace})
    (found,) = around.hazards("storage-classes")
    assert (found.severity, found.effect) == (Severity.DANGER, Effect.BREAKS)
    assert found.objects == (f"storageclass.storage.k8s.io/{name}",)


def test_a_snapshot_class_with_its_secret_in_here(around: Surroundings) -> None:
    plural, key = "volumesnapshotclasses", "csi.storage.k8s.io/snapshotter-secret-namespace"
    api = around.definition(f"{plural}.snapshot.storage.k8s.io", "VolumeSnapshotClass", scope="Cluster")
    name = around.custom_in("", api, plural, parameters={key: around.namespace, "odd": None})
    (found,) = around.hazards("storage-classes")
    assert found.objects == (f"volumesnapshotclass.snapshot.storage.k8s.io/{name}",)


def volume(around: Surroundings, secret: str, claimed_by: str) -> str:
    csi = {"driver": "x.io", "volumeHandle": "h", "nodeStageSecretRef": {"namespace": secret, "name": "s"}}
    claim = {"namespace": claimed_by, "name": "data"}
    spec = {"accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}, "csi": csi, "claimRef": claim}
    return str(around.put("/api/v1/persistentvolumes", spec=spec)["metadata"]["name"])


def test_a_volume_of_somebody_else_with_its_secret_in_here(around: Surroundings) -> None:
    name = volume(around, around.namespace, around.other)
    volume(around, around.namespace, around.namespace)
    volume(around, around.other, around.other)
    (found,) = around.hazards("volume-secrets")
    assert (found.severity, found.effect) == (Severity.DANGER, Effect.BREAKS)
    assert found.objects == (f"persistentvolume/{name}",)


def test_an_ingress_class_with_its_parameters_in_here(around: Surroundings) -> None:
    parameters = {"apiGroup": "x.io", "kind": "P", "name": "p", "scope": "Namespace"}
    path = f"{NETWORKING}/ingressclasses"
    spec = {"controller": "x.io/c", "parameters": {**parameters, "namespace": around.namespace}}
    name = around.put(path, spec=spec)["metadata"]["name"]
    around.put(path, spec={"controller": "x.io/c"})
    (found,) = around.hazards("ingress-classes")
    assert found.objects == (f"ingressclass.networking.k8s.io/{name}",)
    assert found.effect is Effect.BREAKS


def test_a_gateway_class_with_its_parameters_in_here(around: Surroundings) -> None:
    api = around.definition("gatewayclasses.gateway.networking.k8s.io", "GatewayClass", scope="Cluster")
    reference = {"group": "x.io", "kind": "P", "name": "p", "namespace": around.namespace}
    name = around.custom_in("", api, "gatewayclasses", spec={"parametersRef": reference})
    around.custom_in("", api, "gatewayclasses", spec=None)
    (found,) = around.hazards("gateway-classes")
    assert found.objects == (f"gatewayclass.gateway.networking.k8s.io/{name}",)


def claim(around: Surroundings, phase: str, namespace: str) -> dict[str, Any]:
    source = {"kind": "VolumeSnapshot", "name": "s1", "namespace": namespace}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data", "namespace": around.other},
        "spec": {"dataSourceRef": source},
        "status": {"phase": phase},
    }


def test_a_claim_that_waits_to_be_filled_from_here(around: Surroundings) -> None:
    """Without the alpha feature CrossNamespaceVolumeDataSource the server drops the field."""
    scene = around.scene()
    claims = [
        claim(around, "Pending", around.namespace),
        claim(around, "Bound", around.namespace),
        claim(around, "Pending", around.other),
    ]
    scene.everywhere = lambda group_resource: claims  # type: ignore[method-assign]
    (found,) = data_sources(scene)
    assert (found.severity, found.effect) == (Severity.DANGER, Effect.BREAKS)
    assert found.summary.endswith("waits to be filled from volumesnapshot/s1 of here")
