"""The published schemas of docs/schemas, and documents that are changed to see whether it is noticed.

Published, a schema is open: a later version may add fields. `validator` closes it, so that a field which it
does not know fails.
"""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema

FOLDER = Path(__file__).parents[2] / "docs" / "schemas"
SUFFIX = ".schema.json"
STEMS = sorted(path.name.removesuffix(SUFFIX) for path in FOLDER.glob(f"*{SUFFIX}"))
DIALECT = jsonschema.Draft202012Validator
Change = Callable[[Any, Any], None]
Steps = tuple[Any, ...]


def schema(stem: str) -> dict[str, Any]:
    """As it is published. stem: `deletion-preview`."""
    found: dict[str, Any] = json.loads((FOLDER / f"{stem}{SUFFIX}").read_text())
    return found


def closed(part: Any) -> Any:
    """The same, with no room for fields that it does not name."""
    if isinstance(part, list):
        return [closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    inner = {key: closed(value) for key, value in part.items()}
    return {**inner, "additionalProperties": False} if "required" in inner else inner


def validator(stem: str) -> Any:
    return DIALECT(closed(schema(stem)))


def places(value: Any, path: Steps = ()) -> Iterator[Steps]:
    """The path to every field of a document; of a list, the first item stands for all."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from places(inner, (*path, key))
    elif isinstance(value, list) and value:
        yield from places(value[0], (*path, 0))


def changed(document: Any, path: Steps, change: Change) -> Any:
    """The document after a change at this place."""
    found = copy.deepcopy(document)
    inner = found
    for step in path[:-1]:
        inner = inner[step]
    change(inner, path[-1])
    return found


def remove(parent: Any, key: Any) -> None:
    del parent[key]


def rename(parent: Any, key: Any) -> None:
    parent[f"{key}s"] = parent.pop(key)


def retype(parent: Any, key: Any) -> None:
    parent[key] = {"x": 1} if not isinstance(parent[key], dict) else []


def add(parent: Any, key: Any) -> None:
    parent["surprise"] = "x"


CHANGES = (remove, rename, retype, add)
