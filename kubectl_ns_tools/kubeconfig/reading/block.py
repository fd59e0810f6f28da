"""The values in a part of a kubeconfig that the scanner understood, without the real parser.

The scanner has been certain of the whole file, so that nothing is checked here again: block style, one key or
item a line, scalars that end on it. Loading PyYAML would take as long as asking the API server.
"""

from typing import Any, NamedTuple

from kubectl_ns_tools.kubeconfig.reading.lines import lines_of, plain_value


class _Token(NamedTuple):
    """A dash, a key (with its value, if that is on the line) or a scalar. column: where it begins."""

    column: int
    is_dash: bool = False
    key: bytes | None = None
    scalar: bytes | None = None


def block_value(data: bytes) -> Any:
    """What kubectl makes of these lines: dict, list, str, int, float, bool or None."""
    return _Block(data).value()


class _Block:
    def __init__(self, data: bytes) -> None:
        self._tokens: list[_Token] = []
        for line in lines_of(data):
            indent, dash, key, value, scalar = line.groups()
            column = len(indent)
            if dash is not None:
                self._tokens.append(_Token(column, is_dash=True))
                column += len(dash)
            self._tokens.append(_Token(column, key=key, scalar=value if key is not None else scalar))
        self._tokens.append(_Token(-1))
        self._at = 0

    def value(self) -> Any:
        """The collection, or the scalar, that begins here."""
        token = self._tokens[self._at]
        if token.is_dash:
            return self._list(token.column)
        if token.key is not None:
            return self._mapping(token.column)
        self._at += 1
        return None if token.scalar is None else _scalar(token.scalar)

    def _list(self, column: int) -> list[Any]:
        made = []
        while self._tokens[self._at] == (column, True, None, None):
            self._at += 1
            made.append(self.value())
        return made

    def _mapping(self, column: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        while (token := self._tokens[self._at]).column == column and token.key is not None:
            self._at += 1
            made[_key(token.key)] = self._below(column) if token.scalar is None else _scalar(token.scalar)
        return made

    def _below(self, column: int) -> Any:
        """The value of a key that has none on its line; a list may begin in the key's own column."""
        token = self._tokens[self._at]
        deeper = token.column > column or (token.is_dash and token.column == column)
        return self.value() if deeper else None


def _key(key: bytes) -> str:
    value = plain_value(key)
    return str(value).lower() if isinstance(value, bool) else key.decode()


def _scalar(value: bytes) -> Any:
    if value[0] in b"\"'":
        return value[1:-1].decode()
    if value in (b"{}", b"[]"):
        return {} if value == b"{}" else []
    return plain_value(value)
