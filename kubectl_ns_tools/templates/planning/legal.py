"""Names, labels and annotations that every API server refuses, told with file and line before one is asked.

Only what is certain: a server may be stricter still, as it is for the names of Services.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.planning.kinds import is_builtin_group

# apimachinery pkg/util/validation: IsDNS1123Subdomain, IsQualifiedName, IsValidLabelValue
_SUBDOMAIN = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\Z")
_PART = re.compile(r"[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?\Z")
_LONGEST_NAME, _LONGEST_PART = 253, 63
MOST_ANNOTATIONS = 256 * 1024  # bytes; apimachinery pkg/api/validation: TotalAnnotationSizeLimitB

_SUBDOMAIN_WORDS = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must"
    " start and end with an alphanumeric character, at most 253 in all"
)
_PART_WORDS = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric"
    " character, at most 63 in all"
)
# Kinds of Kubernetes that are not named by subdomains (validation of each group in pkg/apis).
_FREELY_NAMED = frozenset({"IPAddress", "ClusterTrustBundle", "CertificateSigningRequest", "StorageVersion"})


def problems_of(manifest: Manifest) -> Iterator[str]:
    """What is wrong with the object's name, labels and annotations, each with file, line and field."""
    yield from _name_problems(manifest)
    for field, value_problem in (("labels", label_value_problem), ("annotations", _no_problem)):
        for key, value in _strings(manifest.metadata.get(field)).items():
            wrong = key_problem(key) or value_problem(value)
            if wrong:
                yield f"{manifest.place('metadata', field, key)}: metadata.{field}: {wrong}"
    size = annotations_size(_strings(manifest.metadata.get("annotations")))
    if size > MOST_ANNOTATIONS:
        place = manifest.place("metadata", "annotations")
        yield f"{place}: metadata.annotations: {size} bytes, and at most {MOST_ANNOTATIONS} are allowed"


def key_problem(key: str) -> str:
    """What is wrong with the key of a label or an annotation, "" if nothing is."""
    prefix, slash, name = key.rpartition("/")
    if slash and not _is_subdomain(prefix):
        return f"key {key!r}: the part before the slash: {_SUBDOMAIN_WORDS}"
    if len(name) > _LONGEST_PART or not _PART.match(name):
        return f"key {key!r}: the name {_PART_WORDS}"
    return ""


def label_value_problem(value: str) -> str:
    """What is wrong with the value of a label, "" if nothing is."""
    if value and (len(value) > _LONGEST_PART or not _PART.match(value)):
        return f"value {value!r}: a label {_PART_WORDS}"
    return ""


def annotations_size(annotations: Mapping[str, str]) -> int:
    """As the server counts them: the bytes of keys and values."""
    return sum(len(key.encode()) + len(value.encode()) for key, value in annotations.items())


def _name_problems(manifest: Manifest) -> Iterator[str]:
    name = manifest.metadata.get("name")
    if not isinstance(name, str) or not name:
        return
    wrong = ""
    if manifest.group == "rbac.authorization.k8s.io" or not is_builtin_group(manifest.group):
        wrong = _segment_problem(name)
    elif manifest.kind not in _FREELY_NAMED and not _is_subdomain(name):
        wrong = _SUBDOMAIN_WORDS
    if wrong:
        yield f"{manifest.place('metadata', 'name')}: metadata.name: {name!r} is no name: {wrong}"


def _segment_problem(name: str) -> str:
    """apimachinery pkg/api/validation/path: IsValidPathSegmentName, the least that every kind asks for."""
    if name in (".", ".."):
        return f"may not be '{name}'"
    found = next((char for char in "/%" if char in name), "")
    return f"may not contain '{found}'" if found else ""


def _is_subdomain(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and bool(_SUBDOMAIN.match(text))


def _no_problem(value: str) -> str:
    return ""


def _strings(value: Any) -> dict[str, str]:
    """The pairs that are strings; the others are told elsewhere."""
    pairs = value.items() if isinstance(value, dict) else ()
    return {key: item for key, item in pairs if isinstance(key, str) and isinstance(item, str)}
