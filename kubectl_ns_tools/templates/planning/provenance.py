"""What a namespace remembers of its making, so that its template can be applied to it again.

On the Namespace: the template and a digest of its texts, the parameters that were given, the moment and who
it was. Not kept are values that may be secret: generated ones, what goes into a Secret, and what is called
a password, a token or the like. Everybody who may list namespaces can read the annotations.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

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
from kubectl_ns_tools.templates.library.draft import Draft, Source
from kubectl_ns_tools.templates.parameters.given import DEFAULT, FILLED_IN, GENERATED, Value
from kubectl_ns_tools.templates.rendering.substitution import references

TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_SECRET_NAME = re.compile(
    r"passw|secret|token|credential|private|(?:^|_)(?:api_?)?key(?:_|\Z)", re.IGNORECASE
)
_NOT_IN_LABELS = re.compile(r"[^A-Za-z0-9_.-]")


@dataclass(frozen=True)
class Extras:
    """What the command line puts on the Namespace besides the template."""

    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    expires: str = ""


@dataclass(frozen=True)
class Stamp:
    """labels: of every object; namespace_labels, namespace_annotations: of the Namespace, over its own."""

    labels: Mapping[str, str] = field(default_factory=dict)
    namespace_labels: Mapping[str, str] = field(default_factory=dict)
    namespace_annotations: Mapping[str, str] = field(default_factory=dict)


def origin_stamp(template: str, extras: Extras | None = None) -> Stamp:
    """Only which template it is, for what is shown and edited before anything is created."""
    extras = extras or Extras()
    expires = {EXPIRES_ANNOTATION: extras.expires} if extras.expires else {}
    return Stamp(
        {TEMPLATE_LABEL: label_value(template)} if template else {},
        extras.labels,
        {**({TEMPLATE_ANNOTATION: template} if template else {}), **extras.annotations, **expires},
    )


def full_stamp(
    template: str,
    draft: Draft,
    values: Mapping[str, Value],
    *,
    at: datetime,
    requester: str,
    extras: Extras,
    hidden: Collection[str] = (),
) -> Stamp:
    """All that is remembered. requester: "" when the server does not say; at: in UTC; hidden: parameters
    whose values were not kept before either."""
    stamp = origin_stamp(template, extras)
    kept = kept_parameters(draft, values, hidden)
    flags = _flags(extras)
    remembered = {
        DIGEST_ANNOTATION: digest(labelled_sources(draft)) if template else "",
        PARAMETERS_ANNOTATION: _json(kept) if kept else "",
        FLAGS_ANNOTATION: _json(flags) if flags else "",
        CREATED_ANNOTATION: at.strftime(TIME_FORMAT),
        REQUESTER_ANNOTATION: requester,
    }
    annotations = {key: value for key, value in remembered.items() if value}
    return Stamp(stamp.labels, stamp.namespace_labels, {**annotations, **stamp.namespace_annotations})


def kept_parameters(
    draft: Draft, values: Mapping[str, Value], hidden: Collection[str] = ()
) -> dict[str, str | None]:
    """The values that were given, None for those that are not kept. Defaults are the template's to change."""
    hidden = {*hidden, *_in_secrets(draft)}
    kept: dict[str, str | None] = {}
    for name, value in sorted(values.items()):
        if value.origin in (DEFAULT, GENERATED) or (value.origin == FILLED_IN and name != "CONTEXT"):
            continue
        secret = value.secret or name in hidden or _SECRET_NAME.search(name)
        kept[name] = None if secret else value.text
    return kept


def digest(sources: Iterable[Source]) -> str:
    """A digest of a template's texts, whatever their files are called: another one means that it changed."""
    found = hashlib.sha256()
    for source in sources:
        text = source.text.encode()
        found.update(b"%d\n%b" % (len(text), text))
    return f"sha256:{found.hexdigest()}"


def labelled_sources(draft: Draft) -> list[Source]:
    """The texts of the templates, files of objects aside."""
    return [source for source in draft.sources if source.label]


def label_value(template: str) -> str:
    """A template's name as the value of a label: what it may not have becomes a dot, a long one is cut."""
    text = _NOT_IN_LABELS.sub(".", template)
    if len(text) > 63:
        text = f"{text[:46]}-{hashlib.sha256(template.encode()).hexdigest()[:16]}"
    return text.strip("_.-")


def _in_secrets(draft: Draft) -> set[str]:
    """The parameters that stand in the data of a Secret."""
    found: set[str] = set()
    for piece in draft.pieces:
        for manifest in piece.objects:
            if manifest.kind == "Secret" and not piece.is_literal:
                data = {key: value for key, value in manifest.data.items() if key != "metadata"}
                found.update(name for _, name in references(data))
    return found


def _flags(extras: Extras) -> dict[str, list[str]]:
    annotations = sorted([*extras.annotations, *([EXPIRES_ANNOTATION] if extras.expires else [])])
    flags = {"labels": sorted(extras.labels), "annotations": annotations}
    return {key: keys for key, keys in flags.items() if keys}


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
