"""Claims and their volumes, with the real volume controller."""

import pytest

from kubectl_ns_tools.deletion.restore.report import Outcome
from tests.controlplane.servers import wait_until
from tests.deletion.restore.conftest import Bring, Save, delete
from tests.deletion.restore.house import House

pytestmark = pytest.mark.integration
_MERGE = "application/merge-patch+json"
CLAIM = "persistentvolumeclaim/data"


@pytest.fixture
def data(house: House) -> House:
    """A house with nothing but a claim that is bound to a retained volume."""
    house.retained_volume()
    return house


def holder(house: House) -> tuple[str, str]:
    reference = house.api.get(f"/api/v1/persistentvolumes/{house.volume}")["spec"]["claimRef"]
    return reference["namespace"], reference.get("uid", "")


def test_the_data_comes_back(data: House, save: Save, bring: Bring) -> None:
    before = data.claim("data")["metadata"]["uid"]
    path = save(data.name)
    delete(data.world)
    report = bring(path)
    assert (report.lost, report.notes, report.of(Outcome.FAILED)) == ((), (), ())
    wait_until(lambda: data.claim("data")["status"]["phase"] == "Bound")
    claim = data.claim("data")
    assert claim["spec"]["volumeName"] == data.volume
    assert claim["metadata"]["uid"] != before
    assert holder(data) == (data.name, claim["metadata"]["uid"])
    assert not bring(path).of(Outcome.RESTORED)


def test_it_comes_back_under_another_name(data: House, save: Save, bring: Bring) -> None:
    path = save(data.name)
    delete(data.world)
    other = f"{data.name}-copy"
    report = bring(path, name=other)
    try:
        assert report.lost == ()
        claim = f"/api/v1/namespaces/{other}/persistentvolumeclaims/data"
        wait_until(lambda: data.api.get(claim)["status"]["phase"] == "Bound")
        assert holder(data)[0] == other
    finally:
        data.api.call("DELETE", f"/api/v1/namespaces/{other}")


def test_a_copy_beside_the_old_one_gets_no_data(data: House, save: Save, bring: Bring) -> None:
    path = save(data.name)
    other = f"{data.name}-copy"
    report = bring(path, name=other)
    try:
        why = f"persistentvolume/{data.volume} is bound to persistentvolumeclaim {data.name}/data"
        assert report.lost == ((CLAIM, why),)
        claim = data.api.get(f"/api/v1/namespaces/{other}/persistentvolumeclaims/data")
        assert "volumeName" not in claim["spec"]
        assert data.claim("data")["status"]["phase"] == "Bound"
    finally:
        data.api.call("DELETE", f"/api/v1/namespaces/{other}")


def test_a_volume_that_is_gone_is_told_and_a_second_run_changes_nothing(
    data: House, save: Save, bring: Bring
) -> None:
    path = save(data.name)
    delete(data.world)
    data.remove_volume()
    report = bring(path)
    assert report.lost == ((CLAIM, f"persistentvolume/{data.volume} is gone"),)
    assert "volumeName" not in data.claim("data")["spec"]
    again = bring(path)
    assert again.of(Outcome.RESTORED) == ()
    assert again.lost == ((CLAIM, f"persistentvolume/{data.volume} is not its volume now"),)


def test_a_volume_that_was_retained_after_the_backup_comes_back_too(
    data: House, save: Save, bring: Bring
) -> None:
    volume = f"/api/v1/persistentvolumes/{data.volume}"

    def keep(policy: str) -> None:
        data.api.call("PATCH", volume, {"spec": {"persistentVolumeReclaimPolicy": policy}}, _MERGE)

    keep("Delete")
    path = save(data.name)
    keep("Retain")
    delete(data.world)
    assert bring(path).lost == ()
    wait_until(lambda: data.claim("data")["status"]["phase"] == "Bound")
    assert data.claim("data")["spec"]["volumeName"] == data.volume


def test_a_volume_with_the_policy_delete_is_lost(data: House, save: Save, bring: Bring) -> None:
    volume = f"/api/v1/persistentvolumes/{data.volume}"
    data.api.call("PATCH", volume, {"spec": {"persistentVolumeReclaimPolicy": "Delete"}}, _MERGE)
    path = save(data.name)
    delete(data.world)
    [(label, why)] = bring(path).lost
    assert label == CLAIM
    assert why.startswith(f"persistentvolume/{data.volume} is ")
