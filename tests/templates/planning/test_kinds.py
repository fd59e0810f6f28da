import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.discovery import discover
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.planning.kinds import BuiltinKinds, defined_kinds
from tests.templates.builders import objects

DEFINITION = """\
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {{name: widgets.example.com}}
    spec:
      group: example.com
      names: {{plural: widgets, kind: Widget}}
      scope: {scope}
      versions: [{{name: v1, served: true}}, {{name: v2, served: false}}]
"""


def manifest(api_version: str, kind: str) -> Manifest:
    return Manifest({"apiVersion": api_version, "kind": kind}, "f.yaml")


@pytest.mark.parametrize(
    ("api_version", "kind", "namespaced"),
    [
        ("v1", "Pod", True),
        ("v1", "Namespace", False),
        ("v2", "Pod", True),
        ("apps/v1", "Deployment", True),
        ("rbac.authorization.k8s.io/v1", "ClusterRole", False),
        ("rbac.authorization.k8s.io/v1", "RoleBinding", True),
        ("storage.k8s.io/v1", "StorageClass", False),
        ("example.com/v1", "Widget", None),
        ("cluster.x-k8s.io/v1beta1", "Cluster", None),
    ],
)
def test_builtin_kinds_are_known_without_a_cluster(
    api_version: str, kind: str, namespaced: bool | None
) -> None:
    assert BuiltinKinds([]).namespaced(manifest(api_version, kind)) is namespaced
    assert BuiltinKinds([]).problem(manifest(api_version, kind)) == ""


@pytest.mark.parametrize(("scope", "namespaced"), [("Namespaced", True), ("Cluster", False)])
def test_a_definition_in_the_file_says_where_its_kind_lives(scope: str, namespaced: bool) -> None:
    kinds = BuiltinKinds(objects(DEFINITION.format(scope=scope)))
    assert kinds.namespaced(manifest("example.com/v1", "Widget")) is namespaced
    assert kinds.namespaced(manifest("example.com/v2", "Widget")) is None


@pytest.mark.parametrize("spec", ["7", "{}", "{group: g, names: {}}", "{group: g, names: x, versions: [1]}"])
def test_a_definition_that_is_none_defines_nothing(spec: str) -> None:
    text = f"{{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, spec: {spec}}}"
    assert defined_kinds(objects(text)) == {}


@pytest.mark.integration
def test_the_table_agrees_with_the_real_server(connection: Connection) -> None:
    served = [each for each in discover(connection).resources if not each.group.endswith("example.com")]
    known = {
        (each.group, each.kind): BuiltinKinds([]).namespaced(manifest(each.api_version, each.kind))
        for each in served
    }
    assert known == {(each.group, each.kind): each.namespaced for each in served}
