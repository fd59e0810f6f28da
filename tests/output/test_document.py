import json

import pytest

from kubectl_ns_tools.goyaml import construct, parse
from kubectl_ns_tools.output.document import document, document_text

HOSTILE = {"name": "a\x1b[2J\x9b", "on": "yes", "none": None, "list": [1, True]}


def test_a_document_says_what_it_is_first() -> None:
    assert list(document("Thing", {"a": 1}).items()) == [
        ("apiVersion", "kubectl-ns-tools/v1"),
        ("kind", "Thing"),
        ("a", 1),
    ]


def test_json_is_read_back_the_same() -> None:
    assert json.loads(document_text(HOSTILE, "json")) == HOSTILE


def test_yaml_is_read_back_the_same() -> None:
    (found,) = parse(document_text(HOSTILE, "yaml"), "test")
    assert found.root is not None
    assert construct(found.root, "test") == HOSTILE


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_neither_can_steer_the_terminal(form: str) -> None:
    text = document_text(HOSTILE, form)
    assert not {"\x1b", "\x9b"} & set(text)
    assert not text.endswith("\n")
