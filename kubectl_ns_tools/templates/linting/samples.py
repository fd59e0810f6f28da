"""A template filled in with samples: what can be said of its objects before anybody has given a value.

A parameter stands for its default. One without a default gets a value that fits anywhere: a name, a label, a
text; it is recognised afterwards, so that nothing is said of what nobody knows yet.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone

from kubectl_ns_tools.templates.library.draft import Draft, Piece
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.parameters.checks import Checks
from kubectl_ns_tools.templates.parameters.filled import Surroundings
from kubectl_ns_tools.templates.parameters.given import Given
from kubectl_ns_tools.templates.parameters.parameters import Parameter
from kubectl_ns_tools.templates.rendering.expansion import expand

NAMESPACE = "namespace"  # what ${NAMESPACE} is filled in with
_TOKEN = re.compile(r"zq([0-9]+)qz")
_AT = datetime(2026, 1, 31, 8, tzinfo=timezone.utc)
_OF_TYPES = {"integer": "1", "boolean": "true", "quantity": "1"}


class Samples:
    """The values that a draft is filled in with, and the draft made ready for them."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._names: list[str] = []
        self._texts: dict[str, str] = {}
        for parameter in draft.asked():
            self._texts[parameter.name] = self._sample(parameter)

    def objects(self, namespace: str) -> list[Manifest]:
        """All the objects."""
        pieces = [self._loosened(piece) for piece in self._draft.pieces]
        declared = {name: [each] for piece in pieces for name, each in (piece.declared or {}).items()}
        draft = Draft(pieces, declared, self._draft.uses, [], self._draft.sources)
        given = {name: Given(self._text(name), "", meant=False) for name in self._draft.implied}
        return expand(draft, given, self._surroundings(), namespace).objects

    def is_known(self, text: str) -> bool:
        """Whether a text is made of nothing but what the template itself says."""
        return not _TOKEN.search(text)

    def as_written(self, text: str) -> str:
        """A text about the objects, with the references in it again."""
        return _TOKEN.sub(lambda match: f"${{{self._names[int(match[1])]}}}", text)

    def _sample(self, parameter: Parameter) -> str:
        checks = parameter.checks
        if parameter.value or parameter.name == "TTL":
            return parameter.value or "1h"
        if checks.enum:
            return checks.enum[0]
        return checks.minimum or checks.maximum or _OF_TYPES.get(checks.type) or self._token(parameter.name)

    def _token(self, name: str) -> str:
        self._names.append(name)
        return f"zq{len(self._names) - 1}qz"

    def _text(self, name: str) -> str:
        if name not in self._texts:
            self._texts[name] = self._token(name)
        return self._texts[name]

    def _loosened(self, piece: Piece) -> Piece:
        """With every parameter that it refers to, none of which can be refused."""
        if piece.declared is None:
            return piece
        declared = {
            name: each if name not in self._draft.own else self._parameter(name, each.place, each.checks)
            for name, each in piece.declared.items()
        }
        for name, place in piece.references():
            if name not in declared and name not in self._draft.filled:
                declared[name] = self._parameter(name, place, Checks())
        return replace(piece, declared=declared)

    def _parameter(self, name: str, place: str, checks: Checks) -> Parameter:
        return Parameter(name, place, value=self._text(name), checks=Checks(checks.type))

    def _surroundings(self) -> Surroundings:
        def sample(name: str) -> Callable[[], str]:
            return lambda: self._text(name)

        return _Anywhere(_AT, sample("CONTEXT"), sample("REQUESTER"))


class _Anywhere(Surroundings):
    def expiry(self, lifetime: str) -> str:
        return "2026-01-31T08:00:00Z"
