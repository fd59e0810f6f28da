"""One template as its documentation, and as it is."""

from collections.abc import Iterator, Sequence
from typing import Any

from kubectl_ns_tools.output.document import document_text
from kubectl_ns_tools.output.escape import escape
from kubectl_ns_tools.output.table import columns
from kubectl_ns_tools.templates.library.draft import Draft, Source
from kubectl_ns_tools.templates.library.library import TemplateInfo
from kubectl_ns_tools.templates.parameters.parameters import Parameter

_SEPARATOR = "---"


def documentation(info: TemplateInfo, draft: Draft) -> str:
    """What a person should know of a template before using it."""
    parts = [_header(info, draft), _comment(draft.sources), _parameters(draft), _objects(draft)]
    return "\n\n".join(filter(None, parts))


def as_written(sources: Sequence[Source]) -> str:
    """The texts, just as they are, as one YAML stream."""
    texts = [source.text.rstrip("\n") for source in sources]
    return "".join(_joined(texts))


def as_json(draft: Draft) -> str:
    """The same parsed: the only document, or a List of them."""
    documents = [piece.manifest.data for piece in draft.pieces]
    if len(documents) == 1:
        return document_text(documents[0], "json")
    return document_text({"apiVersion": "v1", "kind": "List", "items": documents}, "json")


def _joined(texts: Sequence[str]) -> Iterator[str]:
    for index, text in enumerate(texts):
        if index:
            yield "\n" if text.lstrip("\ufeff").startswith(_SEPARATOR) else f"\n{_SEPARATOR}\n"
        yield text


def _header(info: TemplateInfo, draft: Draft) -> str:
    filled = sorted(draft.filled & draft.uses.keys() - draft.own.keys())
    messages = [str(each.manifest.data.get("message") or "") for each in draft.pieces if _is_template(each)]
    facts = [
        ("Name", info.name),
        ("Origin", f"{info.origin} ({info.place})" if info.place != info.name else info.origin),
        ("Description", info.description),
        ("Filled in", ", ".join(filled)),
        ("Message", " ".join(filter(None, messages))),
    ]
    return "\n".join(f"{name + ':':14} {escape(' '.join(text.split()))}" for name, text in facts if text)


def _is_template(piece: Any) -> bool:
    return piece.declared is not None


def _comment(sources: Sequence[Source]) -> str:
    """The comment at the beginning of the first text, where built-in templates say what they do."""
    lines: list[str] = []
    for line in sources[0].text.removeprefix("\ufeff").splitlines():
        if not line.startswith("#"):
            break
        lines.append(escape(line.removeprefix("#").removeprefix(" ")).rstrip())
    return "\n".join(lines).strip("\n")


def _parameters(draft: Draft) -> str:
    parameters = draft.asked()
    if not parameters:
        return "There are no parameters."
    headers = ["PARAMETER", "TYPE", "DEFAULT", "REQUIRED", "CHECKS", "DESCRIPTION"]
    return columns([_row(each) for each in parameters], headers)


def _row(parameter: Parameter) -> list[str]:
    checks = parameter.checks
    said = [
        f"one of {', '.join(checks.enum)}" if checks.enum else "",
        f"matches {checks.pattern}" if checks.pattern else "",
        f"at least {checks.minimum}" if checks.minimum else "",
        f"at most {checks.maximum}" if checks.maximum else "",
    ]
    default = parameter.value or ("(generated)" if parameter.is_secret else "")
    required = "yes" if parameter.required else "no"
    kind = checks.type or "string"
    return [parameter.name, kind, default, required, "; ".join(filter(None, said)), parameter.what_for]


def _objects(draft: Draft) -> str:
    objects = [manifest for piece in draft.pieces for manifest in piece.objects]
    rows = [[each.kind, each.api_version, each.name, each.place()] for each in objects]
    return columns(rows, ["OBJECT", "APIVERSION", "NAME", "PLACE"]) if rows else "There are no objects."
