import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.deletion.hazards import volumes
from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, Severity
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.hazards.inside import Inside, as_user, look, seen
from tests.deletion.world import World, rule

pytestmark = pytest.mark.integration


@pytest.fixture
def data() -> Iterator[Path]:
    """A file where the controller manager deletes what is below."""
    with tempfile.TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True) as folder:
        file = Path(folder, "volume", "data")
        file.parent.mkdir()
        file.write_text("precious")
        yield file


def test_the_data_of_a_volume_with_reclaim_policy_delete_is_destroyed(
    connection: Connection, inside: Inside, data: Path
) -> None:
    volume = inside.volume("db", "Delete", size="5Gi", storage_class="fast", path=str(data.parent))
    (hazard,) = look(connection, inside.namespace, "volumes")
    assert hazard == Hazard(
        "volumes",
        Severity.DANGER,
        Effect.DESTROYS,
        "the data of persistentvolumeclaim/db (5Gi, storage class fast) is destroyed: the reclaim policy of "
        f"persistentvolume/{volume} is Delete",
        ("persistentvolumeclaim/db",),
        f"kubectl ns-delete {inside.namespace} --retain-volumes keeps it",
    )
    inside.delete_namespace()
    wait_until(inside.is_gone)
    wait_until(lambda: not data.exists())


def test_a_volume_with_reclaim_policy_retain_stays_behind(
    connection: Connection, inside: Inside, data: Path
) -> None:
    volume = inside.volume("db", "Retain", path=str(data.parent))
    (hazard,) = look(connection, inside.namespace, "volumes")
    assert hazard == Hazard(
        "volumes",
        Severity.WARNING,
        Effect.LEAVES,
        f"persistentvolume/{volume} (1Gi, no storage class) stays behind as Released with the data of "
        "persistentvolumeclaim/db: the reclaim policy is Retain",
        (f"persistentvolume/{volume}",),
        f"when nobody needs the data: kubectl delete persistentvolume/{volume}, "
        "and free the storage behind it",
    )
    inside.delete_namespace()
    wait_until(inside.is_gone)
    wait_until(lambda: inside.phase_of_volume(volume) == "Released")
    assert data.read_text() == "precious"


def test_claims_of_one_policy_and_class_are_one_hazard(connection: Connection, inside: Inside) -> None:
    for claim, size in {"a": "1Gi", "b": "512Mi", "c": "1Gi"}.items():
        inside.volume(claim, "Delete", size=size, storage_class="slow")
    inside.volume("d", "Delete", storage_class="fast")
    inside.volume("e", "Retain", storage_class="fast")
    hazards = look(connection, inside.namespace, "volumes")
    assert [(hazard.effect, len(hazard.objects)) for hazard in hazards] == [
        (Effect.DESTROYS, 3),
        (Effect.DESTROYS, 1),
        (Effect.LEAVES, 1),
    ]
    assert "persistentvolumeclaim/c (2.5Gi, storage class slow) is destroyed" in hazards[0].summary


def test_a_claim_without_a_volume_loses_nothing(connection: Connection, inside: Inside) -> None:
    inside.claim("waiting")
    wait_until(lambda: inside.phase_of_claim("waiting") == "Pending")
    (hazard,) = look(connection, inside.namespace, "volumes")
    assert (hazard.severity, hazard.effect) == (Severity.INFO, Effect.NOTES)
    assert hazard.summary == "persistentvolumeclaim/waiting has no volume: no data goes with it"


def test_a_claim_that_has_lost_its_volume_says_so(connection: Connection, inside: Inside) -> None:
    volume = inside.volume("db", "Delete")
    path = f"/api/v1/persistentvolumes/{volume}"
    inside.api.call("DELETE", path)
    inside.api.call("PATCH", path, {"metadata": {"finalizers": None}}, "application/merge-patch+json")
    wait_until(lambda: inside.phase_of_claim("db") == "Lost")
    (hazard,) = look(connection, inside.namespace, "volumes")
    assert hazard.summary == "persistentvolumeclaim/db has no volume: no data goes with it"


