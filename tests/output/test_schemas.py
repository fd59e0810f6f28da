"""The published schema and the documents of `ns-delete -o json` agree, and neither changes unnoticed."""

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
import yaml

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.deletion.hazards.hazard import Effect, Severity
from kubectl_ns_tools.deletion.inventory import Gap, Reason
from kubectl_ns_tools.deletion.preview import preview
from kubectl_ns_tools.output.document import document, document_text
from kubectl_ns_tools.output.plan import plan_document
from tests.controlplane.servers import ControlPlane
from tests.deletion.builders import ago, configmap, deployment, plan, pod, pod_metrics
from tests.deletion.world import World
from tests.output import schemas
from tests.output.builders import danger, forbidden, report, warning
from tests.output.schemas import CHANGES, Change, add, places, remove

SCHEMA = schemas.schema("deletion-preview")
VALIDATOR = schemas.validator("deletion-preview")


def full() -> dict[str, Any]:
    """A document with something in each of its lists."""
    web = deployment("web")
    found = report(
        danger("volumes", "the data is destroyed", "persistentvolumeclaim/a", remedy="save it"),
        warning("references", "1 binding refers to it"),
        forbidden("usage", "events"),
    )
    made = plan(
        web,
        pod("a").owned_by(web).held_by("x.io/f").deleted(),
        pod_metrics("a"),
        gaps=(Gap("secrets", Reason.FORBIDDEN, "no"),),
        terminating_since=ago(9),
        hazards=found,
    )
    return {**plan_document(made), "notes": ["odd"], "partial": {"remade": ["pod/b"], "staying": 3}}


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_a_document_with_everything_in_it_is_valid() -> None:
    VALIDATOR.validate(full())
    VALIDATOR.validate(document("DeletionPreviewList", {"items": [full(), plan_document(plan())]}))


PLACES = list(places(full()))


def changed(path: tuple[Any, ...], change: Change) -> Any:
    return schemas.changed(full(), path, change)


def name_of(path: tuple[Any, ...]) -> str:
    return ".".join(map(str, path))


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("path", [path for path in PLACES if path != ("partial",)], ids=name_of)
def test_any_change_of_the_document_is_noticed(path: tuple[Any, ...], change: Change) -> None:
    assert not VALIDATOR.is_valid(changed(path, change))


def test_a_field_of_the_future_is_no_error_to_others() -> None:
    published = jsonschema.Draft202012Validator(SCHEMA)
    published.validate(changed(("namespace", "name"), add))
    assert not published.is_valid(changed(("hazards",), remove))


@pytest.mark.parametrize(
    ("place", "field", "values"),
    [("hazard", "severity", Severity), ("hazard", "effect", Effect), ("gap", "reason", Reason)],
)
def test_the_words_are_those_of_the_program(place: str, field: str, values: Any) -> None:
    assert SCHEMA["$defs"][place]["properties"][field]["enum"] == [value.value for value in values]


@pytest.mark.integration
@pytest.mark.parametrize(("form", "read"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_a_real_preview_is_valid(
    controlplane: ControlPlane, namespace: str, connection: Connection, form: str, read: Callable[[str], Any]
) -> None:
    with World.of(controlplane.api, namespace) as world:
        world.deployment("web", replicas=2)
        world.configmap("held", finalizers=["example.com/held"])
        world.event("e")
        group = world.custom_kind("Widget")
        world.custom(group, "Widget", "a")
        found = read(document_text(plan_document(preview(connection, namespace, context="c")), form))
    VALIDATOR.validate(found)
    kinds = {"Deployment", "ReplicaSet", "Pod", "Widget", "Event"}
    assert kinds <= {count["kind"] for count in found["counts"]}
    assert found["hazards"]


def test_a_configmap_alone_is_valid_too() -> None:
    VALIDATOR.validate(plan_document(plan(configmap("a"), created="")))
