"""A kubeconfig's nodes beside the types that kubectl gives them."""

from collections.abc import Iterator

from kubectl_ns_tools.goyaml import Mapping, Node, Scalar, Sequence, resolved
from kubectl_ns_tools.goyaml.nodes import is_merge
from kubectl_ns_tools.kubeconfig.reading.schema import ANYTHING, Kind, ListOf, MapOf, Struct


def typed_scalars(node: Node, kind: Kind) -> Iterator[tuple[Scalar, Kind]]:
    """The scalars that are written below a node in a place that kubectl knows, each with its type there."""
    if isinstance(node, Scalar):
        if kind != ANYTHING:
            yield node, kind
    elif isinstance(node, Mapping):
        for key, value in node.pairs:
            below = kind if is_merge(key) else _below(kind, _text(key))
            if below is not None:
                yield from typed_scalars(value, below)
    elif isinstance(node, Sequence) and isinstance(kind, ListOf):
        for item in node.items:
            yield from typed_scalars(item, kind.item)


def unknown_keys(node: Node, kind: Kind) -> Iterator[tuple[Scalar, Struct]]:
    """The keys, below a node, that kubectl does not know, each with the type that does not have it."""
    if isinstance(node, Mapping) and isinstance(kind, Struct):
        for key, value in node.pairs:
            name = resolved(key)
            if is_merge(key):
                yield from unknown_keys(value, kind)
            elif (below := kind.fields.get(_text(key))) is not None:
                yield from unknown_keys(value, below)
            elif isinstance(name, Scalar):
                yield name, kind
    elif isinstance(node, Sequence) and isinstance(kind, ListOf):
        for item in node.items:
            yield from unknown_keys(item, kind.item)


def _below(kind: Kind, key: str) -> Kind | None:
    if isinstance(kind, MapOf):
        return kind.value
    return kind.fields.get(key) if isinstance(kind, Struct) else None


def _text(node: Node) -> str:
    key = resolved(node)
    return key.value if isinstance(key, Scalar) else ""
