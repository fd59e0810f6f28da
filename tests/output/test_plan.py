from dataclasses import replace

from kubectl_ns_tools.deletion.inventory import Gap, Reason
from kubectl_ns_tools.output.plan import plan_document, plan_names, plan_text
from tests.deletion.builders import NOW, ago, configmap, deployment, plan, pod, pod_metrics

SECRETS = Gap("secrets", Reason.FORBIDDEN, "no")
BROKEN = Gap("x.io/v1", Reason.BROKEN_GROUP, "stale")


def test_the_preview_has_a_header_a_summary_and_a_tree() -> None:
    web = deployment("web")
    assert plan_text(plan(configmap("a"), web, pod("web-1").owned_by(web)), NOW) == (
        "Namespace:     blue (60m old)\n"
        "Context:       blue@c\n"
        "Server:        https://c:6443\n"
        "Goes with it:  3 objects of 3 kinds\n"
        "\n"
        "KIND               COUNT\n"
        "configmaps         1\n"
        "deployments.apps   1\n"
        "pods               1\n"
        "\n"
        "namespace/blue\n"
        "├── configmap/a\n"
        "└── deployment.apps/web\n"
        "    └── pod/web-1"
    )


def test_what_was_not_seen_stands_at_the_end() -> None:
    text = plan_text(plan(configmap("a"), gaps=(SECRETS, BROKEN)), NOW)
    assert text.endswith(
        "NOT VISIBLE, but deleted too:\n"
        "  you may not list: secrets\n"
        "  the API group does not answer: x.io/v1 (stale)\n"
        "\n"
        "WILL BE STUCK: no namespace of this cluster goes while x.io/v1 does not answer."
    )


def test_nothing_seen_is_not_called_empty() -> None:
    text = plan_text(plan(gaps=(SECRETS,)), NOW)
    assert "Goes with it:  0 objects of 0 kinds\n\nNothing was seen in it.\n\nNOT VISIBLE" in text


def test_a_namespace_that_is_being_deleted_says_since_when() -> None:
    assert plan_text(plan(terminating_since=ago(90)), NOW).startswith(
        "Namespace:     blue (being deleted for 90s)"
    )


def test_views_and_oddities_are_noted() -> None:
    made = plan(configmap("a"), pod_metrics("a"))
    noted = replace(made, inventory=replace(made.inventory, notes=("widgets.x.io is served no longer",)))
    assert plan_text(noted, NOW).endswith(
        "Note: widgets.x.io is served no longer\n"
        "Note: computed by the server, nothing to delete: 1 pods.metrics.k8s.io"
    )


def test_wide_shows_everything() -> None:
    many = [configmap(f"c{index}") for index in range(30)]
    assert plan_text(plan(*many), NOW).count("configmap/") == 10
    assert plan_text(plan(*many), NOW, everything=True).count("configmap/") == 30


def test_names_are_kubectls_with_the_namespace_first() -> None:
    made = plan(configmap("a"), deployment("web"), pod_metrics("a"))
    assert plan_names(made) == "namespace/blue\nconfigmap/a\ndeployment.apps/web"


def test_the_document_holds_all_that_was_seen_and_names_what_was_not() -> None:
    web = deployment("web")
    held = pod("a").owned_by(web).held_by("x.io/f").deleted(60)
    found = plan_document(plan(web, held, pod_metrics("a"), gaps=(SECRETS,)))
    assert (found["kind"], found["complete"]) == ("DeletionPreview", False)
    assert found["namespace"] == {
        "name": "blue",
        "uid": "u1",
        "creationTimestamp": ago(3600),
        "deletionTimestamp": None,
    }
    assert found["counts"] == [
        {"apiVersion": "apps/v1", "kind": "Deployment", "resource": "deployments.apps", "count": 1},
        {"apiVersion": "v1", "kind": "Pod", "resource": "pods", "count": 1},
    ]
    assert found["objects"][1] == {
        "apiVersion": "v1",
        "kind": "Pod",
        "resource": "pods",
        "name": "a",
        "uid": "uid-pods-a",
        "creationTimestamp": ago(300),
        "deletionTimestamp": ago(60),
        "finalizers": ["x.io/f"],
        "owners": [{"kind": "Deployment", "name": "web", "uid": "uid-deployments-web", "controller": True}],
        "madeByKubernetes": False,
    }
    assert [view["kind"] for view in found["notDeletable"]] == ["PodMetrics"]
    assert found["unseen"] == [
        {"what": "secrets", "reason": "Forbidden", "message": "no", "deletedWithNamespace": True}
    ]


def test_a_complete_view_is_called_so() -> None:
    assert plan_document(plan(configmap("a")))["complete"] is True
