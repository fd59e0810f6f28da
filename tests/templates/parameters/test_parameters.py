from typing import Any

import pytest

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.templates.parameters.given import Given, parse_assignments
from tests.templates.builders import Template, datas, expanded


def shown(template: Template, **given: str) -> Any:
    """What a ConfigMap with the value of parameter P says."""
    return datas(expanded(template.configmap("c", data={"p": "${P}"}).text, **given))[0]["data"]["p"]


def problems(template: Template, **given: str) -> list[str]:
    with pytest.raises(Refused) as caught:
        expanded(template.text, **given)
    return list(caught.value.problems) or [caught.value.message]


@pytest.mark.parametrize(
    ("fields", "given", "value"),
    [
        ({}, {}, ""),
        ({"value": "v"}, {}, "v"),
        ({"value": "v"}, {"P": "g"}, "g"),
        ({"value": "v", "required": True}, {}, "v"),
        ({"required": True}, {"P": "g"}, "g"),
        ({"value": 5}, {}, "5"),
        ({"value": True}, {}, "true"),
        ({"value": None}, {}, ""),
        ({"value": "v"}, {"P": ""}, ""),
        ({"value": "v", "generate": "expression", "from": "[a]{3}"}, {}, "v"),
        ({"generate": "expression", "from": "[a]{3}"}, {}, "aaa"),
        ({"generate": "expression", "from": "[a]{3}"}, {"P": "g"}, "g"),
        ({"generate": "expression", "from": "[a]{3}"}, {"P": ""}, "aaa"),
        ({"generate": "expression", "from": "[a]{3}", "required": True}, {}, "aaa"),
        ({"value": "v=1,2"}, {"P": "a=b"}, "a=b"),
    ],
)
def test_where_a_value_comes_from(fields: dict[str, Any], given: dict[str, str], value: str) -> None:
    assert shown(Template().parameter("P", **fields), **given) == value


def test_a_generated_value_is_the_same_everywhere_in_a_run() -> None:
    template = Template().parameter("P", generate="expression", **{"from": "[a-z]{30}"})
    first, second = datas(expanded(template.configmap("a-${P}").configmap("b-${P}").text))
    assert first["metadata"]["name"][2:] == second["metadata"]["name"][2:]


def test_all_that_is_missing_is_told_at_once_with_descriptions() -> None:
    template = (
        Template()
        .parameter("A", required=True, description="Who pays")
        .parameter("B", required=True, displayName="Size")
        .parameter("C", required=True)
        .parameter("D")
    )
    assert [line.partition(": ")[2] for line in problems(template)] == [
        "parameter A is required and must be specified (Who pays): -p A=…",
        "parameter B is required and must be specified (Size): -p B=…",
        "parameter C is required and must be specified: -p C=…",
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"SIZES": "1"}, ["unknown parameter SIZES (did you mean SIZE?)"]),
        ({"X": "1"}, ["unknown parameter X"]),
        ({"NAMESPACE": "x"}, ["parameter NAMESPACE cannot be given: it is filled in"]),
        ({"X": "1", "Y": "2"}, ["unknown parameter X", "unknown parameter Y"]),
    ],
)
def test_a_parameter_that_there_is_not_is_refused(given: dict[str, str], expected: list[str]) -> None:
    assert problems(Template().parameter("SIZE", value="1"), **given) == expected


def test_the_hint_says_which_parameters_there_are() -> None:
    with pytest.raises(Refused) as caught:
        expanded(Template().parameter("B").parameter("A").text, X="1")
    assert caught.value.hint == "parameters there are: A, B"
    with pytest.raises(Refused) as caught:
        expanded(Template().text, X="1")
    assert caught.value.hint == "there are no parameters to give"


@pytest.mark.parametrize(
    ("declared", "problem"),
    [
        ({"name": "A", "requierd": True}, "a parameter has no field 'requierd' (did you mean required?)"),
        ({"name": "A-B"}, "the name of a parameter must be made of letters, digits and underscores"),
        ({"value": "x"}, "the name of a parameter must be made of letters, digits and underscores"),
        ({"name": "A", "required": "yes"}, "parameter A: required must be true or false"),
        ({"name": "A", "value": ["x"]}, "parameter A: all fields must be strings"),
        ({"name": "A", "generate": "uuid"},
         "parameter A: unknown generator 'uuid'; there is only 'expression'"),
        ({"name": "A", "generate": "expression", "from": "[z-a]{2}"},
         "parameter A: from '[z-a]{2}': invalid range specified: z-a"),
    ],
)  # fmt: skip
def test_a_malformed_declaration_is_refused_with_its_place(declared: dict[str, Any], problem: str) -> None:
    template = Template().parameter("Z").parameter(**{"name": None, **declared})
    [line] = problems(template)
    place, _, text = line.partition(": ")
    assert text == problem
    assert place.startswith("f.yaml:")


def test_a_parameter_that_is_declared_twice_is_refused() -> None:
    [line] = problems(Template().parameter("A").parameter("A"))
    assert line.endswith(": parameter A is there twice")


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{A: 1}", "f.yaml:3: parameters must be a list"),
        ("\n- name: A\n- B", "f.yaml:5: a parameter must be a mapping"),
    ],
)
def test_parameters_must_be_a_list_of_mappings(written: str, message: str) -> None:
    with pytest.raises(Refused) as caught:
        expanded(f"apiVersion: v1\nkind: Template\nparameters: {written}\n")
    assert caught.value.message == message


def test_assignments_are_split_at_the_first_equals_sign() -> None:
    assert parse_assignments(["A=b=c", "B=", "C_1= x "]) == {
        "A": Given("b=c", "-p"),
        "B": Given("", "-p"),
        "C_1": Given(" x ", "-p"),
    }


@pytest.mark.parametrize(
    ("assignments", "message"),
    [
        (["A"], "invalid parameter 'A'"),
        (["=x"], "invalid parameter '=x'"),
        (["A B=x"], "invalid parameter 'A B=x'"),
        (["A=1", "A=1"], "parameter A is given twice"),
    ],
)
def test_a_malformed_assignment_is_refused(assignments: list[str], message: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_assignments(assignments)
    assert caught.value.message == message
