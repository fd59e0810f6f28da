from typing import NamedTuple

import pytest

from kubectl_ns_tools.deletion.inventory import Gap, Inventory, Reason
from kubectl_ns_tools.deletion.stuck.culprits import UNKNOWN, Culprit, Culprits
from kubectl_ns_tools.deletion.stuck.diagnosis import diagnose
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


POLICY = (
    "NamespaceDeletionContentFailure",
    'Failed to delete all resource types, 1 remaining: configmaps "a" is forbidden: '
    "ValidatingAdmissionPolicy 'p' with binding 'b;c' denied request: no",
)
UNCONVERTED = Gap(
    "widgets.x.io", Reason.FAILED, "conversion webhook for x.io/v1, Kind=Widget failed: no endpoints"
)
CONVERSION = (
    "NamespaceDeletionContentFailure",
    f"Failed to delete all resource types, 1 remaining: {UNCONVERTED.message}",
)
CULPRITS = Culprits(
    webhooks={
        "w.x.io": [
            Culprit("validatingwebhookconfiguration/one", "x/svc"),
            Culprit("mutatingwebhookconfiguration/$(two)", "https://y"),
        ]
    },
    groups={"broken.example.com/v1": Culprit("apiservice/v1.broken.example.com", "x/svc", "it is absent")},
    kinds={"widgets.x.io": Culprit("customresourcedefinition/widgets.x.io", "x/svc")},
)


class Case(NamedTuple):
    namespace: Namespace
    left: Inventory
    sentence: str
    remedy: str = ""
    culprits: Culprits = UNKNOWN


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
        "kubectl get apiservice/v1.broken.example.com",
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
    "a webhook whose configurations are known": Case(
        terminating().condition(*WEBHOOK),
        inventory(configmap("a")),
        'the admission webhook "w.x.io" keeps content from being deleted: connection refused',
        "kubectl get validatingwebhookconfiguration/one 'mutatingwebhookconfiguration/$(two)' -o yaml shows "
        "it: repair what serves it, x/svc, https://y, or delete the configuration: "
        "kubectl delete validatingwebhookconfiguration/one 'mutatingwebhookconfiguration/$(two)'",
        CULPRITS,
    ),
    "an admission policy": Case(
        terminating().condition(*POLICY),
        inventory(configmap("a")),
        "not everything could be deleted: configmaps \"a\" is forbidden: ValidatingAdmissionPolicy 'p' with "
        "binding 'b;c' denied request: no",
        "kubectl delete validatingadmissionpolicybinding 'b;c'",
    ),
    "a conversion": Case(
        terminating().condition(*CONVERSION),
        inventory(gaps=(UNCONVERTED,)),
        f"widgets.x.io cannot be read, and so not deleted: {UNCONVERTED.message}",
        "repair the conversion webhook that kubectl get customresourcedefinition/widgets.x.io -o "
        "'jsonpath={.spec.conversion}' shows",
    ),
    "a conversion whose service is known": Case(
        terminating().condition(*CONVERSION),
        inventory(gaps=(UNCONVERTED,)),
        f"widgets.x.io cannot be read, and so not deleted: {UNCONVERTED.message}",
        "repair the conversion webhook, x/svc, that kubectl get",
        CULPRITS,
    ),
    "an APIService that is known": Case(
        terminating().condition(*DISCOVERY),
        inventory(gaps=(BROKEN,)),
        "the API server cannot say which kinds broken.example.com/v1 has (stale GroupVersion discovery: "
        "broken.example.com/v1), and while it cannot, no namespace of this cluster goes",
        "repair what serves it, x/svc (it is absent), or delete the APIService: "
        "kubectl delete apiservice/v1.broken.example.com",
        CULPRITS,
    ),
    "names that a shell would obey": Case(
        terminating(),
        inventory(configmap("a $(b)").deleted().held_by("x.io/f")),
        "configmap/a $(b) waits for the finalizer x.io/f to be removed",
        "kubectl get 'configmap/a $(b)' -n blue -o yaml shows it",
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
    diagnosis = diagnose(case.namespace.object, case.left, NOW, case.culprits)
    assert diagnosis is not None
    assert diagnosis.sentence == case.sentence
    assert case.remedy in diagnosis.remedy
    assert bool(case.remedy) == bool(diagnosis.remedy)


def test_an_active_namespace_is_not_stuck() -> None:
    assert diagnose(active().object, inventory(), NOW) is None
