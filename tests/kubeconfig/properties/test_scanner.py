"""Where the scanner is certain, it reads what the real parser reads, and edits by it give the same bytes."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.goyaml import quoted
from kubectl_ns_tools.kubeconfig.editing.editor import Editor
from kubectl_ns_tools.kubeconfig.editing.quick_editor import NotQuick, QuickEditor
from kubectl_ns_tools.kubeconfig.editing.quick_field import written
from kubectl_ns_tools.kubeconfig.editing.writer import AnyEditor
from kubectl_ns_tools.kubeconfig.reading.document import KubeconfigFile
from kubectl_ns_tools.kubeconfig.reading.scanner import scan
from kubectl_ns_tools.kubeconfig.reading.schema import SECTIONS
from tests.kubeconfig.properties.kubeconfigs import (
    NAMES,
    crowded_kubeconfigs,
    kubeconfigs,
    namespaces,
    simple_kubeconfigs,
    simple_names,
)

PIECES = (
    *(
        "- ",
        ": ",
        ":",
        "#",
        " #",
        '"',
        "'",
        "&a ",
        "*a",
        "\t",
        "  ",
        "---\n",
        "...\n",
        "\n",
        "\r",
        "\\",
        "{}",
        "[]",
    ),
    *(
        "null",
        "~",
        "123",
        "1e3",
        "yes",
        ".inf",
        "0x_1",
        "? ",
        "| ",
        "|\n",
        ">-\n",
        "!!str ",
        "<<",
        "{",
        "}",
        "[",
        "]",
    ),
    *(
        ",",
        "%",
        "@",
        "`",
        "=",
        "name: ",
        "context:\n",
        "contexts:\n",
        "current-context: ",
        "\x7f",
        "\0",
        "é",
        " ",
    ),
    *("kind: Pod\n", "apiVersion: 1\n", "extensions:\n", "colors: x\n", "name: name: x", "-", "--", "-a"),
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A kubeconfig with a few places where something was put in, taken out or written twice."""
    text = draw(st.one_of(kubeconfigs, *[simple_kubeconfigs] * 4, crowded_kubeconfigs()))
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2, 3]))):
        at = draw(st.integers(0, len(text)))
        lines = text.splitlines(keepends=True) or [""]
        line = draw(st.integers(0, len(lines) - 1))
        kind = draw(st.sampled_from(["put in", "take out", "replace", "twice", "drop", "swap", "indent"]))
        piece = draw(st.sampled_from(PIECES))
        if kind in ("put in", "take out", "replace"):
            rest = text[at + (kind != "put in") :]
            text = text[:at] + ("" if kind == "take out" else piece) + rest
        else:
            other = draw(st.integers(0, len(lines) - 1))
            changed = {
                "twice": lines[line] * 2,
                "drop": "",
                "swap": lines[other],
                "indent": "  " + lines[line],
            }
            lines[line] = changed[kind]
            text = "".join(lines)
    return text.encode()


def thorough(data: bytes) -> KubeconfigFile:
    """The file as the real parser reads it."""
    file = KubeconfigFile("f", data)
    file.__dict__["scan"] = None
    return file


def check_reading(data: bytes) -> None:
    event(f"certain: {scan(data) is not None}")
    if scan(data) is None:
        return
    quick, real = KubeconfigFile("f", data), thorough(data)
    assert real.problems == ()
    assert quick.current_context == real.current_context
    for section in SECTIONS:
        scanned, parsed = list(quick.entries(section)), list(real.entries(section))
        assert [entry.name for entry in scanned] == [entry.name for entry in parsed]
        for one, other in zip(scanned, parsed, strict=True):
            assert {key: one.get(key) for key in other.body} == {key: other.get(key) for key in other.body}
            assert one.body == other.body


_NAMES = (*NAMES, *(f"ctx-{number}" for number in range(50)))
Step = tuple[str, int, str, str]


@dataclass(frozen=True)
class Edit:
    """One edit after the other, of those that commands make. steps: what, of which context, and new texts."""

    steps: list[Step]

    def __call__(self, editor: AnyEditor) -> None:
        for kind, index, name, namespace in self.steps:
            found = (editor.index_of("contexts", each) for each in _NAMES)
            listed = sorted(at for at in found if at is not None)
            if kind == "switch":
                editor.put(name, "current-context")
            elif listed:
                self._on_context(editor, kind, listed[index % len(listed)], name, namespace)

    @staticmethod
    def _on_context(editor: AnyEditor, kind: str, at: int, name: str, namespace: str) -> None:
        if kind == "namespace":
            editor.put(namespace, "contexts", at, "context", "namespace")
        elif kind == "user":
            editor.put(name, "contexts", at, "context", "user")
        elif kind == "rename":
            editor.put(name, "contexts", at, "name")
        else:
            editor.drop("contexts", at)


_KINDS = st.sampled_from(["switch", "namespace", "user", "rename", "delete"])
_steps = st.tuples(_KINDS, st.integers(0, 49), simple_names, namespaces)
edits = st.builds(Edit, st.lists(_steps, min_size=1, max_size=3))


def outcome(
    make: Callable[[KubeconfigFile], AnyEditor], file: KubeconfigFile, edit: Edit
) -> bytes | type[Refused]:
    """The new bytes, or that there are none."""
    try:
        editor = make(file)
        edit(editor)
        return editor.finished()
    except Refused:
        return Refused


@given(mutated())
@settings(max_examples=settings().max_examples * 10)
@example(b"contexts:\n- context:\n    cluster: # none\n  name: a\n")
@example(b"contexts:\n- context:\n  name: a\n")
def test_where_the_scanner_is_certain_the_parser_reads_the_same(data: bytes) -> None:
    check_reading(data)


@given(mutated(), edits)
@settings(max_examples=settings().max_examples * 6)
def test_a_quick_edit_gives_the_bytes_of_a_thorough_one(data: bytes, edit: Edit) -> None:
    try:
        quick = outcome(QuickEditor, KubeconfigFile("f", data), edit)
    except NotQuick:
        event("not quick")
        return
    event("quick")
    assert quick == outcome(Editor, thorough(data), edit)


@given(st.text("0123456789abcdefxXoO_.:+-~yYnN=<é '#", max_size=7), st.sampled_from(["", "'", '"']))
@settings(max_examples=settings().max_examples * 20)
def test_a_quick_scalar_is_quoted_as_any_other(text: str, style: str) -> None:
    assert written(text, style) == quoted(text, style)
