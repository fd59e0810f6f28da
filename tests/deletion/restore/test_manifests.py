from typing import Any

import pytest

from kubectl_ns_tools.deletion.restore.manifests import checked, checked_namespace
from kubectl_ns_tools.errors import Refused
from tests.deletion.restore.builders import entry, manifest

ENTRY = entry("configmaps", "ConfigMap", "a")
CLAIM = entry("persistentvolumeclaims", "PersistentVolumeClaim", "a")


@pytest.mark.parametrize(
    "found",
    [
        None,
        [],
        "text",
        {},
        {"apiVersion": "v1", "kind": "ConfigMap"},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": []},
        manifest("ConfigMap", "b"),
        manifest("Secret"),
        manifest("ConfigMap", api_version="v2"),
        manifest("ConfigMap", metadata={"labels": ["a"]}),
        manifest("ConfigMap", metadata={"annotations": "a"}),
        manifest("ConfigMap", metadata={"name": ["a"]}),
    ],
)
def test_a_manifest_of_another_object_is_refused(found: Any) -> None:
    with pytest.raises(
        Refused, match=r"^the backup f\.tar\.gz cannot be used: objects/configmaps/a\.yaml is not"
    ):
        checked(ENTRY, found, "f.tar.gz")


@pytest.mark.parametrize("name", [".", "..", "a/b", "a%2fb", "../../secrets/x"])
def test_a_name_that_would_be_another_path_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="has a name that no object can have"):
        checked(ENTRY._replace(name=name), manifest("ConfigMap", name), "f")


def test_what_is_as_it_says_passes() -> None:
    checked(ENTRY, manifest("ConfigMap"), "f")
    checked(CLAIM, manifest("PersistentVolumeClaim", spec={}), "f")
    checked_namespace("blue", manifest("Namespace", "blue"), "f")


def test_a_claim_has_a_spec() -> None:
    with pytest.raises(Refused, match="is no claim"):
        checked(CLAIM, manifest("PersistentVolumeClaim", spec=[]), "f")


@pytest.mark.parametrize("found", [manifest("Namespace", "red"), manifest("ClusterRole", "blue"), None])
def test_the_namespace_is_the_one_of_the_head(found: Any) -> None:
    with pytest.raises(Refused, match="its Namespace is not the blue that it says it is of"):
        checked_namespace("blue", found, "f")
