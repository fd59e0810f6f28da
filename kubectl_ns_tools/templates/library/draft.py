"""The texts of a run, read but not filled in: what they are made of, and which parameters they ask for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kubectl_ns_tools.templates.objects import Manifest, flattened, part, read_objects
from kubectl_ns_tools.templates.parameters.filled import NAMESPACES, filled_names
from kubectl_ns_tools.templates.parameters.given import Given
from kubectl_ns_tools.templates.parameters.parameters import Parameter, declared_parameters
from kubectl_ns_tools.templates.rendering.openshift import is_template
from kubectl_ns_tools.templates.rendering.substitution import references


@dataclass(frozen=True)
class Source:
    """A text to read objects from. name: of the file, for errors; label: of the template, for provenance.

    expands: whether a plain text is a template too; a `kind: Template` in it always is one. part_of: what
    names all the texts of one template, which may be a folder.
    """

    text: str
    name: str
    label: str = ""
    expands: bool = False
    part_of: str = ""

    @property
    def whole(self) -> str:
        """The template or file that this is, or is a part of."""
        return self.part_of or self.name


@dataclass(frozen=True)
class Piece:
    """One object of a source. declared: the parameters, for a `kind: Template`, None for any other object;
    objects: what is in the template, or the object itself."""

    manifest: Manifest
    source: Source
    declared: Mapping[str, Parameter] | None
    objects: tuple[Manifest, ...]

    @property
    def is_literal(self) -> bool:
        """Whether it stays as it is written, dollars and all."""
        return self.declared is None and not self.source.expands

    def references(self) -> Iterator[tuple[str, str]]:
        """Each name that is referred to, with file and line."""
        manifests: Sequence[tuple[Manifest, object]] = [
            (manifest, manifest.data) for manifest in self.objects
        ]
        if self.declared is not None:
            outside = {key: self.manifest.data.get(key) for key in ("labels", "message")}
            manifests = [(self.manifest, outside), *manifests]
        for manifest, data in () if self.is_literal else manifests:
            for path, name in references(data):
                yield name, manifest.place(*path)


@dataclass
class Draft:
    """pieces: in the order of the texts. declared: each parameter's declarations, of which every template may
    have one. uses: where each name is first referred to. problems: what is wrong with the declarations.
    sources: the texts."""

    pieces: list[Piece] = field(default_factory=list)
    declared: dict[str, list[Parameter]] = field(default_factory=dict)
    uses: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    sources: Sequence[Source] = ()

    @property
    def filled(self) -> set[str]:
        """The names that are filled in without being asked for."""
        return filled_names(self.declared)

    @property
    def own(self) -> dict[str, list[Parameter]]:
        """The declared parameters that are the templates' own. What is filled in besides is never theirs."""
        return {name: each for name, each in self.declared.items() if name not in NAMESPACES}

    @property
    def implied(self) -> set[str]:
        """The parameters of plain texts, which declare none: every name that they refer to."""
        plain = (piece for piece in self.pieces if piece.declared is None)
        used = {name for piece in plain for name, _ in piece.references()}
        return used - self.filled - self.own.keys()

    def asked(self) -> list[Parameter]:
        """What may be given, in the order of the texts: the declared parameters, then the implied."""
        found = [_asked(declarations) for declarations in self.own.values()]
        implied = self.implied
        return found + [
            Parameter(name, place, required=True) for name, place in self.uses.items() if name in implied
        ]

    def missing(self, given: Mapping[str, Given]) -> list[Parameter]:
        """The parameters that need a value and have none."""
        return [
            each for each in self.asked() if each.required and not each.generate and self._lacks(each, given)
        ]

    def complaints(self, name: str, value: str) -> list[str]:
        """What is wrong with a value for this parameter, in the words of all its declarations."""
        checks = [parameter.checks for parameter in self.own.get(name, ())]
        return list(dict.fromkeys(complaint for each in checks for complaint in each.complaints(value)))

    def _lacks(self, parameter: Parameter, given: Mapping[str, Given]) -> bool:
        if parameter.name in given:
            return not given[parameter.name].text and parameter.name in self.own
        return not parameter.value and parameter.name not in self.filled


def read_draft(sources: Sequence[Source]) -> Draft:
    """What the sources are made of. Raises Refused for text that is no object, YamlError for no YAML."""
    draft = Draft(sources=sources)
    for source in sources:
        for manifest in read_objects(source.text, source.name):
            draft.pieces.append(_piece(manifest, source, draft.problems))
    for piece in draft.pieces:
        for parameter in (piece.declared or {}).values():
            draft.declared.setdefault(parameter.name, []).append(parameter)
        for name, place in piece.references():
            draft.uses.setdefault(name, place)
    return draft


def _piece(manifest: Manifest, source: Source, problems: list[str]) -> Piece:
    if not is_template(manifest):
        return Piece(manifest, source, None, (manifest,))
    declared = declared_parameters(manifest, problems)
    return Piece(manifest, source, declared, tuple(_objects_of(manifest, problems)))


def _objects_of(template: Manifest, problems: list[str]) -> Iterator[Manifest]:
    objects = template.data.get("objects") or []
    if not isinstance(objects, list):
        problems.append(f"{template.place('objects')}: objects must be a list")
        return
    for index in range(len(objects)):
        yield from flattened(part(template, "objects", index))


def _asked(declarations: Sequence[Parameter]) -> Parameter:
    """The declaration to ask by: the first that says most, required where one of them is."""
    described = sorted(declarations, key=lambda each: not each.what_for)[0]
    value = next((each.value for each in declarations if each.value), "")
    generate = next((each.generate for each in declarations if each.generate), "")
    return Parameter(
        described.name,
        described.place,
        description=described.what_for,
        value=value,
        generate=generate,
        required=any(each.required for each in declarations),
        checks=described.checks,
    )
