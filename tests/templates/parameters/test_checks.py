"""Checks on parameters: what a value must be, and which declarations make no sense."""

from typing import Any

import pytest

from tests.templates.builders import Template, datas, expanded, problems_of_all


def declared(given: dict[str, str] | None = None, **fields: Any) -> list[str]:
    """What is wrong with a parameter P of these fields, without the places; [] if nothing is."""
    template = Template().parameter("P", **fields).configmap("c", data={"p": "${P}"})
    try:
        expanded(template.text, **(given or {}))
    except Exception:
        return [line.partition(": ")[2] for line in problems_of_all(template.text, **(given or {}))]
    return []


@pytest.mark.parametrize(
    ("fields", "good", "bad"),
    [
        ({"type": "string"}, ["x", "1"], []),
        ({"type": "integer"}, ["0", "-5", "1" * 30], ["x", "1.0", "08", "+1", "1e3", "\u0663"]),
        ({"type": "boolean"}, ["true", "false"], ["yes", "True", "1", "on"]),
        ({"type": "quantity"}, ["1", "500m", "4Gi", "1e3"], ["x", "4gi", "1 Gi"]),
        ({"pattern": "[a-z]+"}, ["abc"], ["abc1", "1abc", "a\nb", "abc\n"]),
        ({"pattern": "a|b"}, ["a", "b"], ["ab", "ba"]),
        ({"enum": ["a", "b"]}, ["a", "b"], ["c", "A"]),
        ({"type": "integer", "enum": [1, 2]}, ["1", "2"], ["3"]),
        ({"type": "quantity", "enum": ["1Gi"]}, ["1Gi", "1024Mi"], ["1G"]),
        ({"type": "integer", "minimum": 2, "maximum": 10}, ["2", "10"], ["1", "11", "-3"]),
        ({"type": "quantity", "minimum": "100m", "maximum": "2"}, ["0.1", "2000m", "2"], ["99m", "2001m"]),
        ({"type": "quantity", "maximum": "1Gi"}, ["1073741824", "1G"], ["1073741825", "1.1Gi"]),
        ({"type": "integer", "minimum": 0}, ["0"], ["-1"]),
        ({"type": "string", "pattern": "x.*", "enum": ["xa", "xb"]}, ["xa"], ["xc"]),
    ],
)  # fmt: skip
def test_a_value_is_checked(fields: dict[str, Any], good: list[str], bad: list[str]) -> None:
    assert {value: declared({"P": value}, **fields) for value in good} == {value: [] for value in good}
    assert all(declared({"P": value}, **fields) for value in bad)


