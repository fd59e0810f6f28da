"""Templates and files to the objects that they stand for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kubectl_ns_tools.templates.library.draft import Draft, Piece
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.parameters.filled import Surroundings
from kubectl_ns_tools.templates.parameters.given import Given, Value
from kubectl_ns_tools.templates.parameters.values import Values, values_of
from kubectl_ns_tools.templates.planning.problems import refuse, suggestion
from kubectl_ns_tools.templates.rendering.composition import composed
from kubectl_ns_tools.templates.rendering.openshift import project_as_namespace
from kubectl_ns_tools.templates.rendering.secrecy import MASK
from kubectl_ns_tools.templates.rendering.subjects import EmptySubjects, without_empty_subjects
from kubectl_ns_tools.templates.rendering.substitution import Substitution

_NOT_DECLARED = "there is no parameter {name}; $${{{name}}} stands for the text itself"
_NO_VALUE = "parameter {name} has no value: -p {name}=…; $${{{name}}} stands for the text itself"


@dataclass
class Expansion:
    """objects: in the order of the texts; messages: of the templates, for the person who creates, without
    secrets; left_out: role bindings that nobody would be bound by; values: of all the parameters."""

    objects: list[Manifest] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    left_out: list[EmptySubjects] = field(default_factory=list)
    values: dict[str, Value] = field(default_factory=dict)


def expand(
    draft: Draft, given: Mapping[str, Given], surroundings: Surroundings, namespace: str | None
) -> Expansion:
    """The objects of a draft, parameters filled in, the same object of several sources made one.

    namespace: the value of NAMESPACE, None when only the files name it. Raises Refused with everything that
    is wrong: declarations, parameters missing, unknown or malformed, references to no parameter, objects of
    which two sources say different things.
    """
    expander = _Expander(draft, values_of(draft, given, surroundings, namespace))
    for piece in draft.pieces:
        expander.add(piece)
    return expander.outcome(given)


class _Expander:
    """What is found while the pieces are gone through."""

    def __init__(self, draft: Draft, values: Values) -> None:
        self.result = Expansion(values=values.found)
        self._draft = draft
        self._values = values
        self._problems = [*draft.problems, *values.problems]
        self._objects: list[tuple[str, Manifest]] = []

    def add(self, piece: Piece) -> None:
        if piece.is_literal:
            self._objects.append((piece.source.whole, piece.manifest))
            return
        substitution, words = self._substitution(piece)
        labels = self._outside(piece, substitution, words)
        for manifest in piece.objects:
            self._add_expanded(piece, manifest, substitution, labels, words)

    def outcome(self, given: Mapping[str, Given]) -> Expansion:
        """Everything expanded. Raises Refused with all the problems."""
        names = sorted(self._draft.own.keys() | self._draft.implied)
        there = f"parameters there are: {', '.join(names)}" if names else "there are no parameters to give"
        unknown = any(each.meant and name not in names for name, each in given.items())
        self.result.objects = composed(self._objects, self._problems)
        refuse(self._problems, there if unknown and self._problems else "")
        return self.result

    def _substitution(self, piece: Piece) -> tuple[Substitution, str]:
        """How the piece is filled in, and what is said of a name that has no value in it."""
        texts = {name: value.text for name, value in self._values.found.items()}
        if piece.declared is None:
            return Substitution(texts), _NO_VALUE
        foreign = (self._draft.own.keys() | self._draft.implied) - self._draft.filled
        texts = {name: text for name, text in texts.items() if name in piece.declared or name not in foreign}
        return Substitution(texts, _whole(piece, texts)), _NOT_DECLARED

    def _outside(self, piece: Piece, substitution: Substitution, words: str) -> Any:
        """The labels of a template; its message goes to the result."""
        if piece.declared is None:
            return {}
        template = piece.manifest
        labels = substitution.data(template.data.get("labels") or {}, ("labels",))
        written = str(template.data.get("message") or "")
        substitution.text(written, ("message",))
        self._report_unknown(template, substitution, words)
        if written:
            masked = {name: self._shown(name, text) for name, text in substitution.values.items()}
            self.result.messages.append(Substitution(masked).text(written))
        return labels

    def _shown(self, name: str, text: str) -> str:
        return MASK if self._values.found[name].secret else text

    def _add_expanded(
        self, piece: Piece, written: Manifest, substitution: Substitution, labels: Any, words: str
    ) -> None:
        substitution.unknown.clear()
        data = substitution.data(written.data)
        self._report_unknown(written, substitution, words)
        expanded = project_as_namespace(_labelled(written.with_data(data), labels))
        kept, empty = without_empty_subjects(written, expanded)
        if empty:
            self.result.left_out.append(empty)
        if kept:
            self._objects.append((piece.source.whole, kept))

    def _report_unknown(self, manifest: Manifest, substitution: Substitution, words: str) -> None:
        for path, name in dict.fromkeys(substitution.unknown):
            why = self._values.not_known.get(name)
            said = f"{name} has no value: {why}" if why else words.format(name=name)
            similar = "" if why else suggestion(name, {*substitution.values, *self._draft.filled})
            self._problems.append(f"{manifest.place(*path)}: {said}{similar}")


def _whole(piece: Piece, texts: Mapping[str, str]) -> dict[str, Any]:
    """What `${{NAME}}` stands for where the parameter has a type."""
    declared = (piece.declared or {}).items()
    return {
        name: parameter.checks.insert(texts[name])
        for name, parameter in declared
        if parameter.checks.type and name in texts
    }


def _labelled(manifest: Manifest, labels: Any) -> Manifest:
    """With the template's labels, which win over the object's own as in OpenShift."""
    own = manifest.metadata.get("labels") or {}
    if not (labels and isinstance(labels, dict) and isinstance(own, dict)):
        return manifest
    metadata = {**manifest.metadata, "labels": {**own, **labels}}
    return manifest.with_data({**manifest.data, "metadata": metadata})
