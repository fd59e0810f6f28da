"""What a server says of versions that it still serves and will not for ever."""

import contextlib
from typing import TYPE_CHECKING

from kubectl_ns_tools.cluster.errors import ApiError
from kubectl_ns_tools.cluster.resources import Resource

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

_NOTHING = "kubectl-ns-tools-asks-for-nothing"
_DEPRECATED = frozenset({("v1", "Endpoints"), ("v1", "ComponentStatus")})  # since 1.33 and 1.19


def may_be_deprecated(resource: Resource) -> bool:
    """Whether it is worth a question: what is stable is not deprecated, but for two kinds."""
    unstable = "alpha" in resource.version or "beta" in resource.version
    return unstable or (resource.api_version, resource.kind) in _DEPRECATED


def deprecation(connection: "Connection", resource: Resource) -> str:
    """`v1 Endpoints is deprecated in v1.33+; use …`, "" for what is not.

    The server says it in a Warning header of every answer, also to the question for an object that is not
    there (https://kubernetes.io/blog/2020/09/03/warnings/).
    """
    before = len(connection.warnings)
    with contextlib.suppress(ApiError):
        connection.get(resource.path(_NOTHING, _NOTHING))
    return "; ".join(text for text in connection.warnings[before:] if "deprecated" in text)
