import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, HazardReport, Severity, Unchecked
from kubectl_ns_tools.deletion.inventory import Gap, Reason
from kubectl_ns_tools.deletion.plan_files.drift import traces
from kubectl_ns_tools.deletion.plan_files.plan_file import Entry, plan_document, read_plan, write_plan
from kubectl_ns_tools.deletion.plan_files.saved_plan import Cluster
from kubectl_ns_tools.errors import NotFound, Refused
from tests.deletion.builders import configmap, deployment, event, plan

MADE = "2026-05-17T12:00:00Z"
HERE = Cluster("https://c:6443", "s1")


def document(**options: Any) -> dict[str, Any]:
    hazard = Hazard("volumes", Severity.DANGER, Effect.DESTROYS, "data is lost", ("persistentvolume/p",))
    found = plan(
        configmap("a"),
        deployment("web"),
        event("e"),
        gaps=(Gap("secrets", Reason.FORBIDDEN, "no"),),
        hazards=HazardReport((hazard,), (Unchecked("nodes", "nodes", "forbidden"),)),
    )
    return plan_document([Entry(found, found.doomed, HERE)], made=MADE, options=options)


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "plan.json")


def test_what_is_written_is_read_again(path: str) -> None:
    write_plan(path, document(only=["pod"]))
    found = read_plan(path)
    assert (found.made, found.options) == (MADE, {"only": ["pod"]})
    (saved,) = found.plans
    assert (saved.namespace, saved.uid, saved.context, saved.cluster) == ("blue", "u1", "blue@c", HERE)
    items = plan(configmap("a"), deployment("web")).doomed
    assert saved.traces == tuple(traces(items))


def test_hazards_and_gaps_are_written_down() -> None:
    (saved,) = document()["namespaces"]
    assert saved["unseen"] == [{"what": "secrets", "reason": "Forbidden"}]
    assert saved["unchecked"] == [{"check": "nodes", "what": "nodes", "reason": "forbidden"}]
    (hazard,) = saved["hazards"]
    assert (hazard["severity"], hazard["effect"], hazard["objects"]) == (
        "danger", "destroys", ("persistentvolume/p",)
    )  # fmt: skip


def test_a_danger_that_the_plan_does_not_know_is_new(path: str) -> None:
    write_plan(path, document())
    (saved,) = read_plan(path).plans
    known = Hazard("volumes", Severity.DANGER, Effect.DESTROYS, "in other words", ("persistentvolume/p",))
    new = Hazard("volumes", Severity.DANGER, Effect.DESTROYS, "one more", ("persistentvolume/q",))
    note = Hazard("usage", Severity.INFO, Effect.NOTES, "somebody is here")
    assert saved.new_dangers([known, new, note]) == [new]


def test_what_does_not_count_has_no_state() -> None:
    (saved,) = document()["namespaces"]
    assert [each["label"] for each in saved["objects"] if "state" not in each] == ["event/e"]


def test_a_missing_file_is_not_found(path: str) -> None:
    with pytest.raises(NotFound, match="there is no plan"):
        read_plan(path)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\xff"], ids=["empty", "half", "deep", "bytes"])
def test_what_is_no_json_is_no_plan(path: str, text: str) -> None:
    Path(path).write_bytes(text.encode("latin-1"))
    with pytest.raises(Refused, match=r"is not a deletion plan: it is no JSON"):
        read_plan(path)


def test_a_plan_of_another_version_says_so(path: str) -> None:
    write_plan(path, {**document(), "apiVersion": "kubectl-ns-tools/v2"})
    with pytest.raises(Refused, match="of another version of this program: kubectl-ns-tools/v2") as caught:
        read_plan(path)
    assert "make a new one" in caught.value.hint


def _without(key: str) -> Callable[[dict[str, Any]], object]:
    return lambda found: found.pop(key)


def _first(change: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], object]:
    return lambda found: change(found["namespaces"][0])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda found: found.update(kind="Deployment"), "its kind is not DeletionPlan"),
        (lambda found: found.update(apiVersion="v1"), "its apiVersion is not kubectl-ns-tools/v1"),
        (_without("namespaces"), '"namespaces" is missing'),
        (lambda found: found.update(namespaces=[]), "it names no namespace"),
        (lambda found: found.update(namespaces=["blue"]), "a namespace is not a mapping"),
        (lambda found: found.update(namespaces={}), '"namespaces" is not a list'),
        (lambda found: found.update(options=[]), '"options" is not a mapping'),
        (lambda found: found.update(options={"only": "pod"}), 'the option "only" is neither'),
        (lambda found: found.update(options={"only": [1]}), 'the option "only" is neither'),
        (_first(_without("uid")), '"uid" is missing'),
        (_first(lambda each: each.update(uid=7)), '"uid" is not a text'),
        (_first(lambda each: each.update(cluster="c")), '"cluster" is not a mapping'),
        (_first(lambda each: each["hazards"].append(7)), "a hazard is not a mapping"),
        (_first(lambda each: each["objects"].append(7)), "an object is not a mapping"),
        (
            _first(lambda each: each["objects"].pop(0)),
            'the objects of namespace "blue" are not those of its digest',
        ),
        (
            _first(lambda each: each["objects"][0].update(uid="other")),
            'the objects of namespace "blue" are not those of its digest',
        ),
    ],
)
def test_what_is_malformed_or_edited_is_refused(
    path: str, change: Callable[[dict[str, Any]], object], why: str
) -> None:
    found = json.loads(json.dumps(document()))
    change(found)
    write_plan(path, found)
    with pytest.raises(Refused) as caught:
        read_plan(path)
    assert caught.value.message.startswith(f"{path} is not a deletion plan: ")
    assert why in caught.value.message
