"""Who we are, and what we may do, by the server's own word."""

from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.cluster.errors import ApiNotFound
from kubectl_ns_tools.cluster.resources import Resource

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection


def can_i(
    connection: "Connection",
    verb: str,
    resource: Resource,
    namespace: str | None = None,
    name: str = "",
    *,
    subresource: str = "",
) -> bool:
    """Whether the server would allow it; works for a namespace that does not exist yet, too."""
    attributes = {
        "verb": verb,
        "group": resource.group,
        "version": resource.version,
        "resource": resource.name,
        "subresource": subresource,
        "namespace": (namespace or "") if resource.namespaced else "",
        "name": name,
    }
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {key: value for key, value in attributes.items() if value}},
    }
    return bool(_review(connection, review, "selfsubjectaccessreviews").get("allowed"))


def who_am_i(connection: "Connection") -> str:
    """The user name that the server knows us by; ApiNotFound where it cannot say (before 1.27)."""
    try:
        return _who_am_i(connection, "v1")
    except ApiNotFound:
        return _who_am_i(connection, "v1beta1")  # 1.27


def _who_am_i(connection: "Connection", version: str) -> str:
    review = {"apiVersion": f"authentication.k8s.io/{version}", "kind": "SelfSubjectReview"}
    user = _review(connection, review, "selfsubjectreviews").get("userInfo") or {}
    return str(user.get("username") or "")


def _review(connection: "Connection", review: dict[str, Any], plural: str) -> dict[str, Any]:
    answer = connection.request("POST", f"/apis/{review['apiVersion']}/{plural}", body=review).json()
    return answer.get("status") or {}
