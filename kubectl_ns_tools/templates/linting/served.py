"""Objects beside what a cluster serves: kinds, versions and fields."""

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from kubectl_ns_tools.cluster.deprecations import deprecation, may_be_deprecated
from kubectl_ns_tools.cluster.discovery import Discovery, discover
from kubectl_ns_tools.cluster.errors import ApiError
from kubectl_ns_tools.cluster.openapi import Schemas, read_schemas
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.templates.linting.findings import Finding, Report
from kubectl_ns_tools.templates.linting.samples import Samples
from kubectl_ns_tools.templates.linting.schemas import Comparison
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.planning.check import ServedKinds

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection


class Cluster:
    """What a cluster says, each asked for once."""

    def __init__(self, connect: "Callable[[], Connection]") -> None:
        self._connect = connect
        self._schemas: dict[str, Schemas | str] = {}
        self._deprecations: dict[Resource, str] = {}

    @functools.cached_property
    def discovery(self) -> Discovery:
        """Raises NsToolsError when there is no answer."""
        return discover(self._connect())

    def schemas(self, api_version: str) -> Schemas | str:
        """The schemas, or why they are not known."""
        if api_version not in self._schemas:
            self._schemas[api_version] = self._read_schemas(api_version)
        return self._schemas[api_version]

    def deprecation(self, resource: Resource) -> str:
        """The server's words, "" when it has none."""
        if resource not in self._deprecations:
            asked = may_be_deprecated(resource)
            self._deprecations[resource] = deprecation(self._connect(), resource) if asked else ""
        return self._deprecations[resource]

    def _read_schemas(self, api_version: str) -> Schemas | str:
        try:
            return read_schemas(self._connect(), api_version)
        except ApiError as error:
            return error.message


def served_findings(objects: Sequence[Manifest], samples: Samples, cluster: Cluster, report: Report) -> None:
    """Add to the report what the cluster does not serve. Raises NsToolsError when it does not answer."""
    kinds = ServedKinds(cluster.discovery, objects)
    for manifest in objects:
        header = f"{manifest.api_version}{manifest.kind}"
        if manifest.api_version and manifest.kind and samples.is_known(header):
            report.findings += _kind_findings(manifest, kinds, cluster)
            if not kinds.problem(manifest):
                report.findings += _field_findings(manifest, kinds, samples, cluster, report.unchecked)
    report.unchecked = [samples.as_written(text) for text in dict.fromkeys(report.unchecked)]


def _kind_findings(manifest: Manifest, kinds: ServedKinds, cluster: Cluster) -> Iterator[Finding]:
    place, problem = manifest.place("apiVersion"), kinds.problem(manifest)
    if problem:
        yield Finding("not-served", place, problem.removeprefix(f"{place}: "))
    elif not kinds.is_new(manifest):
        deprecated = cluster.deprecation(kinds.resource(manifest))
        if deprecated:
            yield Finding("deprecated", place, deprecated)


def _field_findings(
    manifest: Manifest, kinds: ServedKinds, samples: Samples, cluster: Cluster, unchecked: list[str]
) -> list[Finding]:
    schemas = cluster.schemas(manifest.api_version) if not kinds.is_new(manifest) else "its kind is new"
    if isinstance(schemas, str):
        unchecked.append(f"the fields of {manifest.reference}: {schemas}")
        return []
    return [
        Finding(each.rule, manifest.place(*each.path), f"{manifest.reference}: {each.problem}", each.hint)
        for each in Comparison(schemas, samples.is_known).of(manifest.kind, manifest.data)
    ]
