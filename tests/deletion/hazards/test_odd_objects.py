"""Custom resources may hold anything, and so may what an aggregated API answers: no check falls over it."""

from typing import Any

import pytest

from kubectl_ns_tools.deletion.hazards import (
    admission_policies,
    api_services,
    bindings,
    conversions,
    gitops,
    references,
    routes,
    webhooks,
)
from tests.deletion.hazards.surroundings import Surroundings

pytestmark = pytest.mark.integration

ODD: list[Any] = [None, 7, "a", [], [None, 7], [{}], {}, {"a": None}]
CHECKS = (
    webhooks.served_here,
    webhooks.unserved_elsewhere,
    admission_policies.admission_policies,
    api_services.api_services,
    conversions.served_here,
    bindings.cluster_role_bindings,
    bindings.role_bindings,
    references.network_policies,
    references.external_names,
    references.storage_classes,
    references.volume_secrets,
    references.ingress_classes,
    references.gateway_classes,
    references.data_sources,
    routes.routes,
    routes.reference_grants,
    gitops.argo_applications,
    gitops.argo_application_sets,
    gitops.flux,
    gitops.operator_groups,
    gitops.velero_schedules,
    gitops.hnc_children,
    gitops.capsule_tenants,
)
# What the checks look into, at the top and below `spec`.
FIELDS = "webhooks subjects roleRef parameters spec status".split()
BELOW = (
    "conversion ingress egress csi claimRef parameters parametersRef dataSourceRef from rules destination "
    "syncPolicy template paramRef service targetNamespaces"
).split()


def odd_objects() -> list[dict[str, Any]]:
    plain = {"apiVersion": "x.io/v1", "kind": "Odd"}
    whole = [dict.fromkeys(FIELDS, odd) for odd in ODD]
    deep = [{"spec": dict.fromkeys(BELOW, odd)} for odd in ODD]
    named = [{**plain, "metadata": {"name": "odd", "namespace": "other"}, **each} for each in (*whole, *deep)]
    return [*named, plain, {**plain, "metadata": None}]


def test_whatever_they_hold(around: Surroundings) -> None:
    around.definition("hierarchyconfigurations.hnc.x-k8s.io", "HierarchyConfiguration")
    around.service()
    scene = around.scene()
    scene.everywhere = lambda group_resource: odd_objects()  # type: ignore[method-assign]
    assert [hazard for check in CHECKS for hazard in check(scene)] == []
