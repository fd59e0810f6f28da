"""Discovery of the real API server, compared with kubectl's."""

from collections.abc import Callable
from typing import Any

import pytest

from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.cluster.discovery import NoMatch, discover
from tests.controlplane.servers import ControlPlane
from tests.controlplane.waiting import wait_until

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("namespaced", [True, False])
def test_it_finds_what_kubectl_finds(
    connection: Connection, kubectl: Callable[..., Any], namespaced: bool
) -> None:
    listed = kubectl("api-resources", "-o", "name", f"--namespaced={str(namespaced).lower()}").stdout
    theirs = {name for name in listed.split() if not name.endswith(".example.com")}
    found = [resource for resource in discover(connection).preferred() if resource.namespaced is namespaced]
    # custom resources of other tests come and go
    ours = {each.group_resource for each in found if not each.group.endswith(".example.com")}
    assert ours == theirs
    assert len(ours) > 10


def test_a_custom_resource_is_served_in_its_versions(connection: Connection, widgets: str) -> None:
    served = discover(connection)
    assert served.find(f"wd.{widgets}").api_version == f"{widgets}/v1"
    of_ours = [each for each in served.versions_serving("Widget") if each.startswith(f"{widgets}/")]
    assert of_ours == [f"{widgets}/v1", f"{widgets}/v1alpha1"]  # other tests have Widgets too
    assert served.resource_for(f"{widgets}/v1alpha1", "Widget").short_names == ("wd",)


@pytest.mark.parametrize(
    ("api_version", "kind", "hint"),
    [
        ("v2", "Pod", "this cluster serves Pod in v1"),
        ("extensions/v1beta1", "Ingress", "this cluster serves Ingress in networking.k8s.io/v1"),
        ("nothing.example.com/v1", "Nothing", "ensure CRDs are installed first"),
    ],
)
def test_no_match_is_in_kubectls_words(
    connection: Connection, kubectl: Callable[..., Any], api_version: str, kind: str, hint: str
) -> None:
    with pytest.raises(NoMatch) as caught:
        discover(connection).resource_for(api_version, kind)
    manifest = f'{{"apiVersion": "{api_version}", "kind": "{kind}", "metadata": {{"name": "x"}}}}'
    theirs = kubectl("apply", "-f", "-", input=manifest, check=False)
    assert caught.value.message in theirs.stderr
    assert caught.value.hint == hint


def test_a_broken_api_service_is_recorded(private_controlplane: ControlPlane) -> None:
    spec = {
        "group": "broken.example.com",
        "version": "v1",
        "groupPriorityMinimum": 100,
        "versionPriority": 100,
        "service": {"name": "nobody", "namespace": "default"},
        "insecureSkipTLSVerify": True,
    }
    body = {"metadata": {"name": "v1.broken.example.com"}, "spec": spec}
    private_controlplane.api.create("/apis/apiregistration.k8s.io/v1/apiservices", body)
    connection = connect(private_controlplane.kubeconfig_dict())
    wait_until(lambda: bool(discover(connection).broken))
    served = discover(connection)
    connection.close()
    assert [str(broken) for broken in served.broken] == [
        "broken.example.com/v1: stale GroupVersion discovery: broken.example.com/v1"
    ]
    assert served.find("deploy").kind == "Deployment"
