"""Which kinds there are and which of them live in a namespace, as far as the objects themselves say."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.templates.objects import Manifest

CRD_GROUP, CRD_KIND = "apiextensions.k8s.io", "CustomResourceDefinition"

# kube-apiserver 1.36 and the releases before it. In the groups named here, what is not listed as
# cluster-scoped is namespaced.
_NAMESPACED_ONLY = frozenset(
    {
        "apps", "autoscaling", "batch", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io",
        "extensions",
    }
)  # fmt: skip
_CLUSTER_SCOPED: Mapping[str, frozenset[str]] = {
    "": frozenset({"ComponentStatus", "Namespace", "Node", "PersistentVolume"}),
    "admissionregistration.k8s.io": frozenset(
        {
            "MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding", "MutatingWebhookConfiguration",
            "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration",
        }
    ),
    CRD_GROUP: frozenset({CRD_KIND}),
    "apiregistration.k8s.io": frozenset({"APIService"}),
    "authentication.k8s.io": frozenset({"SelfSubjectReview", "TokenReview"}),
    "authorization.k8s.io": frozenset(
        {"SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"}
    ),
    "certificates.k8s.io": frozenset({"CertificateSigningRequest", "ClusterTrustBundle"}),
    "flowcontrol.apiserver.k8s.io": frozenset({"FlowSchema", "PriorityLevelConfiguration"}),
    "internal.apiserver.k8s.io": frozenset({"StorageVersion"}),
    "networking.k8s.io": frozenset({"IPAddress", "IngressClass", "ServiceCIDR"}),
    "node.k8s.io": frozenset({"RuntimeClass"}),
    "policy": frozenset({"PodSecurityPolicy"}),
    "rbac.authorization.k8s.io": frozenset({"ClusterRole", "ClusterRoleBinding"}),
    "resource.k8s.io": frozenset({"DeviceClass", "DeviceTaintRule", "ResourceSlice"}),
    "scheduling.k8s.io": frozenset({"PriorityClass"}),
    "storage.k8s.io": frozenset(
        {"CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"}
    ),
    "storagemigration.k8s.io": frozenset({"StorageVersionMigration"}),
}  # fmt: skip


class Kinds(Protocol):
    """What a plan asks about the kind of an object."""

    def namespaced(self, manifest: Manifest) -> bool | None:
        """Whether objects of this kind live in a namespace; None when that is not known."""

    def problem(self, manifest: Manifest) -> str:
        """What is wrong with its apiVersion and kind, "" if nothing is known to be."""


class BuiltinKinds:
    """Kinds without a cluster: those of Kubernetes itself, and those that the objects define."""

    def __init__(self, objects: Iterable[Manifest]) -> None:
        self._defined = defined_kinds(objects)

    def namespaced(self, manifest: Manifest) -> bool | None:
        defined = self._defined.get((manifest.api_version, manifest.kind))
        if defined:
            return defined.namespaced
        if manifest.kind in _CLUSTER_SCOPED.get(manifest.group, ()):
            return False
        return True if is_builtin_group(manifest.group) else None

    def problem(self, manifest: Manifest) -> str:
        return ""


def defined_kinds(objects: Iterable[Manifest]) -> dict[tuple[str, str], Resource]:
    """The resources that CustomResourceDefinitions among the objects will serve, by apiVersion and kind."""
    found: dict[tuple[str, str], Resource] = {}
    for manifest in objects:
        if is_definition(manifest):
            for resource in _resources_of(manifest.data.get("spec")):
                found[resource.api_version, resource.kind] = resource
    return found


def is_definition(manifest: Manifest) -> bool:
    """Whether it is a CustomResourceDefinition."""
    return manifest.group == CRD_GROUP and manifest.kind == CRD_KIND


def is_builtin_group(group: str) -> bool:
    """Whether the API group is Kubernetes' own."""
    return group in _CLUSTER_SCOPED or group in _NAMESPACED_ONLY


def _resources_of(spec: Any) -> list[Resource]:
    """One per served version; none for a spec that the server will refuse anyhow."""
    try:
        group, plural, kind = str(spec["group"]), str(spec["names"]["plural"]), str(spec["names"]["kind"])
        served = [str(version["name"]) for version in spec["versions"] if version.get("served")]
        namespaced = spec["scope"] == "Namespaced"
    except (KeyError, TypeError, AttributeError):
        return []
    return [Resource(group, version, plural, kind, namespaced) for version in served]
