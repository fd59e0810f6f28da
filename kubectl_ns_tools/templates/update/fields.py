"""Fields as server-side apply names them in a conflict: `.spec.hard.limits.cpu`, `.spec.ports[port=80]`.

structured-merge-diff writes the names as they are, dots and all (fieldpath/element.go), so that only the
object can tell where one ends.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

_SELECTOR = re.compile(r"\[((?:[^\]\"]|\"(?:[^\"\\]|\\.)*\")*)\]")
_KEY = re.compile(r"([^=,]+)=(\"(?:[^\"\\]|\\.)*\"|[^,]+)")
MISSING = object()


def value_at(value: Any, field: str) -> Any:
    """What stands there, MISSING when nothing does."""
    return next(_found(value, field), MISSING)


def _found(value: Any, field: str) -> Iterator[Any]:
    if not field:
        yield value
    elif field.startswith(".") and isinstance(value, dict):
        for key in sorted(value, key=len, reverse=True):
            rest = field[1:].removeprefix(key)
            if field[1:].startswith(key) and rest[:1] in ("", ".", "["):
                yield from _found(value[key], rest)
    elif (match := _SELECTOR.match(field)) and isinstance(value, list):
        for item in _selected(value, match[1]):
            yield from _found(item, field[match.end() :])


def _selected(items: list[Any], selector: str) -> Iterator[Any]:
    """By place `0`, by value `="a"`, by keys `containerPort=80,protocol="TCP"`."""
    if selector.isdecimal():
        yield from items[int(selector) : int(selector) + 1]
    elif selector.startswith("="):
        yield from (item for item in items if item == _json(selector[1:]))
    else:
        keys = {key: _json(text) for key, text in _KEY.findall(selector)}
        for item in items:
            if isinstance(item, dict) and all(item.get(key) == value for key, value in keys.items()):
                yield item


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
