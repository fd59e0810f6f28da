"""What is wrong with a template's parameters, and with the references to them."""

from collections.abc import Iterator

from kubectl_ns_tools.templates.library.draft import Draft, Piece
from kubectl_ns_tools.templates.linting.findings import Finding, said
from kubectl_ns_tools.templates.parameters.lifetime import lifetime
from kubectl_ns_tools.templates.planning.problems import suggestion

# template.openshift.io/v1 Template
_FIELDS = ("apiVersion", "kind", "metadata", "message", "parameters", "labels", "objects")
_OWN_DEFAULT = " (from its own default)"  # how templates/parameters/parameters.py ends it


def declaration_findings(draft: Draft) -> Iterator[Finding]:
    """All that can be said without filling anything in."""
    files = [source.name for source in draft.sources]
    for problem in draft.problems:
        rule = "default" if problem.endswith(_OWN_DEFAULT) else "declaration"
        yield said(rule, problem.removesuffix(_OWN_DEFAULT), files)
    for piece in draft.pieces:
        yield from _unknown_fields(piece)
        yield from _undeclared(draft, piece)
    yield from _disagreeing(draft)
    yield from _unused(draft)
    yield from _unbound(draft)
    yield from _lifetime(draft)


def _unknown_fields(piece: Piece) -> Iterator[Finding]:
    for field in piece.manifest.data if piece.declared is not None else ():
        if field not in _FIELDS:
            problem = f"a Template has no field {field!r}{suggestion(str(field), _FIELDS)}"
            yield Finding("declaration", piece.manifest.place(field), problem)


def _undeclared(draft: Draft, piece: Piece) -> Iterator[Finding]:
    there = {*(piece.declared or {}), *draft.filled}
    for name, place in dict.fromkeys(piece.references()) if piece.declared is not None else ():
        if name not in there:
            problem = f"there is no parameter {name}{suggestion(name, there)}"
            yield Finding("undeclared", place, problem)


def _disagreeing(draft: Draft) -> Iterator[Finding]:
    """Several templates in a folder that want different defaults."""
    for name, declarations in draft.own.items():
        first, *others = [each for each in declarations if each.value] or declarations
        for other in others:
            if other.value != first.value:
                problem = f"parameter {name}: the default is {other.value!r} here, and {first.value!r} at"
                yield Finding("default", other.place, f"{problem} {first.place}")


def _unused(draft: Draft) -> Iterator[Finding]:
    used = {*draft.uses, *draft.filled, *(["TTL"] if "EXPIRES" in draft.uses else [])}
    for name, declarations in draft.declared.items():
        if name not in used:
            yield Finding("unused", declarations[0].place, f"parameter {name} is never used")


def _unbound(draft: Draft) -> Iterator[Finding]:
    for parameter in draft.missing({}):
        if parameter.name in draft.own:
            problem = f"parameter {parameter.name} is required and has no default"
            yield Finding("unbound", parameter.place, problem)


def _lifetime(draft: Draft) -> Iterator[Finding]:
    """The default of TTL, which EXPIRES is made of."""
    for parameter in draft.declared.get("TTL", ()) if "EXPIRES" in draft.uses else ():
        try:
            lifetime(parameter.value or "1h")
        except ValueError as error:
            yield Finding("default", parameter.place, f"parameter TTL: {error}")
