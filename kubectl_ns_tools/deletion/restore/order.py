"""Which kinds are restored before which others. Pure.

The base is Velero's (pkg/cmd/server/config: defaultRestorePriorities); what lets pods in or keeps them out
(bindings, network policies) comes before the pods, and what a pod only reads when it starts does as well.
Velero has secrets first; here their kind of token comes after its ServiceAccount, as the token controller
deletes a token without one (kube-controller-manager pkg/controller/serviceaccount/tokens_controller.go).
"""

from collections.abc import Mapping
from typing import Any

_RBAC, _NETWORKING = "rbac.authorization.k8s.io", "networking.k8s.io"
_LEVELS: tuple[frozenset[tuple[str, str]], ...] = (
    frozenset({("", "PersistentVolumeClaim")}),
    frozenset(
        {
            ("", "Secret"), ("", "ConfigMap"), ("", "ServiceAccount"), ("", "LimitRange"), (_RBAC, "Role"),
            (_NETWORKING, "NetworkPolicy"), ("image.openshift.io", "ImageStream"),
        }
    ),
    frozenset({(_RBAC, "RoleBinding")}),
    frozenset({("", "Service"), ("", "Endpoints"), ("discovery.k8s.io", "EndpointSlice")}),
    frozenset(
        {
            ("", "Pod"), ("", "ReplicationController"), ("apps", "DaemonSet"), ("apps", "Deployment"),
            ("apps", "ReplicaSet"), ("apps", "StatefulSet"), ("batch", "CronJob"), ("batch", "Job"),
            ("apps.openshift.io", "DeploymentConfig"),
        }
    ),
    frozenset(
        {
            ("autoscaling", "HorizontalPodAutoscaler"), ("policy", "PodDisruptionBudget"),
            (_NETWORKING, "Ingress"), ("route.openshift.io", "Route"),
        }
    ),
    frozenset(),  # every kind that is named nowhere here: custom resources
    frozenset({("", "ResourceQuota")}),  # last: it must not keep out what was in before
)  # fmt: skip
_AFTER_ACCOUNTS, _CUSTOM, LAST = 2, 6, 7
TOKEN_TYPE = "kubernetes.io/service-account-token"


def level_of(manifest: Mapping[str, Any]) -> int:
    """All objects of a level may be created once those of the levels before are."""
    group, kind = group_of(manifest), str(manifest["kind"])
    if (group, kind) == ("", "Secret") and manifest.get("type") == TOKEN_TYPE:
        return _AFTER_ACCOUNTS
    return next((level for level, kinds in enumerate(_LEVELS) if (group, kind) in kinds), _CUSTOM)


def group_of(manifest: Mapping[str, Any]) -> str:
    """ "apps" for an object of "apps/v1", "" for one of "v1"."""
    return str(manifest["apiVersion"]).rpartition("/")[0]
