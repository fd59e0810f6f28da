"""What the doctor has found, as text: a line each, and below it what to do."""

import enum
from collections.abc import Sequence
from typing import Any, NamedTuple

from kubectl_ns_tools.output.document import document, document_text
from kubectl_ns_tools.output.escape import escape


class Level(enum.Enum):
    """ok: it is well; warning: it works, and not all of it; error: something does not work."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


class Finding(NamedTuple):
    """One thing that was looked at. area: what it belongs to, such as "cluster"; text: how it is, in a line;
    remedy: what to do, or "" where there is nothing to be done."""

    level: Level
    area: str
    text: str
    remedy: str = ""


def ok(area: str, text: str, remedy: str = "") -> Finding:
    """It is well; a remedy may say what could be had besides."""
    return Finding(Level.OK, area, text, remedy)


def warning(area: str, text: str, remedy: str) -> Finding:
    return Finding(Level.WARNING, area, text, remedy)


def error(area: str, text: str, remedy: str) -> Finding:
    return Finding(Level.ERROR, area, text, remedy)


def render_checks(findings: Sequence[Finding], output: str) -> str:
    """output: "text", "json" or "yaml"."""
    if output in ("json", "yaml"):
        body = {"items": list(map(_data, findings))}
        return document_text(document("DoctorReport", body), output)
    areas = max((len(finding.area) for finding in findings), default=0)
    return "\n".join(line for finding in findings for line in _lines(finding, areas))


def summary(findings: Sequence[Finding]) -> str:
    """How many of each, the bad ones first."""
    counts = [(sum(each.level is level for each in findings), level) for level in reversed(Level)]
    said = [f"{number} {_plural(level, number)}" for number, level in counts if number]
    return ", ".join(said)


def _plural(level: Level, number: int) -> str:
    return level.value if number == 1 or level is Level.OK else f"{level.value}s"


def _lines(finding: Finding, areas: int) -> list[str]:
    levels = max(len(level.value) for level in Level)
    opening = f"{finding.level.value:<{levels}}  {finding.area:<{areas}}  "
    remedy = [f"{'':<{len(opening)}}to do: {escape(finding.remedy)}"] if finding.remedy else []
    return [opening + escape(finding.text), *remedy]


def _data(finding: Finding) -> dict[str, Any]:
    return {
        "level": finding.level.value,
        "area": finding.area,
        "text": finding.text,
        "remedy": finding.remedy or None,
    }
