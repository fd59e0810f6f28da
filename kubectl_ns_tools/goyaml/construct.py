"""Nodes to plain values, as kubectl's YAML-to-JSON step makes them."""

import base64
import binascii
from typing import Any

from kubectl_ns_tools.goyaml.errors import YamlError
from kubectl_ns_tools.goyaml.nodes import Alias, Mapping, Node, Scalar, Sequence, is_merge, resolved
from kubectl_ns_tools.goyaml.resolve import resolve

_PREFIX = "tag:yaml.org,2002:"
# decode.go (allowedAliasRatio): up to so many values 99 % may come by aliases, from so many on 10 %.
_FEW_VALUES, _MANY_VALUES = 400_000, 4_000_000


def construct(node: Node | None, source: str, *, unique_keys: bool = False) -> Any:
    """dict, list, str, int, float, bool or None for `node`.

    unique_keys: refuse a mapping that has a key twice; otherwise the last one counts, as for goyaml.
    Raises YamlError for what goyaml refuses: a node that contains itself, too many aliases, a bad tag.
    """
    return None if node is None else _Constructor(source, unique_keys).value(node)


def scalar_value(node: Scalar, source: str) -> Any:
    """The value of one scalar: its tag, its quotes or goyaml's table decide."""
    if node.tag and node.tag != "!":
        return _tagged(node, source)
    return node.value if node.style or node.tag == "!" else resolve(node.value)


def _tagged(node: Scalar, source: str) -> Any:
    tag = (node.tag or "").removeprefix(_PREFIX)
    if tag == "str":
        return node.value
    if tag == "binary":
        return _binary(node, source)
    value = resolve(node.value)
    fits = {
        "int": isinstance(value, int) and not isinstance(value, bool),
        "float": isinstance(value, (int, float)) and not isinstance(value, bool),
        "bool": isinstance(value, bool),
        "null": value is None,
    }
    if not fits.get(tag, True):
        raise YamlError(source, node.span.start.line, f"cannot decode {node.value!r} as a !!{tag}")
    return value if tag in fits else node.value


def _binary(node: Scalar, source: str) -> str:
    try:
        return base64.b64decode(node.value, validate=False).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise YamlError(
            source, node.span.start.line, "!!binary value contains invalid base64 data"
        ) from error


def _most_by_alias(made: int) -> float:
    beyond = (made - _FEW_VALUES) / (_MANY_VALUES - _FEW_VALUES)
    return made * (0.99 - 0.89 * min(max(beyond, 0), 1))


class _Constructor:
    def __init__(self, source: str, unique_keys: bool) -> None:
        self._source = source
        self._unique_keys = unique_keys
        self._open: set[int] = set()
        self._made = self._by_alias = self._aliases_around = 0

    def value(self, node: Node) -> Any:
        self._count()
        if not isinstance(node, Alias):
            return self._value(node)
        self._aliases_around += 1
        self._count()
        made = self._value(node)
        self._aliases_around -= 1
        return made

    def _count(self) -> None:
        """Refuses an alias bomb: nine lines can stand for 10^9 values."""
        self._made += 1
        self._by_alias += bool(self._aliases_around)
        if self._by_alias > 100 and self._made > 1000 and self._by_alias > _most_by_alias(self._made):
            raise YamlError(self._source, 0, "document contains excessive aliasing")

    def _value(self, node: Node) -> Any:
        target = resolved(node)
        if isinstance(target, Scalar):
            return scalar_value(target, self._source)
        if id(target) in self._open:
            raise YamlError(
                self._source, node.span.start.line, f"anchor '{target.anchor}' value contains itself"
            )
        self._open.add(id(target))
        made = self._mapping(target) if isinstance(target, Mapping) else self._list(target)
        self._open.discard(id(target))
        return made

    def _list(self, node: Sequence) -> list[Any]:
        return [self.value(item) for item in node.items]

    def _mapping(self, node: Mapping) -> dict[str, Any]:
        made: dict[str, Any] = {}
        own: set[str] = set()
        for key_node, value_node in node.pairs:
            if is_merge(key_node):
                made.update(self._merged(value_node))  # goyaml.v2 goes by the order of the text
                continue
            key = self._key(key_node)
            if self._unique_keys and key in own:
                raise YamlError(self._source, key_node.span.start.line, f"key {key!r} is there twice")
            own.add(key)
            made[key] = self.value(value_node)
        return made

    def _merged(self, node: Node) -> dict[str, Any]:
        target = resolved(node)
        if isinstance(target, Mapping):
            value: dict[str, Any] = self.value(node)
            return value
        if not isinstance(target, Sequence):
            raise YamlError(
                self._source, node.span.start.line, "map merge requires map or sequence of maps as the value"
            )
        result: dict[str, Any] = {}
        for item in target.items:  # the first of a list wins
            result = self._merged(item) | result
        return result

    def _key(self, node: Node) -> str:
        key = self.value(node)
        if isinstance(key, str):
            return key
        if isinstance(key, bool):
            return "true" if key else "false"
        if isinstance(key, (int, float)):
            return str(key)
        raise YamlError(self._source, node.span.start.line, "a key must be a string")
