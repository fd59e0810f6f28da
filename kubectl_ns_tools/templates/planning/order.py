"""Which objects must be there before which others."""

from collections.abc import Iterable

from kubectl_ns_tools.templates.objects import Manifest

_RBAC = "rbac.authorization.k8s.io"
_LEVELS: tuple[frozenset[tuple[str, str]], ...] = (
    frozenset({("", "Namespace")}),
    frozenset({("apiextensions.k8s.io", "CustomResourceDefinition")}),
    frozenset(
        {
            ("", "ResourceQuota"), ("", "LimitRange"), ("networking.k8s.io", "NetworkPolicy"),
            ("", "ServiceAccount"), ("", "ConfigMap"), ("", "Secret"),
            (_RBAC, "Role"), (_RBAC, "ClusterRole"),
        }
    ),
    frozenset({(_RBAC, "RoleBinding"), (_RBAC, "ClusterRoleBinding")}),
    frozenset(),  # everything that no other level names
    frozenset(
        {
            ("", "Pod"), ("", "ReplicationController"), ("apps", "DaemonSet"), ("apps", "Deployment"),
            ("apps", "ReplicaSet"), ("apps", "StatefulSet"), ("batch", "CronJob"), ("batch", "Job"),
            ("apps.openshift.io", "DeploymentConfig"),
        }
    ),
)  # fmt: skip
_OTHERS, WORKLOADS = 4, 5


def level_of(manifest: Manifest) -> int:
    """0 for the Namespace up to WORKLOADS: everything of a level may be created once the one before is."""
    key = (manifest.group, manifest.kind)
    return next((level for level, kinds in enumerate(_LEVELS) if key in kinds), _OTHERS)


def in_levels(objects: Iterable[Manifest]) -> tuple[tuple[Manifest, ...], ...]:
    """The objects by level; within a level in the order given."""
    levels: list[list[Manifest]] = [[] for _ in _LEVELS]
    for manifest in objects:
        levels[level_of(manifest)].append(manifest)
    return tuple(tuple(level) for level in levels)
