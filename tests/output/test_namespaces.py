"""In which order namespaces are listed, when they expire, and what becomes of them as text."""

import json
from datetime import datetime, timezone
from typing import Any

import pytest

from kubectl_ns_tools.output.expiry import expiry_moment, is_expired
from kubectl_ns_tools.output.namespace_order import in_order, order_named
from kubectl_ns_tools.output.namespaces import Listed, render_namespaces

AT = datetime(2026, 6, 1, 12, tzinfo=timezone.utc)


def space(
    name: str, created: str = "2026-05-31T12:00:00Z", phase: str = "Active", **notes: str
) -> dict[str, Any]:
    annotations = {f"kubectl-ns-tools/{key}": value for key, value in notes.items()}
    metadata = {"name": name, "creationTimestamp": created, "annotations": annotations}
    return {"metadata": metadata, "status": {"phase": phase}}


def quota(used: str) -> dict[str, Any]:
    return {"status": {"hard": {"pods": "10"}, "used": {"pods": used}}}


ROWS = [
    Listed(space("a", "2026-01-02T00:00:00Z", expires="2026-07-01"), "y", quotas=[quota("2")]),
    Listed(space("b", "2026-01-01T00:00:00Z", "Terminating", template="team"), "z", drift="older"),
    Listed(space("c", "2026-01-03T00:00:00Z", expires="2026-06-01", requester="r"), "x", quotas=[quota("9")]),
]


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("name", "abc"),
        (".metadata.name", "abc"),
        ("{.metadata.creationTimestamp}", "bac"),
        ("metadata.creationTimestamp", "bac"),
        ("created", "bac"),
        ("AGE", "cab"),
        ("status", "acb"),
        ("template", "bac"),
        ("drift", "bac"),
        ("owner", "cab"),
        ("quota", "cab"),
        ("expires", "cab"),
        ("context", "cab"),
    ],
)
def test_rows_are_sorted_and_those_without_a_value_come_last(order: str, names: str) -> None:
    assert "".join(row.name for row in in_order(ROWS, order_named(order))) == names


def test_what_is_no_column_is_no_order() -> None:
    assert order_named(".spec.finalizers") == ""


@pytest.mark.parametrize(
    ("text", "expired"),
    [
        ("2026-06-01T12:00:00Z", True),
        ("2026-06-01T12:00:01Z", False),
        ("2026-06-01T12:00:00.123456789Z", True),
        ("2026-06-01T13:59:00+02:00", True),
        ("2026-06-01T11:00:00-02:00", False),
        ("2026-06-01", True),
        ("2026-06-02", False),
        ("soon", False),
        ("", False),
    ],
)
def test_a_namespace_expires_at_its_moment(text: str, expired: bool) -> None:
    assert is_expired(space("a", expires=text), AT) is expired


def test_without_annotations_there_is_no_moment() -> None:
    assert expiry_moment({"metadata": {"name": "a"}}) is None


def test_wide_has_every_column() -> None:
    header, *lines = render_namespaces(ROWS, "wide", AT).splitlines()
    assert header.split() == "CURRENT CONTEXT NAME STATUS AGE TEMPLATE DRIFT QUOTA OWNER EXPIRES WHY".split()
    assert lines[1].split() == "z b Terminating 151d team older <none> <none> <none> <none>".split()


def test_a_project_of_openshift_names_its_requester() -> None:
    project = {"metadata": {"name": "p", "annotations": {"openshift.io/requester": "ann"}}}
    assert Listed(project).owner == "ann"


def test_data_has_a_summary_beside_the_object() -> None:
    (item,) = json.loads(render_namespaces(ROWS[2:], "json", AT))["items"]
    assert item["metadata"]["name"] == "c"
    assert item["summary"] == {
        "context": "x",
        "owner": "r",
        "quota": "90% pods",
        "expires": "2026-06-01",
        "expired": True,
    }
