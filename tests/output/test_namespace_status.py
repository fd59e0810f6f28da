from kubectl_ns_tools.deletion.inventory import Gap, Reason
from kubectl_ns_tools.deletion.stuck.diagnosis import diagnose
from kubectl_ns_tools.deletion.stuck.status import NamespaceStatus
from kubectl_ns_tools.output.namespace_status import status_document, status_names, status_text
from tests.deletion.builders import NOW, Namespace, Thing, active, ago, configmap, inventory, pod, terminating

SECRETS = Gap("secrets", Reason.FORBIDDEN, "no")


def status(namespace: Namespace, *things: Thing, gaps: tuple[Gap, ...] = ()) -> NamespaceStatus:
    found = inventory(*things, gaps=gaps, notes=("widgets.x.io is served no longer",) if gaps else ())
    return NamespaceStatus(namespace.object, found, diagnose(namespace.object, found, NOW))


STUCK = status(
    terminating(seconds=120).condition("NamespaceFinalizersRemaining", "… remaining: x.io/f in 1 …"),
    configmap("a").deleted().held_by("x.io/f"),
)


def test_everything_is_counted_by_kind() -> None:
    assert status_text(status(active(), pod("a"), pod("b"), configmap("c")), NOW) == (
        "Name:     blue\n"
        "Status:   Active\n"
        "Age:      60m\n"
        "\n"
        "KIND         COUNT\n"
        "configmaps   1\n"
        "pods         2"
    )


def test_wide_has_every_object_on_a_line() -> None:
    text = status_text(status(active(), pod("a"), pod("b")), NOW, everything=True)
    assert (
        "NAME    AGE   OWNER    FINALIZERS   REMARK\npod/a   5m    <none>   <none>       <none>\npod/b"
        in text
    )


def test_what_was_not_seen_is_named_and_nothing_seen_is_not_called_empty() -> None:
    assert status_text(status(active(), gaps=(SECRETS,)), NOW).endswith(
        "Nothing was seen in it.\n\n"
        "Note: widgets.x.io is served no longer\n\n"
        "NOT VISIBLE:\n  you may not list: secrets"
    )


def test_a_stuck_namespace_says_why_and_what_to_do() -> None:
    lines = status_text(STUCK, NOW).splitlines()
    assert lines[1:5] == [
        "Status:   Terminating",
        "Age:      60m",
        "Deleted:  2m ago",
        "Why:      configmap/a waits for the finalizer x.io/f to be removed",
    ]
    assert lines[5].startswith("Remedy:   kubectl get configmap/a -n blue -o yaml shows it; ")


def test_the_document_of_an_active_namespace_is_not_stuck() -> None:
    found = status_document(status(active(), pod("a")))
    assert (found["kind"], found["stuck"], found["complete"]) == ("NamespaceStatus", None, True)
    assert found["namespace"] == {
        "name": "blue",
        "uid": "u1",
        "phase": "Active",
        "creationTimestamp": ago(3600),
        "deletionTimestamp": None,
        "labels": {},
    }


def test_the_document_of_a_stuck_namespace_has_causes_remedies_and_conditions() -> None:
    stuck = status_document(STUCK)["stuck"]
    assert stuck["why"] == "configmap/a waits for the finalizer x.io/f to be removed"
    assert [cause["cause"] for cause in stuck["causes"]] == [stuck["why"]]
    assert stuck["causes"][0]["remedy"].startswith("kubectl get configmap/a")
    assert stuck["conditions"] == [
        {"type": "NamespaceFinalizersRemaining", "message": "… remaining: x.io/f in 1 …", "since": ago(30)}
    ]


def test_names_are_kubectls() -> None:
    assert status_names(status(active(), configmap("a"), pod("b"))) == "configmap/a\npod/b"
