"""Templates in ConfigMaps of a real cluster."""

from collections.abc import Callable
from typing import Any

import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.errors import NotFound, Refused, Unreachable
from kubectl_ns_tools.templates.library.library import open_library
from kubectl_ns_tools.templates.library.published import ClusterShelf, published_namespaces
from tests.controlplane.servers import ControlPlane
from tests.templates.ground import user_with

Publish = Callable[..., None]
TEXT = "{apiVersion: v1, kind: ConfigMap, metadata: {name: '${OWNER}'}}"


@pytest.fixture
def publish(controlplane: ControlPlane, namespace: str) -> Publish:
    """Makes a ConfigMap in the namespace: publish(name, labelled=True, **data)."""

    def make(name: str, *, label: str = "true", **data: str) -> None:
        metadata = {"name": name, "labels": {"kubectl-ns-tools/template": label}}
        data = data or {"template.yaml": TEXT}
        controlplane.api.create(
            f"/api/v1/namespaces/{namespace}/configmaps", {"metadata": metadata, "data": data}
        )

    return make


def shelf_of(connection: Connection, *namespaces: str) -> ClusterShelf:
    return ClusterShelf(lambda: connection, namespaces)


@pytest.mark.parametrize(
    ("environ", "namespaces"),
    [
        ({}, ["kubectl-ns-tools"]),
        ({"KUBECTL_NS_TOOLS_TEMPLATES_NAMESPACE": "a, b"}, ["a", "b"]),
        ({"KUBECTL_NS_TOOLS_TEMPLATES_NAMESPACE": ""}, []),
    ],
)
def test_the_namespaces_are_named_beforehand(environ: dict[str, str], namespaces: list[str]) -> None:
    assert published_namespaces(environ) == namespaces


@pytest.mark.integration
class TestShelf:
    def test_a_labelled_configmap_is_a_template(
        self, connection: Connection, namespace: str, publish: Publish
    ) -> None:
        publish("web")
        publish("drafts", label="false")
        shelf = shelf_of(connection, namespace)
        assert shelf.names() == ["web"]
        [source] = shelf.sources("web")
        assert (source.text, source.label, source.expands) == (TEXT, "web", True)
        assert source.name == shelf.place("web") == f"configmap:{namespace}/web"
        assert shelf.sources("drafts") == shelf.sources("nothing") == []

    def test_a_tenants_namespace_is_not_looked_into(
        self, connection: Connection, namespace: str, publish: Publish
    ) -> None:
        publish("team")
        library = open_library({}, shelf_of(connection, "kubectl-ns-tools"))
        assert library.find("team")[0].place == "builtin/team.yaml"

    def test_it_comes_before_the_builtin_ones_and_the_first_namespace_first(
        self, connection: Connection, namespace: str, publish: Publish
    ) -> None:
        publish("team")
        library = open_library({}, shelf_of(connection, "nowhere", namespace))
        info, [source] = library.find("team")
        assert (info.origin, info.place) == ("cluster", f"configmap:{namespace}/team")
        assert source.text == TEXT
        listed = [each for each in library.templates() if each.name == "team"]
        assert [(each.origin, each.hidden_by) for each in listed] == [
            ("cluster", ""),
            ("built-in", info.place),
        ]
        assert [parameter.name for parameter in listed[0].parameters] == ["OWNER"]

    def test_a_configmap_without_the_key_is_refused(
        self, connection: Connection, namespace: str, publish: Publish
    ) -> None:
        publish("web", other="x")
        with pytest.raises(Refused) as caught:
            shelf_of(connection, namespace).sources("web")
        assert caught.value.message == f"configmap:{namespace}/web: there is no template.yaml in its data"

    def test_who_may_not_read_there_has_the_builtin_ones(
        self, controlplane: ControlPlane, namespace: str, publish: Publish
    ) -> None:
        publish("team")
        with user_with(controlplane) as nobody:
            shelf = shelf_of(nobody, namespace)
            assert (shelf.names(), shelf.sources("team"), shelf.trouble) == ([], [], "")


class TestOutOfReach:
    @staticmethod
    def shelf(calls: list[None], **options: Any) -> ClusterShelf:
        def connect() -> Connection:
            calls.append(None)
            raise Unreachable("no answer")

        return ClusterShelf(connect, ["a", "b"], **options)

    def test_it_is_an_error_where_the_cluster_is_needed(self) -> None:
        with pytest.raises(Unreachable):
            self.shelf([]).sources("team")

    def test_else_it_is_asked_once_and_the_trouble_is_told(self) -> None:
        calls: list[None] = []
        shelf = self.shelf(calls, offline=True)
        library = open_library({}, shelf)
        assert library.find("team")[0].place == "builtin/team.yaml"
        assert library.names() == ["ci", "default", "restricted", "sandbox", "team"]
        assert (shelf.trouble, len(calls)) == ("no answer", 1)
        with pytest.raises(NotFound) as caught:
            library.find("tema")
        assert caught.value.hint == "did you mean 'team'? (those of the cluster are not known: no answer)"
