"""Templates and files to the objects that they stand for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kubectl_ns_tools.templates.objects import Manifest, flattened, part, read_objects
from kubectl_ns_tools.templates.openshift import is_template, project_as_namespace
from kubectl_ns_tools.templates.parameters import (
    Parameter,
    declared_parameters,
    unknown_parameters,
    values_of,
)
from kubectl_ns_tools.templates.problems import refuse, suggestion
from kubectl_ns_tools.templates.subjects import EmptySubjects, without_empty_subjects
from kubectl_ns_tools.templates.substitution import Substitution, references

_NOT_DECLARED = "there is no parameter {name}; $${{{name}}} stands for the text itself"
_NOT_NAMED = "NAMESPACE has no value before the namespace is named: kubectl ns-create NAME"
_NO_VALUE = "parameter {name} has no value: -p {name}=…; $${{{name}}} stands for the text itself"


@dataclass(frozen=True)
class Source:
    """A text to read objects from. name: of the file, for errors; label: of the template, for provenance.

    expands: whether a plain text is a template too; a `kind: Template` in it always is one.
    """

    text: str
    name: str
    label: str = ""
    expands: bool = False


@dataclass
class Expansion:
    """objects: in the order of the texts; messages: of the templates, for the person who creates;
    left_out: role bindings that nobody would be bound by."""

    objects: list[Manifest] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    left_out: list[EmptySubjects] = field(default_factory=list)


def expand(sources: Sequence[Source], given: Mapping[str, str], namespace: str | None) -> Expansion:
    """The objects of all sources, parameters filled in.

    given: the user's parameters; namespace: the value of NAMESPACE, None when only the files name it. Raises
    Refused with everything that is wrong: parameters missing, unknown or malformed, references to no
    parameter, text that is no object; YamlError for text that is no YAML.
    """
    filled = {} if namespace is None else {"NAMESPACE": namespace}
    expander = _Expander(given, filled)
    for source in sources:
        for manifest in read_objects(source.text, source.name):
            expander.add(manifest, expands=source.expands)
    return expander.outcome()


class _Expander:
    """What is found while the sources are gone through."""

    def __init__(self, given: Mapping[str, str], filled: Mapping[str, str]) -> None:
        self.result = Expansion()
        self._given = given
        self._filled = filled
        self._known: set[str] = set()
        self._reserved: set[str] = set(filled)
        self._problems: list[str] = []

    def add(self, manifest: Manifest, *, expands: bool) -> None:
        if is_template(manifest):
            self._add_template(manifest)
        elif expands:
            self._add_plain(manifest)
        else:
            self.result.objects.append(manifest)

    def outcome(self) -> Expansion:
        """Everything expanded. Raises Refused with all the problems."""
        unknown = unknown_parameters(self._given, self._known, self._reserved)
        names = sorted(self._known - self._reserved)
        there = f"parameters there are: {', '.join(names)}" if names else "there are no parameters to give"
        refuse([*unknown, *self._problems], there if unknown else "")
        return self.result

    def _add_template(self, template: Manifest) -> None:
        parameters = declared_parameters(template, self._problems)
        filled = {**self._filled, **self._project(parameters)}
        self._known |= parameters.keys()
        self._reserved |= filled.keys()
        substitution = Substitution(values_of(parameters.values(), self._given, filled, self._problems))
        labels = substitution.data(template.data.get("labels") or {}, ("labels",))
        message = substitution.text(str(template.data.get("message") or ""), ("message",))
        self._report_unknown(template, substitution, _NOT_DECLARED)
        if message:
            self.result.messages.append(message)
        for manifest in _objects_of(template, self._problems):
            self._add_expanded(manifest, substitution.values, labels, _NOT_DECLARED)

    def _project(self, parameters: Mapping[str, Parameter]) -> dict[str, str]:
        """OpenShift's project-request templates call the namespace PROJECT_NAME."""
        if "PROJECT_NAME" in parameters and "NAMESPACE" in self._filled:
            return {"PROJECT_NAME": self._filled["NAMESPACE"]}
        return {}

    def _add_plain(self, manifest: Manifest) -> None:
        self._known |= {name for _, name in references(manifest.data)}
        self._add_expanded(manifest, {**self._given, **self._filled}, {}, _NO_VALUE)

    def _add_expanded(self, written: Manifest, values: Mapping[str, str], labels: Any, unknown: str) -> None:
        substitution = Substitution(values)
        data = substitution.data(written.data)
        self._report_unknown(written, substitution, unknown)
        expanded = project_as_namespace(_labelled(written.with_data(data), labels))
        kept, empty = without_empty_subjects(written, expanded)
        if empty:
            self.result.left_out.append(empty)
        if kept:
            self.result.objects.append(kept)

    def _report_unknown(self, manifest: Manifest, substitution: Substitution, words: str) -> None:
        for path, name in dict.fromkeys(substitution.unknown):
            said = _NOT_NAMED if name == "NAMESPACE" else words.format(name=name)
            similar = suggestion(name, substitution.values)
            self._problems.append(f"{manifest.place(*path)}: {said}{similar}")


def _objects_of(template: Manifest, problems: list[str]) -> Iterator[Manifest]:
    objects = template.data.get("objects") or []
    if not isinstance(objects, list):
        problems.append(f"{template.place('objects')}: objects must be a list")
        return
    for index in range(len(objects)):
        yield from flattened(part(template, "objects", index))


def _labelled(manifest: Manifest, labels: Any) -> Manifest:
    """With the template's labels, which win over the object's own as in OpenShift."""
    own = manifest.metadata.get("labels") or {}
    if not (labels and isinstance(labels, dict) and isinstance(own, dict)):
        return manifest
    metadata = {**manifest.metadata, "labels": {**own, **labels}}
    return manifest.with_data({**manifest.data, "metadata": metadata})
