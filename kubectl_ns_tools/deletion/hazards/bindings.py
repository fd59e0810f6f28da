"""Rights that outlive the namespace: bindings elsewhere to ServiceAccounts of here.

Whoever makes a namespace of the same name again, and the accounts in it, has the rights again: RBAC knows
accounts by their names, not their uids.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, Severity
from kubectl_ns_tools.deletion.hazards.reading import far_label, goes_along, kubectl, maps, text
from kubectl_ns_tools.deletion.hazards.scene import Scene
from kubectl_ns_tools.deletion.hazards.wording import some

CLUSTER, OTHERS = "cluster-role-bindings", "role-bindings"
_GROUP = "rbac.authorization.k8s.io"


def cluster_role_bindings(scene: Scene) -> Iterator[Hazard]:
    yield from _left(scene, CLUSTER, f"clusterrolebindings.{_GROUP}")


def role_bindings(scene: Scene) -> Iterator[Hazard]:
    yield from _left(scene, OTHERS, f"rolebindings.{_GROUP}")


def _left(scene: Scene, check: str, group_resource: str) -> Iterator[Hazard]:
    for binding in scene.everywhere(group_resource):
        subjects = maps(binding, "subjects")
        ours = [name for subject in subjects if (name := _account(subject, scene.name))]
        if ours and not goes_along(scene, binding):
            alone = len(ours) == len(subjects)
            yield Hazard(
                check,
                Severity.WARNING,
                Effect.LEAVES,
                f"{far_label(binding)} goes on giving {_role(binding)} to {some(ours)} of here: "
                "a new namespace of the same name would inherit that",
                (far_label(binding),),
                kubectl("delete" if alone else "edit", binding),
            )


def _account(subject: Mapping[str, Any], namespace: str) -> str:
    """What a subject stands for in the namespace; "" for a subject of elsewhere.

    The user and group names are those of k8s.io/apiserver/pkg/authentication/serviceaccount.
    """
    kind, name = text(subject, "kind"), text(subject, "name")
    if kind == "ServiceAccount" and text(subject, "namespace") == namespace:
        return f"serviceaccount/{name}"
    user = f"system:serviceaccount:{namespace}:"
    if kind == "User" and name.startswith(user):
        return f"serviceaccount/{name[len(user) :]}"
    if kind == "Group" and name == f"system:serviceaccounts:{namespace}":
        return "all ServiceAccounts"
    return ""


def _role(binding: Mapping[str, Any]) -> str:
    return f"{text(binding, 'roleRef', 'kind').lower()}/{text(binding, 'roleRef', 'name')}"
