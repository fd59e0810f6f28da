"""Objects beside schemas, as CustomResourceDefinitions and Kubernetes itself write them."""

from typing import Any

import pytest

from kubectl_ns_tools.cluster.openapi import Schemas
from kubectl_ns_tools.templates.linting.schemas import Comparison

KIND = {"x-kubernetes-group-version-kind": [{"group": "", "version": "v1", "kind": "K"}]}
TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
EITHER = {"oneOf": [TEXT, NUMBER]}


def compared(schema: dict[str, Any], value: Any) -> list[tuple[str, str, str]]:
    """What is found in the field `f`: rule, problem and hint."""
    whole = {"type": "object", "properties": {"f": schema}, **KIND}
    schemas = Schemas({"components": {"schemas": {"K": whole, "T": TEXT}}}, "v1")
    found = Comparison(schemas, lambda text: "?" not in text).of("K", {"f": value})
    return [(each.rule, each.problem, each.hint) for each in found]


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (TEXT, "a"), (TEXT, None), (TEXT, "?"), (NUMBER, "?"), (NUMBER, 1), (NUMBER, 1.0),
        ({"type": "number"}, 1), ({"type": "number"}, 1.5), ({"type": "boolean"}, False), ({}, [1, {"a": 2}]),
        ({"type": "array", "items": TEXT}, ["a"]), ({"type": "array"}, [1]),
        ({"type": "object", "additionalProperties": TEXT}, {"any": "a"}),
        ({"type": "object"}, {"any": {"thing": 1}}),
        ({"type": "object", "properties": {}, "x-kubernetes-preserve-unknown-fields": True}, {"a": 1}),
        ({"properties": {"a": TEXT}, "x-kubernetes-preserve-unknown-fields": True}, {"b": 1}),
        ({"type": "object", "properties": {"a": TEXT}, "x-kubernetes-embedded-resource": True},
         {"apiVersion": "v1", "kind": "Pod", "metadata": {}, "a": "x"}),
        ({"type": "object", "properties": {"a": TEXT}}, {"?": 1}),
        (EITHER, 1), (EITHER, "a"), ({"x-kubernetes-int-or-string": True}, "a"),
        ({"anyOf": [TEXT, {}]}, {"a": 1}),
        ({"type": "string", "enum": ["a"]}, "a"), ({"type": "string", "enum": ["a"]}, ""),
        ({"$ref": "#/components/schemas/T"}, "a"),
    ],
)  # fmt: skip
def test_what_fits(schema: dict[str, Any], value: Any) -> None:
    assert compared(schema, value) == []


NO_QUOTES = "write it without quotes; a parameter as ${{NAME}}"


@pytest.mark.parametrize(
    ("schema", "value", "finding"),
    [
        (TEXT, 1, ("wrong-type", "f: 1 is not a string", "quote it")),
        (TEXT, True, ("wrong-type", "f: true is not a string", "quote it")),
        (TEXT, {"a": 1}, ("wrong-type", "f: a mapping is not a string", "")),
        (NUMBER, "1", ("wrong-type", "f: '1' is not an integer", NO_QUOTES)),
        (NUMBER, True, ("wrong-type", "f: true is not an integer", "")),
        (NUMBER, 1.5, ("wrong-type", "f: 1.5 is not an integer", "")),
        ({"type": "boolean"}, "true", ("wrong-type", "f: 'true' is not true or false", NO_QUOTES)),
        ({"type": "object"}, [], ("wrong-type", "f: a list is not a mapping", "")),
        ({"type": "array"}, "a", ("wrong-type", "f: 'a' is not a list", "")),
        (EITHER, True, ("wrong-type", "f: true is not a string or an integer", "")),
        ({"x-kubernetes-int-or-string": True}, [1],
         ("wrong-type", "f: a list is not a string or an integer", "")),
        ({"$ref": "#/components/schemas/T"}, 1, ("wrong-type", "f: 1 is not a string", "quote it")),
        ({"type": "array", "items": TEXT}, ["a", 2], ("wrong-type", "f[1]: 2 is not a string", "quote it")),
        ({"type": "object", "additionalProperties": TEXT}, {"k": 2},
         ("wrong-type", "f.k: 2 is not a string", "quote it")),
        ({"type": "object", "properties": {"ports": TEXT}}, {"port": "x"},
         ("unknown-field", "there is no field f.port (did you mean ports?)", "")),
        ({"type": "string", "enum": ["Always", "Never"]}, "always",
         ("wrong-value", "f: 'always' is not one of Always, Never (did you mean Always?)", "")),
    ],
)  # fmt: skip
def test_what_does_not(schema: dict[str, Any], value: Any, finding: tuple[str, str, str]) -> None:
    assert compared(schema, value) == [finding]


def test_a_kind_without_a_schema_is_not_judged() -> None:
    assert list(Comparison(Schemas({}, "v1"), lambda text: True).of("K", {"f": 1})) == []


def test_a_status_is_the_servers() -> None:
    schemas = Schemas({"components": {"schemas": {"K": {"properties": {"f": TEXT}, **KIND}}}}, "v1")
    assert list(Comparison(schemas, lambda text: True).of("K", {"f": "a", "status": {"x": 1}})) == []
