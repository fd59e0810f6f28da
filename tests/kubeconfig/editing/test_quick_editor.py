"""Names and entries changed in a file that the scanner understands, without the parser reading it all."""

import pytest

from kubectl_ns_tools.kubeconfig.editing.editor import Editor
from kubectl_ns_tools.kubeconfig.editing.quick_editor import NotQuick, QuickEditor
from kubectl_ns_tools.kubeconfig.reading.document import KubeconfigFile

TEXT = """\
apiVersion: v1
clusters:
- cluster:
    server: https://127.0.0.1:1
  name: c
# contexts: none yet
contexts: # mine
# about a
- context:
    cluster: c
    # inside a
    user: u
  name: a # tail

# about b
- context:
    cluster: c
    user: u
    x-note: kept
  name: "b"
# after b
current-context: a
kind: Config
"""

EDITS = {
    "rename": lambda editor: editor.put("z", "contexts", 0, "name"),
    "rename in quotes": lambda editor: editor.put("1e3", "contexts", 1, "name"),
    "rename twice": lambda editor: [editor.put(name, "contexts", 0, "name") for name in ("y", "z")],
    "drop the first": lambda editor: editor.drop("contexts", 0),
    "drop the last": lambda editor: editor.drop("contexts", 1),
    "drop all": lambda editor: [editor.drop("contexts", 0) for _ in range(2)],
    "drop the only cluster": lambda editor: editor.drop("clusters", 0),
    "drop, then rename what has its index": lambda editor: [
        editor.drop("contexts", 0),
        editor.put("z", "contexts", editor.index_of("contexts", "b"), "name"),
        editor.put("", "current-context"),
    ],
    "rename, then drop": lambda editor: [editor.put("z", "contexts", 0, "name"), editor.drop("contexts", 0)],
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_the_bytes_are_those_of_the_editor(edit, newline: str) -> None:
    data = TEXT.replace("\n", newline).encode()
    quick, thorough = (kind(KubeconfigFile("f", data)) for kind in (QuickEditor, Editor))
    edit(quick)
    edit(thorough)
    assert quick.finished() == thorough.finished() != data


@pytest.mark.parametrize(
    "edit",
    [
        lambda editor: editor.put("é", "contexts", 0, "name"),
        lambda editor: editor.put("x", "users", 0, "user", "token"),
        lambda editor: editor.drop("current-context"),
    ],
    ids=["what the scanner cannot read", "another field", "a key"],
)
def test_the_rest_is_left_to_the_editor(edit) -> None:
    with pytest.raises(NotQuick):
        edit(QuickEditor(KubeconfigFile("f", TEXT.encode())))


def test_the_last_entry_of_a_file_without_a_final_line_end_is_left_to_the_editor() -> None:
    quick = QuickEditor(KubeconfigFile("f", b"contexts:\n- name: a\n- name: b"))
    with pytest.raises(NotQuick):
        quick.drop("contexts", 1)


_DEEP = "    extensions:\n    - name: e\n      extension:\n        namespace: deep\n"
BODIES = {
    "last, flat": "- context:\n    cluster: c\n    user: u\n  name: a\n",
    "there, with a comment": (
        "-   context:\n      cluster: c # x\n      namespace: old # tail\n      user: u\n    name: a\n"
    ),
    "in quotes, name first": (
        "- name: a\n  context:\n    namespace: 'old'\n    cluster: c\n    # note\n    user: u\n\n"
    ),
    "a comment at the end": '- context:\n    cluster: c\n    user: "u"\n    # end\n  name: a\n',
    "the same key deeper": f'- context:\n    cluster: c\n{_DEEP}    namespace: "b"\n  name: a\n',
    "something deep at the end": f"- context:\n    cluster: c\n{_DEEP}  name: a\n",
    "null": "- context:\n    cluster: c\n    namespace:\n  name: a\n",
    "no final line end": "- name: a\n  context:\n    cluster: c",
}


@pytest.mark.parametrize("value", ["blue", "b-1", "1", "y", "null", "a b", "é", "", "old", "b"])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_field_of_a_context_becomes_what_the_editor_makes_of_it(
    body: str, value: str, newline: str
) -> None:
    data = f"current-context: a\ncontexts:\n{body}".replace("\n", newline).encode()
    try:
        quick = QuickEditor(KubeconfigFile("f", data))
        quick.put(value, "contexts", 0, "context", "namespace")
    except NotQuick:
        assert value == "é"  # which the scanner does not read
        return
    thorough = Editor(KubeconfigFile("f", data))
    thorough.put(value, "contexts", 0, "context", "namespace")
    assert quick.finished() == thorough.finished()


@pytest.mark.parametrize("body", ["last, flat", "there, with a comment", "in quotes, name first"])
def test_the_usual_field_needs_no_parser(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("kubectl_ns_tools.kubeconfig.editing.editor.Editor")
    quick = QuickEditor(KubeconfigFile("f", f"contexts:\n{BODIES[body]}".encode()))
    quick.put("blue", "contexts", 0, "context", "namespace")
    assert b"namespace: blue" in quick.finished().replace(b"'", b"")