@pytest.mark.parametrize("check", ["volumes", "claims-in-use", "snapshots"])
def test_a_namespace_without_claims_has_none_of_these(
    connection: Connection, inside: Inside, check: str
) -> None:
    assert look(connection, inside.namespace, check) == []


def test_without_the_right_to_read_volumes_the_claims_are_told(
    controlplane: ControlPlane, world: World, inside: Inside
) -> None:
    inside.volume("db", "Retain", size="5Gi", storage_class="fast")
    user = as_user(controlplane, world, rule("", "persistentvolumeclaims", "list"))
    hazards, unseen = seen(user, inside.namespace, "volumes")
    assert unseen == "persistentvolumes: forbidden"
    assert [(hazard.effect, hazard.objects) for hazard in hazards] == [
        (Effect.DESTROYS, ("persistentvolumeclaim/db",))
    ]
    assert "persistentvolumeclaim/db (5Gi, storage class fast) is destroyed, unless" in hazards[0].summary


@pytest.mark.parametrize("check", ["volumes", "claims-in-use"])
def test_without_the_right_to_read_claims_nothing_is_said_of_them(
    controlplane: ControlPlane, world: World, inside: Inside, check: str
) -> None:
    inside.volume("db", "Delete")
    found = seen(as_user(controlplane, world), inside.namespace, check)
    assert found == ([], "persistentvolumeclaims: forbidden")


def test_a_claim_waits_for_the_pod_that_uses_it(connection: Connection, inside: Inside) -> None:
    inside.volume("db", "Retain")
    inside.volume("idle", "Retain")
    inside.pod("server", node=inside.node(), claim="db")
    inside.pod("unscheduled", claim="idle")
    inside.pod("done", node=inside.node(), claim="idle", phase="Succeeded")
    (hazard,) = look(connection, inside.namespace, "claims-in-use")
    assert (hazard.severity, hazard.effect) == (Severity.INFO, Effect.DELAYS)
    assert hazard.objects == ("persistentvolumeclaim/db",)
    path = f"/api/v1/namespaces/{inside.namespace}/persistentvolumeclaims"
    for claim in ("db", "idle"):
        inside.api.call("DELETE", f"{path}/{claim}")
    inside.api.call("DELETE", f"/api/v1/namespaces/{inside.namespace}/pods/done")
    wait_until(lambda: not inside.api.exists(f"{path}/idle"))
    assert "deletionTimestamp" in inside.api.get(f"{path}/db")["metadata"]


def test_the_claim_of_a_generic_ephemeral_volume_is_in_use_too(
    connection: Connection, inside: Inside
) -> None:
    template = {"spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}
    scratch = {"name": "scratch", "ephemeral": {"volumeClaimTemplate": template}}
    inside.pod("server", node=inside.node(), spec={"volumes": [scratch]})
    path = f"/api/v1/namespaces/{inside.namespace}/persistentvolumeclaims/server-scratch"
    wait_until(lambda: inside.api.exists(path))
    (hazard,) = look(connection, inside.namespace, "claims-in-use")
    assert hazard.objects == ("persistentvolumeclaim/server-scratch",)


def test_without_the_right_to_read_pods_nobody_knows_what_is_in_use(
    controlplane: ControlPlane, world: World, inside: Inside
) -> None:
    inside.volume("db", "Retain")
    user = as_user(controlplane, world, rule("", "persistentvolumeclaims", "list"))
    found = seen(user, inside.namespace, "claims-in-use")
    assert found == ([], "pods: forbidden")


def test_sizes_are_added_in_the_unit_that_fits() -> None:
    def capacity(size: str) -> dict[str, object]:
        return {"spec": {"capacity": {"storage": size}}}

    assert volumes._size(map(capacity, ["100Gi", "924Gi", "1Ti"])) == "2Ti"
    assert volumes._size(map(capacity, ["1G", "1G"])) == "1.863Gi"
    assert volumes._size(map(capacity, ["7"])) == "7"
