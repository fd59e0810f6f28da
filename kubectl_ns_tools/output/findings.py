"""What is wrong in kubeconfigs, as text."""

from collections.abc import Iterator, Sequence
from typing import Any

from kubectl_ns_tools.findings import Severity
from kubectl_ns_tools.kubeconfig.linting.findings import Finding
from kubectl_ns_tools.kubeconfig.linting.fixing import Fixes
from kubectl_ns_tools.output.document import document, document_text
from kubectl_ns_tools.output.escape import escape
from kubectl_ns_tools.output.table import columns


def render_findings(findings: Sequence[Finding], output: str) -> str:
    """output: "table", "wide" (with what to do), "name" (file:line), "json" or "yaml"."""
    if output == "name":
        return "\n".join(dict.fromkeys(escape(finding.place) for finding in findings))
    if output in ("json", "yaml"):
        return document_text(document("LintReport", {"items": list(map(_data, findings))}), output)
    return _table(findings, wide=output == "wide") if findings else ""


def summary(findings: Sequence[Finding]) -> str:
    """How many of each, and the next step."""
    counts = [_count(findings, severity) for severity in Severity]
    lines = [", ".join(filter(None, counts)) or "nothing found"]
    fixable = sum(finding.fixable for finding in findings)
    if findings:
        lines.append("what to do: kubectl ctx-lint -o wide")
    if fixable:
        lines.append(f"{fixable} of them can be mended: kubectl ctx-lint --fix")
    return "; ".join(lines)


def fixes_text(fixes: Fixes) -> Iterator[str]:
    """A line for each repair; safe to print."""
    for path, mend in fixes.mends:
        yield escape(f"{path}:{mend.line}: {mend.done}")
    for mode in fixes.modes:
        yield escape(f"{mode.path}: mode {mode.before:04o} changed to {mode.after:04o}")


def _count(findings: Sequence[Finding], severity: Severity) -> str:
    number = sum(finding.severity is severity for finding in findings)
    return f"{number} {severity.value}{'s' if number > 1 else ''}" if number else ""


def _table(findings: Sequence[Finding], wide: bool) -> str:
    headers = ["SEVERITY", "PLACE", "OBJECT", "PROBLEM"] + (["FIXABLE", "REMEDY"] if wide else [])
    rows = [_row(finding, wide) for finding in findings]
    return columns(rows, headers)


def _row(finding: Finding, wide: bool) -> list[str]:
    row = [finding.severity.value, finding.place, _object(finding), finding.problem]
    return row + (["yes" if finding.fixable else "no", finding.remedy] if wide else [])


def _object(finding: Finding) -> str:
    return f"{finding.kind}/{finding.name}" if finding.kind else ""


def _data(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "file": finding.path,
        "line": finding.line or None,
        "kind": finding.kind or None,
        "name": finding.name if finding.kind else None,
        "problem": finding.problem,
        "remedy": finding.remedy,
        "fixable": finding.fixable,
    }
