"""One context, cluster or user, of one file."""

from collections.abc import Callable
from typing import Any


class Entry:
    """name; path: the file that it comes from. Its fields are read from the file when they are asked for."""

    __slots__ = ("_body", "_load", "name", "path")

    def __init__(self, name: str, path: str, load: Callable[[], dict[str, Any]]) -> None:
        """load: gives the fields."""
        self.name = name
        self.path = path
        self._load = load
        self._body: dict[str, Any] | None = None

    @property
    def body(self) -> dict[str, Any]:
        """The fields as plain values."""
        if self._body is None:
            self._body = self._load()
        return self._body

    def get(self, key: str) -> str:
        """A field that is text; "" when it is missing or something else."""
        value = self.body.get(key)
        return value if isinstance(value, str) else ""
