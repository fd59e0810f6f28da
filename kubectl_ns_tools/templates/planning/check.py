"""Kinds as a cluster serves them."""

from collections.abc import Iterable

from kubectl_ns_tools.cluster.discovery import Discovery, NoMatch
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.planning.kinds import defined_kinds
from kubectl_ns_tools.templates.planning.problems import suggestion


class ServedKinds:
    """The kinds of a cluster, and those that the objects themselves define."""

    def __init__(self, discovery: Discovery, objects: Iterable[Manifest]) -> None:
        self._discovery = discovery
        self._defined = defined_kinds(objects)

    def resource(self, manifest: Manifest) -> Resource:
        """Where objects of this kind are stored. Raises NoMatch when nowhere."""
        try:
            return self._discovery.resource_for(manifest.api_version, manifest.kind)
        except NoMatch:
            defined = self._defined.get((manifest.api_version, manifest.kind))
            if defined is None:
                raise
            return defined

    def is_new(self, manifest: Manifest) -> bool:
        """Whether the kind is served only once the CustomResourceDefinition among the objects is there."""
        served = self._discovery.versions_serving(manifest.kind)
        return (manifest.api_version, manifest.kind) in self._defined and manifest.api_version not in served

    def namespaced(self, manifest: Manifest) -> bool | None:
        try:
            return self.resource(manifest).namespaced
        except NoMatch:
            return None

    def problem(self, manifest: Manifest) -> str:
        """kubectl's words, with file and line, and what would be right here."""
        try:
            self.resource(manifest)
        except NoMatch as error:
            return (
                f"{manifest.place('apiVersion')}: {error.message} ({error.hint}){self._similar(error.kind)}"
            )
        return ""

    def _similar(self, kind: str) -> str:
        kinds = {resource.kind for resource in self._discovery.resources}
        return "" if kind in kinds else suggestion(kind, kinds)
