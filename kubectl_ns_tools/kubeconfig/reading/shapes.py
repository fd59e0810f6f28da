"""What kubectl takes in one place of a kubeconfig, laid out for the scanner."""

from collections.abc import Mapping

from kubectl_ns_tools.kubeconfig.reading.schema import (
    ANYTHING,
    BOOL,
    CONFIG,
    DATA,
    EXTENSIONS,
    Kind,
    ListOf,
    MapOf,
    Struct,
    is_string,
)


class Shape:
    """of_key: the values of an object by key, other: of all other keys; item: the items of a list; None where
    there must be no object, or no list. The rest is about scalars."""

    __slots__ = ("is_anything", "is_bool", "is_data", "is_string", "item", "of_key", "other", "takes_text")

    def __init__(self, kind: Kind) -> None:
        self.is_string = is_string(kind)
        self.is_data, self.is_bool, self.is_anything = kind == DATA, kind == BOOL, kind == ANYTHING
        self.takes_text = self.is_string or self.is_anything
        self.of_key: Mapping[bytes, Shape] | None = None
        self.other: Shape = self
        self.item: Shape | None = None
        if isinstance(kind, Struct):
            self.of_key = {key.encode(): Shape(value) for key, value in kind.fields.items()}
            self.other = _ANY
        elif isinstance(kind, MapOf):
            self.of_key, self.other = {}, Shape(kind.value)
        elif isinstance(kind, ListOf):
            self.item = EXTENSION if kind == EXTENSIONS else Shape(kind.item)
        elif self.is_anything:
            self.of_key, self.item = {}, self


_ANY = Shape(ANYTHING)
EXTENSION = Shape(EXTENSIONS.item)
FILE = Shape(CONFIG)
