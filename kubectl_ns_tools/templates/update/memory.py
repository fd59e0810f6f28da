"""What a namespace remembers of its making, read back, so that its template can be applied to it again."""

import dataclasses
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.templates.annotations import (
    CREATED_ANNOTATION,
    DIGEST_ANNOTATION,
    EXPIRES_ANNOTATION,
    FLAGS_ANNOTATION,
    PARAMETERS_ANNOTATION,
    REQUESTER_ANNOTATION,
    TEMPLATE_ANNOTATION,
    TEMPLATE_LABEL,
)
from kubectl_ns_tools.templates.parameters.filled import Surroundings
from kubectl_ns_tools.templates.parameters.given import Given
from kubectl_ns_tools.templates.planning.provenance import TIME_FORMAT, Extras

if TYPE_CHECKING:
    from kubectl_ns_tools.templates.rendering.request import Preparation

RECORDED = "the namespace's own record"


@dataclass(frozen=True)
class Memory:
    """from_template: not so for what was edited after a dry run; parameters: None for a value that was not
    kept; created: of the record, or of the Namespace itself; requester: "" when it is not known; extras: what
    flags had put on the Namespace."""

    template: str
    from_template: bool
    label: str
    parameters: Mapping[str, str | None]
    created: datetime
    requester: str
    extras: Extras


@dataclass(frozen=True)
class Recalled:
    """A preparation with what a namespace remembers. tokens: stand for the values that were not kept, by the
    parameter's name."""

    preparation: "Preparation"
    tokens: Mapping[str, str]


def remembered(namespace: Mapping[str, Any]) -> Memory:
    """What a live Namespace says; of what somebody has garbled, nothing."""
    metadata = namespace["metadata"]
    annotations, labels = metadata.get("annotations") or {}, metadata.get("labels") or {}
    found = {
        str(name): value
        for name, value in _mapping(annotations.get(PARAMETERS_ANNOTATION)).items()
        if value is None or isinstance(value, str)
    }
    return Memory(
        annotations.get(TEMPLATE_ANNOTATION, ""),
        bool(annotations.get(DIGEST_ANNOTATION)),
        labels.get(TEMPLATE_LABEL, ""),
        found,
        _moment(annotations.get(CREATED_ANNOTATION), metadata["creationTimestamp"]),
        annotations.get(REQUESTER_ANNOTATION, ""),
        _extras(_mapping(annotations.get(FLAGS_ANNOTATION)), labels, annotations),
    )


def recall(preparation: "Preparation", memory: Memory) -> Recalled:
    """The same preparation as it was for this namespace: its parameters, its moment, its requester.

    What is given now wins. A value that was not kept is a token, to be replaced by what is live.
    """
    asked = preparation.draft.own.keys() | preparation.draft.implied
    tokens: dict[str, str] = {}
    given: dict[str, Given] = {}
    for name, value in memory.parameters.items():
        if name in preparation.given or name not in asked:
            continue
        if value is None:
            tokens[name] = f"kept-{secrets.token_hex(12)}"
        given[name] = Given(tokens.get(name) or value or "", RECORDED, meant=False)
    recalled = dataclasses.replace(
        preparation,
        given={**given, **preparation.given},
        surroundings=_surroundings(preparation.surroundings, memory),
    )
    return Recalled(recalled, tokens)


def merged(extras: Extras, memory: Memory) -> Extras:
    """What flags put on the Namespace now and before."""
    before = memory.extras
    return Extras(
        {**before.labels, **extras.labels},
        {**before.annotations, **extras.annotations},
        extras.expires or before.expires,
    )


def _surroundings(now: Surroundings, memory: Memory) -> Surroundings:
    context = memory.parameters.get("CONTEXT")
    return Surroundings(
        memory.created,
        (lambda: context) if context else now.context,
        (lambda: memory.requester) if memory.requester else now.requester,
    )


def _extras(flags: Mapping[str, Any], labels: Mapping[str, str], annotations: Mapping[str, str]) -> Extras:
    """The values are those that are live: somebody may have set the end of a namespace further off."""
    notes = _present(flags.get("annotations"), annotations)
    expires = notes.pop(EXPIRES_ANNOTATION, "")
    return Extras(_present(flags.get("labels"), labels), notes, expires)


def _present(keys: Any, values: Mapping[str, str]) -> dict[str, str]:
    return {key: values[key] for key in keys if key in values} if isinstance(keys, list) else {}


def _mapping(text: Any) -> Mapping[str, Any]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _moment(text: Any, other: str) -> datetime:
    """The first of the two that is one; the server's own always is."""
    try:
        return datetime.strptime(text or other, TIME_FORMAT).replace(tzinfo=timezone.utc)
    except (ValueError, TypeError):
        return datetime.strptime(other, TIME_FORMAT).replace(tzinfo=timezone.utc)
