"""Whoever may not look is told what was not looked at, kind by kind."""

import pytest

from kubectl_ns_tools.deletion.hazards.finding import find_hazards
from tests.deletion.hazards.surroundings import Surroundings

pytestmark = pytest.mark.integration

ADMISSION, NETWORKING, RBAC = "admissionregistration.k8s.io", "networking.k8s.io", "rbac.authorization.k8s.io"
WEBHOOKS = f"validatingwebhookconfigurations.{ADMISSION}, mutatingwebhookconfigurations.{ADMISSION}"
BUILT_IN = {
    "webhooks": WEBHOOKS,
    "webhooks-elsewhere": WEBHOOKS,
    "api-services": "apiservices.apiregistration.k8s.io",
    "conversions": "customresourcedefinitions.apiextensions.k8s.io",
    "cluster-role-bindings": f"clusterrolebindings.{RBAC}",
    "role-bindings": f"rolebindings.{RBAC}",
    "network-policies": f"networkpolicies.{NETWORKING}",
    "external-names": "services",
    "storage-classes": "storageclasses.storage.k8s.io",
    "volume-secrets": "persistentvolumes",
    "ingress-classes": f"ingressclasses.{NETWORKING}",
    "data-sources": "persistentvolumeclaims",
}
CUSTOM = {
    "gateway-classes": ("gatewayclasses.gateway.networking.k8s.io", "GatewayClass"),
    "routes": ("httproutes.gateway.networking.k8s.io", "HTTPRoute"),
    "reference-grants": ("referencegrants.gateway.networking.k8s.io", "ReferenceGrant"),
    "argo-applications": ("applications.argoproj.io", "Application"),
    "argo-application-sets": ("applicationsets.argoproj.io", "ApplicationSet"),
    "flux": ("helmreleases.helm.toolkit.fluxcd.io", "HelmRelease"),
    "operator-groups": ("operatorgroups.operators.coreos.com", "OperatorGroup"),
    "velero": ("schedules.velero.io", "Schedule"),
    "capsule": ("tenants.capsule.clastix.io", "Tenant"),
}


def test_every_check_names_the_kinds_that_it_may_not_see(around: Surroundings) -> None:
    for plural, kind in CUSTOM.values():
        around.definition(plural, kind)
    around.definition("hierarchyconfigurations.hnc.x-k8s.io", "HierarchyConfiguration")
    gaps = {gap.check: gap for gap in find_hazards(around.scene("nobody")).unchecked}
    wanted = {**BUILT_IN, **{check: plural for check, (plural, _) in CUSTOM.items()}, "hnc": "namespaces"}
    assert {check: gaps[check].what for check in wanted} == wanted
    assert {gaps[check].reason for check in wanted} == {"forbidden"}
    assert f"validatingadmissionpolicybindings.{ADMISSION}" in gaps["admission-policies"].what
    assert "nodes" in gaps["cluster-owned"].what


def test_who_may_see_everything_is_told_of_no_gap(around: Surroundings) -> None:
    assert find_hazards(around.scene()).unchecked == ()
