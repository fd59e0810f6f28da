"""Entries taken out: whole lines or a comma's worth, and kubectl reads what is left."""

from pathlib import Path

import pytest

from kubectl_ns_tools.goyaml import construct, parse_first
from kubectl_ns_tools.kubeconfig.editing.editor import Editor
from kubectl_ns_tools.kubeconfig.reading.document import KubeconfigFile

BLOCK = """\
contexts:
# head of a
- name: a  # tail of a
  context:
    cluster: c
    # inside a
    user: u
# head of b
-   context:
      cluster: c
    name: b
- # a comment beside the dash
  name: c
  context: {cluster: c}
# foot
current-context: a
"""


def dropped(text: str, *path: str | int) -> str:
    editor = Editor(KubeconfigFile("f", text.encode()))
    editor.drop(*path)
    return editor.finished().decode()


@pytest.mark.parametrize(
    ("index", "gone"),
    [
        (0, "- name: a  # tail of a\n  context:\n    cluster: c\n    # inside a\n    user: u\n"),
        (1, "-   context:\n      cluster: c\n    name: b\n"),
        (2, "- # a comment beside the dash\n  name: c\n  context: {cluster: c}\n"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_an_item_goes_with_its_own_lines_and_no_others(index: int, gone: str, newline: str) -> None:
    text = BLOCK.replace("\n", newline)
    assert dropped(text, "contexts", index) == BLOCK.replace(gone, "").replace("\n", newline)


def test_the_last_item_leaves_an_empty_list() -> None:
    text = "contexts:  # mine\n  - name: a\n    context: {}\nkind: Config\n"
    assert dropped(text, "contexts", 0) == "contexts: []  # mine\nkind: Config\n"


def test_the_end_of_a_file_without_a_line_end_stays_so() -> None:
    assert dropped("contexts:\n- name: a\n- name: b", "contexts", 1) == "contexts:\n- name: a"


@pytest.mark.parametrize(
    ("text", "index", "left"),
    [
        ("contexts: [{name: a}, {name: b}, {name: c}]\n", 0, "contexts: [{name: b}, {name: c}]\n"),
        ("contexts: [{name: a}, {name: b}, {name: c}]\n", 1, "contexts: [{name: a}, {name: c}]\n"),
        ("contexts: [{name: a}, {name: b}, {name: c}]\n", 2, "contexts: [{name: a}, {name: b}]\n"),
        ("contexts: [{name: a}, {name: b}, ]\n", 1, "contexts: [{name: a}, ]\n"),
        ("contexts: [{name: a}, ]\n", 0, "contexts: [ ]\n"),
        ('{"contexts":[{"name":"a"},{"name":"b"}]}', 1, '{"contexts":[{"name":"a"}]}'),
        (
            '{\n "contexts": [\n  {"name": "a"},\n  {"name": "b"}\n ]\n}',
            0,
            '{\n "contexts": [\n  {"name": "b"}\n ]\n}',
        ),
    ],
)
def test_an_item_of_a_flow_list_goes_with_its_comma(text: str, index: int, left: str) -> None:
    assert dropped(text, "contexts", index) == left


@pytest.mark.parametrize(
    ("context", "left"),
    [
        ("cluster: c\n    namespace: blue # why\n    user: u", "cluster: c\n    user: u"),
        ("cluster: c\n    namespace: |-\n      blue\n    user: u", "cluster: c\n    user: u"),
        ("namespace: blue\n    cluster: c", "cluster: c"),
        ("cluster: c\n    namespace: blue", "cluster: c"),
        ("namespace: blue", "{}"),
    ],
    ids=["middle", "block scalar", "first", "last", "only"],
)
def test_a_key_goes_with_its_line(context: str, left: str) -> None:
    text = "contexts:\n- context:\n    {}\n  name: a\nkind: Config\n"
    assert dropped(text.format(context) if "{}" in text else text, "contexts", 0, "context", "namespace") == (
        text.format(left)
    )


@pytest.mark.parametrize(
    ("context", "left"),
    [
        ("{cluster: c, namespace: blue, user: u}", "{cluster: c, user: u}"),
        ("{namespace: blue, user: u}", "{user: u}"),
        ("{cluster: c, namespace: blue}", "{cluster: c}"),
        ("{cluster: c, namespace: blue, }", "{cluster: c, }"),
        ("{namespace: blue}", "{}"),
    ],
)
def test_a_key_of_a_flow_mapping_goes_with_its_comma(context: str, left: str) -> None:
    text = "contexts: [{name: a, context: CONTEXT}]\n"
    assert dropped(text.replace("CONTEXT", context), "contexts", 0, "context", "namespace") == (
        text.replace("CONTEXT", left)
    )


def test_a_key_beside_the_dash_leaves_the_next_one_there() -> None:
    assert dropped("contexts:\n- x-note: y\n  name: a\n", "contexts", 0, "x-note") == "contexts:\n- name: a\n"


def test_a_key_that_is_there_twice_goes_twice() -> None:
    text = "current-context: a\nkind: Config\ncurrent-context: b\n"
    assert dropped(text, "current-context") == "kind: Config\n"


def test_what_others_share_is_written_out_before_its_owner_goes() -> None:
    text = "contexts:\n- name: a\n  context: &base {cluster: c}\n- name: b\n  context: {<<: *base, user: u}\n"
    left = dropped(text, "contexts", 0)
    assert construct(parse_first(left, "f").root, "f") == {
        "contexts": [{"name": "b", "context": {"cluster": "c", "user": "u"}}]
    }


def test_dropping_what_is_not_there_changes_nothing(tmp_path: Path) -> None:
    assert dropped(BLOCK, "contexts", 0, "context", "namespace") == BLOCK
