"""Parameter references, replaced in one pass over parsed scalars.

The rules are OpenShift's (library-go pkg/template/templateprocessing/template.go): `${NAME}` anywhere in a
string or a key, `${{NAME}}` as a whole value, inserted as JSON (as a string where it is none). Ours: where a
parameter has a type, that decides on what is inserted; a value is never looked into again, `$${NAME}` stays
`${NAME}`, and an unknown name is reported.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

Path = tuple[str | int, ...]

_IN_TEXT = re.compile(r"(\$?)\$\{([a-zA-Z0-9_]+)\}")
_WHOLE = re.compile(r"(\$?)\$\{\{([a-zA-Z0-9_]+)\}\}\Z")


class Substitution:
    """Fills in `values`. whole: what `${{NAME}}` stands for where it is not the value read as JSON.
    unknown: each reference to a name that has no value, with its path in the data."""

    def __init__(self, values: Mapping[str, str], whole: Mapping[str, Any] | None = None) -> None:
        self.values = values
        self._whole = whole or {}
        self.unknown: list[tuple[Path, str]] = []

    def data(self, value: Any, path: Path = ()) -> Any:
        """`value` with every reference replaced, in a new structure."""
        if isinstance(value, dict):
            return dict(self._pair(key, item, (*path, key)) for key, item in value.items())
        if isinstance(value, list):
            return [self.data(item, (*path, index)) for index, item in enumerate(value)]
        return self._scalar(value, path) if isinstance(value, str) else value

    def text(self, text: str, path: Path = ()) -> str:
        """`text` with each `${NAME}` replaced."""

        def replaced(match: re.Match[str]) -> str:
            return match[0][1:] if match[1] else self._value(match[2], path, match[0])

        return _IN_TEXT.sub(replaced, text)

    def _pair(self, key: str, value: Any, path: Path) -> tuple[str, Any]:
        return self.text(key, path), self.data(value, path)

    def _scalar(self, text: str, path: Path) -> Any:
        match = _WHOLE.match(text)
        if not match:
            return self.text(text, path)
        if match[1]:
            return text[1:]
        value = self._value(match[2], path, match[0])
        return self._whole[match[2]] if match[2] in self._whole else _from_json(value)

    def _value(self, name: str, path: Path, reference: str) -> str:
        if name in self.values:
            return self.values[name]
        self.unknown.append((path, name))
        return reference


def references(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every name that a reference in `value` asks for, with its path."""
    nothing = Substitution({})
    nothing.data(value, path)
    yield from nothing.unknown


def _from_json(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_json)
    except ValueError:
        return text


def _no_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is Python's, not JSON")
