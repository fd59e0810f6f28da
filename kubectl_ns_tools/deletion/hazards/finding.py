"""All checks over one scene."""

from kubectl_ns_tools.cluster.errors import ApiUnauthorized
from kubectl_ns_tools.cluster.parallel import in_parallel
from kubectl_ns_tools.deletion.hazards import (
    admission_policies,
    api_services,
    bindings,
    cluster_owned,
    contexts,
    conversions,
    finalizers,
    gitops,
    load_balancers,
    managed,
    pods,
    references,
    routes,
    snapshots,
    usage,
    volumes,
    webhooks,
)
from kubectl_ns_tools.deletion.hazards.hazard import Hazard, HazardReport, Severity, Unchecked
from kubectl_ns_tools.deletion.hazards.scene import CannotSee, Check, Scene
from kubectl_ns_tools.errors import NsToolsError

# By name, as it stands in the output. One line per check, in the order of the report.
CHECKS: dict[str, Check] = {
    "volumes": volumes.check,
    "claims-in-use": volumes.in_use,
    "snapshots": snapshots.check,
    "load-balancers": load_balancers.check,
    "entrances": load_balancers.entrances,
    "finalizers": finalizers.check,
    "pods": pods.check,
    "usage": usage.running,
    "changes": usage.changes,
    "webhooks": webhooks.served_here,
    "webhooks-elsewhere": webhooks.unserved_elsewhere,
    "admission-policies": admission_policies.admission_policies,
    "api-services": api_services.api_services,
    "conversions": conversions.served_here,
    "conversions-failing": conversions.failing,
    "cluster-role-bindings": bindings.cluster_role_bindings,
    "role-bindings": bindings.role_bindings,
    "network-policies": references.network_policies,
    "external-names": references.external_names,
    "storage-classes": references.storage_classes,
    "volume-secrets": references.volume_secrets,
    "ingress-classes": references.ingress_classes,
    "gateway-classes": references.gateway_classes,
    "data-sources": references.data_sources,
    "routes": routes.routes,
    "reference-grants": routes.reference_grants,
    "managed": managed.managed,
    "argo-applications": gitops.argo_applications,
    "argo-application-sets": gitops.argo_application_sets,
    "flux": gitops.flux,
    "operator-groups": gitops.operator_groups,
    "velero": gitops.velero_schedules,
    "hnc": gitops.hnc_children,
    "capsule": gitops.capsule_tenants,
    "cluster-owned": cluster_owned.cluster_owned,
    "contexts": contexts.contexts,
}
_WORKERS = 6
_WORST_FIRST = list(Severity)


def find_hazards(scene: Scene) -> HazardReport:
    """Raises ApiUnauthorized only; a check that fails is in the report by its name."""
    found = in_parallel(lambda name: _made(name, scene), tuple(CHECKS), workers=_WORKERS)
    hazards = [hazard for each, _ in found for hazard in each]
    hazards.sort(key=lambda hazard: _WORST_FIRST.index(hazard.severity))
    return HazardReport(tuple(hazards), tuple(gap for _, gap in found if gap))


def _made(name: str, scene: Scene) -> tuple[list[Hazard], Unchecked | None]:
    hazards: list[Hazard] = []
    try:
        hazards.extend(CHECKS[name](scene))
    except CannotSee as error:
        return hazards, Unchecked(name, error.what, error.reason)
    except ApiUnauthorized:
        raise
    except NsToolsError as error:
        return hazards, Unchecked(name, name, error.message)
    return hazards, None
