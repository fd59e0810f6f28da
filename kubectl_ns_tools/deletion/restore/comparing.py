"""Whether an object that is there is the one of the archive. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

_DEEPEST = 100  # what is below counts as different: it is hostile, and Python's stack ends
_MOST = 5  # paths are for people


def differences(wanted: Any, live: Any) -> tuple[str, ...]:
    """The paths of the first fields that differ, without their values, which may be secret."""
    found: list[str] = []
    for path in _paths(wanted, live, "", 0):
        if len(found) == _MOST:
            return (*found, "…")
        found.append(path or "everything")
    return tuple(found)


def _paths(wanted: Any, live: Any, path: str, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        yield path
    elif isinstance(wanted, Mapping) and isinstance(live, Mapping):
        for key in {**wanted, **live}:
            where = f"{path}.{key}" if path else str(key)
            if key in wanted and key in live:
                yield from _paths(wanted[key], live[key], where, depth + 1)
            else:
                yield where
    elif isinstance(wanted, list) and isinstance(live, list) and len(wanted) == len(live):
        for index, (one, other) in enumerate(zip(wanted, live, strict=True)):
            yield from _paths(one, other, f"{path}[{index}]", depth + 1)
    elif not _same(wanted, live):
        yield path


def _same(wanted: Any, live: Any) -> bool:
    """Of two that are not both lists or both mappings. As JSON has it: 1 is not True."""
    if isinstance(wanted, list | Mapping) or isinstance(live, list | Mapping):
        return False
    return bool(wanted == live) and isinstance(wanted, bool) == isinstance(live, bool)
