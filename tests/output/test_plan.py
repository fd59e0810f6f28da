from dataclasses import replace

from kubectl_ns_tools.deletion.hazards.hazard import Effect
from kubectl_ns_tools.deletion.inventory import Gap, Reason
from kubectl_ns_tools.output.plan import plan_document, plan_names, plan_text, plan_tree
from tests.deletion.builders import NOW, ago, configmap, deployment, plan, pod, pod_metrics
from tests.output.builders import danger, forbidden, report, warning

SECRETS = Gap("secrets", Reason.FORBIDDEN, "no")
BROKEN = Gap("x.io/v1", Reason.BROKEN_GROUP, "stale")


def test_the_preview_has_a_header_a_summary_and_a_tree() -> None:
    web = deployment("web")
    assert plan_text(plan(configmap("a"), web, pod("web-1").owned_by(web)), NOW) == (
        "Namespace:     blue (60m old)\n"
        "Context:       blue@c\n"
        "Server:        https://c:6443\n"
        "Goes with it:  3 objects of 3 kinds\n"
        "Hazards:       none found\n"
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
        "WILL BE STUCK: no namespace of this cluster goes while x.io/v1 does not answer"
    )


def test_nothing_seen_is_not_called_empty() -> None:
    text = plan_text(plan(gaps=(SECRETS,)), NOW)
    assert "0 objects of 0 kinds\nHazards:       none found\n\nNothing was seen in it.\n\nNOT VISIBLE" in text


def test_hazards_and_what_they_come_to_stand_last_next_to_the_question() -> None:
    found = report(
        danger("volumes", "the data is destroyed", "persistentvolumeclaim/a", remedy="save it"),
        warning("volumes", "1 volume is left", "persistentvolume/p"),
        forbidden("references", "clusterrolebindings"),
    )
    text = plan_text(plan(configmap("a"), gaps=(SECRETS,), hazards=found), NOW)
    assert "Hazards:       1 danger, 1 warning; 1 not checked\n" in text
    assert text.endswith(
        "└── configmap/a\n"
        "\n"
        "DANGER\n"
        "  the data is destroyed\n"
        "    persistentvolumeclaim/a\n"
        "    to do: save it\n"
        "WARNING\n"
        "  1 volume is left\n"
        "    persistentvolume/p\n"
        "\n"
        "NOT VISIBLE, but deleted too:\n"
        "  you may not list: secrets\n"
        "\n"
        "NOT CHECKED: clusterrolebindings (forbidden), needed for: references\n"
        "\n"
        "LOST FOR GOOD: persistentvolumeclaim/a\n"
        "LEFT BEHIND: persistentvolume/p"
    )


def test_a_broken_group_that_a_hazard_tells_of_is_not_told_twice() -> None:
    stuck = danger(
        "api-services",
        "x.io does not answer",
        "apiservice.apiregistration.k8s.io/v1.x.io",
        effect=Effect.BLOCKS,
    )
    text = plan_text(plan(gaps=(BROKEN,), hazards=report(stuck)), NOW)
    assert [line for line in text.splitlines() if "STUCK" in line] == [
        "WILL BE STUCK: apiservice.apiregistration.k8s.io/v1.x.io"
    ]


def test_the_tree_alone_is_whole() -> None:
    made = plan(*(configmap(f"c{index:02}") for index in range(30)))
    assert plan_tree(made).splitlines()[0] == "namespace/blue"
    assert plan_tree(made).count("configmap/") == 30
    assert plan_tree(made, everything=False).count("configmap/") == 10


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
    found = plan_document(plan(configmap("a")))
    assert (found["complete"], found["hazards"], found["unchecked"]) == (True, [], [])


def test_the_document_holds_hazards_and_what_was_not_checked() -> None:
    made = report(warning("volumes", "1 volume is left"), forbidden("references", "clusterrolebindings"))
    found = plan_document(plan(configmap("a"), hazards=made))
    assert [hazard["summary"] for hazard in found["hazards"]] == ["1 volume is left"]
    assert found["unchecked"] == [
        {"check": "references", "what": "clusterrolebindings", "reason": "forbidden"}
    ]
