"""One kind of object as one API group and version serves it."""

from typing import NamedTuple

from kubectl_ns_tools.cluster.urls import escaped
from kubectl_ns_tools.errors import Refused


class Resource(NamedTuple):
    """A served group/version/resource; `name` is the plural, as in URLs and RBAC rules."""

    group: str
    version: str
    name: str
    kind: str
    namespaced: bool
    verbs: frozenset[str] = frozenset()
    short_names: tuple[str, ...] = ()
    singular: str = ""
    categories: tuple[str, ...] = ()

    @property
    def api_version(self) -> str:
        """As objects carry it: "v1", "apps/v1"."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def group_resource(self) -> str:
        """The name that is unique in a cluster, whatever the version: "pods", "deployments.apps"."""
        return f"{self.name}.{self.group}" if self.group else self.name

    def path(
        self, namespace: str | None = None, name: str | None = None, subresource: str | None = None
    ) -> str:
        """The URL path; a namespaced resource without a namespace means all namespaces."""
        parts = ["apis", self.group, self.version] if self.group else ["api", self.version]
        if self.namespaced and namespace:
            parts += ["namespaces", namespace]
        parts.append(self.name)
        parts += [part for part in (name, subresource) if part]
        return "/" + "/".join(escaped(part) for part in parts)


class NoMatch(Refused):
    """An apiVersion and kind that this cluster does not serve, in apimachinery's words (NoKindMatchError)."""

    def __init__(self, kind: str, api_version: str, served: tuple[str, ...] = (), hint: str = "") -> None:
        if not hint and served:
            hint = f"this cluster serves {kind} in {', '.join(served)}"
        hint = hint or "ensure CRDs are installed first"
        super().__init__(f'no matches for kind "{kind}" in version "{api_version}"', hint)
        self.kind = kind
        self.api_version = api_version
        self.served = served
