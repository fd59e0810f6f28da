from typing import Any

import pytest

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Severity
from tests.controlplane.servers import wait_until
from tests.deletion.hazards.surroundings import ADMISSION, Surroundings
from tests.deletion.world import rule

pytestmark = pytest.mark.integration

HERE, ELSEWHERE = "webhooks", "webhooks-elsewhere"
VALIDATING = f"{ADMISSION}/validatingwebhookconfigurations"
MUTATING = f"{ADMISSION}/mutatingwebhookconfigurations"


def asks(operations: str, resources: str, groups: str = "", **more: Any) -> dict[str, Any]:
    """A rule: `asks("CREATE,UPDATE", "pods,pods/status")`."""
    return {
        "apiGroups": groups.split(","),
        "apiVersions": ["v1"],
        "operations": operations.split(","),
        "resources": resources.split(","),
        **more,
    }


def hook(
    around: Surroundings, *rules: dict[str, Any], at: str = "", pinned: bool = True, **more: Any
) -> dict[str, Any]:
    """at: the namespace of the service, else the doomed one. pinned: it only asks about the doomed one."""
    selector = {"matchLabels": {"kubernetes.io/metadata.name": around.namespace}}
    return {
        "name": "w.example.com",
        "admissionReviewVersions": ["v1"],
        "sideEffects": "None",
        "clientConfig": {"service": {"namespace": at or around.namespace, "name": "hooks"}},
        "rules": list(rules),
        **({"namespaceSelector": selector} if pinned else {}),
        **more,
    }


def configuration(around: Surroundings, *hooks: dict[str, Any], path: str = VALIDATING) -> str:
    return str(around.put(path, webhooks=list(hooks))["metadata"]["name"])


def test_without_any_nothing_is_found(around: Surroundings) -> None:
    assert around.hazards(HERE) == []
    assert around.hazards(ELSEWHERE) == []


@pytest.mark.parametrize(("path", "kind"), [(VALIDATING, "validating"), (MUTATING, "mutating")])
def test_one_that_fails_closed_breaks_the_cluster(around: Surroundings, path: str, kind: str) -> None:
    # a kind that no test makes
    rules = asks("CREATE,UPDATE", "leases", "coordination.k8s.io"), asks("UPDATE", "podtemplates")
    name = configuration(around, hook(around, *rules, pinned=False), path=path)
    (found,) = around.hazards(HERE)
    assert (found.severity, found.effect) == (Severity.DANGER, Effect.BREAKS)
    assert "refuses CREATE, UPDATE of leases.coordination.k8s.io and podtemplates" in found.summary
    label = f"{kind}webhookconfiguration.admissionregistration.k8s.io/{name}"
    assert found.objects == (label, "service/hooks")
    assert found.remedy == f"kubectl delete {label}"
    assert around.hazards(ELSEWHERE) == []


def test_one_that_fails_open_is_worth_knowing(around: Surroundings) -> None:
    configuration(around, hook(around, asks("*", "*", "*"), pinned=False, failurePolicy="Ignore"))
    (found,) = around.hazards(HERE)
    assert (found.severity, found.effect) == (Severity.INFO, Effect.BREAKS)
    assert "nobody looks at all requests for everything" in found.summary


def test_one_that_asks_about_this_namespace_alone_breaks_nothing_else(around: Surroundings) -> None:
    configuration(around, hook(around, asks("CREATE", "configmaps")))
    assert around.hazards(HERE) == []


def test_a_namespace_selector_does_not_keep_away_cluster_scoped_kinds(around: Surroundings) -> None:
    configuration(around, hook(around, asks("CREATE", "runtimeclasses", "node.k8s.io")))
    assert [found.effect for found in around.hazards(HERE)] == [Effect.BREAKS]


