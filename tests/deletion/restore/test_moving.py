import base64
from typing import Any

import pytest

from kubectl_ns_tools.deletion.restore.moving import mentions, moved, moved_namespace
from tests.deletion.restore.builders import manifest

RBAC = "rbac.authorization.k8s.io/v1"


def test_the_namespace_of_an_object_becomes_the_new_one() -> None:
    old = manifest("ConfigMap", metadata={"namespace": "blue", "labels": {"app": "blue"}})
    assert moved(old, "blue", "red")["metadata"] == {
        "name": "a", "namespace": "red", "labels": {"app": "blue"},
    }  # fmt: skip
    assert old["metadata"]["namespace"] == "blue"


def test_subjects_of_the_old_namespace_move_with_it_and_others_stay() -> None:
    subjects = [
        {"kind": "ServiceAccount", "name": "bot", "namespace": "blue"},
        {"kind": "ServiceAccount", "name": "bot", "namespace": "green"},
        {"kind": "User", "name": "blue"},
        "hostile",
    ]
    binding = manifest("RoleBinding", api_version=RBAC, subjects=subjects)
    assert moved(binding, "blue", "red")["subjects"] == [
        {"kind": "ServiceAccount", "name": "bot", "namespace": "red"},
        *subjects[1:],
    ]
    assert moved(binding, "blue", "blue")["subjects"] == subjects


def test_a_namespace_under_another_name_gets_other_ranges_of_users() -> None:
    annotations = {"openshift.io/sa.scc.uid-range": "1/2", "contact": "a"}
    old = manifest("Namespace", "blue", metadata={"annotations": annotations})
    assert moved_namespace(old, "blue") == old
    assert moved_namespace(old, "red")["metadata"] == {"name": "red", "annotations": {"contact": "a"}}


@pytest.mark.parametrize(
    "value",
    [
        "db.blue", "db.blue.svc", "db.blue.svc.cluster.local:5432", "http://db.blue/path", "amqp://u:p@mq.blue:5672",
        "a.blue,b.green", "system:serviceaccount:blue:bot", "system:serviceaccounts:blue", "blue/tls",
    ],
)  # fmt: skip
def test_what_seems_to_mean_the_old_namespace_is_found(value: str) -> None:
    assert mentions(manifest("ConfigMap", data={"key": value}), "blue") == ["data.key"]


@pytest.mark.parametrize(
    "value",
    [
        "blue", "blue.example.com/x/y", "registry.blue.example.com/app:1", "deep-blue.svc", "my.blue-ish",
        "a.bluex", "",
    ],
)  # fmt: skip
def test_a_word_that_is_only_alike_is_not(value: str) -> None:
    assert mentions(manifest("ConfigMap", data={"key": value}), "blue") == []


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"spec": {"targetNamespace": "blue"}}, "spec.targetNamespace"),
        ({"spec": {"sources": [{"namespace": "blue"}]}}, "spec.sources[0].namespace"),
        ({"spec": {"namespaces": ["red", "blue"]}}, "spec.namespaces[1]"),
        (
            {"spec": {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "blue"}}}},
            "spec.namespaceSelector.matchLabels.kubernetes.io/metadata.name",
        ),
        ({"spec": {"env": [{"name": "A", "value": "db.blue"}]}}, "spec.env[0].value"),
        ({"metadata": {"annotations": {"auth": "blue/users"}}}, "metadata.annotations.auth"),
    ],
)
def test_the_field_is_named(fields: dict[str, Any], path: str) -> None:
    assert mentions(manifest("Any", **fields), "blue") == [path]


def test_its_own_name_and_namespace_are_no_mention() -> None:
    assert mentions(manifest("ConfigMap", "db.blue", metadata={"namespace": "blue"}), "blue") == []


def test_secrets_are_read_without_being_told() -> None:
    data = {
        "url": base64.b64encode(b"postgres://u:p@db.blue:5432").decode(),
        "binary": base64.b64encode(b"\xff\xfe.blue").decode(),
        "broken": "no base64: db.blue",
    }
    assert mentions(manifest("Secret", data=data), "blue") == ["data.url"]
    assert mentions(manifest("Secret", data="hostile"), "blue") == []


def test_what_is_nested_too_deeply_is_left_alone() -> None:
    deep: Any = "db.blue"
    for _ in range(5000):
        deep = [deep]
    assert mentions(manifest("Any", spec={"deep": deep, "shallow": "db.blue"}), "blue") == ["spec.shallow"]
