"""Values of parameters from the environment and from files."""

import json

import pytest

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.templates.parameters.given import Given, from_environment
from kubectl_ns_tools.templates.parameters.parameter_files import parse_parameters


def texts(text: str, source: str = "f.yaml") -> dict[str, str]:
    return {name: given.text for name, given in parse_parameters(text, source).items()}


def refusal(text: str, source: str) -> str:
    with pytest.raises(Refused) as caught:
        parse_parameters(text, source)
    return caught.value.message


def test_variables_with_the_prefix_are_parameters() -> None:
    environ = {"NS_OWNER": "anna", "NS_": "x", "XNS_A": "x", "PATH": "/bin", "NS_EMPTY": ""}
    assert from_environment("NS_", environ) == {
        "OWNER": Given("anna", "$NS_OWNER", meant=False),
        "EMPTY": Given("", "$NS_EMPTY", meant=False),
    }


def test_an_empty_prefix_is_refused() -> None:
    with pytest.raises(Refused, match="the prefix for parameters from the environment is empty"):
        from_environment("", {"A": "b"})


def test_yaml_scalars_are_what_is_written() -> None:
    text = """\
# sizes
CPU: 4
MEMORY: 8Gi
VERSION: 1.10
MODE: 0644
ANSWER: yes
EXP: 1e3
NOTHING:
NULLED: null
QUOTED: "null"
TEXT: "a: b # c"
DATE: 2026-01-01
BLOCK: |
  two
  lines
"""
    assert texts(text) == {
        "CPU": "4",
        "MEMORY": "8Gi",
        "VERSION": "1.10",
        "MODE": "0644",
        "ANSWER": "yes",
        "EXP": "1e3",
        "NOTHING": "",
        "NULLED": "",
        "QUOTED": "null",
        "TEXT": "a: b # c",
        "DATE": "2026-01-01",
        "BLOCK": "two\nlines\n",
    }


def test_a_value_knows_its_line() -> None:
    assert parse_parameters("A: 1\n\nB: 2\n", "f.yaml")["B"] == Given("2", "f.yaml:3")
    assert parse_parameters("A=1\n\nB='x\ny'\nC=3\n", ".env")["C"] == Given("3", ".env:5")


def test_json_is_read() -> None:
    value = {"A": "x", "B": 5, "C": True, "D": None, "E": "😀\n"}
    assert texts(json.dumps(value, ensure_ascii=False), "f.json") == {
        "A": "x", "B": "5", "C": "true", "D": "", "E": "😀\n",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "\ufeff", "{}"])
@pytest.mark.parametrize("source", ["f.yaml", "STDIN"])
def test_a_file_may_be_empty(text: str, source: str) -> None:
    assert texts(text, source) == {}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=b", "b"),
        ("A = b ", "b"),
        ("export A=b", "b"),
        ("A=", ""),
        ("A=b=c", "b=c"),
        ("A=b # comment", "b"),
        ("A=b#c", "b#c"),
        ("A=# comment", ""),
        ("A='b # c'", "b # c"),
        ("A='b' # comment", "b"),
        ("A='$B \\n'", "$B \\n"),
        ('A="b\\nc\\t\\"d\\" \\\\ \\$E"', 'b\nc\t"d" \\ $E'),
        ('A="b\nc"', "b\nc"),
        ("A=$HOME", "$HOME"),
        ("A=it's", "it's"),
        ("A=b\r", "b"),
        ("\ufeffA=b", "b"),
        ("# comment\n\n  # more\n A=b", "b"),
    ],
)
@pytest.mark.parametrize("source", ["p.env", ".env", ".env.local", "STDIN", "params"])
def test_a_line_of_a_dotenv_file(line: str, value: str, source: str) -> None:
    assert texts(f"{line}\nZ=z\n", source) == {"A": value, "Z": "z"}
    assert texts(line, source) == {"A": value}


@pytest.mark.parametrize(
    ("text", "source", "message"),
    [
        ("A=1\nB\n", "p.env", "p.env:2: write NAME=VALUE"),
        ("A: 1\n", "p.env", "p.env:1: write NAME=VALUE"),
        ("A='b\nc", "p.env", "p.env:1: a quote is not closed, or something follows it"),
        ('A="b" c', "p.env", "p.env:1: a quote is not closed, or something follows it"),
        ("A=1\nB=2\nA=3", "p.env", "p.env:3: parameter A is there already, at p.env:1"),
        ("A: 1\nA: 2\n", "p.yaml", "p.yaml:2: parameter A is there already, at p.yaml:1"),
        ("A: 1\nB-C: 2\n", "p.yaml",
         "p.yaml:2: 'B-C' is no name of a parameter: letters, digits and underscores"),
        ("A: 1\nB: [x]\n", "p.yaml",
         "p.yaml:2: the value of a parameter must be a string, a number or true/false"),
        ("- A\n", "p.yaml", "p.yaml:1: parameters must be a mapping, or lines NAME=VALUE"),
        ("A=1\n", "p.yaml", "p.yaml:1: parameters must be a mapping, or lines NAME=VALUE"),
        ("A: 1\n---\nB: 2\n", "p.yaml", "p.yaml:2: a second document: parameters are one mapping"),
        ("A: 1\n\tB: 2\n", "p.yaml", "p.yaml:2: found "),
    ],
)  # fmt: skip
def test_what_is_no_file_of_parameters_is_refused(text: str, source: str, message: str) -> None:
    assert refusal(text, source).startswith(message)
