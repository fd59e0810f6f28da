"""Who we are, and what we may do, by the server's own word."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from kubectl_ns_tools.cluster.errors import ApiNotFound
from kubectl_ns_tools.cluster.resources import Resource

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection


class Access(NamedTuple):
    """One thing that somebody may be allowed to do. "" for name or namespace means any of them; "*" for the
    others means all of them."""

    verb: str
    group: str
    resource: str
    namespace: str = ""
    name: str = ""


EVERYTHING = Access("*", "*", "*")


@dataclass(frozen=True)
class Rules:
    """What we may do in a namespace, as RBAC rules. whole: whether the server could tell everything."""

    resources: tuple[Mapping[str, Any], ...]
    others: tuple[Mapping[str, Any], ...]  # of URLs that are no resources
    whole: bool


def is_allowed(connection: "Connection", access: Access) -> bool:
    """Whether the server would allow it; works for a namespace that does not exist yet, too."""
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {key: value for key, value in access._asdict().items() if value}},
    }
    return bool(_review(connection, review, "selfsubjectaccessreviews").get("allowed"))


def own_rules(connection: "Connection", namespace: str) -> Rules:
    """What we may do in a namespace, cluster-wide rights included; it need not exist yet."""
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectRulesReview",
        "spec": {"namespace": namespace},
    }
    status = _review(connection, review, "selfsubjectrulesreviews")
    return Rules(
        tuple(status.get("resourceRules") or ()),
        tuple(status.get("nonResourceRules") or ()),
        not status.get("incomplete"),
    )


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
