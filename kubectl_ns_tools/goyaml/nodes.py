"""The node tree of one YAML document: what was written, and where."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

_MERGE, _MERGE_TAG = "<<", "tag:yaml.org,2002:merge"


@dataclass(slots=True)
class Mark:
    """A place in the text. index: characters from its start; line: 1-based; column: 0-based, the indent."""

    index: int
    line: int
    column: int


@dataclass(slots=True)
class Span:
    """From `start` up to, not including, `end`; anchor and tag of a node are part of its span."""

    start: Mark
    end: Mark


@dataclass(slots=True, eq=False)
class Scalar:
    """A scalar. value: decoded text; style: "" plain, "'", '"', "|" or ">"."""

    value: str
    style: str
    tag: str | None
    anchor: str | None
    span: Span


@dataclass(slots=True, eq=False)
class Mapping:
    """A mapping; pairs in the order of the text, duplicates included. flow: written in braces."""

    flow: bool
    tag: str | None
    anchor: str | None
    span: Span
    pairs: list[tuple["Node", "Node"]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Sequence:
    """A sequence. flow: written in brackets."""

    flow: bool
    tag: str | None
    anchor: str | None
    span: Span
    items: list["Node"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Alias:
    """`*name`: the place of the reference, and the node it stands for."""

    target: "Scalar | Mapping | Sequence"
    span: Span


Node: TypeAlias = Scalar | Mapping | Sequence | Alias


@dataclass(slots=True, eq=False)
class Document:
    """One document of a stream. root: None when it is empty; explicit_start: it has a `---` line.

    content_end: where a `...` or the next `---` stands, or the end of the text.
    """

    root: Node | None
    start: Mark
    content_end: Mark
    end: Mark
    explicit_start: bool


def resolved(node: Node) -> Scalar | Mapping | Sequence:
    """The node itself, or what an alias stands for."""
    return node.target if isinstance(node, Alias) else node


def value_of(node: Node, key: str) -> Node | None:
    """The value under `key` of a mapping, None if there is none; of duplicate keys the last, as in goyaml."""
    pair = pair_of(node, key)
    return pair[1] if pair else None


def pair_of(node: Node, key: str) -> tuple[Node, Node] | None:
    """The (key, value) nodes of the last pair that `key` names, not looking through merge keys."""
    mapping = resolved(node)
    if not isinstance(mapping, Mapping):
        return None
    found = None
    for pair in mapping.pairs:
        name = resolved(pair[0])
        if isinstance(name, Scalar) and name.value == key:
            found = pair
    return found


def is_merge(key: Node) -> bool:
    """Whether this key is YAML 1.1's `<<`, under which another mapping's pairs come in."""
    if not isinstance(key, Scalar) or key.value != _MERGE:
        return False
    return key.tag == _MERGE_TAG or (key.tag is None and key.style == "")


def fields_of(node: Node) -> dict[str, Node]:
    """The values of a mapping by key, through aliases and merge keys, whatever stands last in the text
    winning, as in goyaml.v2; empty when the node is none."""
    fields: dict[str, Node] = {}
    mapping = resolved(node)
    for key, value in mapping.pairs if isinstance(mapping, Mapping) else ():
        name = resolved(key)
        if is_merge(key):
            fields.update(_merged_fields(value))
        elif isinstance(name, Scalar):
            fields[name.value] = value
    return fields


def _merged_fields(node: Node) -> dict[str, Node]:
    target = resolved(node)
    if not isinstance(target, Sequence):
        return fields_of(target)
    fields: dict[str, Node] = {}
    for item in reversed(target.items):  # the first of a list wins
        fields.update(_merged_fields(item))
    return fields


def find(node: Node, *path: str | int) -> Node | None:
    """The node at a path of keys and indexes, through aliases; None when a part of the path is missing."""
    current: Node | None = node
    for part in path:
        if current is None:
            return None
        current = _item_of(current, part) if isinstance(part, int) else value_of(current, part)
    return current


def _item_of(node: Node, index: int) -> Node | None:
    sequence = resolved(node)
    if isinstance(sequence, Sequence) and 0 <= index < len(sequence.items):
        return sequence.items[index]
    return None


def walk(node: Node) -> Iterator[Node]:
    """The node and every node below it as written: an alias is given, not followed."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        if isinstance(current, Mapping):
            stack.extend(part for pair in reversed(current.pairs) for part in reversed(pair))
        elif isinstance(current, Sequence):
            stack.extend(reversed(current.items))
