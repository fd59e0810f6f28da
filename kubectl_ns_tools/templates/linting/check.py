"""All that is looked for in a template."""

from collections.abc import Sequence
from dataclasses import replace

from kubectl_ns_tools.errors import NsToolsError, Refused
from kubectl_ns_tools.goyaml import YamlError
from kubectl_ns_tools.templates.library.draft import Draft, Source, read_draft
from kubectl_ns_tools.templates.linting.declarations import declaration_findings
from kubectl_ns_tools.templates.linting.findings import Finding, Report, said
from kubectl_ns_tools.templates.linting.networks import dns_findings
from kubectl_ns_tools.templates.linting.podsecurity import pod_security_findings
from kubectl_ns_tools.templates.linting.quotas import quota_findings
from kubectl_ns_tools.templates.linting.samples import NAMESPACE, Samples
from kubectl_ns_tools.templates.linting.served import Cluster, served_findings
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.planning.kinds import BuiltinKinds
from kubectl_ns_tools.templates.planning.plan import is_namespace, plan_problems
from kubectl_ns_tools.templates.rendering.openshift import project_as_namespace

_KINDS = "kinds, versions and fields"


def lint(sources: Sequence[Source], cluster: Cluster | str) -> Report:
    """What is wrong with a template, in the order of its lines.

    cluster: what kinds and fields are compared with, or why they are not.
    """
    report = Report()
    try:
        draft = read_draft(sources)
    except (Refused, YamlError) as error:
        report.findings.append(said("unreadable", error.message, [source.name for source in sources]))
        return report
    report.findings += declaration_findings(draft)
    samples = Samples(draft)
    fixed = _fixed_namespace(draft)
    if fixed:
        problem = f'the template is for the namespace "{fixed.name}" alone'
        report.findings.append(Finding("fixed-namespace", fixed.place("metadata", "name"), problem))
    _look_inside(draft, samples, fixed.name if fixed else NAMESPACE, cluster, report)
    report.findings = _in_order(report.findings, samples, sources)
    return report


def _look_inside(
    draft: Draft, samples: Samples, namespace: str, cluster: Cluster | str, report: Report
) -> None:
    """Add to the report what is wrong with the objects."""
    files = [source.name for source in draft.sources]
    objects = samples.objects(namespace)
    problems = plan_problems(objects, BuiltinKinds(objects), namespace)
    report.findings += [said("refused", problem, files) for problem in problems]
    for found in (quota_findings(objects), dns_findings(objects), pod_security_findings(objects, samples)):
        report.findings += found
    _beside_cluster(objects, samples, cluster, report)


def _in_order(findings: Sequence[Finding], samples: Samples, sources: Sequence[Source]) -> list[Finding]:
    """Each once, by file and line, with the references in them as they are written."""
    files = [source.name for source in sources]
    written = dict.fromkeys(replace(each, problem=samples.as_written(each.problem)) for each in findings)
    return sorted(written, key=lambda each: (files.index(each.file) if each.file in files else -1, each.line))


def _beside_cluster(
    objects: Sequence[Manifest], samples: Samples, cluster: Cluster | str, report: Report
) -> None:
    if isinstance(cluster, str):
        report.unchecked.append(f"{_KINDS}: {cluster}")
        return
    try:
        served_findings(objects, samples, cluster, report)
    except NsToolsError as error:
        report.unchecked.append(f"{_KINDS}: {error.message}")


def _fixed_namespace(draft: Draft) -> Manifest | None:
    """A Namespace whose name refers to no parameter."""
    for piece in draft.pieces:
        for manifest in map(project_as_namespace, piece.objects):
            if is_namespace(manifest) and manifest.name and "${" not in manifest.name:
                return manifest
    return None
