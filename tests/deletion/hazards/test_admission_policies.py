from typing import Any

import pytest

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Severity
from tests.controlplane.servers import wait_until
from tests.deletion.hazards.surroundings import ADMISSION, Surroundings

pytestmark = pytest.mark.integration

CHECK = "admission-policies"
POLICIES, BINDINGS = (f"{ADMISSION}/validatingadmissionpolic{end}" for end in ("ies", "ybindings"))
DELETES = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["DELETE"], "resources": ["services"]}
UPDATES = {**DELETES, "operations": ["UPDATE"], "resources": ["podtemplates"]}


def policy(around: Surroundings, rules: dict[str, Any], **spec: Any) -> str:
    """One that lets everything through, if only its parameters, a ConfigMap, are there."""
    whole = {
        "failurePolicy": "Fail",
        "paramKind": {"apiVersion": "v1", "kind": "ConfigMap"},
        "matchConstraints": {"resourceRules": [rules]},
        "validations": [{"expression": "true"}],
        **spec,
    }
    return str(around.put(POLICIES, spec=whole)["metadata"]["name"])


def bind(
    around: Surroundings, policy_name: str, *, action: str = "Deny", pinned: bool = True, **more: Any
) -> str:
    """pinned: what it is about is limited to the doomed namespace."""
    selector = {"matchLabels": {"kubernetes.io/metadata.name": around.namespace}}
    spec = {
        "policyName": policy_name,
        "validationActions": ["Deny"],
        "paramRef": {"name": "limits", "parameterNotFoundAction": action, **more},
        **({"matchResources": {"namespaceSelector": selector}} if pinned else {}),
    }
    binding = around.put(BINDINGS, spec=spec)["metadata"]["name"]
    return f"validatingadmissionpolicybinding.admissionregistration.k8s.io/{binding}"


def test_without_any_nothing_is_found(around: Surroundings) -> None:
    bind(around, policy(around, DELETES), namespace=around.other)
    assert around.hazards(CHECK) == []


@pytest.mark.parametrize(
    ("action", "severity", "words"),
    [
        ("Deny", Severity.DANGER, "refuses whatever it matches"),
        ("Allow", Severity.INFO, "is not enforced by it"),
    ],
)
def test_parameters_that_go(around: Surroundings, action: str, severity: Severity, words: str) -> None:
    label = bind(around, policy(around, UPDATES), action=action, pinned=False, namespace=around.namespace)
    (found,) = around.hazards(CHECK)
    assert (found.severity, found.effect) == (severity, Effect.BREAKS)
    assert found.summary.endswith(words)
    assert (found.objects, found.remedy) == ((label,), f"kubectl delete {label}")


@pytest.mark.api("admissionregistration.k8s.io/v1", "mutatingadmissionpolicybindings", since="1.36")
def test_parameters_of_a_mutating_policy_that_go(around: Surroundings) -> None:
    reference = {"name": "limits", "namespace": around.namespace, "parameterNotFoundAction": "Deny"}
    path = f"{ADMISSION}/mutatingadmissionpolicybindings"
    name = around.put(path, spec={"policyName": "p", "paramRef": reference})["metadata"]["name"]
    (found,) = around.hazards(CHECK)
    label = f"mutatingadmissionpolicybinding.admissionregistration.k8s.io/{name}"
    assert (found.severity, found.effect, found.objects) == (Severity.DANGER, Effect.BREAKS, (label,))


def test_parameters_that_go_before_what_they_are_about(around: Surroundings) -> None:
    around.configmap("limits")
    around.service()
    name = policy(around, DELETES)
    label = bind(around, name)
    (found,) = around.hazards(CHECK)
    assert (found.severity, found.effect) == (Severity.DANGER, Effect.BLOCKS)
    assert "may refuse the deletion of services in here" in found.summary
    around.api.call("DELETE", f"/api/v1/namespaces/{around.namespace}/configmaps/limits")
    around.delete_namespace()
    wait_until(around.is_stuck_with("NamespaceDeletionContentFailure", name))
    around.api.call("DELETE", f"{BINDINGS}/{label.rpartition('/')[2]}")
    wait_until(around.is_gone)


@pytest.mark.parametrize(
    ("rules", "spec", "reference"),
    [
        (UPDATES, {}, {}),
        (DELETES, {"failurePolicy": "Ignore"}, {}),
        ({**DELETES, "resources": ["configmaps"]}, {}, {}),
        (DELETES, {"paramKind": {"apiVersion": "v1", "kind": "Namespace"}}, {"name": "default"}),
        (DELETES, {}, {"action": "Allow"}),
    ],
    ids=["other operation", "fails open", "only the parameters", "cluster-scoped parameters", "allows"],
)
def test_what_cannot_refuse_is_no_hazard(
    around: Surroundings, rules: dict[str, Any], spec: dict[str, Any], reference: dict[str, Any]
) -> None:
    around.service()
    bind(around, policy(around, rules, **spec), **reference)
    assert around.hazards(CHECK) == []
