"""The policy objects of a live namespace."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.cluster.errors import ApiForbidden
from kubectl_ns_tools.cluster.lists import list_objects
from kubectl_ns_tools.cluster.namespaces import named_namespace
from kubectl_ns_tools.cluster.parallel import in_parallel
from kubectl_ns_tools.cluster.quotas import QUOTAS
from kubectl_ns_tools.cluster.resources import Resource

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

_RBAC = "rbac.authorization.k8s.io"
# In the order in which a template has them. No Secret is ever asked for.
KINDS = (
    QUOTAS,
    Resource("", "v1", "limitranges", "LimitRange", True),
    Resource("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", True),
    Resource("", "v1", "serviceaccounts", "ServiceAccount", True),
    Resource(_RBAC, "v1", "roles", "Role", True),
    Resource(_RBAC, "v1", "rolebindings", "RoleBinding", True),
)


@dataclass(frozen=True)
class Live:
    """namespace: the object, {} when it may not be read; objects: by KINDS; unread: what may not be read, and
    the server's word on it."""

    name: str
    namespace: dict[str, Any] = field(default_factory=dict)
    objects: tuple[dict[str, Any], ...] = ()
    unread: tuple[str, ...] = ()


def read_live(connection: "Connection", name: str) -> Live:
    """What may be read of it. Raises ApiNotFound when it is not there, ApiForbidden when nothing may be."""
    questions: list[Callable[[], Any]] = [partial(named_namespace, connection, name)]
    questions += [partial(list_objects, connection, resource, name) for resource in KINDS]
    namespace, *lists = in_parallel(_answer, questions, workers=len(questions))
    refused = [answer for answer in (namespace, *lists) if isinstance(answer, ApiForbidden)]
    if len(refused) == len(questions):
        raise refused[0]
    found = [item for answer in lists if not isinstance(answer, ApiForbidden) for item in answer]
    unread = tuple(error.message for error in refused)
    return Live(name, {} if isinstance(namespace, ApiForbidden) else namespace, tuple(found), unread)


def _answer(question: Callable[[], Any]) -> Any:
    """What the server says; that we may not know is an answer, too."""
    try:
        return question()
    except ApiForbidden as error:
        return error
