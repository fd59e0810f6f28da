from collections.abc import Iterator
from typing import Any

import pytest

from kubectl_ns_tools.cluster.connection import connect
from kubectl_ns_tools.deletion.hazards.hazard import Effect, Severity
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.hazards.inside import Inside, as_user, look, seen
from tests.deletion.world import World, rule

pytestmark = pytest.mark.integration

GROUP = "snapshot.storage.k8s.io"
KINDS = {"VolumeSnapshot": "Namespaced", "VolumeSnapshotContent": "Cluster"}


@pytest.fixture
def inside(private_controlplane: ControlPlane) -> Iterator[Inside]:
    """On a cluster of its own: the group has this name and no other."""
    private_controlplane.create_namespace("blue")
    for kind, scope in KINDS.items():
        define(private_controlplane, kind, scope)
    with Inside.of(private_controlplane.api, "blue") as made:
        yield made


def define(controlplane: ControlPlane, kind: str, scope: str) -> None:
    plural = f"{kind.lower()}s"
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    version = {"name": "v1", "served": True, "storage": True, "schema": schema}
    spec = {"group": GROUP, "scope": scope, "names": {"kind": kind, "plural": plural}, "versions": [version]}
    annotations = {"api-approved.kubernetes.io": "unapproved, for tests"}
    metadata = {"name": f"{plural}.{GROUP}", "annotations": annotations}
    path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    controlplane.api.create(path, {"metadata": metadata, "spec": spec})
    wait_until(lambda: controlplane.api.exists(f"/apis/{GROUP}/v1/{plural}"))
    wait_until(lambda: controlplane.api.discovered(GROUP, plural))


def snapshot(inside: Inside, name: str, policy: str = "", **fields: Any) -> None:
    """One that is bound to content with the policy; to none without one."""
    named = {"apiVersion": f"{GROUP}/v1", "kind": "VolumeSnapshot"}
    if policy:
        content = {"apiVersion": f"{GROUP}/v1", "kind": "VolumeSnapshotContent"}
        path = f"/apis/{GROUP}/v1/volumesnapshotcontents"
        inside.put_outside(path, f"content-{name}", **content, spec={"deletionPolicy": policy})
        fields["status"] = {"boundVolumeSnapshotContentName": f"content-{name}"}
    inside.put("volumesnapshots", name, f"{GROUP}/v1", **named, **fields)


def test_snapshots_go_or_stay_by_the_policy_of_their_content(
    private_controlplane: ControlPlane, inside: Inside
) -> None:
    admin = connect(private_controlplane.kubeconfig_dict())
    snapshot(inside, "pending")
    assert look(admin, "blue", "snapshots") == []
    snapshot(inside, "lost", "Delete")
    snapshot(inside, "kept", "Retain")
    lost, kept = look(admin, "blue", "snapshots")
    assert (lost.severity, lost.effect) == (Severity.DANGER, Effect.DESTROYS)
    assert lost.objects == ("volumesnapshot.snapshot.storage.k8s.io/lost",)
    assert lost.summary.endswith("/lost is destroyed with what was saved: its deletion policy is Delete")
    assert lost.remedy == (
        "kubectl patch volumesnapshotcontent content-lost --type=merge "
        """-p '{"spec":{"deletionPolicy":"Retain"}}' keeps it"""
    )
    assert (kept.severity, kept.effect) == (Severity.WARNING, Effect.LEAVES)
    assert kept.objects == ("volumesnapshotcontent.snapshot.storage.k8s.io/content-kept",)


def test_without_the_right_to_read_contents_the_snapshots_are_told(
    private_controlplane: ControlPlane, inside: Inside
) -> None:
    snapshot(inside, "unknown", "Retain")
    with World.of(private_controlplane.api, "blue") as world:
        user = as_user(private_controlplane, world, rule(GROUP, "volumesnapshots", "list"))
        (hazard,), unseen = seen(user, "blue", "snapshots")
    assert unseen == "volumesnapshotcontents.snapshot.storage.k8s.io: forbidden"
    assert hazard.objects == ("volumesnapshot.snapshot.storage.k8s.io/unknown",)
    assert "unless the deletion policy of its content, which you may not read, is Retain" in hazard.summary
