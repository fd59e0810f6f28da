"""YAML as kubectl reads it, with positions.

kubectl reads YAML through sigs.k8s.io/yaml: YAML 1.1 by goyaml.v2's table, which is neither PyYAML's nor
YAML 1.2's. This package parses text into nodes that know their place in it, gives plain scalars the
meaning that kubectl gives them, and writes text that YAML 1.1 and 1.2 readers agree on.
The only importer of the `yaml` package.
"""

from kubectl_ns_tools.goyaml.construct import construct, scalar_value
from kubectl_ns_tools.goyaml.emit import dump, dump_all, is_safe_plain, json_quoted, quoted
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
    find,
    pair_of,
    resolved,
    value_of,
    walk,
)
from kubectl_ns_tools.goyaml.parse import parse, parse_each, parse_first
from kubectl_ns_tools.goyaml.resolve import resolve

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
    "find",
    "is_safe_plain",
    "json_quoted",
    "pair_of",
    "parse",
    "parse_each",
    "parse_first",
    "quoted",
    "resolve",
    "resolved",
    "scalar_value",
    "value_of",
    "walk",
]