def test_one_served_from_here_holds_the_deletion(around: Surroundings) -> None:
    name = configuration(around, hook(around, asks("DELETE", "configmaps")))
    (found,) = around.hazards(HERE)
    assert (found.severity, found.effect) == (Severity.DANGER, Effect.BLOCKS)
    assert "refuses the deletion of configmaps in here" in found.summary
    around.delete_namespace()
    wait_until(around.is_stuck_with("NamespaceDeletionContentFailure", "w.example.com"))
    around.api.call("DELETE", f"{VALIDATING}/{name}")
    wait_until(around.is_gone)


@pytest.mark.parametrize(
    "rules",
    [
        asks("DELETE", "configmaps", scope="Cluster"),
        asks("DELETE", "configmaps/status"),
        asks("DELETE", "replicasets", "apps"),
        asks("CREATE", "*", "*"),
        asks("DELETE", "configmaps", "apps"),
    ],
    ids=["other scope", "a part of it", "none of them here", "other operation", "other group"],
)
def test_what_does_not_ask_about_what_is_here_does_not_hold_it(
    around: Surroundings, rules: dict[str, Any]
) -> None:
    configuration(around, hook(around, rules))
    assert [found for found in around.hazards(HERE) if found.effect is Effect.BLOCKS] == []
    around.delete_namespace()
    wait_until(around.is_gone)


@pytest.mark.parametrize("label", ["blue", "green"])
def test_an_object_selector_is_left_to_the_server(around: Surroundings, label: str) -> None:
    around.configmap("a", metadata={"name": "a", "labels": {"colour": "blue"}})
    selector = {
        "matchLabels": {"colour": label},
        "matchExpressions": [
            {"key": "colour", "operator": "In", "values": ["blue", "green"]},
            {"key": "colour", "operator": "NotIn", "values": ["red"]},
            {"key": "colour", "operator": "Exists"},
            {"key": "shape", "operator": "DoesNotExist"},
        ],
    }
    configuration(around, hook(around, asks("DELETE", "configmaps"), objectSelector=selector))
    assert len(around.hazards(HERE)) == (label == "blue")
    around.delete_namespace()
    wait_until(around.is_stuck_with("NamespaceDeletionContentFailure") if label == "blue" else around.is_gone)


def test_match_conditions_make_it_a_perhaps(around: Surroundings) -> None:
    condition = {"name": "c", "expression": "request.userInfo.username != 'x'"}
    configuration(around, hook(around, asks("DELETE", "configmaps"), matchConditions=[condition]))
    (found,) = around.hazards(HERE)
    assert found.severity is Severity.WARNING
    assert found.summary.endswith("unless its matchConditions exempt it")


def test_one_that_asks_about_the_finalizing_holds_the_end(around: Surroundings) -> None:
    configuration(around, hook(around, asks("UPDATE", "namespaces/finalize")))
    (found,) = around.hazards(HERE)
    assert found.effect is Effect.BLOCKS
    assert found.summary.endswith("refuses the end of the namespace")
    around.delete_namespace()
    wait_until(
        lambda: not around.api.exists(f"/api/v1/namespaces/{around.namespace}/serviceaccounts/default")
    )
    with pytest.raises(TimeoutError):
        wait_until(around.is_gone, 5)


def test_one_that_is_gone_already_refuses_the_deletion_itself(around: Surroundings) -> None:
    configuration(around, hook(around, asks("DELETE", "namespaces")))
    (found,) = around.hazards(HERE)
    assert found.summary.endswith("refuses the deletion of the namespace")
    assert_refuses_the_deletion(around)


def assert_refuses_the_deletion(around: Surroundings) -> None:
    path = f"/api/v1/namespaces/{around.namespace}"
    # admission hears of a new configuration with a delay
    wait_until(lambda: around.api.call("DELETE", f"{path}?dryRun=All")[0] == 500)
    assert around.api.call("DELETE", path)[0] == 500


def test_one_that_is_there_still_answers_for_the_deletion_itself(around: Surroundings) -> None:
    around.service(name="hooks")
    around.put(
        f"/apis/discovery.k8s.io/v1/namespaces/{around.namespace}/endpointslices",
        metadata={"labels": {"kubernetes.io/service-name": "hooks"}},
        addressType="IPv4",
        endpoints=[{"addresses": ["192.0.2.7"], "conditions": {"ready": True}}],
    )
    configuration(around, hook(around, asks("DELETE", "namespaces")))
    assert around.hazards(HERE) == []


