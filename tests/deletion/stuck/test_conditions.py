import pytest

from kubectl_ns_tools.deletion.stuck.conditions import bad_conditions, has_conditions
from tests.deletion.builders import Namespace, active, ago, terminating

# As status_condition_utils.go writes them, and as its first releases did.
SENTENCES = {
    "discovery": (
        "NamespaceDeletionDiscoveryFailure",
        "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: "
        "x.io/v1: stale GroupVersion discovery: x.io/v1",
        "the API server cannot say which kinds exist: x.io/v1: stale GroupVersion discovery: x.io/v1",
    ),
    "parsing": (
        "NamespaceDeletionGroupVersionParsingFailure",
        "unexpected GroupVersion string: a/b/c",
        "the API server names a group in a way that the namespace controller cannot read: "
        "unexpected GroupVersion string: a/b/c",
    ),
    "content": (
        "NamespaceDeletionContentFailure",
        "Failed to delete all resource types, 1 remaining: unexpected items still remain in namespace: f3 "
        "for gvr: /v1, Resource=pods",
        "not everything could be deleted: unexpected items still remain in namespace: f3 for gvr: /v1, "
        "Resource=pods",
    ),
    "remaining": (
        "NamespaceContentRemaining",
        "Some resources are remaining: pods. has 2 resource instances",
        "there is content left: pods. has 2 resource instances",
    ),
    "finalizers": (
        "NamespaceFinalizersRemaining",
        "Some content in the namespace has finalizers remaining: a.io/f in 1 resource instances",
        "there are finalizers left: a.io/f in 1 resource instances",
    ),
    "finalizers of the first releases": (
        "NamespaceFinalizersRemaining",
        "Some finalizers are remaining: a.io/f in 1 resource instances",
        "there are finalizers left: a.io/f in 1 resource instances",
    ),
    "an unknown text": ("NamespaceContentRemaining", "Stuff.", "there is content left: Stuff."),
}


@pytest.mark.parametrize(("kind", "message", "sentence"), SENTENCES.values(), ids=SENTENCES)
def test_conditions_are_put_in_plain_words(kind: str, message: str, sentence: str) -> None:
    (condition,) = bad_conditions(active().condition(kind, message).object)
    assert (condition.sentence, condition.since) == (sentence, ago(30))


@pytest.mark.parametrize(
    ("namespace", "said"),
    [
        (active(), False),
        (active().condition("SomebodyElses", "…"), False),
        (terminating(), True),
    ],
    ids=["no conditions", "other conditions only", "good ones"],
)
def test_whether_the_namespace_controller_has_said_anything(namespace: Namespace, said: bool) -> None:
    assert has_conditions(namespace.object) is said
    assert bad_conditions(namespace.object) == ()


WEBHOOKS = {
    "it cannot be asked": (
        'Internal error occurred: failed calling webhook "w.x.io": failed to call webhook: Post '
        '"https://svc.ns.svc:443/": service "svc" not found',
        ("w.x.io", 'failed to call webhook: Post "https://svc.ns.svc:443/": service "svc" not found'),
    ),
    "it says no": ('admission webhook "w.x.io" denied the request: dear to us', ("w.x.io", "dear to us")),
    "it was none": ("etcd is ill", None),
}


@pytest.mark.parametrize(("error", "webhook"), WEBHOOKS.values(), ids=WEBHOOKS)
def test_the_webhook_at_fault_is_found(error: str, webhook: tuple[str, str] | None) -> None:
    message = f"Failed to delete all resource types, 1 remaining: {error}"
    (condition,) = bad_conditions(active().condition("NamespaceDeletionContentFailure", message).object)
    assert condition.webhook == webhook


POLICIES = {
    "it denies": (
        "configmaps \"a\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no",
        ("p", "b"),
    ),
    "it was none": ('admission webhook "w.x.io" denied the request: dear to us', None),
}


@pytest.mark.parametrize(("error", "policy"), POLICIES.values(), ids=POLICIES)
def test_the_policy_at_fault_is_found(error: str, policy: tuple[str, str] | None) -> None:
    message = f"Failed to delete all resource types, 1 remaining: {error}"
    (condition,) = bad_conditions(active().condition("NamespaceDeletionContentFailure", message).object)
    assert condition.policy == policy
