"""YAML as kubectl reads it, with positions.

kubectl reads YAML through sigs.k8s.io/yaml: YAML 1.1 by goyaml.v2's table, which is neither PyYAML's nor
YAML 1.2's. This package parses text into nodes that know their place in it, gives plain scalars the
meaning that kubectl gives them, and writes text that YAML 1.1 and 1.2 readers agree on.
The only importer of the `yaml` package, and only when something is parsed or dumped: reading a large
kubeconfig by the scanner needs neither.
"""

from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.goyaml.construct import construct, scalar_value
from kubectl_ns_tools.goyaml.dialect import refused
from kubectl_ns_tools.goyaml.errors import YamlError
from kubectl_ns_tools.goyaml.nodes import (
    Alias,
    Document,
    Mapping,
    Mark,
    Node,
    Scalar,
    Sequence,
    Span,
    fields_of,
    find,
    pair_of,
    resolved,
    value_of,
    walk,
)
from kubectl_ns_tools.goyaml.quoting import is_safe_plain, json_quoted, quoted
from kubectl_ns_tools.goyaml.resolve import resolve

if TYPE_CHECKING:
    from kubectl_ns_tools.goyaml.documents import parse, parse_each, parse_first
    from kubectl_ns_tools.goyaml.dumping import dump, dump_all

_LATE = {
    "dump": "dumping",
    "dump_all": "dumping",
    "parse": "documents",
    "parse_each": "documents",
    "parse_first": "documents",
}


def __getattr__(name: str) -> Any:
    """What needs PyYAML, when it is first asked for (PEP 562)."""
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"{__name__}.{_LATE[name]}"), name)


__all__ = [
    "Alias",
    "Document",
    "Mapping",
    "Mark",
    "Node",
    "Scalar",
    "Sequence",
    "Span",
    "YamlError",
    "construct",
    "dump",
    "dump_all",
    "fields_of",
    "find",
    "is_safe_plain",
    "json_quoted",
    "pair_of",
    "parse",
    "parse_each",
    "parse_first",
    "quoted",
    "refused",
    "resolve",
    "resolved",
    "scalar_value",
    "value_of",
    "walk",
]
