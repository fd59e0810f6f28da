import pytest

from kubectl_ns_tools.cluster.namespaces import PROTECTED
from kubectl_ns_tools.deletion.inventory import Gap, Reason
from kubectl_ns_tools.deletion.plan import make_plan, refuse_protected
from kubectl_ns_tools.errors import Refused
from tests.deletion.builders import (
    active,
    ago,
    configmap,
    deployment,
    inventory,
    plan,
    pod,
    pod_metrics,
    terminating,
)


@pytest.mark.parametrize("name", PROTECTED)
def test_kubernetes_own_namespaces_are_refused(name: str) -> None:
    with pytest.raises(Refused, match=f'namespace "{name}" is not deleted'):
        refuse_protected(name)
    with pytest.raises(Refused):
        make_plan(active(name).object, inventory(), context="c", server="s")


def test_other_namespaces_are_not_refused() -> None:
    refuse_protected("blue")


def test_a_plan_knows_the_namespace_by_its_uid() -> None:
    made = make_plan(active().object, inventory(configmap("a")), context="c", server="https://s")
    assert (made.namespace, made.uid, made.context, made.server) == ("blue", "u1", "c", "https://s")
    assert (made.created, made.terminating) == (ago(3600), False)


def test_a_namespace_that_is_being_deleted_is_no_error() -> None:
    made = make_plan(terminating(seconds=90).object, inventory(), context="c", server="s")
    assert (made.terminating, made.terminating_since) == (True, ago(90))


def test_counts_are_by_kind_in_alphabetical_order() -> None:
    made = plan(pod("a"), pod("b"), deployment("web"), configmap("c"))
    assert [(count.resource.group_resource, count.number) for count in made.counts] == [
        ("configmaps", 1),
        ("deployments.apps", 1),
        ("pods", 2),
    ]


def test_views_are_not_among_what_goes() -> None:
    made = plan(pod("a"), pod_metrics("a"))
    assert [item.label for item in made.doomed] == ["pod/a"]
    assert [item.label for item in made.views] == ["podmetrics.metrics.k8s.io/a"]


def test_what_was_not_seen_is_told_apart_by_whether_it_goes() -> None:
    hidden = Gap("secrets", Reason.FORBIDDEN, "no")
    view = Gap("pods.metrics.k8s.io", Reason.FAILED, "no", deletable=False)
    broken = Gap("x.io/v1", Reason.BROKEN_GROUP, "stale")
    made = plan(gaps=(hidden, view, broken))
    assert made.unseen == (hidden, broken)
    assert made.blocking_groups == (broken,)
