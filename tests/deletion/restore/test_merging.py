from typing import Any

import pytest

from kubectl_ns_tools.deletion.restore.merging import Merge, merge
from tests.deletion.restore.builders import manifest


def live(kind: str, **fields: Any) -> dict[str, Any]:
    found = manifest(kind, **fields)
    found["metadata"]["resourceVersion"] = "7"
    return found


def test_what_is_missing_is_added_on_condition_that_nothing_else_has_changed() -> None:
    wanted = manifest("Namespace", metadata={"labels": {"a": "1", "b": "2"}, "annotations": {"c": "3"}})
    there = live("Namespace", metadata={"labels": {"a": "1", "x": "9"}})
    assert merge(wanted, there) == Merge(
        {"metadata": {"labels": {"b": "2"}, "annotations": {"c": "3"}, "resourceVersion": "7"}}
    )


def test_what_is_there_stays_and_is_told() -> None:
    wanted = manifest("ServiceAccount", metadata={"labels": {"a": "1"}}, automountServiceAccountToken=False)
    there = live("ServiceAccount", metadata={"labels": {"a": "2"}}, automountServiceAccountToken=True)
    assert merge(wanted, there) == Merge({}, ("automountServiceAccountToken", "metadata.labels.a"))


@pytest.mark.parametrize(
    ("ours", "theirs", "patched"),
    [
        ([{"name": "a"}], None, [{"name": "a"}]),
        ([{"name": "a"}], [{"name": "b"}], [{"name": "b"}, {"name": "a"}]),
        ([{"name": "a"}], [{"name": "a"}, {"name": "b"}], None),
    ],
)
def test_lists_are_added_to(ours: list, theirs: list | None, patched: list | None) -> None:
    fields = {} if theirs is None else {"imagePullSecrets": theirs}
    found = merge(manifest("ServiceAccount", imagePullSecrets=ours), live("ServiceAccount", **fields))
    assert found.patch.get("imagePullSecrets") == patched
    assert found.kept == ()


def test_the_same_needs_no_patch() -> None:
    wanted = manifest("ServiceAccount", metadata={"labels": {"a": "1"}}, imagePullSecrets=[{"name": "a"}])
    assert (
        merge(
            wanted, live("ServiceAccount", **{key: wanted[key] for key in ("metadata", "imagePullSecrets")})
        )
        == Merge()
    )
