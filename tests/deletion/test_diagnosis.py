from typing import NamedTuple

import pytest

from kubectl_ns_tools.deletion.diagnosis import diagnose
from kubectl_ns_tools.deletion.inventory import Gap, Inventory, Reason
from tests.deletion.builders import (
    NOW,
    Namespace,
    active,
    ago,
    configmap,
    inventory,
    pod,
    pod_metrics,
    terminating,
)

BROKEN = Gap(
    "broken.example.com/v1", Reason.BROKEN_GROUP, "stale GroupVersion discovery: broken.example.com/v1"
)
SECRETS = Gap("secrets", Reason.FORBIDDEN, "no")
DISCOVERY = (
    "NamespaceDeletionDiscoveryFailure",
    "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: "
    "broken.example.com/v1: stale GroupVersion discovery: broken.example.com/v1",
)
PODS_REMAIN = (
    "NamespaceDeletionContentFailure",
    "Failed to delete all resource types, 1 remaining: unexpected items still remain in namespace: blue for "
    "gvr: /v1, Resource=pods",
)
WEBHOOK = (
    "NamespaceDeletionContentFailure",
    "Failed to delete all resource types, 1 remaining: Internal error occurred: failed calling webhook "
    '"w.x.io": connection refused',
)
ETCD = ("NamespaceDeletionContentFailure", "Failed to delete all resource types, 1 remaining: etcd is ill")
FINALIZERS = (
    "NamespaceFinalizersRemaining",
    "Some content in the namespace has finalizers remaining: a.io/f in 1 resource instances",
)


class Case(NamedTuple):
    namespace: Namespace
    left: Inventory
    sentence: str
    remedy: str = ""


CASES = {
    "no conditions after a minute": Case(
        active().terminating(75),
        inventory(configmap("a")),
        "the namespace controller seems not to run: it has said nothing in the 75s since the deletion began",
        "kube-controller-manager",
    ),
    "no conditions yet": Case(
        active().terminating(3),
        inventory(configmap("a")),
        "the deletion has just begun, the namespace controller has not reported yet",
    ),
    "no conditions yet, but an object that is held": Case(
        active().terminating(3),
        inventory(configmap("a").deleted().held_by("x.io/f")),
        "configmap/a waits for the finalizer x.io/f to be removed",
        "kubectl get configmap/a -n blue -o yaml",
    ),
    "finalizers by object": Case(
        terminating().condition(*FINALIZERS),
        inventory(
            configmap("a").deleted().held_by("x.io/f", "x.io/g"), configmap("b").deleted().held_by("x.io/f")
        ),
        "configmap/a (and 1 more) wait for the finalizer x.io/f to be removed; "
        "configmap/a waits for the finalizer x.io/g to be removed",
        "skips the cleanup",
    ),
    "a finalizer of an object whose turn has not come": Case(
        terminating(),
        inventory(configmap("a").held_by("x.io/f")),
        "nothing holds what is left (1 objects): the deletion goes on",
    ),
    "a broken API group": Case(
        terminating().condition(*DISCOVERY),
        inventory(gaps=(BROKEN,)),
        "the API server cannot say which kinds broken.example.com/v1 has (stale GroupVersion discovery: "
        "broken.example.com/v1), and while it cannot, no namespace of this cluster goes",
        "kubectl get apiservice v1.broken.example.com",
    ),
    "an API group that works again": Case(
        terminating().condition(*DISCOVERY),
        inventory(),
        f"discovery failed at {ago(30)} (broken.example.com/v1: stale GroupVersion discovery: "
        "broken.example.com/v1); it works now, so the namespace controller gets on when it tries again",
    ),
    "a pod beyond its grace period": Case(
        terminating().condition(*PODS_REMAIN),
        inventory(pod("a").deleted(40), configmap("b"), configmap("c")),
        "pod/a should have ended 40s ago, but its node has not confirmed it; "
        "pods go first, nothing else is deleted before",
        "kubectl delete pod a -n blue --force --grace-period=0",
    ),
    "a pod within its grace period": Case(
        terminating(),
        inventory(pod("a").deleted(-100), pod("b").deleted(-10)),
        "pod/a (and 1 more) has 100s left to end",
    ),
    "a pod with a finalizer": Case(
        terminating(),
        inventory(pod("a").deleted(40).held_by("x.io/f"), configmap("b")),
        "pod/a waits for the finalizer x.io/f to be removed; pods go first, nothing else is deleted before",
        "kubectl get pod/a",
    ),
    "a webhook": Case(
        terminating().condition(*WEBHOOK),
        inventory(configmap("a")),
        'the admission webhook "w.x.io" keeps content from being deleted: connection refused',
        "kubectl get validatingwebhookconfigurations",
    ),
    "another error": Case(
        terminating().condition(*ETCD),
        inventory(configmap("a")),
        "not everything could be deleted: etcd is ill",
    ),
    "a group that cannot be read": Case(
        terminating().condition(
            "NamespaceDeletionGroupVersionParsingFailure", "unexpected GroupVersion: a/b/c"
        ),
        inventory(configmap("a")),
        "the API server names a group in a way that the namespace controller cannot read: "
        "unexpected GroupVersion: a/b/c",
    ),
    "finalizers of the namespace itself": Case(
        terminating().finalizer("x.io/f").spec_finalizer("y.io/g"),
        inventory(),
        "the namespace itself waits for the finalizer y.io/g to be removed; "
        "the namespace itself waits for the finalizer x.io/f to be removed",
        "the controller that set it",
    ),
    "what only the controller sees": Case(
        terminating().condition(*FINALIZERS),
        inventory(gaps=(SECRETS,)),
        "of what you may not see (secrets), there are finalizers left: a.io/f in 1 resource instances",
    ),
    "the condition about content is not the truth": Case(
        terminating().condition("NamespaceContentRemaining", "Some resources are remaining: pods. has 2 …"),
        inventory(),
        "nothing is left in it, it goes when the namespace controller looks again",
    ),
    "views of aggregated APIs hold nothing": Case(
        terminating().finalizer("x.io/f"),
        inventory(pod_metrics("a")),
        "the namespace itself waits for the finalizer x.io/f to be removed",
        "the controller that set it",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_cause_is_told_in_one_sentence_and_the_remedy_beside_it(case: Case) -> None:
    diagnosis = diagnose(case.namespace.object, case.left, NOW)
    assert diagnosis is not None
    assert diagnosis.sentence == case.sentence
    assert case.remedy in diagnosis.remedy
    assert bool(case.remedy) == bool(diagnosis.remedy)


def test_an_active_namespace_is_not_stuck() -> None:
    assert diagnose(active().object, inventory(), NOW) is None
