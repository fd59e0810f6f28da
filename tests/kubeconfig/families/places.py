"""Where in a kubeconfig's text an operation may change characters; everything else must stay as it is."""

from dataclasses import dataclass

from kubectl_ns_tools.goyaml import Mapping, Node, Scalar, Sequence, find, pair_of, parse_first, resolved

BREAKS = "\r\n\x85\u2028\u2029"


@dataclass(frozen=True)
class Place:
    """Characters `start` up to `end`. kept: something may come in between them, but all of them stay."""

    start: int
    end: int
    kept: bool = False

    def and_also(self, other: "Place") -> "Place":
        """From the start of the one that comes first to the end of the other."""
        return Place(min(self.start, other.start), max(self.end, other.end))

    def check(self, before: str, after: str) -> None:
        """Fails when a character outside of the place is another one afterwards."""
        assert after[: self.start] == before[: self.start]
        tail = before[self.end :]
        assert after[len(after) - len(tail) :] == tail
        if self.kept:
            old, new = before[self.start : self.end], after[self.start : len(after) - len(tail)]
            assert _common(old, new) + _common(old[::-1], new[::-1]) >= len(old)


def _common(one: str, other: str) -> int:
    return next((i for i, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))


class Places:
    """The places of one text, which must be YAML; those that are not there are where they would come."""

    def __init__(self, text: str) -> None:
        self._text = text
        document = parse_first(text, "before")
        self._root = document.root if document else None
        self._end = document.end.index if document else len(text)

    def index_of(self, name: str) -> int:
        items = find(self._node, "contexts") if self._root else None
        listed = resolved(items).items if items else []
        names = [node.value if isinstance(node := find(item, "name"), Scalar) else "" for item in listed]
        return names.index(name)

    def value(self, *path: str | int) -> Place:
        """Of the last key of the path, or where it would be put."""
        pair = self._pair(*path)
        if pair:
            return Place(pair[0].span.end.index, self._end_of(pair[1]))
        for length in range(len(path) - 1, 0, -1):
            if node := find(self._node, *path[:length]) if self._root else None:
                null = isinstance(node, Scalar)
                item = node if isinstance(node, Mapping) and not null else find(self._node, *path[:2])
                assert item is not None
                return Place(item.span.start.index, self._line_end(self._end_of(item)), kept=not null)
        return self._new_at_the_end()

    def pair(self, *path: str | int) -> Place:
        """The last key of the path with its value, and the lines or the comma that go with them."""
        parent = find(self._node, *path[:-1]) if self._root else None
        mapping = resolved(parent) if parent else None
        if not isinstance(mapping, Mapping):
            return Place(0, 0)
        named = [
            pair
            for pair in mapping.pairs
            if isinstance(key := resolved(pair[0]), Scalar) and key.value == path[-1]
        ]
        found = [self._pair_of(mapping, pair) for pair in named]
        return found[0].and_also(found[-1]) if found else Place(0, 0)

    def _pair_of(self, mapping: Mapping, pair: tuple[Node, Node]) -> Place:
        if mapping.flow:
            spans = [(key.span.start.index, value.span.end.index) for key, value in mapping.pairs]
            return self._in_flow(mapping, spans, mapping.pairs.index(pair))
        return self._lines(pair[0].span.start.index, max(self._end_of(pair[1]), pair[1].span.end.index - 1))

    def item(self, section: str, index: int) -> Place:
        """An item of a list, and the lines or the comma that go with it."""
        key, node = self._pair(section) or (None, None)
        assert key
        assert node
        items = resolved(node)
        assert isinstance(items, Sequence)
        if items.flow:
            spans = [(item.span.start.index, item.span.end.index) for item in items.items]
            return self._in_flow(items, spans, index)
        start, end = items.items[index].span.start.index, self._end_of(items.items[index])
        dash = self._text.rindex("-", 0, start + 1)
        if index == 0 and self._text[:dash].rstrip(" ").endswith(":"):  # beside the colon of an explicit key
            following = items.items[1].span.start if len(items.items) > 1 else items.span.end
            return Place(dash, following.index)
        lines = self._lines(dash, end)
        return Place(key.span.end.index, lines.end) if len(items.items) == 1 else lines

    def end_of(self, section: str) -> Place:
        """Where a further item of a list comes."""
        key, node = self._pair(section) or (None, None)
        if not key or not node:
            return self._new_at_the_end()
        items = resolved(node)
        if not isinstance(items, Sequence) or not items.items:
            return Place(key.span.end.index, self._line_end(node.span.end.index))
        end = items.span.end.index if items.flow else self._line_end(self._end_of(items))
        return Place(items.span.start.index, end, kept=True)

    @property
    def _node(self) -> Node:
        assert self._root
        return self._root

    def _pair(self, *path: str | int) -> tuple[Node, Node] | None:
        parent = find(self._node, *path[:-1]) if self._root else None
        return pair_of(parent, str(path[-1])) if parent else None

    def _new_at_the_end(self) -> Place:
        if isinstance(self._root, Mapping):
            end = self._root.span.end.index if self._root.flow else self._line_end(self._end_of(self._root))
            return Place(self._root.span.start.index, end, kept=True)
        return Place(self._root.span.start.index if self._root else 0, self._end)

    def _end_of(self, node: Node) -> int:
        """A block scalar's span ends where the next line begins."""
        start, end = node.span.start.index, node.span.end.index
        return start + len(self._text[start:end].rstrip(BREAKS))

    def _line_end(self, at: int) -> int:
        while at < len(self._text) and self._text[at] not in BREAKS:
            at += 1
        return at

    def _lines(self, start: int, end: int) -> Place:
        while start and self._text[start - 1] not in BREAKS:
            start -= 1
        end = self._line_end(end)
        if end == len(self._text):  # the line end before goes, as there is none after
            return Place(len(self._text[:start].rstrip(BREAKS)), end)
        return Place(start, end + (2 if self._text.startswith("\r\n", end) else 1))

    def _in_flow(self, parent: Node, spans: list[tuple[int, int]], index: int) -> Place:
        before = spans[index - 1][1] if index else parent.span.start.index + 1
        after = spans[index + 1][0] if index + 1 < len(spans) else parent.span.end.index - 1
        return Place(before, after)
