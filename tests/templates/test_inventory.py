import pytest

from kubectl_ns_tools.templates import inventory
from kubectl_ns_tools.templates.inventory import Entry, decoded, encoded, entry_of, recorded
from tests.templates.builders import objects

TEXT = "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}}"
ROLE = "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r}}"
KEY = "kubectl-ns-tools/objects"


def test_it_is_read_as_it_was_written() -> None:
    found = objects("\n---\n".join([TEXT % "a", TEXT % "b", ROLE]))
    entries = [entry_of(each, {"metadata": {"uid": uid}}) for each, uid in zip(found, "123", strict=True)]
    live = recorded({"metadata": {"name": "blue", "annotations": {"x": "y", KEY: "old"}}}, entries)
    assert live["metadata"]["annotations"]["x"] == "y"
    assert decoded(live) == [
        Entry("rbac.authorization.k8s.io/v1", "Role", "r", "3"),
        Entry("v1", "ConfigMap", "a", "1"),
        Entry("v1", "ConfigMap", "b", "2"),
    ]


@pytest.mark.parametrize("text", ["", "{", "[]", "[1]", '"a"', '{"v1/ConfigMap":["a"]}', "null"])
def test_a_garbled_record_is_none(text: str) -> None:
    assert decoded({"metadata": {"annotations": {KEY: text}}}) == []
    assert decoded({"metadata": {}}) == []


def test_too_many_objects_are_not_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Entry("v1", "ConfigMap", "a", "1")
    assert encoded([one]) == '{"v1/ConfigMap":{"a":"1"}}'
    monkeypatch.setattr(inventory, "MOST_BYTES", 20)
    assert encoded([one]) == ""
    assert KEY not in recorded({"metadata": {"annotations": {KEY: "old"}}}, [one])["metadata"]["annotations"]
