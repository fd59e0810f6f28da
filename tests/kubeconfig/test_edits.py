"""Surgical edits: for each style of file, exactly these lines change, and kubectl reads the result."""

import difflib
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.kubeconfig.changes import set_context, set_namespace, use_context
from kubectl_ns_tools.kubeconfig.editing.editor import Editor
from kubectl_ns_tools.kubeconfig.editing.writer import Writer
from kubectl_ns_tools.kubeconfig.locations import Locations
from kubectl_ns_tools.kubeconfig.reading.document import read_file
from kubectl_ns_tools.kubeconfig.view import View, load_view

BLOCK = """\
# Licence: ours
apiVersion: v1
kind: Config
current-context: a # prod!
clusters:
- name: c
  cluster: {server: "https://127.0.0.1:1", x-unknown: kept}
contexts:
# the first one
- name: a # prod!
  context:
    cluster: c
    user: u
# - name: commented-out
- context:
    user: u
    cluster: c
    namespace: 'old'   # why
  name: "b"
# after the last item
users:
- name: u
  user:
    token: "t"
# footer
"""

FLOW = """\
{apiVersion: v1, kind: Config, current-context: a,
 clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}],
 contexts: [
   {name: a, context: {cluster: c, user: u, }},  # prod!
   {name: b, context: {cluster: c, user: u, namespace: old}},
 ],
 users: [{name: u, user: {}}]}
"""

JSON = json.dumps(
    {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "a",
        "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1"}}],
        "contexts": [
            {"name": "a", "context": {"cluster": "c", "user": "u"}},
            {"name": "b", "context": {"cluster": "c", "user": "u", "namespace": "old"}},
        ],
        "users": [{"name": "u", "user": {"token": "t"}}],
    }
)

PRETTY_JSON = json.dumps(json.loads(JSON), indent=2) + "\n"

ANCHORS = """\
apiVersion: v1
clusters:
- &c {name: c, cluster: {server: 'https://127.0.0.1:1'}}
users: [{name: u, user: {}}]
contexts:
- name: a
  context: &base
    cluster: c
    user: u
- name: b
  context: *base
- name: m
  context:
    <<: *base
    cluster: c
current-context: a
"""

DECOYS = """\
users:
- name: u
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: sh
      interactiveMode: Never
      args:
      - -c
      - |
        current-context: fake
        contexts:
        - name: prod
        ---
clusters:
- name: c
  cluster: {server: 'https://127.0.0.1:1'}
  extensions: []
current-context:   # none yet
contexts:
    -   name: a
        context:
            cluster: c
            user:
              u
    -   name: b
        context:
            cluster: c
            user: >-
              u
"""

STYLES = {
    "block": BLOCK,
    "flow": FLOW,
    "json": JSON,
    "pretty json": PRETTY_JSON,
    "anchors": ANCHORS,
    "decoys": DECOYS,
    "crlf": BLOCK.replace("\n", "\r\n"),
    "no final newline": BLOCK.removesuffix("# footer\n").removesuffix("\n"),
    "byte order mark": "\ufeff" + BLOCK,
    "two documents": "---\n" + BLOCK + "---\nsecond: document\n",
}


def view_of(path: Path) -> View:
    return load_view(Locations((str(path),), explicit=True))


@pytest.fixture(params=STYLES.values(), ids=STYLES.keys())
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "config"
    path.write_bytes(request.param.encode())
    return path


