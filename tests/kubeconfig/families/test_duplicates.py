"""Family 10: the same thing twice, in one file or in two, or the same file twice."""

import json
import os
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.kubeconfig.changes import set_namespace, use_context
from kubectl_ns_tools.kubeconfig.editing.editor import Editor
from kubectl_ns_tools.kubeconfig.editing.writer import Writer
from kubectl_ns_tools.kubeconfig.locations import locate
from kubectl_ns_tools.kubeconfig.reading.document import read_file
from kubectl_ns_tools.kubeconfig.view import View, load_view
from tests.builders import Kubeconfig
from tests.kubeconfig.families.ground import Case, Ground, kubectl_config, table

LIST = "contexts:\n- name: a\n- name: b\n  context: {namespace: old}\n- name: c\n"
# Of a key that is there twice, the last counts.
CASES: dict[str, Case | str] = {
    "current-context": f"current-context: b\n{LIST}current-context: a\n",
    "current-context, side by side": f"current-context: b\ncurrent-context: a # now\n{LIST}",
    "current-context in braces": "{current-context: b, contexts: [{name: a}], current-context: a}",
    "contexts": f"contexts:\n- name: z\n- name: a\n{LIST}",
    "contexts in other spelling": f'"contexts":\n- name: z\n{LIST}',
    "context": LIST.replace("context: {", "context: {namespace: z}\n  context: {"),
    "namespace": LIST.replace("{namespace: old", "{namespace: y, user: u, namespace: old"),
    "namespace in a block": LIST.replace(
        "{namespace: old}", "\n    namespace: y\n    user: u\n    namespace: old\n    namespace: older"
    ),
    "name": LIST.replace("name: b", "name: z\n  name: b"),
    "user": "users:\n- name: u\n  user:\n    token: one\n    token: two\n" + LIST,
}
CASES["current-context in braces"] = Case(str(CASES["current-context in braces"]), ("a",))


@table(CASES)
def test_each_operation_alone(ground: Ground, case: Case) -> None:
    ground.check_alone(case)


@table(CASES)
def test_all_operations_together_as_by_kubectl(ground: Ground, case: Case) -> None:
    ground.check_together(case)


TWICE = {
    "contexts": ("contexts:\n- name: a\n- name: b\n- name: a\n", 4, 2),
    "contexts in other spelling": ("contexts:\n- name: a\n- name: 'a'\n  context: {}\n", 3, 2),
    "contexts in braces": ("contexts: [{name: a},\n {name: a}]\n", 2, 1),
    "contexts without name": ("contexts:\n- context: {}\n-\n", 3, 2),
    "clusters with other data": (
        "clusters:\n- {name: c, cluster: {server: 'https://x'}}\n- {name: c, cluster: {server: 'https://y'}}\n",
        3,
        2,
    ),
    "users": ("users:\n- name: u\n- name: u\n", 3, 2),
    "extensions": ("extensions:\n- {name: e, extension: x}\n- {name: e, extension: x}\n", 3, 2),
    "extensions of a context": (
        "contexts:\n- name: a\n  context:\n    extensions:\n    - {name: e, extension: x}\n"
        "    - {name: e, extension: y}\n",
        6,
        5,
    ),
}


@pytest.mark.parametrize(("text", "line", "first"), TWICE.values(), ids=TWICE)
def test_a_name_twice_in_a_list_is_refused_with_both_lines(
    ground: Ground, text: str, line: int, first: int
) -> None:
    ground.lay(text.encode())
    file = read_file(str(ground.path))
    assert [problem.line for problem in file.problems] == [line]
    words, _, place = file.problems[0].text.partition(" (first in line ")
    assert place == f"{first})"
    assert words in ground.run("view", path=ground.path, check=False).stderr
    with pytest.raises(Refused, match=f":{line}: .*first in line {first}"):
        Editor(file)


def two(folder: Path) -> str:
    """$KUBECONFIG with two files, both of which have the context a, the cluster c and the user u."""
    folder.mkdir()
    one = Kubeconfig().context("a", namespace="one").cluster("c", server="https://one").user("u", token="1")
    other = Kubeconfig().context("a", namespace="two").context("b").current("b").user("u", token="2")
    return f"{one.write(folder / 'one')}:{other.write(folder / 'two')}"


def view_of(kubeconfig: str) -> View:
    return load_view(locate(None, {"KUBECONFIG": kubeconfig}))


def test_in_two_files_the_first_is_edited_as_by_kubectl(tmp_path: Path, kubectl_path: Path) -> None:
    ours, theirs = two(tmp_path / "ours"), two(tmp_path / "theirs")
    second = (tmp_path / "ours" / "two").read_bytes()
    set_namespace(view_of(ours), Writer(), "a", "new")
    use_context(view_of(ours), Writer(), "a")
    kubectl_config(kubectl_path, "set-context", "a", "--namespace=new", path=theirs)
    kubectl_config(kubectl_path, "use-context", "a", path=theirs)
    for name in ("one", "two"):
        seen = [
            json.loads(kubectl_config(kubectl_path, "view", "--raw", "-o", "json", path=path).stdout)
            for path in (tmp_path / "ours" / name, tmp_path / "theirs" / name)
        ]
        assert seen[0] == seen[1]
    assert (tmp_path / "ours" / "two").read_bytes() == second


@pytest.mark.parametrize("again", ["{path}", "{folder}/./config", "{folder}/link", "{folder}//config"])
def test_a_file_that_is_listed_twice_is_edited_once(tmp_path: Path, again: str) -> None:
    path = Kubeconfig().context("a").context("b").current("a").write(tmp_path / "config")
    (tmp_path / "link").symlink_to("config")
    listed = f"{path}{os.pathsep}{again.format(path=path, folder=tmp_path)}"
    assert len(set_namespace(view_of(listed), Writer(), "b", "new")) == 1
    assert len(use_context(view_of(listed), Writer(), "b")) == 1
    view = view_of(listed)
    assert (view.current_context, view.namespace_of("b"), len(view.contexts)) == ("b", "new", 2)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["config", "link"]
