"""The repairs that are sure: where they are found in a text, what they do to it, and what that is to mean."""

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kubectl_ns_tools.goyaml import (
    Alias,
    Mapping,
    Node,
    Scalar,
    Sequence,
    construct,
    pair_of,
    quoted,
    resolved,
    scalar_value,
    walk,
)
from kubectl_ns_tools.goyaml.nodes import is_merge
from kubectl_ns_tools.kubeconfig.editing import removal, splice
from kubectl_ns_tools.kubeconfig.editing.splice import Splice
from kubectl_ns_tools.kubeconfig.linting.types import typed_scalars
from kubectl_ns_tools.kubeconfig.reading.schema import CONFIG, DATA, SECTIONS, is_string


@dataclass(frozen=True)
class Mend:
    """A repair. rule, line: of the finding that it is for; words: what stands in the finding's text;
    done: what was done, for people."""

    rule: str
    line: int
    words: str
    done: str


@dataclass
class Repair:
    """A repair that can be tried. mean: does to the nodes what the splices do to the text."""

    mends: list[Mend]
    splices: list[Splice]
    mean: Callable[[], None]


Finder = Callable[[str, Node, str], Iterator[Repair]]


def find_texts(text: str, root: Node, path: str) -> Iterator[Repair]:
    """Quotes around what stands in the place of a text and looks like a number or a truth value, and blanks
    out of base64: all at once, as they cannot touch each other."""
    repair = Repair([], [], lambda: _all(changes))
    changes: list[Callable[[], None]] = []
    for node, kind in typed_scalars(root, CONFIG):
        value = node.value
        if node.anchor or node.tag:
            continue
        if is_string(kind) and node.style == "" and isinstance(scalar_value(node, path), (bool, int, float)):
            repair.mends.append(
                Mend("refused", node.span.start.line, "json: ", "quotes around what looks like another type")
            )
        elif kind == DATA and (clean := _without_blanks(value)) is not None:
            value = clean
            repair.mends.append(
                Mend("refused", node.span.start.line, "illegal base64", "blanks taken out of base64")
            )
        else:
            continue
        repair.splices += _replaced(text, node, value)
        changes.append(lambda node=node, value=value: _become(node, value))  # type: ignore[misc]
    if repair.mends:
        yield repair


def _all(changes: Iterable[Callable[[], None]]) -> None:
    for change in changes:
        change()


def _replaced(text: str, node: Scalar, value: str) -> list[Splice]:
    if node.style in ("|", ">"):
        return splice.replace_value(text, None, node, value)
    # Double quotes also where there are none: they are right beside a colon, too, as JSON has them.
    return [Splice(node.span.start.index, node.span.end.index, quoted(value, node.style or '"'))]


def _become(node: Scalar, value: str) -> None:
    node.value, node.style = value, node.style or '"'


def _without_blanks(data: str) -> str | None:
    """Base64 that is right but for its blanks, such as those that folded lines become; None for other."""
    clean = "".join(data.split())
    if clean == data.replace("\n", "").replace("\r", ""):  # these Go's decoder passes over
        return None
    try:
        base64.b64decode(clean, validate=True)
    except (binascii.Error, ValueError):
        return None
    return clean


def find_keys(text: str, root: Node, path: str) -> Iterator[Repair]:
    """Without a key that is there again with the same value."""
    for mapping in (node for node in walk(root) if isinstance(node, Mapping)):
        first: dict[str, Node] = {}
        for pair in mapping.pairs:
            key = resolved(pair[0])
            if is_merge(pair[0]) or not isinstance(key, Scalar):
                continue
            if key.value in first and construct(first[key.value], path) == construct(pair[1], path):
                line = pair[0].span.start.line
                mend = Mend(
                    "duplicate-key", line, f'"{key.value}" is here', f'the second "{key.value}" removed'
                )
                cut = removal.remove_pair(text, mapping, pair)
                yield Repair([mend], cut, lambda mapping=mapping, pair=pair: mapping.pairs.remove(pair))  # type: ignore[misc]
            first[key.value] = pair[1]


def find_entries(text: str, root: Node, path: str) -> Iterator[Repair]:
    """Without an entry that is there again with the same content."""
    for section, (body, _, _) in SECTIONS.items():
        pair = pair_of(root, section)
        if pair is None or not isinstance(pair[1], Sequence):
            continue
        items, first = pair[1].items, dict[str, Node]()
        for index, item in enumerate(items):
            value = construct(item, path)
            name = (value.get("name") or "") if isinstance(value, dict) else None
            if isinstance(item, Alias) or not isinstance(name, str):
                continue
            if name in first and construct(first[name], path) == value:
                mend = Mend(
                    "refused",
                    item.span.start.line,
                    f'duplicate name "{name}"',
                    f'the second {body} "{name}" removed',
                )
                cut = removal.remove_item(text, pair[0], pair[1], index)
                yield Repair([mend], cut, lambda items=items, item=item: items.remove(item))  # type: ignore[misc]
            first.setdefault(name, item)
