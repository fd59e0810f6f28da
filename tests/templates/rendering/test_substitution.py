from typing import Any

import pytest

from kubectl_ns_tools.templates.rendering.substitution import Substitution, references

VALUES = {"A": "one", "B": "${A}", "N": "5", "E": "", "J": '{"x": [1, true, null]}', "Y": "a: b\n- c"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("${A}", "one"),
        ("x-${A}_${A}.y", "x-one_one.y"),
        ("${A}${N}", "one5"),
        ("${N}", "5"),
        ("${E}", ""),
        ("${B} ${A}", "${A} one"),
        ("${A} ${B}", "one ${A}"),
        ("${Y}", "a: b\n- c"),
        ("${J}", '{"x": [1, true, null]}'),
        ("$${A}", "${A}"),
        ("$${A} ${A}", "${A} one"),
        ("$$${A}", "$${A}"),
        ("$${NOBODY}", "${NOBODY}"),
        ("${{N}}", 5),
        ("${{J}}", {"x": [1, True, None]}),
        ("${{A}}", "one"),
        ("${{B}}", "${A}"),
        ("${{E}}", ""),
        ("$${{N}}", "${{N}}"),
        ("FOO_${{N}}", "FOO_${{N}}"),
        ("${{N}}_FOO", "${{N}}_FOO"),
        ("${A-x} ${A:-y} ${ A } $A $(A) {A}", "${A-x} ${A:-y} ${ A } $A $(A) {A}"),
        ("${", "${"),
        (7, 7),
        (None, None),
        (True, True),
    ],
)
def test_one_scalar(written: Any, expected: Any) -> None:
    substitution = Substitution(VALUES)
    assert substitution.data(written) == expected
    assert substitution.unknown == []


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "tru", "'x'", "05"])
def test_what_is_no_json_is_inserted_as_a_string(text: str) -> None:
    assert Substitution({"V": text}).data("${{V}}") == text


def test_keys_and_everything_inside_are_replaced_but_the_original_is_not() -> None:
    written = {"${A}": [{"k-${N}": "${A}"}, ["${{N}}"]], "plain": 1}
    assert Substitution(VALUES).data(written) == {"one": [{"k-5": "one"}, [5]], "plain": 1}
    assert written == {"${A}": [{"k-${N}": "${A}"}, ["${{N}}"]], "plain": 1}


def test_a_value_cannot_break_out_of_its_place() -> None:
    evil = '"}, "spec": {"hard": {"pods": "1000"}}, "x": {"y": "'
    assert Substitution({"V": evil}).data({"metadata": {"name": "${V}"}}) == {"metadata": {"name": evil}}


def test_unknown_names_are_kept_and_told_with_their_path() -> None:
    substitution = Substitution({})
    assert substitution.data({"a": ["x", "${X} ${Y}"], "k${Z}": "${{W}}"}) == {
        "a": ["x", "${X} ${Y}"],
        "k${Z}": "${{W}}",
    }
    assert substitution.unknown == [
        (("a", 1), "X"),
        (("a", 1), "Y"),
        (("k${Z}",), "Z"),
        (("k${Z}",), "W"),
    ]


def test_references_are_found_without_values() -> None:
    assert {name for _, name in references({"a": "${X} $${N}", "b": ["${{Y}}"]})} == {"X", "Y"}
