"""An object beside the schema of its kind: fields that there are not, values of another type."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from kubectl_ns_tools.cluster.openapi import Schemas
from kubectl_ns_tools.templates.planning.problems import suggestion

Path = tuple[str | int, ...]
_HEADER = ("apiVersion", "kind", "metadata")
_NAMES = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "object": "a mapping",
    "array": "a list",
}

_KINDS = {"str": "string", "dict": "object", "list": "array"}


class Mismatch(NamedTuple):
    """rule: of the findings; path: of the field."""

    rule: str
    path: Path
    problem: str
    hint: str = ""


class Comparison:
    """Objects beside the schemas of one group and version. is_known: whether a text is to be judged."""

    def __init__(self, schemas: Schemas, is_known: Any) -> None:
        self._schemas = schemas
        self._is_known = is_known

    def of(self, kind: str, data: Mapping[str, Any]) -> Iterator[Mismatch]:
        """What does not fit; nothing for a kind without a schema."""
        schema = self._schemas.of_kind(kind)
        written = {key: value for key, value in data.items() if key != "status"}
        if schema:
            yield from self._value(schema, written, ())

    def _value(self, schema: Mapping[str, Any], value: Any, path: Path) -> Iterator[Mismatch]:
        schema = self._schemas.resolved(schema)
        if value is None or (isinstance(value, str) and not self._is_known(value)):
            return
        types = _types(schema)
        if types and not any(_fits(value, kind) for kind in types):
            yield _wrong_type(value, types, path)
        elif isinstance(value, dict):
            yield from self._mapping(schema, value, path)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                yield from self._value(schema.get("items") or {}, item, (*path, index))
        elif isinstance(value, str) and value and schema.get("enum") and value not in schema["enum"]:
            there = [str(each) for each in schema["enum"]]
            problem = f"{shown(path)}: {value!r} is not one of {', '.join(there)}{suggestion(value, there)}"
            yield Mismatch("wrong-value", path, problem)

    def _mapping(self, schema: Mapping[str, Any], value: Mapping[str, Any], path: Path) -> Iterator[Mismatch]:
        fields, others = schema.get("properties") or {}, schema.get("additionalProperties")
        open_ended = schema.get("x-kubernetes-preserve-unknown-fields") or others or not fields
        header = _HEADER if schema.get("x-kubernetes-embedded-resource") else ()
        for key, item in value.items():
            if key in fields:
                yield from self._value(fields[key], item, (*path, key))
            elif isinstance(others, dict):
                yield from self._value(others, item, (*path, key))
            elif not open_ended and key not in header and self._is_known(str(key)):
                yield Mismatch("unknown-field", (*path, key), _unknown(path, key, fields))


def shown(path: Path) -> str:
    """`spec.containers[0].image`"""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _unknown(path: Path, key: str, fields: Mapping[str, Any]) -> str:
    return f"there is no field {shown((*path, key))}{suggestion(key, fields)}"


def _types(schema: Mapping[str, Any]) -> set[str]:
    """The types that a value may have; none where the schema does not say."""
    if schema.get("x-kubernetes-int-or-string"):
        return {"integer", "string"}
    if schema.get("type"):
        return {str(schema["type"])}
    alternatives = [each.get("type") for each in schema.get("oneOf") or schema.get("anyOf") or ()]
    return {str(each) for each in alternatives} if all(alternatives) else set()


def _fits(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if isinstance(value, float):
        return kind == "number" or (kind == "integer" and value.is_integer())
    if isinstance(value, int):
        return kind in ("integer", "number")
    return kind == _KINDS.get(type(value).__name__, kind)


def _wrong_type(value: Any, types: set[str], path: Path) -> Mismatch:
    wanted = " or ".join(sorted(_NAMES.get(each, each) for each in types))
    is_text = isinstance(value, str)
    got = repr(value) if is_text else _NAMES.get(_KINDS.get(type(value).__name__, ""), json.dumps(value))
    hint = ""
    if types == {"string"} and not isinstance(value, (dict, list)):
        hint = "quote it"
    elif is_text and types & {"integer", "number", "boolean"}:
        hint = "write it without quotes; a parameter as ${{NAME}}"
    return Mismatch("wrong-type", path, f"{shown(path)}: {got} is not {wanted}", hint)
