"""What is wrong in templates, as text."""

from collections.abc import Sequence
from typing import Any

from kubectl_ns_tools.findings import Severity
from kubectl_ns_tools.output.document import document, document_text
from kubectl_ns_tools.output.table import columns
from kubectl_ns_tools.templates.linting.findings import Finding, Report


def render_report(report: Report, output: str) -> str:
    """output: "table", "json" or "yaml"; "" for a table without rows."""
    if output in ("json", "yaml"):
        body = {"items": list(map(_data, report.findings)), "unchecked": report.unchecked}
        return document_text(document("TemplateLintReport", body), output)
    # The remedy in a column of its own would stand beyond the edge of every screen.
    rows = [[each.severity.value, each.place, f"{each.problem}: {each.remedy}"] for each in report.findings]
    return columns(rows, ["SEVERITY", "PLACE", "PROBLEM AND REMEDY"]) if rows else ""


def lint_summary(findings: Sequence[Finding]) -> str:
    """How many of each."""
    counts = ((sum(each.severity is severity for each in findings), severity.value) for severity in Severity)
    said = [f"{number} {name}{'s' if number > 1 else ''}" for number, name in counts if number]
    return ", ".join(said) or "nothing found"


def _data(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "file": finding.file,
        "line": finding.line or None,
        "problem": finding.problem,
        "remedy": finding.remedy,
    }
