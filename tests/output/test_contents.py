import pytest

from kubectl_ns_tools.deletion.inventory import Gap, Reason
from kubectl_ns_tools.output.age import age
from kubectl_ns_tools.output.contents import amounts, counts_table, gaps_text, objects_table
from tests.deletion.builders import NOW, ago, configmap, deployment, inventory, pod

GAPS = (
    Gap("secrets", Reason.FORBIDDEN, "Error from server (Forbidden): …"),
    Gap("roles.rbac.authorization.k8s.io", Reason.FORBIDDEN, "Error from server (Forbidden): …"),
    Gap("x.io/v1", Reason.BROKEN_GROUP, "stale"),
    Gap("widgets.x.io", Reason.FAILED, "conversion webhook failed\x1b[2J"),
    Gap("keys.x.io", Reason.NOT_LISTABLE, "…"),
    Gap("pods", Reason.INCONSISTENT, "they changed while they were listed, 7 is not their exact number"),
)


@pytest.mark.parametrize(
    ("timestamp", "text"), [(ago(90), "90s"), (ago(3 * 86400), "3d"), ("", "<unknown>"), (ago(-5), "0s")]
)
def test_ages_are_kubectls(timestamp: str, text: str) -> None:
    assert age(timestamp, NOW) == text


def test_kinds_are_counted_in_a_table() -> None:
    assert counts_table(inventory(pod("a"), pod("b"), deployment("web")).counts()) == (
        "KIND               COUNT\n"
        "deployments.apps   1\n"
        "pods               2"
    )  # fmt: skip


def test_objects_are_listed_with_owner_and_finalizers() -> None:
    web = deployment("web")
    things = inventory(pod("a").owned_by(web).held_by("x.io/f").deleted(), configmap("kube-root-ca.crt"))
    assert objects_table(things.items, NOW) == (
        "NAME                         AGE   OWNER            FINALIZERS   REMARK\n"
        "pod/a                        5m    Deployment/web   x.io/f       being deleted\n"
        "configmap/kube-root-ca.crt   5m    <none>           <none>       made by Kubernetes"
    )


def test_amounts_are_a_phrase() -> None:
    assert amounts(inventory(pod("a"), pod("b"), configmap("c")).counts()) == "1 configmaps, 2 pods"


def test_what_was_not_seen_is_told_by_reason() -> None:
    assert gaps_text(GAPS).splitlines() == [
        "  you may not list: secrets, roles.rbac.authorization.k8s.io",
        "  the server deletes but does not list: keys.x.io",
        "  the API group does not answer: x.io/v1 (stale)",
        "  listing failed: widgets.x.io (conversion webhook failed\\x1b[2J)",
        "  not counted exactly: pods (they changed while they were listed, 7 is not their exact number)",
    ]


def test_every_reason_has_words() -> None:
    for reason in Reason:
        assert "what" in gaps_text([Gap("what", reason, "why")])
