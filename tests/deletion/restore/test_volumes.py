from typing import Any

import pytest

from kubectl_ns_tools.deletion.restore.volumes import Fate, fate, freed, volume_of, with_volume
from tests.deletion.restore.builders import manifest

CLAIM = manifest("PersistentVolumeClaim", "data", metadata={"namespace": "blue"}, spec={"volumeName": "pv"})
MOVED = manifest("PersistentVolumeClaim", "data", metadata={"namespace": "red"}, spec={"volumeName": "pv"})


def volume(
    holder: str | None = "blue/data", phase: str = "Released", policy: str = "Retain", **metadata: Any
) -> dict:
    spec: dict[str, Any] = {"persistentVolumeReclaimPolicy": policy}
    if holder:
        namespace, _, name = holder.partition("/")
        spec["claimRef"] = {"namespace": namespace, "name": name, "uid": "u", "resourceVersion": "1"}
    found = manifest("PersistentVolume", "pv", metadata={"resourceVersion": "7", **metadata}, spec=spec)
    return {**found, "status": {"phase": phase}}


def test_a_released_volume_is_freed_for_the_claim_if_nobody_has_changed_it_since() -> None:
    found = fate("pv", volume(), CLAIM, old="blue")
    reference = {"namespace": "blue", "name": "data", "uid": None, "resourceVersion": None}
    assert found == Fate("pv", {"metadata": {"resourceVersion": "7"}, "spec": {"claimRef": reference}})


def test_one_that_the_controller_has_not_marked_as_released_yet_is_freed_too() -> None:
    assert fate("pv", volume(phase="Bound"), CLAIM, old="blue").patch


def test_under_another_name_the_volume_moves_with_the_claim() -> None:
    found = fate("pv", volume(), MOVED, old="blue")
    assert found.patch["spec"] == freed("red", "data")["spec"]


@pytest.mark.parametrize("phase", ["Bound", "Released"])
def test_one_that_was_freed_for_the_new_name_before_is_taken(phase: str) -> None:
    assert fate("pv", volume("red/data", phase), MOVED, old="blue").patch


def test_a_volume_that_nobody_holds_is_bound_as_it_is() -> None:
    assert fate("pv", volume(None, "Available"), CLAIM, old="blue") == Fate("pv", {})


@pytest.mark.parametrize(
    ("live", "claim", "why"),
    [
        (None, CLAIM, "persistentvolume/pv is gone"),
        (volume("blue/other"), CLAIM, "persistentvolume/pv is bound to persistentvolumeclaim blue/other"),
        (volume("green/data"), CLAIM, "persistentvolume/pv is bound to persistentvolumeclaim green/data"),
        (volume(phase="Bound"), MOVED, "persistentvolume/pv is bound to persistentvolumeclaim blue/data"),
        (volume(policy="Delete"), CLAIM, "persistentvolume/pv is not retained, it goes with its data"),
        (
            volume(deletionTimestamp="2026"),
            CLAIM,
            "persistentvolume/pv is not retained, it goes with its data",
        ),
    ],
)
def test_a_volume_that_cannot_be_had_is_told(live: dict | None, claim: dict, why: str) -> None:
    assert fate("pv", live, claim, old="blue") == Fate("pv", {}, why)


def test_the_claim_names_the_volume_that_it_gets() -> None:
    assert volume_of(with_volume(CLAIM, Fate("pv", {}))) == "pv"
    assert volume_of(with_volume({**CLAIM, "spec": {}}, Fate("kept", {}))) == "kept"
    assert volume_of(with_volume(CLAIM, Fate("pv", {}, "it is gone"))) == ""
    assert volume_of(CLAIM) == "pv"