def test_one_for_another_version_asks_too_unless_it_is_exact(around: Surroundings) -> None:
    api = around.definition("gadgets.versions.example.com", "Gadget", versions=("v1", "v2"))
    around.custom_in(around.namespace, api, "gadgets")
    for policy, number in (("Equivalent", 1), ("Exact", 0)):
        rules = asks("DELETE", "gadgets", "versions.example.com")
        name = configuration(around, hook(around, {**rules, "apiVersions": ["v1"]}, matchPolicy=policy))
        assert len(around.hazards(HERE)) == number, policy
        around.api.call("DELETE", f"{VALIDATING}/{name}")


def test_one_elsewhere_without_a_service_holds_the_deletion(around: Surroundings) -> None:
    configuration(around, hook(around, asks("DELETE", "configmaps"), at=around.other))
    (found,) = around.hazards(ELSEWHERE)
    assert (found.severity, found.effect) == (Severity.DANGER, Effect.BLOCKS)
    assert f"its service hooks -n {around.other} does not exist" in found.summary
    assert found.objects[1] == f"service/hooks -n {around.other}"
    around.delete_namespace()
    wait_until(around.is_stuck_with("NamespaceDeletionContentFailure", 'service "hooks" not found'))


def test_one_elsewhere_refuses_the_deletion_itself(around: Surroundings) -> None:
    configuration(around, hook(around, asks("DELETE", "namespaces"), at=around.other))
    (found,) = around.hazards(ELSEWHERE)
    assert found.summary.endswith("refuses the deletion of the namespace")
    assert_refuses_the_deletion(around)


def test_one_elsewhere_is_well_with_an_endpoint(around: Surroundings) -> None:
    configuration(around, hook(around, asks("DELETE", "configmaps"), at=around.other))
    around.service(around.other, "hooks")
    (found,) = around.hazards(ELSEWHERE)
    assert "has no ready endpoints" in found.summary
    around.put(
        f"/apis/discovery.k8s.io/v1/namespaces/{around.other}/endpointslices",
        metadata={"labels": {"kubernetes.io/service-name": "hooks"}},
        addressType="IPv4",
        endpoints=[{"addresses": ["192.0.2.7"]}],
    )
    assert around.hazards(ELSEWHERE) == []


def test_a_service_that_may_not_be_looked_at_is_named(around: Surroundings) -> None:
    configuration(around, hook(around, asks("DELETE", "configmaps"), at=around.other))
    user = f"user-{around.namespace}"
    around.grant(
        user,
        rule(
            "admissionregistration.k8s.io",
            "validatingwebhookconfigurations,mutatingwebhookconfigurations",
            "list",
        ),
        rule("", "configmaps", "list"),
    )
    error = around.unseen(ELSEWHERE, user)
    assert (error.what, error.reason) == (f"services -n {around.other}", "forbidden")


def test_kinds_that_cannot_be_seen_make_it_a_perhaps(around: Surroundings) -> None:
    configuration(around, hook(around, asks("DELETE", "secrets")))
    user = f"user-{around.namespace}"
    around.grant(
        user,
        rule(
            "admissionregistration.k8s.io",
            "validatingwebhookconfigurations,mutatingwebhookconfigurations",
            "list",
        ),
    )
    from kubectl_ns_tools.deletion.hazards.webhooks import served_here

    (found,) = served_here(around.scene(user))
    assert (found.severity, found.effect) == (Severity.WARNING, Effect.BLOCKS)
    assert "the deletion of secrets in here" in found.summary


def test_a_url_that_names_a_service_counts_as_one(around: Surroundings) -> None:
    url = f"https://hooks.{around.namespace}.svc:443/x"
    configuration(around, hook(around, asks("DELETE", "configmaps"), clientConfig={"url": url}))
    (found,) = around.hazards(HERE)
    assert found.objects[1] == "service/hooks"
