from typing import Any

import pytest

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Severity
from kubectl_ns_tools.deletion.hazards.slimming import CRDS
from tests.controlplane.servers import wait_until
from tests.deletion.hazards.surroundings import CRDS as PATH
from tests.deletion.hazards.surroundings import Surroundings

pytestmark = pytest.mark.integration

HERE, FAILING = "conversions", "conversions-failing"
PLURAL = "converts.hazards.example.com"
LABEL = f"customresourcedefinition.apiextensions.k8s.io/{PLURAL}"


def convert_by(around: Surroundings, namespace: str) -> None:
    """From now on a webhook converts, whose service is not there."""
    config = {"service": {"namespace": namespace, "name": "converter"}}
    webhook = {"clientConfig": config, "conversionReviewVersions": ["v1"]}
    patch = {"spec": {"conversion": {"strategy": "Webhook", "webhook": webhook}}}
    path = f"{PATH}/{PLURAL}"
    assert around.api.call("PATCH", path, patch, "application/merge-patch+json")[0] == 200


def define(around: Surroundings, *versions: str) -> str:
    """The last version is stored, the highest preferred. The namespace serves something."""
    around.service()
    return around.definition(PLURAL, "Convert", versions=versions)


def cannot_be_read(around: Surroundings, api: str) -> bool:
    """The server says 429 where its watch cache cannot be filled for the same reason."""
    status, answer = around.api.call("GET", f"{api}/converts")
    return status in (429, 500) and "conversion webhook for" in str(answer)


def test_without_a_webhook_nothing_is_found(around: Surroundings) -> None:
    api = define(around, "v1beta1", "v1")
    around.custom_in(around.namespace, api, "converts")
    assert around.hazards(HERE) == []
    assert around.hazards(FAILING) == []


def test_one_served_from_elsewhere_is_not_ours(around: Surroundings) -> None:
    define(around, "v1beta1", "v1")
    convert_by(around, around.other)
    assert around.hazards(HERE) == []


def test_one_served_from_here_hurts_whoever_has_objects(around: Surroundings) -> None:
    api = define(around, "v1beta1", "v1")
    convert_by(around, around.namespace)
    (idle,) = around.hazards(HERE)
    assert (idle.severity, idle.effect) == (Severity.INFO, Effect.BREAKS)
    around.custom_in(around.other, api, "converts")
    (found,) = around.hazards(HERE)
    assert (found.severity, found.effect) == (Severity.DANGER, Effect.BREAKS)
    assert f"{PLURAL} are converted between their versions (v1beta1, v1) from here" in found.summary
    assert found.objects == (LABEL, "service/converter")
    wait_until(lambda: cannot_be_read(around, "/apis/hazards.example.com/v1beta1"))


def test_objects_stored_in_an_old_version_hold_the_deletion(around: Surroundings) -> None:
    stored = define(around, "v1", "v1beta1")
    around.custom_in(around.namespace, stored, "converts")
    convert_by(around, around.namespace)
    wait_until(lambda: cannot_be_read(around, "/apis/hazards.example.com/v1"))
    found = {hazard.effect: hazard for hazard in around.hazards(HERE)}
    assert found.keys() == {Effect.BREAKS, Effect.BLOCKS}
    assert found[Effect.BLOCKS].severity is Severity.DANGER
    assert found[Effect.BLOCKS].remedy.endswith(f"kubectl delete {PLURAL} --all -n {around.namespace}")
    (failing,) = around.hazards(FAILING)
    assert (failing.severity, failing.effect, failing.objects) == (Severity.DANGER, Effect.BLOCKS, (LABEL,))
    assert f"kubectl get {LABEL} -o" in failing.remedy
    around.delete_namespace()
    wait_until(around.is_stuck_with("NamespaceDeletionContentFailure", "conversion webhook for"))


def test_objects_stored_as_the_controller_asks_for_them_do_not(around: Surroundings) -> None:
    stored = define(around, "v1beta1", "v1")
    around.custom_in(around.namespace, stored, "converts")
    convert_by(around, around.namespace)
    assert [found.effect for found in around.hazards(HERE)] == [Effect.BREAKS]
    assert around.hazards(FAILING) == []
    around.delete_namespace()
    wait_until(around.is_gone)


def test_a_namespace_that_serves_nothing_converts_nothing(around: Surroundings) -> None:
    around.definition(PLURAL, "Convert", versions=("v1beta1", "v1"))
    convert_by(around, around.namespace)
    assert around.hazards(HERE) == []


def test_of_definitions_nothing_large_is_held(around: Surroundings) -> None:
    around.definition(PLURAL, "Convert", versions=("v1beta1", "v1"))
    (found,) = (each for each in around.scene().everywhere(CRDS) if each["metadata"]["name"] == PLURAL)
    assert found["spec"]["versions"] == [{"name": "v1beta1"}, {"name": "v1"}]
    assert found["status"]["storedVersions"] == ["v1"]
    assert "schema" not in str(found)


def test_what_is_odd_in_a_definition_is_no_trouble(around: Surroundings) -> None:
    from kubectl_ns_tools.deletion.hazards.conversions import served_here

    around.service()
    scene = around.scene()
    odd: list[Any] = [{}, {"spec": None}, {"spec": {"conversion": {"strategy": "Webhook", "webhook": []}}}]
    scene.everywhere = lambda group_resource: odd  # type: ignore[method-assign]
    assert list(served_here(scene)) == []
