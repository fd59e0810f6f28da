"""Family 11: files with nothing in them, or next to nothing, or something else."""

from pathlib import Path

import pytest

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.kubeconfig.editing.editor import Editor
from kubectl_ns_tools.kubeconfig.editing.writer import Writer
from kubectl_ns_tools.kubeconfig.reading.document import read_file
from tests.kubeconfig.families.ground import Case, Ground, table
from tests.kubeconfig.families.operations import add, delete

EMPTY = {
    "zero bytes": "",
    "a line end": "\n",
    "blanks": "  \n\n   ",
    "only comments": "# one\n\n# two",
    "braces": "{}\n",
    "braces with a comment": "{ # nothing\n}",
    "null": "null  # none\n",
    "tilde": "~",
    "document start": "---\n",
    "document start with a comment": "--- # none\n",
    "document start and null": "--- null\n",
    "document end": "---\n...\n",
    "other keys only": "x-other: 1\n",
    "a header only": "apiVersion: v1\nkind: Config\n",
    "the header empty": "apiVersion:\nkind: ''\n",
    "contexts without value": "contexts:\nkind: Config\n",
    "contexts without value, last": "kind: Config\ncontexts:",
    "contexts without value, comments below": "contexts: # none\n  # yet\n# at all\nkind: Config\n",
    "contexts null": "contexts: null # none\nkind: Config\n",
    "contexts tilde": "kind: Config\ncontexts: ~",
    "contexts empty": "contexts: []  # none\nkind: Config\n",
    "contexts empty over two lines": "contexts: [\n  ]\nkind: Config\n",
    "contexts empty on the next line": "contexts:\n  []\n",
    "everything null": "clusters: null\ncontexts: null\ncurrent-context: ''\npreferences: {}\nusers: null\n",
    "everything empty in braces": "{clusters: [], contexts: [], current-context: , users: }",
}
CASES: dict[str, Case | str] = {
    **{name: Case(text, ()) for name, text in EMPTY.items()},
    "an item without name": Case("contexts:\n- context: {user: u}\n- name: a\n", ("a",)),
    "an item that is null": Case("contexts:\n-\n- name: a\n- context:\n  name: b\n", ("a",)),
    "items without context": "contexts:\n- name: a\n- name: b\n- name: c\n",
    "contexts that are null": (
        "contexts:\n- {name: a, context: }\n- {name: b, context: ~}\n- {context, name: c}\n"
    ),
    "contexts that are empty": (
        "contexts:\n- {name: a, context: {}}\n- name: b\n  context: {\n  }\n- name: c\n"
    ),
    "fields that are null": (
        "contexts:\n- name: a\n  context:\n    namespace:\n    user: ~\n"
        "- name: b\n  context: {namespace: null}\n- name: c\n  context: {namespace: , user}\n"
    ),
    "fields that are empty texts": (
        "current-context: ''\ncontexts:\n- name: a\n  context: {namespace: ''}\n"
        '- name: b\n  context: {namespace: ""}\n- name: c\n  context: {namespace: "", user: ""}\n'
    ),
    "current-context is nobody": "current-context: nobody\ncontexts: [{name: a}, {name: b}, {name: c}]\n",
    "only one": Case("contexts:\n- name: a\nkind: Config\n", ("a",)),
    "only one, the end of the file": Case("kind: Config\ncontexts:\n  - name: a", ("a",)),
}


@table(CASES)
def test_each_operation_alone(ground: Ground, case: Case) -> None:
    ground.check_alone(case)


@table(CASES)
def test_all_operations_together_as_by_kubectl(ground: Ground, case: Case) -> None:
    ground.check_together(case)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("contexts:\n- name: a\n# foot\nkind: Config\n", "contexts: []\n# foot\nkind: Config\n"),
        ("contexts: # all\n# head\n- name: a\n# foot\n", "contexts: [] # all\n# head\n# foot\n"),
        ("contexts:\n  - name: a", "contexts: []"),
        ("contexts: [{name: a}]\n", "contexts: []\n"),
        ("contexts: [ {name: a}, ]\n", "contexts: [  ]\n"),
    ],
)
def test_deleting_the_only_one_leaves_an_empty_list(ground: Ground, before: str, after: str) -> None:
    ground.lay(before.encode())
    ground.check(Case(""), delete("a", "only"))
    assert ground.path.read_text() == after


def test_a_missing_file_and_its_folder_are_made_for_their_owner_only(ground: Ground, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "x" / "y" / "ours", tmp_path / "theirs"
    (tmp_path / "x").mkdir(0o755)
    Writer().apply("add", {str(ours): add("new").edit})
    ground.run(*add("new").kubectl, path=theirs)
    assert ground.view(ours) == ground.view(theirs)
    assert ours.stat().st_mode & 0o777 == 0o600
    assert ours.parent.stat().st_mode & 0o777 == 0o700


REFUSED = {
    "contexts are a mapping": ("kind: Config\ncontexts: {}\n", 2),
    "contexts are a text": ("contexts: a\n", 1),
    "an item is a text": ("contexts:\n- name: a\n- b\n", 3),
    "an item is a list": ("contexts:\n- name: a\n- [b]\n", 3),
    "a context is a text": ("contexts:\n- name: a\n  context: b\n", 3),
    "a context is a list": ("contexts:\n- name: a\n  context:\n  - b\n", 4),
    "a name is a list": ("contexts:\n- name: []\n", 2),
    "a namespace is a mapping": ("contexts:\n- name: a\n  context: {namespace: {}}\n", 3),
    "current-context is a list": ("kind: Config\ncurrent-context: []\n", 2),
    "the root is a list": ("- a\n", 1),
    "the root is a text": ("\n\ntext\n", 3),
    "the root is a number": ("1\n", 1),
    "the root is an empty list": ("[]\n", 1),
    "another kind": ("apiVersion: v1\nkind: Pod\n", 2),
    "another version": ("apiVersion: v2\nkind: Config\n", 2),
    "the kind is a number": ("kind: 1\n", 1),
}


@pytest.mark.parametrize(("text", "line"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_kubeconfig_is_refused_in_kubectls_words(ground: Ground, text: str, line: int) -> None:
    ground.lay(text.encode())
    file = read_file(str(ground.path))
    assert file.problems[0].line == line
    assert file.problems[0].text in ground.run("view", path=ground.path, check=False).stderr
    with pytest.raises(Refused, match=f":{line}: "):
        Editor(file)
