"""Values that nobody but the cluster knows, read from the live objects when a template is applied again.

A generated password must not change because a quota does, and one that was given is kept nowhere else. A
token stands for each of them in the template's objects; where a live object fits around a token, there is the
value.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_SHORTEST = 6  # a shorter one may stand in other words by chance, so it must be a whole value


@dataclass(frozen=True)
class Found:
    """values: by the token; contradictory: tokens for which the live objects have different ones."""

    values: dict[str, str] = field(default_factory=dict)
    contradictory: set[str] = field(default_factory=set)


def find_values(pairs: Iterable[tuple[Any, Any]], tokens: Iterable[str]) -> Found:
    """What the tokens stand for. pairs: each object as the template has it, and as it is live."""
    found, listed = Found(), [token for token in tokens if token]
    for wanted, live in pairs if listed else ():
        for token, value in _values(wanted, live, listed):
            if found.values.setdefault(token, value) != value:
                found.contradictory.add(token)
    return found


def with_values(value: Any, values: Mapping[str, str]) -> Any:
    """The data with values in the place of their tokens, in what is base64 too."""
    if isinstance(value, dict):
        return {key: with_values(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [with_values(item, values) for item in value]
    return _filled(value, values) if isinstance(value, str) and values else value


def places_of(value: Any, token: str, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where the token stands."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places_of(item, token, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places_of(item, token, (*path, index))
    elif isinstance(value, str) and (stands_in(token, value) or stands_in(token, _decoded(value))):
        yield path


def stands_in(token: str, text: str) -> bool:
    """Whether the token is in the text, or is all of it if it is short."""
    return token in text if len(token) >= _SHORTEST else token == text


def _values(wanted: Any, live: Any, tokens: list[str]) -> Iterator[tuple[str, str]]:
    if isinstance(wanted, dict) and isinstance(live, dict):
        for key in wanted.keys() & live.keys():
            yield from _values(wanted[key], live[key], tokens)
    elif isinstance(wanted, list) and isinstance(live, list):
        for index, item in enumerate(wanted):
            yield from _values(item, _same(item, index, live), tokens)
    elif isinstance(wanted, str) and isinstance(live, str):
        yield from _in_text(wanted, live, tokens)
        yield from _in_text(_decoded(wanted), _decoded(live), tokens)


def _in_text(wanted: str, live: str, tokens: list[str]) -> Iterator[tuple[str, str]]:
    """Of `postgres://app:TOKEN@db` and `postgres://app:hunter2@db`: hunter2."""
    inside = [token for token in tokens if stands_in(token, wanted)]
    if not inside or not live:
        return
    pattern = re.escape(wanted)
    for number, token in enumerate(inside):
        first, *others = pattern.split(re.escape(token))
        pattern = f"{first}(?P<t{number}>.+?)" + f"(?P=t{number})".join(others)
    match = re.fullmatch(pattern, live, re.DOTALL)
    if match:
        yield from ((token, match[f"t{number}"]) for number, token in enumerate(inside))


def _filled(text: str, values: Mapping[str, str]) -> str:
    decoded = _decoded(text)
    if any(stands_in(token, decoded) for token in values):
        return base64.b64encode(_replaced(decoded, values).encode()).decode()
    return _replaced(text, values)


def _replaced(text: str, values: Mapping[str, str]) -> str:
    for token, value in values.items():
        if stands_in(token, text):
            text = text.replace(token, value)
    return text


def _same(item: Any, index: int, items: list[Any]) -> Any:
    """The live item of a list that is meant: by its name, else by its place."""
    if isinstance(item, dict) and isinstance(item.get("name"), str):
        named = (each for each in items if isinstance(each, dict) and each.get("name") == item["name"])
        return next(named, None)
    return items[index] if index < len(items) else None


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
