"""Templates in the cluster: labelled ConfigMaps, as a platform team publishes them.

Only in namespaces that are named beforehand: whoever may write ConfigMaps in a namespace of their own must
not be able to put a `team` template before everybody. So the namespace is to be made by the platform team,
before users may create namespaces themselves.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.cluster.errors import ApiForbidden, ApiNotFound
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.errors import NsToolsError, Refused
from kubectl_ns_tools.templates.library.draft import Source
from kubectl_ns_tools.templates.library.shelves import is_template_name

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

LABEL, KEY = "kubectl-ns-tools/template", "template.yaml"
NAMESPACES_VARIABLE, DEFAULT_NAMESPACE = "KUBECTL_NS_TOOLS_TEMPLATES_NAMESPACE", "kubectl-ns-tools"
CONFIGMAPS = Resource("", "v1", "configmaps", "ConfigMap", True)


def published_namespaces(environ: Mapping[str, str]) -> list[str]:
    """The namespaces whose templates count, separated by commas in the environment; none when it is empty."""
    named = environ.get(NAMESPACES_VARIABLE, DEFAULT_NAMESPACE)
    return [name.strip() for name in named.split(",") if name.strip()]


class ClusterShelf:
    """The ConfigMaps of some namespaces, by name. trouble: why the cluster could not be asked, "" if it was.

    offline: whether the cluster may be out of reach, so that trouble with it is no error.
    """

    kind = "cluster"

    def __init__(
        self, connect: "Callable[[], Connection]", namespaces: Sequence[str], *, offline: bool = False
    ) -> None:
        self.trouble = ""
        self._connect = connect
        self._namespaces = namespaces
        self._offline = offline
        self._known: dict[tuple[str, str], dict[str, Any] | None] = {}

    def names(self) -> list[str]:
        return sorted(self._listed())

    def place(self, name: str) -> str:
        for namespace in self._namespaces:
            if self._read(namespace, name):
                return _place(namespace, name)
        return ""

    def sources(self, name: str) -> list[Source]:
        for namespace in self._namespaces:
            found = self._read(namespace, name)
            if found:
                return [_source(found)]
        return []

    def _listed(self) -> dict[str, str]:
        """The namespace by the name of the template."""
        from kubectl_ns_tools.cluster.lists import list_metadata

        found: dict[str, str] = {}
        for namespace in self._namespaces:
            question = functools.partial(
                list_metadata, resource=CONFIGMAPS, namespace=namespace, label_selector=f"{LABEL}=true"
            )
            for item in self._asked(question) or ():
                name = item["metadata"]["name"]
                if is_template_name(name):
                    found.setdefault(name, namespace)
        return found

    def _read(self, namespace: str, name: str) -> dict[str, Any] | None:
        from kubectl_ns_tools.cluster.objects import get_object

        key = (namespace, name)
        if key not in self._known:
            found = self._asked(lambda connection: get_object(connection, CONFIGMAPS, name, namespace))
            labels = ((found or {}).get("metadata") or {}).get("labels") or {}
            self._known[key] = found if labels.get(LABEL) == "true" else None
        return self._known[key]

    def _asked(self, question: "Callable[[Connection], Any]") -> Any:
        """The answer, None where there is none. Who may not read there is told the same as when the namespace
        is not there: the API server makes no difference either."""
        if self.trouble:
            return None
        try:
            return question(self._connect())
        except (ApiForbidden, ApiNotFound):
            return None
        except NsToolsError as error:
            if not self._offline:
                raise
            self.trouble = error.message
            return None


def _place(namespace: str, name: str) -> str:
    return f"configmap:{namespace}/{name}"


def _source(configmap: Mapping[str, Any]) -> Source:
    metadata, data = configmap["metadata"], configmap.get("data") or {}
    place = _place(metadata["namespace"], metadata["name"])
    if KEY not in data:
        raise Refused(f"{place}: there is no {KEY} in its data")
    return Source(data[KEY], place, metadata["name"], expands=True)