@pytest.mark.parametrize(
    ("fields", "value", "problem"),
    [
        ({"type": "integer"}, "x", "parameter P: 'x' is not an integer (from -p)"),
        ({"type": "boolean"}, "x", "parameter P: 'x' is neither true nor false (from -p)"),
        ({"type": "quantity"}, "x", "parameter P: 'x' is not a quantity, such as 500m, 2 or 4Gi (from -p)"),
        ({"pattern": "[a-z]+"}, "1", "parameter P: '1' does not match the pattern [a-z]+ (from -p)"),
        ({"enum": ["a", "b"]}, "c", "parameter P: 'c' is not one of a, b (from -p)"),
        ({"type": "quantity", "minimum": "1Gi"}, "1G",
         "parameter P: '1G' is less than the minimum 1Gi (from -p)"),
        ({"type": "integer", "maximum": 3}, "4", "parameter P: '4' is more than the maximum 3 (from -p)"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(fields: dict[str, Any], value: str, problem: str) -> None:
    assert declared({"P": value}, **fields) == [problem]


def test_all_that_is_wrong_is_told_at_once_with_the_line_of_the_declaration() -> None:
    text = """\
        apiVersion: v1
        kind: Template
        parameters:
        - {name: A, type: integer}
        - name: B
          pattern: x.*
          enum: [xa]
        - {name: C, required: true}
        objects: []
    """
    assert problems_of_all(text, A="a", B="b") == [
        "f.yaml:4: parameter A: 'a' is not an integer (from -p)",
        "f.yaml:5: parameter B: 'b' does not match the pattern x.* (from -p)",
        "f.yaml:5: parameter B: 'b' is not one of xa (from -p)",
        "f.yaml:8: parameter C is required and must be specified: -p C=…",
    ]


def test_an_empty_value_is_none_and_not_checked() -> None:
    assert declared(type="integer", minimum=1) == []
    assert declared({"P": ""}, type="integer") == []
    assert declared({"P": ""}, type="integer", required=True) == [
        "parameter P is required and must be specified: -p P=…"
    ]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"type": "int"}, "parameter P: unknown type 'int'; there are string, integer, boolean, quantity"),
        ({"type": "boolaen"},
         "parameter P: unknown type 'boolaen'; there are string, integer, boolean, quantity"
         " (did you mean boolean?)"),
        ({"pattern": "["}, "parameter P: pattern '[' is no regular expression: unterminated character set"
         " at position 0"),
        ({"enum": "a"}, "parameter P: enum must be a list of values"),
        ({"enum": []}, "parameter P: enum must be a list of values"),
        ({"enum": [["a"]]}, "parameter P: enum must be a list of values"),
        ({"type": "integer", "enum": ["x"]}, "parameter P: enum: 'x' is not an integer"),
        ({"minimum": 1}, "parameter P: minimum needs type: integer or type: quantity"),
        ({"type": "string", "maximum": 1}, "parameter P: maximum needs type: integer or type: quantity"),
        ({"type": "integer", "minimum": "1Gi"}, "parameter P: minimum: '1Gi' is not an integer"),
        ({"type": "quantity", "maximum": "x"},
         "parameter P: maximum: 'x' is not a quantity, such as 500m, 2 or 4Gi"),
        ({"type": "quantity", "minimum": "2", "maximum": "1999m"},
         "parameter P: the minimum 2 is more than the maximum 1999m"),
        ({"type": "integer", "value": "x"}, "parameter P: 'x' is not an integer (from its own default)"),
        ({"pattern": "a", "value": "b"},
         "parameter P: 'b' does not match the pattern a (from its own default)"),
        ({"type": ["integer"]}, "parameter P: all fields must be strings"),
        ({"enum": ["a"], "value": ["a"]}, "parameter P: all fields but enum must be strings"),
    ],
)  # fmt: skip
def test_a_declaration_that_makes_no_sense_is_refused(fields: dict[str, Any], problem: str) -> None:
    assert declared(**fields) == [problem]


def test_a_bad_default_is_told_even_when_another_value_is_given() -> None:
    assert declared({"P": "1"}, type="integer", value="x") == [
        "parameter P: 'x' is not an integer (from its own default)"
    ]


def test_a_generated_value_is_checked_and_never_shown() -> None:
    fields = {"generate": "expression", "from": "[a]{12}", "pattern": "b+"}
    assert declared(**fields) == ["parameter P: the value does not match the pattern b+ (from generated)"]
    assert declared({"P": "hunter2"}, **fields) == [
        "parameter P: the value does not match the pattern b+ (from -p)"
    ]


@pytest.mark.parametrize(
    ("kind", "value", "inserted"),
    [
        ("integer", "3", 3),
        ("boolean", "true", True),
        ("boolean", "false", False),
        ("quantity", "3", "3"),
        ("string", "3", "3"),
        ("string", "true", "true"),
        ("string", '{"a": 1}', '{"a": 1}'),
        ("", "3", 3),
        ("", '{"a": 1}', {"a": 1}),
        ("integer", "", ""),
    ],
)
def test_the_type_decides_what_a_whole_value_becomes(kind: str, value: str, inserted: Any) -> None:
    fields = {"type": kind} if kind else {}
    template = Template().parameter("P", value=value, **fields).object({"kind": "A", "p": "${{P}}"})
    found = datas(expanded(template.text))[0]["p"]
    assert (found, type(found)) == (inserted, type(inserted))


def test_scalars_of_a_declaration_are_what_is_written() -> None:
    text = """\
        apiVersion: v1
        kind: Template
        parameters:
        - {name: VERSION, value: 1.10, enum: [1.10, 1.9]}
        - {name: MODE, value: 0644}
        - {name: ANSWER, value: yes, enum: [yes, no]}
        objects:
        - {kind: A, version: "${VERSION}", mode: "${MODE}", answer: "${ANSWER}"}
    """
    assert datas(expanded(text)) == [{"kind": "A", "version": "1.10", "mode": "0644", "answer": "yes"}]
    assert datas(expanded(text, ANSWER="no"))[0]["answer"] == "no"
