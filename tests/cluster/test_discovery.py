"""What a cluster serves, in both forms of discovery, healthy and broken."""

from typing import Any

import pytest

from kubectl_ns_tools.cluster.discovery import (
    BrokenGroup,
    Discovery,
    NoMatch,
    Resource,
    discover,
    group_versions,
    parse_aggregated,
    parse_resource_list,
)
from kubectl_ns_tools.cluster.errors import ApiForbidden, ApiUnauthorized
from kubectl_ns_tools.errors import ExitCode, NotFound
from tests.cluster.scripted import Scripted

STALE = "stale GroupVersion discovery: metrics.k8s.io/v1beta1"


def entry(plural: str, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "resource": plural,
        "responseKind": {"group": "", "version": "", "kind": kind},
        "scope": "Namespaced",
        "singularResource": kind.lower(),
        "verbs": ["get", "list"],
        **more,
    }


def group(name: str, *versions: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": {"name": name}, "versions": list(versions)}


def version(name: str, *entries: dict[str, Any], freshness: str = "Current") -> dict[str, Any]:
    return {"version": name, "freshness": freshness, "resources": list(entries)}


def aggregated(*groups: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "items": list(groups)}


CORE = aggregated(
    group(
        "",
        version(
            "v1",
            entry(
                "pods", "Pod", shortNames=["po"], categories=["all"], subresources=[{"subresource": "log"}]
            ),
            entry("namespaces", "Namespace", scope="Cluster", shortNames=["ns"]),
            entry("events", "Event", shortNames=["ev"]),
            entry("secrets", "Secret"),
        ),
    )
)
APIS = aggregated(
    group("apps", version("v1", entry("deployments", "Deployment", shortNames=["deploy"]))),
    group("events.k8s.io", version("v1", entry("events", "Event", shortNames=["ev"]))),
    group(
        "batch",
        version("v1", entry("jobs", "Job")),
        version("v1beta1", entry("jobs", "Job"), entry("oldjobs", "OldJob")),
    ),
    group("metrics.k8s.io", version("v1beta1", entry("pods", "PodMetrics"), freshness="Stale")),
    group("example.com", version("v1", {**entry("blanks", ""), "responseKind": None})),
)


@pytest.fixture
def served() -> Discovery:
    found = [*parse_aggregated(CORE), *parse_aggregated(APIS)]
    return Discovery(
        tuple(entry for entry in found if isinstance(entry, Resource)),
        tuple(entry for entry in found if isinstance(entry, BrokenGroup)),
    )


def test_the_aggregated_form_gives_every_resource_in_every_version(served: Discovery) -> None:
    assert [f"{resource.api_version} {resource.name}" for resource in served.resources] == [
        "v1 pods",
        "v1 namespaces",
        "v1 events",
        "v1 secrets",
        "apps/v1 deployments",
        "events.k8s.io/v1 events",
        "batch/v1 jobs",
        "batch/v1beta1 jobs",
        "batch/v1beta1 oldjobs",
    ]


def test_the_aggregated_form_gives_all_that_is_known_of_a_resource(served: Discovery) -> None:
    assert served.resources[0] == Resource(
        group="",
        version="v1",
        name="pods",
        kind="Pod",
        namespaced=True,
        verbs=frozenset({"get", "list"}),
        short_names=("po",),
        singular="pod",
        categories=("all",),
    )
    assert not served.resources[1].namespaced


def test_a_stale_group_is_broken_and_its_old_list_is_not_believed(served: Discovery) -> None:
    assert served.broken == (BrokenGroup("metrics.k8s.io/v1beta1", STALE),)
    assert str(served.broken[0]) == f"metrics.k8s.io/v1beta1: {STALE}"
    assert not [resource for resource in served.resources if resource.kind == "PodMetrics"]


def test_preferred_takes_the_first_version_that_lists_a_resource(served: Discovery) -> None:
    jobs = [resource.api_version for resource in served.preferred() if "jobs" in resource.name]
    assert jobs == ["batch/v1", "batch/v1beta1"]  # jobs, and oldjobs that only the old version has


def test_the_old_form_leaves_subresources_out() -> None:
    document = {
        "kind": "APIResourceList",
        "groupVersion": "apps/v1",
        "resources": [
            {
                "name": "deployments",
                "singularName": "",
                "namespaced": True,
                "kind": "Deployment",
                "verbs": ["list"],
                "shortNames": ["deploy"],
                "categories": ["all"],
            },
            {"name": "deployments/scale", "group": "autoscaling", "version": "v1", "kind": "Scale"},
        ],
    }
    assert list(parse_resource_list("apps/v1", document)) == [
        Resource(
            "apps",
            "v1",
            "deployments",
            "Deployment",
            True,
            frozenset({"list"}),
            ("deploy",),
            "deployment",
            ("all",),
        )
    ]


def test_the_old_form_puts_a_groups_preferred_version_first() -> None:
    versions = [{"groupVersion": "g/v1beta1"}, {"groupVersion": "g/v1"}, {"groupVersion": "g/v2alpha1"}]
    root = {"kind": "APIGroupList", "groups": [{"versions": versions, "preferredVersion": versions[1]}]}
    assert group_versions(root) == ["g/v1", "g/v1beta1", "g/v2alpha1"]


@pytest.mark.parametrize(
    ("argument", "group_resource"),
    [
        ("pods", "pods"),
        ("pod", "pods"),
        ("Pod", "pods"),
        ("po", "pods"),
        ("ns", "namespaces"),
        ("deploy", "deployments.apps"),
        ("deployment.apps", "deployments.apps"),
        ("deployments.v1.apps", "deployments.apps"),
        ("Deployment.v1.apps", "deployments.apps"),
        ("pods.v1", "pods"),
        ("events", "events"),
        ("ev", "events"),
        ("events.events.k8s.io", "events.events.k8s.io"),
        ("events.events", "events.events.k8s.io"),
    ],
)
def test_find_understands_kubectls_argument(served: Discovery, argument: str, group_resource: str) -> None:
    assert served.find(argument).group_resource == group_resource


@pytest.mark.parametrize("argument", ["widgets", "pods.apps", "deployments.v2.apps", "deployments.app.x", ""])
def test_find_refuses_in_kubectls_words(served: Discovery, argument: str) -> None:
    with pytest.raises(NotFound) as caught:
        served.find(argument)
    name = argument.partition(".")[0]
    assert caught.value.message == f'the server doesn\'t have a resource type "{name}"'


def test_resource_for_finds_the_exact_version(served: Discovery) -> None:
    assert served.resource_for("batch/v1beta1", "Job").api_version == "batch/v1beta1"


@pytest.mark.parametrize(
    ("api_version", "kind", "hint"),
    [
        pytest.param("v2", "Pod", "this cluster serves Pod in v1", id="another version"),
        pytest.param(
            "batch/v2", "Job", "this cluster serves Job in batch/v1, batch/v1beta1", id="several versions"
        ),
        pytest.param("example.com/v1", "Widget", "ensure CRDs are installed first", id="unknown"),
        pytest.param(
            "metrics.k8s.io/v1beta1",
            "PodMetrics",
            f"the cluster cannot serve it at present: metrics.k8s.io/v1beta1: {STALE}",
            id="a broken group",
        ),
    ],
)
def test_no_match_is_in_kubectls_words_and_knows_better(
    served: Discovery, api_version: str, kind: str, hint: str
) -> None:
    with pytest.raises(NoMatch) as caught:
        served.resource_for(api_version, kind)
    assert caught.value.message == f'no matches for kind "{kind}" in version "{api_version}"'
    assert caught.value.hint == hint
    assert caught.value.exit_code == ExitCode.REFUSED


@pytest.mark.parametrize(
    ("resource", "arguments", "path"),
    [
        pytest.param(
            Resource("", "v1", "pods", "Pod", True),
            {"namespace": "a"},
            "/api/v1/namespaces/a/pods",
            id="core",
        ),
        pytest.param(Resource("", "v1", "pods", "Pod", True), {}, "/api/v1/pods", id="all namespaces"),
        pytest.param(
            Resource("", "v1", "namespaces", "Namespace", False),
            {"namespace": "a", "name": "b", "subresource": "finalize"},
            "/api/v1/namespaces/b/finalize",
            id="cluster-scoped",
        ),
        pytest.param(
            Resource("rbac.authorization.k8s.io", "v1", "roles", "Role", True),
            {"namespace": "a", "name": "system:x/../y?z"},
            "/apis/rbac.authorization.k8s.io/v1/namespaces/a/roles/system%3Ax%2F..%2Fy%3Fz",
            id="names are quoted",
        ),
    ],
)
def test_a_resource_knows_its_path(resource: Resource, arguments: dict[str, str], path: str) -> None:
    assert resource.path(**arguments) == path


def test_discover_asks_twice_where_the_server_aggregates() -> None:
    with Scripted().on("/api").answer(CORE).on("/apis").answer(APIS) as server:
        found = discover(server.connection())
    assert sorted(request.path for request in server.requests) == ["/api", "/apis"]
    assert found.find("deploy").kind == "Deployment"
    assert len(found.broken) == 1


def old_server() -> Scripted:
    versions = [{"groupVersion": "apps/v1"}, {"groupVersion": "metrics.k8s.io/v1beta1"}]
    groups = [{"versions": [each], "preferredVersion": each} for each in versions]
    pod = {"name": "pods", "namespaced": True, "kind": "Pod", "verbs": ["list"]}
    deployment = {**pod, "name": "deployments", "kind": "Deployment"}
    script = Scripted()
    script.on("/api").answer({"kind": "APIVersions", "versions": ["v1"]})
    script.on("/apis").answer({"kind": "APIGroupList", "groups": groups})
    script.on("/api/v1").answer({"kind": "APIResourceList", "resources": [pod]})
    script.on("/apis/apps/v1").answer({"kind": "APIResourceList", "resources": [deployment]})
    return script


def test_discover_falls_back_to_the_old_form_and_records_what_is_broken() -> None:
    script = old_server().on("/apis/metrics.k8s.io/v1beta1").text("service unavailable", 503)
    with script as server:
        found = discover(server.connection())
    assert [resource.group_resource for resource in found.resources] == ["pods", "deployments.apps"]
    message = "the server is currently unable to handle the request"
    assert found.broken == (BrokenGroup("metrics.k8s.io/v1beta1", message),)


def test_discover_stops_when_we_are_not_logged_in() -> None:
    with (
        old_server().on("/apis/metrics.k8s.io/v1beta1").text("Unauthorized", 401) as server,
        pytest.raises(ApiUnauthorized),
    ):
        discover(server.connection())


def test_discover_cannot_do_without_its_roots() -> None:
    script = Scripted().on("/api").text("no", 403).on("/apis").text("no", 403)
    with script as server, pytest.raises(ApiForbidden):
        discover(server.connection())
