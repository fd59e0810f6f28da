"""All findings over the files that kubectl reads."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.goyaml import find
from kubectl_ns_tools.kubeconfig.linting.clusters import cluster_findings
from kubectl_ns_tools.kubeconfig.linting.files import file_findings, unknown_field
from kubectl_ns_tools.kubeconfig.linting.findings import Finding
from kubectl_ns_tools.kubeconfig.linting.mending import mended
from kubectl_ns_tools.kubeconfig.linting.places import PlacedEntry, placed_entries, root_of
from kubectl_ns_tools.kubeconfig.linting.references import (
    Fact,
    context_findings,
    current_finding,
    fact_of,
    reference_findings,
)
from kubectl_ns_tools.kubeconfig.linting.repairs import Mend
from kubectl_ns_tools.kubeconfig.linting.types import unknown_keys
from kubectl_ns_tools.kubeconfig.linting.users import user_findings
from kubectl_ns_tools.kubeconfig.locations import Locations
from kubectl_ns_tools.kubeconfig.reading.document import KubeconfigFile, read_file
from kubectl_ns_tools.kubeconfig.reading.schema import CONFIG, ListOf

_Span = tuple[int, int, str, str]  # first and last line, kind and name of an entry


def check(locations: Locations, environ: Mapping[str, str], at: datetime) -> list[Finding]:
    """Everything that is wrong, by file and line. at: the present."""
    return _Check(locations, environ, at).findings()


class _Check:
    def __init__(self, locations: Locations, environ: Mapping[str, str], at: datetime) -> None:
        self._locations = locations
        self._environ = environ
        self._at = at
        self._facts: list[Fact] = []
        self._current: tuple[str, int, str] = ("", 0, "")

    def findings(self) -> list[Finding]:
        order = {path: number for number, path in enumerate(self._locations.paths)}
        found = [finding for path in order for finding in self._of_path(path, order)]
        found += reference_findings(self._facts, self._locations.overlay)
        contexts = {fact.name for fact in self._facts if fact.section == "contexts"}
        if self._current[2] and self._current[2] not in contexts:
            found.append(current_finding(*self._current, contexts))
        return sorted(found, key=lambda finding: (order[finding.path], finding.line))

    def _of_path(self, path: str, order: Mapping[str, int]) -> Iterator[Finding]:
        earlier = next(other for other in order if os.path.realpath(other) == os.path.realpath(path))
        if earlier != path:
            yield Finding("same-file", path, 0, f"this is {earlier} by another name")
            return
        try:
            file = read_file(path)
        except NsToolsError as error:
            yield Finding("unreadable", path, 0, error.message)
            return
        if file.data is not None:
            yield from self._of_file(file)
        elif len(order) == 1:
            yield Finding("no-file", path, 0, "no such file")
        else:
            yield Finding("missing-file", path, 0, "no such file; kubectl passes it over")

    def _of_file(self, file: KubeconfigFile) -> Iterator[Finding]:
        spans: list[_Span] = []
        of_entries: list[Finding] = []
        for entry in placed_entries(file):
            self._facts.append(fact_of(entry))
            spans.append((entry.line, entry.last_line, entry.kind, entry.name))
            of_entries += self._of_entry(entry)
        mends = () if file.scan else mended(file).mends
        for finding in file_findings(file):
            yield _mendable(_about(finding, spans), mends)
        yield from of_entries
        if file.current_context and not self._current[2]:
            root = root_of(file)
            node = find(root, "current-context") if root else None
            self._current = (file.path, node.span.start.line if node else 0, file.current_context)

    def _of_entry(self, entry: PlacedEntry) -> Iterator[Finding]:
        kind = CONFIG.fields[entry.section]
        assert isinstance(kind, ListOf)
        for key, struct in unknown_keys(entry.node, kind.item):
            finding = replace(entry.finding("unknown-field", ""), line=entry.line_at(key))
            yield unknown_field(finding, key, struct)
        if entry.section == "clusters":
            yield from cluster_findings(entry, self._at)
        elif entry.section == "users":
            yield from user_findings(entry, self._at, self._environ.get("PATH"))
        else:
            yield from context_findings(entry)


def _about(finding: Finding, spans: Iterable[_Span]) -> Finding:
    """The finding with the entry that its line is in."""
    for first, last, kind, name in spans if finding.line else ():
        if first <= finding.line <= last:
            return replace(finding, kind=kind, name=name)
    return finding


def _mendable(finding: Finding, mends: Iterable[Mend]) -> Finding:
    found = (
        (mend.rule, mend.line) == (finding.rule, finding.line) and mend.words in finding.problem
        for mend in mends
    )
    return replace(finding, fixable=True) if any(found) else finding
