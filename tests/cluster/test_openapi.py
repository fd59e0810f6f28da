"""Schemas as a server tells them."""

import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiNotFound
from kubectl_ns_tools.cluster.openapi import Schemas, read_schemas


def gvk(group: str, version: str, kind: str) -> dict[str, object]:
    return {"x-kubernetes-group-version-kind": [{"group": group, "version": version, "kind": kind}]}


def test_a_kind_is_found_in_its_own_group_and_version() -> None:
    schemas = {
        "a": gvk("x.io", "v1", "Widget") | {"type": "object"},
        "b": gvk("x.io", "v2", "Widget"),
        "c": gvk("", "v1", "DeleteOptions"),
    }
    found = Schemas({"components": {"schemas": schemas}}, "x.io/v1")
    assert found.of_kind("Widget") == schemas["a"]
    assert found.of_kind("DeleteOptions") is None


def test_references_are_followed_and_a_loop_ends() -> None:
    schemas = {
        "text": {"type": "string"},
        "wrapped": {"allOf": [{"$ref": "#/components/schemas/text"}]},
        "loop": {"$ref": "#/components/schemas/loop"},
        "own": {"type": "object", "properties": {}, "allOf": [{"required": ["a"]}]},
    }
    found = Schemas({"components": {"schemas": schemas}}, "v1")
    assert found.resolved({"$ref": "#/components/schemas/wrapped"}) == {"type": "string"}
    assert found.resolved({"$ref": "#/components/schemas/loop"}) == {}
    assert found.resolved({"$ref": "#/components/schemas/nothing"}) == {}
    assert found.resolved(schemas["own"]) == schemas["own"]


@pytest.mark.integration
@pytest.mark.parametrize(("api_version", "kind"), [("v1", "ResourceQuota"), ("apps/v1", "Deployment")])
def test_a_real_server_tells(connection: Connection, api_version: str, kind: str) -> None:
    schemas = read_schemas(connection, api_version)
    whole = schemas.of_kind(kind)
    assert whole is not None
    spec = schemas.resolved(schemas.resolved(whole)["properties"]["spec"])
    assert {"ResourceQuota": "hard", "Deployment": "replicas"}[kind] in spec["properties"]


@pytest.mark.integration
def test_a_version_that_is_not_served(connection: Connection) -> None:
    with pytest.raises(ApiNotFound):
        read_schemas(connection, "apps/v1beta1")
