"""What docs/templates.md says of the built-in templates, written down from the templates."""

from collections.abc import Iterator

from kubectl_ns_tools.templates.library.draft import Draft, read_draft
from kubectl_ns_tools.templates.library.library import TemplateInfo, described
from kubectl_ns_tools.templates.library.shelves import BuiltinShelf
from kubectl_ns_tools.templates.parameters.parameters import Parameter


def section(name: str) -> str:
    """What stands under the heading of one."""
    sources = BuiltinShelf().sources(name)
    draft = read_draft(sources)
    what = described(sources, TemplateInfo(name, "built-in", "")).description
    return "\n".join([what, "", *_objects(draft), *_parameters(draft)])


def _objects(draft: Draft) -> Iterator[str]:
    names = (manifest for piece in draft.pieces for manifest in piece.objects)
    yield f"Makes {', '.join(f'`{each.kind}/{each.name}`' for each in names)}."


def _parameters(draft: Draft) -> Iterator[str]:
    parameters = draft.asked()
    if parameters:
        yield from ("", "| parameter | type | default | |", "|---|---|---|---|")
    yield from map(_row, parameters)


def _row(parameter: Parameter) -> str:
    default = f"`{parameter.value}`" if parameter.value else ""
    cells = [f"`{parameter.name}`", parameter.checks.type or "string", default, parameter.what_for]
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")
