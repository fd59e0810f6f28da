"""Templates checked by a command: by lint itself, and before one is published."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kubectl_ns_tools.commands.templating import Templating
from kubectl_ns_tools.commands.terminal import say, warn
from kubectl_ns_tools.errors import Refused

if TYPE_CHECKING:
    from kubectl_ns_tools.templates.library.draft import Source
    from kubectl_ns_tools.templates.linting.findings import Report
    from kubectl_ns_tools.templates.linting.served import Cluster


def lint_all(templating: Templating, templates: "Sequence[Sequence[Source]]") -> "Report":
    """One report for all of them; what could not be checked is told on stderr."""
    from kubectl_ns_tools.templates.linting.check import lint
    from kubectl_ns_tools.templates.linting.findings import Report

    cluster = _cluster(templating)
    reports = [lint(sources, cluster) for sources in templates]
    unchecked = list(dict.fromkeys(text for report in reports for text in report.unchecked))
    for text in unchecked:
        warn(f"not checked: {text}")
    return Report([finding for report in reports for finding in report.findings], unchecked)


def refuse_errors(templating: Templating, sources: "Sequence[Source]", *, force: bool) -> None:
    """Tell what is found to be wrong. Raises Refused for errors, unless `force` is on."""
    from kubectl_ns_tools.output.template_findings import render_report

    report = lint_all(templating, [sources])
    if not report.is_clean:
        say(render_report(report, "table"))
    if report.has_errors and not force:
        raise Refused(
            "the template has errors, and is not published", "mend them; --force publishes it anyway"
        )


def _cluster(templating: Templating) -> "Cluster | str":
    """What templates are compared with: the cluster, or why there is none."""
    from kubectl_ns_tools.templates.linting.served import Cluster

    return templating.out_of_reach or Cluster(lambda: templating.connection)
