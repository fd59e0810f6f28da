from datetime import datetime, timezone

import pytest

from kubectl_ns_tools.templates.library.draft import Source, read_draft
from kubectl_ns_tools.templates.parameters.given import Given
from kubectl_ns_tools.templates.planning.provenance import Extras
from kubectl_ns_tools.templates.rendering.request import Preparation
from kubectl_ns_tools.templates.update.memory import merged, recall, remembered
from tests.templates.builders import surroundings

TEXT = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: '${A}', b: '${B}', c: '${C}'}}"


def namespace(**annotations: str) -> dict[str, object]:
    metadata = {
        "name": "blue",
        "creationTimestamp": "2026-01-02T03:04:05Z",
        "labels": {"kubectl-ns-tools/template": "t", "team": "blue"},
        "annotations": {
            f"kubectl-ns-tools/{key.replace('_', '-')}": value for key, value in annotations.items()
        },
    }
    return {"metadata": metadata}


def preparation(**given: str) -> Preparation:
    draft = read_draft([Source(TEXT, "t.yaml", "t", expands=True)])
    values = {name: Given(text, "-p") for name, text in given.items()}
    return Preparation(draft, values, surroundings(), "t")


def test_everything_that_was_written_down_is_read() -> None:
    memory = remembered(
        namespace(
            template="t",
            parameters='{"A":"1","B":null}',
            created="2026-02-03T04:05:06Z",
            requester="anna",
            flags='{"labels":["team","gone"],"annotations":["kubectl-ns-tools/expires","gone"]}',
            expires="2027-01-01T00:00:00Z",
        )
    )
    assert (memory.template, memory.label, memory.requester) == ("t", "t", "anna")
    assert memory.parameters == {"A": "1", "B": None}
    assert memory.created == datetime(2026, 2, 3, 4, 5, 6, tzinfo=timezone.utc)
    assert memory.extras == Extras({"team": "blue"}, {}, "2027-01-01T00:00:00Z")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"A":5}', '{"labels":5}'])
def test_what_is_garbled_is_nothing(text: str) -> None:
    memory = remembered(namespace(parameters=text, flags=text, created="yesterday"))
    assert (memory.parameters, memory.extras) == ({}, Extras())
    assert memory.created == datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)


def test_parameters_are_recalled_unless_they_are_given_now() -> None:
    memory = remembered(namespace(parameters='{"A":"1","B":"2","C":null,"GONE":"3"}', requester="berta"))
    recalled = recall(preparation(A="now"), memory)
    given = {name: value.text for name, value in recalled.preparation.given.items()}
    assert given == {"A": "now", "B": "2", "C": recalled.tokens["C"]}
    assert list(recalled.tokens) == ["C"]
    assert recalled.preparation.surroundings.at == memory.created
    assert recalled.preparation.surroundings.requester() == "berta"


def test_the_context_is_that_of_the_creation() -> None:
    memory = remembered(namespace(parameters='{"CONTEXT":"then"}'))
    assert recall(preparation(), memory).preparation.surroundings.context() == "then"
    assert recall(preparation(), remembered(namespace())).preparation.surroundings.context() == "prod"


def test_flags_of_now_and_then_are_merged() -> None:
    flags = '{"labels":["team"],"annotations":["kubectl-ns-tools/expires"]}'
    memory = remembered(namespace(flags=flags, expires="2027-01-01T00:00:00Z"))
    assert merged(Extras({"a": "b"}), memory) == Extras(
        {"team": "blue", "a": "b"}, {}, "2027-01-01T00:00:00Z"
    )
    now = Extras({"team": "red"}, expires="2028-01-01T00:00:00Z")
    assert merged(now, memory) == now
