"""The suite's own settings: $XDG_CONFIG_HOME/kubectl-ns-tools/config.yaml, by default under ~/.config.

`protected`: a list of glob patterns for the names of contexts in which a change needs more than a yes.
`protected-namespaces`: the same for the names of namespaces that are not deleted.
What is not understood is refused, so that a slip of the pen never takes a protection away.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kubectl_ns_tools.errors import Refused, did_you_mean
from kubectl_ns_tools.kubeconfig.storage import read_bytes

if TYPE_CHECKING:
    from kubectl_ns_tools.goyaml import Node

CONTEXTS, NAMESPACES = "protected", "protected-namespaces"
_KEYS = (CONTEXTS, NAMESPACES)
_EXAMPLE = "write it like this: {}: ['*prod*']"


@dataclass(frozen=True)
class Config:
    """The settings. path: where they are, or would be; protected: patterns of context names;
    protected_namespaces: patterns of namespaces' names; lines: where each key stands that is in the file."""

    path: str
    protected: tuple[str, ...] = ()
    protected_namespaces: tuple[str, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)

    def is_protected(self, context_name: str) -> bool:
        """Whether a pattern matches the whole name. Upper and lower case are the same: a context too many
        costs a typed name, one too few a cluster."""
        return _matches(context_name, self.protected)

    def is_protected_namespace(self, name: str) -> bool:
        """The same for a namespace."""
        return _matches(name, self.protected_namespaces)


def _matches(text: str, patterns: tuple[str, ...]) -> bool:
    if not patterns:
        return False
    from fnmatch import fnmatchcase

    name = text.casefold()
    return any(name == (folded := pattern.casefold()) or fnmatchcase(name, folded) for pattern in patterns)


def load_config(environ: Mapping[str, str]) -> Config:
    """The settings of this user; a missing file is an empty one.

    Raises Refused with file and line for an unknown key or a value of the wrong type.
    """
    folder = environ.get("XDG_CONFIG_HOME") or os.path.join(environ.get("HOME", ""), ".config")
    path = os.path.join(folder, "kubectl-ns-tools", "config.yaml")
    data = read_bytes(path)
    if data is None:
        return Config(path)
    root = _root(data, path)
    patterns = _patterns(root, CONTEXTS, path), _patterns(root, NAMESPACES, path)
    return Config(path, *patterns, _lines(root))


def _lines(root: "Node | None") -> dict[str, int]:
    from kubectl_ns_tools.goyaml import Mapping, Scalar, resolved

    if not isinstance(root, Mapping):
        return {}
    keys = ((resolved(node), node.span.start.line) for node, _ in root.pairs)
    return {key.value: line for key, line in keys if isinstance(key, Scalar)}


def _patterns(root: "Node | None", key: str, path: str) -> tuple[str, ...]:
    from kubectl_ns_tools.goyaml import Scalar, Sequence, resolved, value_of

    value = value_of(root, key) if root else None
    found = resolved(value) if value else None
    if found is None or (isinstance(found, Scalar) and _is_null(found, path)):
        return ()
    if not isinstance(found, Sequence):
        raise _wrong(path, found, f'"{key}" must be a list of patterns', key)
    return tuple(_pattern(item, key, path) for item in found.items)


def _root(data: bytes, path: str) -> "Node | None":
    """The mapping that the file is, its keys known; None for a file without content."""
    from kubectl_ns_tools.goyaml import Mapping, Scalar, resolved

    root = _parsed(data, path)
    if root is None or _is_null(root, path):
        return None
    if not isinstance(root, Mapping):
        raise _wrong(path, root, "the settings must be a mapping")
    for node, _ in root.pairs:
        key = resolved(node)
        name = key.value if isinstance(key, Scalar) else ""
        if name not in _KEYS:
            hint = did_you_mean(name, _KEYS, "keys there are")
            raise Refused(f'{path}:{node.span.start.line}: unknown key "{name}"', hint)
    return root


def _parsed(data: bytes, path: str) -> "Node | None":
    from kubectl_ns_tools.goyaml import YamlError, construct, parse

    try:
        documents = parse(data.decode("utf-8-sig"), path)
        root = documents[0].root if documents else None
        construct(root, path, unique_keys=True)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused(f"{path}:{line}: invalid utf-8 bytes", "save the file as UTF-8") from error
    except YamlError as error:  # such as a pattern without quotes, whose star means something in YAML
        raise YamlError(path, error.line, error.problem, _EXAMPLE.format(CONTEXTS)) from error
    for document in documents[1:]:
        raise Refused(f"{path}:{document.start.line}: a second document", "keep the settings in one")
    return root


def _pattern(node: "Node", key: str, path: str) -> str:
    from kubectl_ns_tools.goyaml import construct

    value = construct(node, path)
    if not isinstance(value, str) or not value:
        raise _wrong(path, node, f'each of "{key}" must be a pattern in quotes', key)
    return value


def _is_null(node: "Node", path: str) -> bool:
    from kubectl_ns_tools.goyaml import construct

    return construct(node, path) is None


def _wrong(path: str, node: "Node", problem: str, key: str = CONTEXTS) -> Refused:
    return Refused(f"{path}:{node.span.start.line}: {problem}", _EXAMPLE.format(key))
