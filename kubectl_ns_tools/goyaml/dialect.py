"""Where goyaml.v2 refuses what the parser that we use, a later libyaml, takes."""

import re
from collections.abc import Iterator

from kubectl_ns_tools.goyaml.nodes import Document, Mapping, Node, Scalar, Sequence

_SLASH = re.compile(r"(?:[^\\]|\\[^/])*\\/")
_LATE_MARK = re.compile("[\r\n\x85\u2028\u2029]\ufeff")


def refused(document: Document, text: str) -> Iterator[tuple[int, str]]:
    """(line, text) for what goyaml.v2 does not read, or not in this way, in its words where it has some."""
    if document.root is None:
        return
    for scalar, in_flow in _scalars(document.root):
        if scalar.style == '"' and _SLASH.match(text[scalar.span.start.index : scalar.span.end.index]):
            yield scalar.span.start.line, "found unknown escape character"
        elif in_flow and scalar.style == "" and "?" in scalar.value:
            yield scalar.span.start.line, "did not find expected ',' or '}'"
    if mark := _LATE_MARK.search(text, 0, document.end.index):
        yield text.count("\n", 0, mark.end()) + 1, "a byte order mark inside the text is no line's beginning"


def _scalars(root: Node) -> Iterator[tuple[Scalar, bool]]:
    """Every scalar as written, and whether a flow collection is around it."""
    stack = [(root, False)]
    while stack:
        node, in_flow = stack.pop()
        if isinstance(node, Mapping):
            stack.extend((part, in_flow or node.flow) for pair in node.pairs for part in pair)
        elif isinstance(node, Sequence):
            stack.extend((item, in_flow or node.flow) for item in node.items)
        elif isinstance(node, Scalar):
            yield node, in_flow