def changed_lines(before: str, after: str) -> list[str]:
    """The lines that were taken out and put in, as a diff shows them."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if line[0] in "+-" and not line.startswith(("+++", "---"))]


def as_kubectl_reads(kubectl: Path, path: Path) -> dict:
    command = [kubectl, "config", "view", "--raw", "-o", "json", "--kubeconfig", str(path)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def context_in(config: dict, name: str) -> dict:
    return next(item["context"] for item in config["contexts"] if item["name"] == name)


def test_switching_changes_one_value_and_kubectl_reads_it(file: Path, kubectl_path: Path) -> None:
    before, expected = file.read_bytes().decode(), as_kubectl_reads(kubectl_path, file)
    use_context(view_of(file), Writer(), "b")
    expected["current-context"] = "b"
    assert as_kubectl_reads(kubectl_path, file) == expected
    after = file.read_bytes().decode()
    assert len(changed_lines(before, after)) == 2
    assert after.count("\r") == before.count("\r")


@pytest.mark.parametrize("name", ["a", "b"])
def test_setting_a_namespace_changes_only_that_context(file: Path, kubectl_path: Path, name: str) -> None:
    before, expected = file.read_bytes().decode(), as_kubectl_reads(kubectl_path, file)
    set_namespace(view_of(file), Writer(), name, "1e3")
    context_in(expected, name)["namespace"] = "1e3"
    assert as_kubectl_reads(kubectl_path, file) == expected
    assert len(changed_lines(before, file.read_bytes().decode())) <= 5


def test_a_new_context_is_appended_and_the_rest_stays(file: Path, kubectl_path: Path) -> None:
    before, expected = file.read_bytes().decode(), as_kubectl_reads(kubectl_path, file)
    set_context(view_of(file), Writer(), "yes", {"cluster": "c", "user": "u", "namespace": "n"})
    expected["contexts"].append({"name": "yes", "context": {"cluster": "c", "user": "u", "namespace": "n"}})
    got = as_kubectl_reads(kubectl_path, file)
    assert sorted(got["contexts"], key=str) == sorted(expected["contexts"], key=str)
    removed = [line for line in changed_lines(before, file.read_bytes().decode()) if line[0] == "-"]
    assert len(removed) <= 1


HARD_VALUES = {
    "lines": [
        "a\n\nb\n",
        "a\n\n",
        "\n",
        "  a\nb",
        "a \nb",
        "a\r\nb",
        "\ta\n\tb",
        "---\nx: |\n  y\n...\n",
        "#a\n#b\n",
    ],
    "look-alikes": ["0x1F", "1e3", "yes", "~", "", "1:20", "2024-01-01", "<<", "="],
    "signs": ['it\'s "q"', "k: #", "%a", "@b", "- x", "*x", "\u2028\x85\x0b", "\ufeff", "😀", "é"],
    "numbers": [1, 1.5, 1e22, -7, 2**64 - 1, True, False, None],
    "nested": {"list": [[1, [2, {}]], []], "0x1F": {"": "", "a\nb\n": 1}, "k" * 200: [{"a": None}]},
    "wide": "word " * 1000,
}


@pytest.mark.parametrize("value", HARD_VALUES.values(), ids=HARD_VALUES.keys())
def test_values_of_any_kind_are_appended_as_they_are(file: Path, kubectl_path: Path, value: Any) -> None:
    extensions = [{"name": "e", "extension": {"v": value}}]
    items = [{"name": name, "user": {"extensions": extensions}} for name in ("x", "y")]
    items.append({"user": {"exec": {"command": "c", "args": ["-c", "a\n b\n\n"]}}, "name": "z"})
    edit = {str(file): lambda editor: editor.append("users", *items)}
    Writer().apply("append", edit, {})
    users = {item["name"]: item["user"] for item in as_kubectl_reads(kubectl_path, file)["users"]}
    assert users["x"] == users["y"] == {"extensions": extensions}
    assert users["z"]["exec"]["args"] == ["-c", "a\n b\n\n"]


def test_json_stays_json(tmp_path: Path) -> None:
    for name, text in (("min", JSON), ("pretty", PRETTY_JSON)):
        path = tmp_path / name
        path.write_text(text)
        use_context(view_of(path), Writer(), "b")
        set_namespace(view_of(path), Writer(), "a", "n")
        set_context(view_of(path), Writer(), "new", {"cluster": "c", "user": "u"})
        config = json.loads(path.read_text())
        assert config["current-context"] == "b"
        assert context_in(config, "a") == {"cluster": "c", "user": "u", "namespace": "n"}
        assert context_in(config, "new") == {"cluster": "c", "user": "u"}


def test_the_exact_text_of_edits_in_block_style(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_text(BLOCK)
    use_context(view_of(path), Writer(), "b")
    set_namespace(view_of(path), Writer(), "b", "new")
    set_namespace(view_of(path), Writer(), "a", "green")
    set_context(view_of(path), Writer(), "d", {"cluster": "c", "user": "u"})
    assert changed_lines(BLOCK, path.read_text()) == [
        "-current-context: a # prod!",
        "+current-context: b # prod!",
        "+    namespace: green",
        "-    namespace: 'old'   # why",
        "+    namespace: 'new'   # why",
        "+- context:",
        "+    cluster: c",
        "+    user: u",
        "+  name: d",
    ]


EMPTY_SHAPES = {
    "zero bytes": "",
    "blanks": "\n\n",
    "only comments": "# nothing here",
    "null": "null\n",
    "document start": "---\n",
    "empty mapping": "{}\n",
    "contexts missing": "clusters: []\n",
    "contexts null": "contexts:\nusers: []\n",
    "contexts written null": "contexts: null # none\n",
    "contexts empty list": "contexts: [] # none\nkind: Config\n",
    "everything empty": "apiVersion: v1\nclusters: null\ncontexts: null\ncurrent-context: ''\nkind: Config\n",
}


@pytest.mark.parametrize("text", EMPTY_SHAPES.values(), ids=EMPTY_SHAPES.keys())
def test_a_context_can_be_added_to_a_file_without_any(tmp_path: Path, kubectl_path: Path, text: str) -> None:
    path, other = tmp_path / "config", tmp_path / "other"
    path.write_text(text)
    other.write_text(BLOCK)
    view = load_view(Locations((str(path), str(other))))
    set_context(view, Writer(), "new", {"cluster": "c", "user": "u"})
    got = as_kubectl_reads(kubectl_path, path)
    assert got["contexts"] == [{"name": "new", "context": {"cluster": "c", "user": "u"}}]
    for line in text.splitlines():
        if "#" in line:
            assert "#" + line.partition("#")[2] in path.read_text()


def test_a_missing_file_is_made_private(tmp_path: Path, kubectl_path: Path) -> None:
    path, other = tmp_path / "folder" / "config", tmp_path / "other"
    other.write_text(BLOCK)
    set_context(load_view(Locations((str(other), str(path)))), Writer(), "new", {"cluster": "c", "user": "u"})
    assert not path.exists()  # the first existing file is the default one
    other.unlink()
    missing = load_view(Locations((str(path),)))
    with pytest.raises(Refused, match="cannot set context"):
        set_context(missing, Writer(), "new", {"cluster": "c", "user": "u"})
    assert not path.exists()


REFUSED_FILES = {
    "tab indent": ("contexts:\n\t- name: a\n", ":2:"),
    "duplicate": ("contexts:\n- name: a\n- name: a\n", ":3:"),
    "number as name": ("contexts:\n- name: 123\n", ":2:"),
    "contexts a mapping": ("contexts: {a: {}}\n", ":1:"),
    "bad base64": ("users:\n- name: u\n  user: {client-key-data: '%'}\n", ":3:"),
    "another kind": ("kind: Pod\napiVersion: v1\n", ":1:"),
    "a list": ("- a\n", ":1:"),
}


@pytest.mark.parametrize(("text", "line"), REFUSED_FILES.values(), ids=REFUSED_FILES.keys())
def test_what_kubectl_refuses_is_refused_with_its_line_and_not_written(
    tmp_path: Path, kubectl_path: Path, text: str, line: str
) -> None:
    path, other = tmp_path / "config", tmp_path / "other"
    path.write_text(text)
    other.write_text(BLOCK)
    refused_by_kubectl = subprocess.run(
        [kubectl_path, "config", "view", "--kubeconfig", str(path)], capture_output=True, check=False
    )
    assert refused_by_kubectl.returncode != 0
    view = load_view(Locations((str(path), str(other))))
    assert any(line in problem for problem in view.problems)
    with pytest.raises(Refused, match=line):
        set_context(view, Writer(), "new", {"cluster": "c", "user": "u"})
    assert path.read_text() == text


def test_an_edit_that_would_not_read_back_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config"
    text = "contexts:\n- {name: a, context: {<<: {namespace: x}}}\n"
    path.write_text(text)
    editor = Editor(read_file(str(path)))
    editor.drop("contexts", 0, "context", "namespace")  # it is not there to drop: it comes by the merge key
    with pytest.raises(Refused, match="cannot edit safely: the edited text would not mean"):
        editor.finished()
    assert path.read_text() == text


def test_nothing_is_written_when_nothing_changes(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_text(BLOCK)
    stamp = path.stat()
    assert not use_context(view_of(path), Writer(), "a")
    assert not set_namespace(view_of(path), Writer(), "b", "old")
    assert path.stat().st_mtime_ns == stamp.st_mtime_ns
    assert path.stat().st_ino == stamp.st_ino


def test_a_context_that_somebody_else_has_just_made_is_not_made_twice(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_text(BLOCK)
    view = view_of(path)
    set_context(view, Writer(), "new", {"cluster": "c", "user": "u", "namespace": "theirs"})
    set_context(view, Writer(), "new", {"cluster": "c", "user": "u", "namespace": "ours"})
    after = view_of(path)
    assert not after.problems
    assert after.namespace_of("new") == "ours"


@pytest.mark.parametrize("text", [BLOCK, FLOW, JSON], ids=["block", "flow", "json"])
def test_an_edit_to_what_kubectl_refuses_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config"
    path.write_text(text)
    edit = {str(path): lambda editor: editor.put("a", "contexts", 1, "name")}
    with pytest.raises(Refused, match="cannot edit safely"):
        Writer().apply("rename", edit)
    assert path.read_text() == text


def test_an_edit_is_made_again_when_the_file_has_changed_before_it_was_locked(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_text(BLOCK)
    made: list[str] = []

    def edit(editor) -> None:
        made.append(editor.current_context)
        if len(made) == 1:  # between our reading and our lock
            path.write_text(BLOCK.replace("current-context: a", "current-context: other"))
        editor.put("new", "contexts", 0, "context", "namespace")

    Writer().apply("set", {str(path): edit}, {str(path): read_file(str(path))})
    assert made == ["a", "other"]
    assert "current-context: other # prod!" in path.read_text()
    assert "namespace: new" in path.read_text()
