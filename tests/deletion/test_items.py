from typing import Any

import pytest

from kubectl_ns_tools.deletion.items import Item, Reader
from tests.deletion.builders import configmap, deployment, pod_metrics, resource


def read(metadata: dict[str, Any]) -> Item:
    return Reader(resource("pods", "Pod")).item({"metadata": metadata})


def test_a_bare_object_has_neither_owners_nor_finalizers() -> None:
    item = read({"name": "a", "uid": "u", "creationTimestamp": "2026-01-01T00:00:00Z", "finalizers": None})
    assert (item.name, item.uid, item.owners, item.finalizers, item.deleted) == ("a", "u", (), (), "")


def test_owners_are_read_and_shared_between_siblings() -> None:
    reader = Reader(resource("pods", "Pod"))
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-1", "uid": "r", "controller": True}
    first, second = (
        reader.item({"metadata": {"name": name, "uid": name, "ownerReferences": [dict(owner)]}})
        for name in "ab"
    )
    assert [(found.kind, found.name, found.uid, found.controller) for found in first.owners] == [
        ("ReplicaSet", "web-1", "r", True)
    ]
    assert first.owners is second.owners


def test_a_view_of_an_aggregated_api_has_no_uid() -> None:
    assert read({"name": "a", "creationTimestamp": None}).uid == ""
    assert not pod_metrics("a").item.deletable


@pytest.mark.parametrize(
    ("item", "label"),
    [(configmap("a").item, "configmap/a"), (deployment("web").item, "deployment.apps/web")],
    ids=["core", "group"],
)
def test_labels_are_kubectls_names(item: Item, label: str) -> None:
    assert item.label == label


@pytest.mark.parametrize(
    ("kind", "name", "made"),
    [
        ("configmaps", "kube-root-ca.crt", True),
        ("serviceaccounts", "default", True),
        ("configmaps", "default", False),
        ("configmaps.example.com", "kube-root-ca.crt", False),
    ],
)
def test_what_kubernetes_puts_into_every_namespace_is_known(kind: str, name: str, made: bool) -> None:
    item = Reader(resource(kind, "Any")).item({"metadata": {"name": name, "uid": "u"}})
    assert item.made_by_kubernetes is made
