"""Family 2: anchors, aliases and merge keys. An edit of one place must not change another that shares it."""

from pathlib import Path

import pytest

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.kubeconfig.editing.editor import Editor
from kubectl_ns_tools.kubeconfig.reading.document import read_file
from tests.kubeconfig.families.ground import Case, Ground, kubectl_config, table

HEAD = "apiVersion: v1\nkind: Config\ncurrent-context: a\n"
REST = (
    "clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]\nusers: [{name: u, user: {token: t}}]\n"
)
C = "- name: c\n  context: {cluster: c, user: u}\n"


def shared(text: str, *refused: str, names: tuple[str, ...] = ("a", "b", "c")) -> Case:
    return Case(text, names, refused=frozenset(refused), shared=True)


CASES: dict[str, Case | str] = {
    "alias of a flow context": shared(
        f"{HEAD}contexts:\n- name: a\n  context: &base {{cluster: c, user: u}}\n"
        f"- name: b\n  context: *base\n{C}{REST}"
    ),
    "alias of a block context": shared(
        f"{HEAD}contexts:\n- name: a\n  context: &base\n    cluster: c\n    user: u\n    namespace: old\n"
        f"- name: b\n  context: *base  # as a\n{C}{REST}"
    ),
    "alias in the last item": shared(
        f"{HEAD}contexts:\n- name: a\n  context: &base\n    cluster: c\n    user: u\n"
        f"{C.replace('name: c', 'name: b')}- name: c\n  context: *base\n{REST}"
    ),
    "merge key": shared(
        f"{HEAD}contexts:\n- name: a\n  context: &base {{cluster: c, user: u}}\n"
        f"- name: b\n  context: {{<<: *base, namespace: x}}\n{C}{REST}"
    ),
    "merge key in block style": shared(
        f"{HEAD}contexts:\n- name: a\n  context: &base\n    cluster: c\n    user: u\n"
        f"- name: b\n  context:\n    <<: *base\n    namespace: x\n{C}{REST}"
    ),
    "the namespace comes by the merge key": shared(
        f"{HEAD}contexts:\n- name: a\n  context: &base {{cluster: c, user: u, namespace: x}}\n"
        f"- name: b\n  context:\n    <<: *base\n    user: u\n{C}{REST}",
        "unset namespace of 'b'",
    ),
    "the merge key stands last": shared(
        f"{HEAD}contexts:\n- name: a\n  context: &base {{cluster: c, user: u}}\n"
        f"- name: b\n  context:\n    namespace: yy\n    <<: *base\n{C}{REST}"
    ),
    "an unknown key holds the base": (
        f"{HEAD}x-base: &base {{cluster: c, user: u}}\ncontexts:\n- name: a\n  context:\n    <<: *base\n"
        f"- name: b\n  context:\n    <<: *base\n    namespace: x\n{C}{REST}"
    ),
    "an unknown key holds a list of bases": (
        f"{HEAD}x-bases:\n- &one {{cluster: c}}\n- &two {{user: u, cluster: other}}\ncontexts:\n"
        f"- name: a\n  context:\n    <<: [*one, *two]\n"
        f"- name: b\n  context:\n    <<: [*one, *two]\n    namespace: x\n{C}{REST}"
    ),
    "whole items": shared(
        f"{HEAD}x-items:\n- &ctx1 {{name: a, context: {{cluster: c, user: u}}}}\n"
        f"contexts:\n- *ctx1\n- name: b\n  context: {{user: u}}\n{C}{REST}"
    ),
    "name and user by alias": shared(
        f"{HEAD}contexts:\n- name: &id a\n  context: {{cluster: c, user: u}}\n"
        f"- name: b\n  context: {{user: *id}}\n{C}users:\n- name: *id\n  user: {{token: t}}\n"
    ),
    "current-context by alias": shared(
        f"{HEAD.replace('current-context: a', 'x-current: &current a')}current-context: *current\n"
        f"contexts:\n- name: *current\n  context: {{cluster: c, user: u}}\n"
        f"- name: b\n  context: {{user: u}}\n{C}{REST}"
    ),
    "the whole list": shared(
        f"{HEAD}x-list: &list\n- name: a\n  context: {{cluster: c, user: u}}\n"
        f"- name: b\n  context: {{user: u}}\n{C}contexts: *list\n{REST}"
    ),
    "anchors that nobody uses": (
        f"{HEAD}contexts: &contexts\n- &a\n  name: &name a\n"
        "  context: &context\n    cluster: c\n    user: &u u\n"
        f"- &b {{name: b, context: &x {{user: u, namespace: old}}}}\n{C}{REST}"
    ),
    "tags": (
        f"{HEAD}contexts: !!seq\n- !!map\n  name: !!str a\n  context: !!map\n    cluster: c\n"
        f"- !!map {{name: b, context: !!map {{namespace: !!str 1}}}}\n{C}{REST}"
    ),
}


@table(CASES)
def test_each_operation_alone(ground: Ground, case: Case) -> None:
    ground.check_alone(case)


@table(CASES)
def test_all_operations_together_as_by_kubectl(ground: Ground, case: Case) -> None:
    ground.check_together(case)


SETS = [
    (
        "context: &x {cluster: c}",
        "context: *x",
        "context: {cluster: c, namespace: new}",
        "context: {cluster: c}",
    ),
    ("context: *x", "context: *x", "context: {cluster: c, namespace: new}", "context: *x"),
    (
        "context: {<<: *x, user: u}",
        "context: *x",
        "context: {<<: *x, user: u, namespace: new}",
        "context: *x",
    ),
]


@pytest.mark.parametrize(("first", "second", "edited", "other"), SETS)
def test_setting_a_namespace_writes_out_what_is_shared_and_no_more(
    ground: Ground, first: str, second: str, edited: str, other: str
) -> None:
    head = "" if "&x" in first else "x: &x {cluster: c}\n"
    text = f"{head}contexts:\n- name: a\n  {first}\n- name: b\n  {second}\n"
    editor = Editor(_file(ground, text))
    editor.put("new", "contexts", 0, "context", "namespace")
    left = editor.finished().decode()
    assert left.replace("&x ", "", 1 if not head else 0) == (
        f"{head}contexts:\n- name: a\n  {edited}\n- name: b\n  {other}\n"
    )


REFUSED = {
    "contains itself": ("a: &a [*a]\n", "anchor 'a' value contains itself"),
    "context contains itself": (
        "contexts:\n- &x\n  name: a\n  context: {extensions: [*x]}\n",
        "anchor 'x' value contains itself",
    ),
    "unknown anchor": ("contexts: *gone\n", "unknown anchor 'gone' referenced"),
    "bomb": (
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(
            f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        "document contains excessive aliasing",
    ),
    "merge of a text": ("<<: x\n", "map merge requires map or sequence of maps as the value"),
}


@pytest.mark.parametrize(("text", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_expanded_is_refused_in_kubectls_words(
    ground: Ground, kubectl_path: Path, text: str, words: str
) -> None:
    file = _file(ground, text)
    assert words in str(file.problems[0])
    assert words in kubectl_config(kubectl_path, "view", path=ground.path, check=False).stderr
    with pytest.raises(Refused) as refusal:
        Editor(file)
    assert "nothing was written" in refusal.value.hint


def _file(ground: Ground, text: str):
    ground.lay(text.encode())
    return read_file(str(ground.path))
