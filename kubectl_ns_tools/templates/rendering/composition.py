"""The same object from several sources made one, by the rules of server-side apply.

Mappings are merged key by key, lists with keys item by item, sets are united; anything else is one value.
Where two sources set a value differently, neither wins: that is a conflict, as it is between field managers
(https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.rendering.field_rules import DEFAULTS, Names, is_atomic_map, is_set, list_keys
from kubectl_ns_tools.templates.rendering.substitution import Path

_Key = tuple[str, str, str]


def composed(objects: Iterable[tuple[str, Manifest]], problems: list[str]) -> list[Manifest]:
    """One object for each (group, kind, name), where it first stood; conflicts are added to `problems`.

    objects: each with what names its source as a whole. An object twice in one source is a mistake that is
    left for whoever looks at the result.
    """
    found: list[Manifest] = []
    first: dict[_Key, int] = {}
    sources: dict[_Key, set[str]] = {}
    for source, manifest in objects:
        key = (manifest.group, manifest.kind, manifest.name)
        if not manifest.name or source in sources.get(key, ()):
            found.append(manifest)
            continue
        if key in first:
            found[first[key]] = _Merge(found[first[key]], manifest, problems).outcome()
        else:
            first[key] = len(found)
            found.append(manifest)
        sources.setdefault(key, set()).add(source)
    return found


class _Side:
    """A value in one of the two objects: where it stands there."""

    def __init__(self, manifest: Manifest, value: Any, path: Path = ()) -> None:
        self.manifest = manifest
        self.value = value
        self.path = path

    def at(self, step: Any) -> "_Side":
        value = self.value.get(step) if isinstance(self.value, dict) else self.value[step]
        return _Side(self.manifest, value, (*self.path, step))

    @property
    def place(self) -> str:
        return self.manifest.place(*self.path)

    def items(self) -> "list[_Side]":
        return [self.at(index) for index in range(len(self.value))]


class _Merge:
    """Two objects made one. The places of all fields are kept, for errors later on."""

    def __init__(self, one: Manifest, other: Manifest, problems: list[str]) -> None:
        self._one = one
        self._other = other
        self._problems = problems
        self._places: dict[Path, str] = {}

    def outcome(self) -> Manifest:
        one, other = _Side(self._one, self._one.data), _Side(self._other, self._other.data)
        data = self._both(one, other, (), ())
        return Manifest(data, self._one.source, places=self._places)

    def _both(self, one: _Side, other: _Side, path: Path, names: Names) -> Any:
        """The value at `path`; `names` is the same without the places in lists."""
        if one.value is None or other.value is None:  # `creationTimestamp: null` says nothing
            return self._only(other if one.value is None else one, path)
        if isinstance(one.value, dict) and isinstance(other.value, dict) and not is_atomic_map(names):
            return self._mappings(one, other, path, names)
        if isinstance(one.value, list) and isinstance(other.value, list):
            return self._lists(one, other, path, names)
        return self._one_value(one, other, path)

    def _mappings(self, one: _Side, other: _Side, path: Path, names: Names) -> dict[str, Any]:
        self._places[path] = one.place
        keys = dict.fromkeys([*one.value, *other.value])
        return {key: self._both(one.at(key), other.at(key), (*path, key), (*names, key)) for key in keys}

    def _lists(self, one: _Side, other: _Side, path: Path, names: Names) -> Any:
        keys = list_keys(self._one.group, self._one.kind, names)
        mine, theirs = _by_key(one.items(), keys), _by_key(other.items(), keys)
        if is_set(self._one.group, names):
            mine, theirs = ({repr(item.value): item for item in side.items()} for side in (one, other))
        if mine is None or theirs is None:
            return self._one_value(one, other, path)
        self._places[path] = one.place
        merged: list[Any] = []
        for key in dict.fromkeys([*mine, *theirs]):
            nothing = _Side(self._one, None)
            pair = mine.get(key, nothing), theirs.get(key, nothing)
            merged.append(self._both(*pair, (*path, len(merged)), names))
        return merged

    def _one_value(self, one: _Side, other: _Side, path: Path) -> Any:
        if not _same(one.value, other.value):
            self._problems.append(
                f"{other.place}: {self._one.reference}: {_shown(path, self._one.data)} is not what it is at"
                f" {one.place}"
            )
        return self._only(one, path)

    def _only(self, side: _Side, path: Path) -> Any:
        self._places[path] = side.place
        if isinstance(side.value, (dict, list)):
            for step in side.value if isinstance(side.value, dict) else range(len(side.value)):
                self._only(side.at(step), (*path, step))
        return side.value


def _by_key(items: Sequence[_Side], keys: Names) -> dict[Any, _Side] | None:
    """The items by their keys; None where the list is one value, or where the keys tell nothing."""
    if not keys:
        return None
    found: dict[Any, _Side] = {}
    for item in items:
        key = _key_of(item.value, keys)
        if key is None or key in found:
            return None
        found[key] = item
    return found


def _key_of(item: Any, keys: Names) -> tuple[Any, ...] | None:
    if not isinstance(item, dict):
        return None
    values = tuple(item.get(key, DEFAULTS.get(key)) for key in keys)
    return None if any(value is None or isinstance(value, (dict, list)) for value in values) else values


def _same(one: Any, other: Any) -> bool:
    """Equality of JSON: 1 is 1.0, but true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def _shown(path: Path, data: Mapping[str, Any]) -> str:
    """`spec.hard[limits.cpu]`, `spec.containers[web].image`."""
    return "".join(_steps(path, data)).removeprefix(".")


def _steps(path: Path, data: Any) -> Iterator[str]:
    for step in path:
        data = _inside(data, step)
        named = data.get("name") if isinstance(step, int) and isinstance(data, dict) else None
        text = str(named or step)
        yield f"[{text}]" if isinstance(step, int) or not text.isidentifier() else f".{text}"


def _inside(data: Any, step: str | int) -> Any:
    if isinstance(data, list) and isinstance(step, int):
        return data[step] if step < len(data) else None
    return data.get(step) if isinstance(data, dict) else None
