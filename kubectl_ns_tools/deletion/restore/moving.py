"""A manifest under the name of another namespace. Pure.

What certainly means the namespace is changed: metadata.namespace and the subjects of RoleBindings. What only
may mean it (a host in a variable, an annotation) is left as it is and told.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any

_RANGES = "openshift.io/sa.scc."
_DEEPEST = 100  # of the fields that are looked through


def moved(manifest: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """The manifest for the namespace `new`; it was of `old`, and metadata.namespace may say anything."""
    metadata = {**manifest["metadata"], "namespace": new}
    result = {**manifest, "metadata": metadata}
    if old != new and manifest["kind"] == "RoleBinding" and isinstance(manifest.get("subjects"), list):
        result["subjects"] = [_subject(subject, old, new) for subject in manifest["subjects"]]
    return result


def moved_namespace(manifest: Mapping[str, Any], new: str) -> dict[str, Any]:
    """The Namespace under the name `new`. Under another one, OpenShift gives it other ranges of users
    (openshift.io/sa.scc.*): two namespaces must not share them."""
    metadata = {**manifest["metadata"], "name": new}
    if new != manifest["metadata"]["name"] and metadata.get("annotations"):
        own = {key: text for key, text in metadata["annotations"].items() if not key.startswith(_RANGES)}
        metadata["annotations"] = own
    return {**manifest, "metadata": metadata}


def _subject(subject: Any, old: str, new: str) -> Any:
    if isinstance(subject, Mapping) and subject.get("namespace") == old:
        return {**subject, "namespace": new}
    return subject


def mentions(manifest: Mapping[str, Any], name: str) -> list[str]:
    """The fields that seem to mean the namespace `name`: `spec.template.spec.containers[0].env[1].value`.

    Paths only, as the values may be secret. A word that merely equals the name is no mention: applications
    are often called as their namespace is.
    """
    pattern = re.compile(_PATTERN.format(re.escape(name)))
    return [path for path, key, text in _texts(manifest, "", "") if _means(pattern, name, key, text)]


# web.blue, web.blue.svc, http://web.blue:80/; system:serviceaccount:blue:…; blue/name (as an annotation)
_PATTERN = (
    r"(?<![a-zA-Z0-9.-])[a-z0-9-]+\.{0}(?=$|\.svc\b|[:/,;\s\"'])"
    r"|system:serviceaccounts?:{0}(?=$|:)"
    r"|\A{0}/[a-z0-9.-]+\Z"
)


def _means(pattern: re.Pattern[str], name: str, key: str, text: str) -> bool:
    if text == name:
        return key.lower().endswith("namespace") or key in ("namespaces", "kubernetes.io/metadata.name")
    return bool(pattern.search(text))


def _texts(value: Any, path: str, key: str, depth: int = 0) -> Iterator[tuple[str, str, str]]:
    """(path, the nearest key, the text) of every string; of a Secret's data, the decoded one."""
    if isinstance(value, str):
        yield path, key, value
    elif isinstance(value, Mapping) and depth < _DEEPEST:
        secret = value.get("kind") == "Secret" and depth == 0
        for name, inner in value.items():
            where = f"{path}.{name}" if path else str(name)
            if where in ("metadata.namespace", "metadata.name"):
                continue
            found = _decoded(inner) if secret and name == "data" else inner
            yield from _texts(found, where, str(name), depth + 1)
    elif isinstance(value, list) and depth < _DEEPEST:
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{path}[{index}]", key, depth + 1)


def _decoded(data: Any) -> dict[str, str]:
    if not isinstance(data, Mapping):
        return {}
    return {str(key): text for key, value in data.items() if (text := _text(value))}


def _text(value: Any) -> str:
    """The text in base64; "" for what is none."""
    try:
        return base64.b64decode(str(value), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
