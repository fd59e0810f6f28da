"""What of a kubeconfig is secret, and its text with the secrets masked, line by line.

Only what kubectl's schema says is no secret is shown: tokens, passwords and the values of plugins are
masked, and so is all that kubectl does not know, as nobody can tell what it is.
"""

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from kubectl_ns_tools.goyaml import Mapping, Node, Scalar, YamlError, resolved
from kubectl_ns_tools.goyaml import Sequence as SequenceNode
from kubectl_ns_tools.goyaml.nodes import is_merge, walk
from kubectl_ns_tools.kubeconfig.reading.scanner import scan
from kubectl_ns_tools.kubeconfig.reading.schema import BOOL, CONFIG, STRING, Kind, ListOf, Struct, is_string

REDACTED, OMITTED = "REDACTED", "DATA+OMITTED"  # kubectl config view's words
SECRET_FIELDS = frozenset({"token", "password", "value"})  # value: of an exec plugin's variable

_LINE = re.compile(
    r"(?P<head>\s*(?:- +)*)(?:(?P<key>[\w.\"'/-]+)(?P<colon>\s*:)(?:\s+|\Z))?(?P<value>.*)", re.S
)
_COMMENT = re.compile(
    r"(#.*?(?:token|passw(?:or)?d|secret|-data|private|key)[\w\"'-]*\s*[:=]\s*)(\S.*)", re.IGNORECASE
)
_USERINFO = re.compile(r"(?<=://)[^/@\s]+(?=@)")
_MARKER = re.compile(r"^(?:---|\.\.\.)(?=\s|\Z)", re.MULTILINE)
_NOT_BLANK = re.compile(r"\S[^\r\n]*")


def masked_lines(data: bytes) -> Callable[[int], str]:
    """A function that gives a line (0-based, as `data.split(b"\\n")` has them) without line break or secrets.

    data: the bytes of a kubeconfig, which may be broken: what cannot be understood is then masked.
    """
    if scan(data):
        return partial(_plain_line, data.split(b"\n"), True)
    try:
        lines = _masked_text(data).split("\n")
    except (YamlError, UnicodeDecodeError):
        return partial(_plain_line, data.split(b"\n"), False)
    return lambda index: _outside(lines[index].rstrip("\r"))


def _plain_line(lines: Sequence[bytes], certain: bool, index: int) -> str:
    return _outside(_mask_line(lines[index].decode(errors="replace").rstrip("\r"), certain))


def _outside(line: str) -> str:
    """The line with what is secret in comments, and in the user part of a URL, masked."""
    return _USERINFO.sub(REDACTED, _COMMENT.sub(rf"\1{REDACTED}", line))


def _mask_line(line: str, certain: bool) -> str:
    """A line of a file in plain block style. certain: it is one, so that an item is just an item."""
    match = _LINE.match(line)
    assert match is not None  # it matches any line
    value, key = match["value"], (match["key"] or "").strip("\"'")
    if not value.strip() or value.startswith("#"):
        return line
    is_simple = certain or (key and value[0] not in "{[&*!|>")
    if is_simple and (key in _SHOWN or not key):
        return line
    return line[: match.start("value")] + _label(key)


def _masked_text(data: bytes) -> str:
    from kubectl_ns_tools.goyaml import parse_first

    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    text = data[len(bom) :].decode()
    document = parse_first(text, "")
    root = document.root if document else None
    pieces, at = [], 0
    for start, end, label in sorted(_secret_spans(root, _FILE, "")) if root else ():
        pieces += [text[at:start], _NOT_BLANK.sub(label, text[start:end])]
        at = end
    further = _MARKER.search(text, document.end.index) if document else None
    tail = further.start() if further else len(text)  # kubectl does not read further documents: masked whole
    return "".join([*pieces, text[at:tail], _NOT_BLANK.sub(REDACTED, text[tail:])])


def _secret_spans(node: Node, kind: Kind | None, key: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, what to show) of every scalar below a node that is not known to be harmless."""
    if isinstance(node, Mapping) and isinstance(kind, Struct):
        for name, value in node.pairs:
            text = resolved(name).value if isinstance(resolved(name), Scalar) else ""  # type: ignore[union-attr]
            yield from _secret_spans(value, kind if is_merge(name) else kind.fields.get(text), text)
    elif isinstance(node, SequenceNode) and isinstance(kind, ListOf):
        for item in node.items:
            yield from _secret_spans(item, kind.item, key)
    elif not (kind is not None and isinstance(node, Scalar) and _is_shown(kind, key)):
        yield from _all_values(node, key)


def _all_values(node: Node, key: str) -> Iterator[tuple[int, int, str]]:
    keys = {id(name) for each in walk(node) if isinstance(each, Mapping) for name, _ in each.pairs}
    for each in walk(node):
        if isinstance(each, Scalar) and id(each) not in keys:
            yield each.span.start.index, each.span.end.index, _label(key)


def _is_shown(kind: Kind, key: str) -> bool:
    return (is_string(kind) or kind == BOOL) and key not in SECRET_FIELDS


def _label(key: str) -> str:
    return OMITTED if key.endswith("-data") else REDACTED


def _shown_keys(kind: Kind) -> Iterator[str]:
    """The keys of all fields below a type that hold text or a boolean and no secret."""
    for key, value in kind.fields.items() if isinstance(kind, Struct) else ():
        if _is_shown(value, key):
            yield key
        yield from _shown_keys(value.item if isinstance(value, ListOf) else value)


_FILE = Struct(CONFIG.name, {**CONFIG.fields, "kind": STRING, "apiVersion": STRING})
_SHOWN = frozenset(_shown_keys(_FILE))
