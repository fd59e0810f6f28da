"""The templates that there are, as text and as data."""

from collections.abc import Sequence
from typing import Any

from kubectl_ns_tools.output.document import document, document_text
from kubectl_ns_tools.output.escape import escape
from kubectl_ns_tools.output.table import columns
from kubectl_ns_tools.templates.library.library import TemplateInfo
from kubectl_ns_tools.templates.parameters.parameters import Parameter

_ALWAYS = ("NAME", "ORIGIN", "DESCRIPTION")  # the other columns are shown when one row has something there


def render_templates(infos: Sequence[TemplateInfo], output: str) -> str:
    """output: "table", "wide" (with parameters and places), "json" or "yaml"."""
    if output in ("json", "yaml"):
        return document_text(document("TemplateList", {"items": [_data(info) for info in infos]}), output)
    rows = [_row(info, wide=output == "wide") for info in infos]
    headers = [name for name in rows[0] if name in _ALWAYS or any(row[name] for row in rows)] if rows else []
    return columns([[row[name] for name in headers] for row in rows], headers) if rows else ""


def parameter_data(parameter: Parameter) -> dict[str, Any]:
    """A parameter for programs; what does not apply is null or empty."""
    checks = parameter.checks
    return {
        "name": parameter.name,
        "description": parameter.description or None,
        "type": checks.type or None,
        "default": parameter.value or None,
        "generated": parameter.is_secret,
        "required": parameter.required,
        "pattern": checks.pattern or None,
        "enum": list(checks.enum),
        "minimum": checks.minimum or None,
        "maximum": checks.maximum or None,
    }


def _row(info: TemplateInfo, wide: bool) -> dict[str, str]:
    row = {"NAME": info.name, "ORIGIN": info.origin, "DESCRIPTION": info.description}
    if wide:
        names = (f"{each.name}*" if _is_needed(each) else each.name for each in info.parameters)
        row |= {"PARAMETERS": ",".join(names), "PLACE": info.place}
    return row | {"HIDDEN BY": info.hidden_by, "PROBLEM": _first_line(info.problem)}


def _is_needed(parameter: Parameter) -> bool:
    """Whether it has to be given."""
    return parameter.required and not parameter.value and not parameter.is_secret


def _first_line(text: str) -> str:
    return escape(text.partition("\n")[0])


def _data(info: TemplateInfo) -> dict[str, Any]:
    return {
        "name": info.name,
        "origin": info.origin,
        "place": info.place,
        "description": info.description or None,
        "parameters": [parameter_data(parameter) for parameter in info.parameters],
        "hiddenBy": info.hidden_by or None,
        "problem": info.problem or None,
    }
