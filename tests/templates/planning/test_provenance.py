import json
from textwrap import dedent

import pytest

from kubectl_ns_tools.templates.library.draft import Draft, Source, read_draft
from kubectl_ns_tools.templates.parameters.given import Value
from kubectl_ns_tools.templates.planning.legal import label_value_problem
from kubectl_ns_tools.templates.planning.provenance import (
    Extras,
    digest,
    full_stamp,
    kept_parameters,
    label_value,
    labelled_sources,
)
from tests.templates.builders import AT

TEXT = """\
    apiVersion: v1
    kind: Secret
    metadata: {name: "${NAME}"}
    stringData: {login: "x:${LOGIN}"}
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: c}
    data: {a: "${PLAIN}"}
"""


def draft(*texts: str) -> Draft:
    return read_draft(
        [Source(dedent(text), f"{index}.yaml", f"t{index}", expands=True) for index, text in enumerate(texts)]
    )


def given(**values: str) -> dict[str, Value]:
    return {name: Value(text, "-p") for name, text in values.items()}


def test_what_goes_into_a_secret_or_sounds_like_one_is_not_kept() -> None:
    values = given(NAME="n", LOGIN="anna", PLAIN="1", DB_PASSWORD="p", API_KEY="k", KEYBOARD="de", token="t")
    assert kept_parameters(draft(TEXT), values) == {
        "API_KEY": None, "DB_PASSWORD": None, "KEYBOARD": "de", "LOGIN": None, "NAME": "n", "PLAIN": "1",
        "token": None,
    }  # fmt: skip


def test_only_what_was_given_is_kept() -> None:
    values = {
        "A": Value("1", "default"),
        "B": Value("2", "generated", secret=True),
        "C": Value("3", "filled in"),
        "CONTEXT": Value("prod", "filled in"),
        "D": Value("4", "$NS_D"),
        "E": Value("5", "team.env:3", secret=True),
    }
    assert kept_parameters(Draft(), values) == {"CONTEXT": "prod", "D": "4", "E": None}


def test_the_digest_is_that_of_the_texts() -> None:
    one, other = Source("a", "x"), Source("b", "x")
    assert digest([one]) == digest([Source("a", "another name", "label")])
    found = {digest(each) for each in ([one], [other], [one, other], [other, one], [Source("ab", "x")])}
    assert len(found) == 5


def test_files_of_objects_are_no_part_of_the_template() -> None:
    sources = [
        Source("{apiVersion: v1, kind: Pod}", "f.yaml"),
        Source("{apiVersion: v1, kind: Pod}", "t", "t"),
    ]
    assert [each.name for each in labelled_sources(read_draft(sources))] == ["t"]


@pytest.mark.parametrize(
    ("template", "value"),
    [("team", "team"), ("base+team", "base.team"), ("mine.yaml", "mine.yaml"), ("ä", "")],
)
def test_a_template_as_a_label(template: str, value: str) -> None:
    assert label_value(template) == value


def test_long_names_stay_different_as_labels() -> None:
    one, other = label_value("x" * 80), label_value("x" * 81)
    assert one != other
    assert [label_value_problem(each) for each in (one, other)] == ["", ""]


def test_all_that_is_remembered() -> None:
    extras = Extras({"team": "blue"}, {"note": "hi"}, "2026-04-01T00:00:00Z")
    stamp = full_stamp("t0", draft(TEXT), given(PLAIN="1"), at=AT, requester="anna", extras=extras)
    assert stamp.labels == {"kubectl-ns-tools/template": "t0"}
    assert stamp.namespace_labels == {"team": "blue"}
    annotations = dict(stamp.namespace_annotations)
    assert annotations.pop("kubectl-ns-tools/template-digest") == digest(draft(TEXT).sources)
    assert json.loads(annotations.pop("kubectl-ns-tools/flags")) == {
        "labels": ["team"],
        "annotations": ["kubectl-ns-tools/expires", "note"],
    }
    assert annotations == {
        "kubectl-ns-tools/template": "t0",
        "kubectl-ns-tools/parameters": '{"PLAIN":"1"}',
        "kubectl-ns-tools/created": "2026-03-01T23:30:00Z",
        "kubectl-ns-tools/requester": "anna",
        "kubectl-ns-tools/expires": "2026-04-01T00:00:00Z",
        "note": "hi",
    }
