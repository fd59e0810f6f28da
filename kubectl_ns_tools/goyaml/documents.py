"""Text to nodes, through PyYAML's event parser (libyaml where it is built in, as goyaml is its port)."""

from collections.abc import Iterator
from typing import Any

import yaml

from kubectl_ns_tools.goyaml.errors import YamlError
from kubectl_ns_tools.goyaml.nodes import Alias, Document, Mapping, Mark, Node, Scalar, Sequence, Span

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_DEEPEST = 1000  # goyaml refuses at 10,000; Python's stack ends before that


def parse(text: str, source: str) -> list[Document]:
    """The documents of `text`, which must not begin with a byte order mark.

    source: names the text in errors.
    Raises YamlError with the line where the text stops being YAML.
    """
    return list(parse_each(text, source))


def parse_first(text: str, source: str) -> Document | None:
    """The first document, None when there is none; what follows it is not read."""
    return next(parse_each(text, source), None)


def parse_each(text: str, source: str) -> Iterator[Document]:
    """Like parse, one document at a time, so that an error in a later one does not hide the first."""
    events = yaml.parse(text, Loader=_LOADER)
    try:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                yield _Builder(events, source).document(event)
    except yaml.MarkedYAMLError as error:
        raise _translated(error, text, source) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1 if isinstance(error.position, int) else 0
        raise YamlError(source, line, f"{error.reason} (character {error.character!r})") from error
    except RecursionError as error:
        raise YamlError(source, 0, "nested too deeply") from error


def _translated(error: yaml.MarkedYAMLError, text: str, source: str) -> YamlError:
    mark = error.problem_mark or error.context_mark
    last = text.count("\n") + 1  # the end of the text counts as a further line
    problem = error.problem or error.context or "not YAML"  # goyaml keeps the context to itself
    return YamlError(source, min(mark.line + 1, last) if mark else 0, problem)


def _mark(mark: Any) -> Mark:
    return Mark(mark.index, mark.line + 1, mark.column)


def _span(first: Any, last: Any) -> Span:
    return Span(_mark(first.start_mark), _mark(last.end_mark))


class _Builder:
    """Builds the nodes of one document from the event stream."""

    def __init__(self, events: Iterator[Any], source: str) -> None:
        self._events = events
        self._source = source
        self._anchors: dict[str, Scalar | Mapping | Sequence] = {}
        self._depth = 0

    def document(self, start: Any) -> Document:
        if start.version not in (None, (1, 1)):
            raise YamlError(self._source, start.start_mark.line + 1, "found incompatible YAML document")
        root: Node | None = self._node(next(self._events))
        end = next(self._events)
        if isinstance(root, Scalar) and not root.value and root.style == "" and root.tag is None:
            root = root if root.anchor else None
        content_end, last = _mark(end.start_mark), _mark(end.end_mark)
        return Document(root, _mark(start.start_mark), content_end, last, bool(start.explicit))

    def _node(self, event: Any) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if isinstance(event, yaml.ScalarEvent):
            scalar = Scalar(event.value, event.style or "", event.tag, event.anchor, _span(event, event))
            return self._named(scalar)
        self._depth += 1
        if self._depth > _DEEPEST:
            raise YamlError(self._source, event.start_mark.line + 1, "nested too deeply")
        node = self._mapping(event) if isinstance(event, yaml.MappingStartEvent) else self._sequence(event)
        self._depth -= 1
        return node

    def _mapping(self, start: Any) -> Mapping:
        node = Mapping(bool(start.flow_style), start.tag, start.anchor, _span(start, start))
        self._named(node)
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event)
            node.pairs.append((key, self._node(next(self._events))))
        node.span = self._closed(start, event, node.flow, node.pairs[-1][1] if node.pairs else None)
        return node

    def _sequence(self, start: Any) -> Sequence:
        node = Sequence(bool(start.flow_style), start.tag, start.anchor, _span(start, start))
        self._named(node)
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            node.items.append(self._node(event))
        node.span = self._closed(start, event, node.flow, node.items[-1] if node.items else None)
        return node

    @staticmethod
    def _closed(start: Any, end: Any, flow: bool, last: Node | None) -> Span:
        # The parser ends a block collection where the next token begins, comments between included.
        if flow or last is None:
            return _span(start, end)
        return Span(_mark(start.start_mark), last.span.end)

    def _named(self, node: Scalar | Mapping | Sequence) -> Node:
        if node.anchor:
            self._anchors[node.anchor] = node
        return node

    def _alias(self, event: Any) -> Alias:
        target = self._anchors.get(event.anchor)
        if target is None:
            raise YamlError(
                self._source, event.start_mark.line + 1, f"unknown anchor '{event.anchor}' referenced"
            )
        return Alias(target, _span(event, event))
