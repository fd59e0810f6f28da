"""Family 15: large files, long lines, many files, deep nesting."""

import base64
import json
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.kubeconfig.changes import set_context, set_namespace, use_context
from kubectl_ns_tools.kubeconfig.editing.editor import Editor
from kubectl_ns_tools.kubeconfig.editing.writer import Writer
from kubectl_ns_tools.kubeconfig.locations import locate
from kubectl_ns_tools.kubeconfig.reading.document import read_file
from kubectl_ns_tools.kubeconfig.view import View, load_view
from tests.kubeconfig.families.ground import Case, Ground, kubectl_config, table
from tests.kubeconfig.families.operations import delete, rename

MANY = 10_000
CERTIFICATE = base64.b64encode(bytes(range(256)) * 3).decode()  # with the key, 3 KB an entry


def view_of(*paths: Path) -> View:
    return load_view(locate(None, {"KUBECONFIG": ":".join(map(str, paths))}))


@pytest.fixture(scope="module")
def huge(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What kubectl would have written for 10,000 contexts: 30 MB."""
    contexts = "".join(
        f"- context:\n    cluster: c-{n}\n    namespace: n-{n}\n    user: u-{n}\n  name: ctx-{n}\n"
        for n in range(MANY)
    )
    clusters = "".join(
        f"- cluster:\n    certificate-authority-data: {CERTIFICATE}\n    server: https://{n}.example.com:6443\n"
        f"  name: c-{n}\n"
        for n in range(MANY)
    )
    users = "".join(
        f"- name: u-{n}\n  user:\n    client-certificate-data: {CERTIFICATE}\n"
        f"    client-key-data: {CERTIFICATE[:1000]}\n"
        for n in range(MANY)
    )
    text = (
        f"apiVersion: v1\nclusters:\n{clusters}contexts:\n{contexts}current-context: ctx-0\nkind: Config\n"
        f"preferences: {{}}\nusers:\n{users}"
    )
    return text.encode()


def test_edits_of_a_huge_file_change_their_own_bytes_only(tmp_path: Path, huge: bytes) -> None:
    assert len(huge) > 30_000_000
    path = tmp_path / "config"
    path.write_bytes(huge)
    use_context(view_of(path), Writer(), "ctx-9999")
    set_namespace(view_of(path), Writer(), "ctx-5000", "other")
    Writer().apply("rename", {str(path): rename("ctx-1", "renamed").edit})
    Writer().apply("delete", {str(path): delete("ctx-7", "one").edit})
    expected = huge.replace(b"current-context: ctx-0\n", b"current-context: ctx-9999\n")
    expected = expected.replace(b"namespace: n-5000\n", b"namespace: other\n")
    expected = expected.replace(b"name: ctx-1\n", b"name: renamed\n")
    gone = b"- context:\n    cluster: c-7\n    namespace: n-7\n    user: u-7\n  name: ctx-7\n"
    assert path.read_bytes() == expected.replace(gone, b"")


def test_a_huge_file_is_read_by_the_scanner_alone(
    tmp_path: Path, huge: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config"
    path.write_bytes(huge)
    monkeypatch.delattr("yaml.parse")
    view = view_of(path)
    assert not view.problems
    assert [len(view.contexts), len(view.clusters), len(view.users)] == [MANY] * 3
    assert view.namespace_of("ctx-1234") == "n-1234"


def test_a_huge_file_in_another_style_is_edited_too(tmp_path: Path, kubectl_path: Path) -> None:
    contexts = [{"name": f"ctx-{n}", "context": {"cluster": "c", "user": "u"}} for n in range(3000)]
    text = json.dumps({"contexts": contexts, "current-context": "ctx-0"})
    path = tmp_path / "config"
    path.write_text(text)
    set_namespace(view_of(path), Writer(), "ctx-2999", "n")
    assert path.read_text() == text.replace('"u"}}], "c', '"u", "namespace": "n"}}], "c')
    assert kubectl_config(kubectl_path, "current-context", path=path).stdout == "ctx-0\n"


LONG = base64.b64encode(bytes(700_000)).decode()
CONTEXTS = "contexts:\n- name: a\n- name: b\n  context:\n    namespace: old\n- name: c\n"
CASES: dict[str, Case | str] = {
    "a line of a megabyte": (
        f"clusters:\n- name: c\n  cluster:\n    certificate-authority-data: {LONG}\n"
        f"{CONTEXTS}current-context: a\n"
    ),
    "a quoted line of a megabyte": (
        f'{CONTEXTS}users:\n- name: u\n  user:\n    token: "{LONG}"\ncurrent-context: a\n'
    ),
    "a comment of a megabyte": f"# {LONG}\n{CONTEXTS}current-context: a # {LONG}\n",
    "many lines": (
        "users:\n- name: u\n  user:\n    token: |\n"
        + "      - name: a\n" * 12_000
        + f"{CONTEXTS}current-context: a\n"
    ),
    "200 levels of brackets": f"x: {'[' * 200}{']' * 200}\n{CONTEXTS}current-context: a\n",
    "200 levels of braces": f"{CONTEXTS}x: {'{a: ' * 200}b{'}' * 200}\ncurrent-context: a\n",
    "200 levels of indents": (
        CONTEXTS.replace(
            "    namespace", "    extensions:\n    - name: e\n      extension:\n    namespace"
        ).replace(
            "extension:\n",
            "extension:\n" + "".join(f"{' ' * (8 + level)}k:\n" for level in range(200)) + "\n",
        )
        + "current-context: a\n"
    ),
    "200 levels of dashes": (
        "x:\n" + "".join(f"{' ' * level}-\n" for level in range(200)) + f"{CONTEXTS}current-context: a\n"
    ),
}


@table(CASES)
def test_each_operation_alone(ground: Ground, case: Case) -> None:
    ground.check_alone(case)


@table({name: case for name, case in CASES.items() if "200" in name or name == "a line of a megabyte"})
def test_all_operations_together_as_by_kubectl(ground: Ground, case: Case) -> None:
    ground.check_together(case)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x: " + "[" * 20_000 + "]" * 20_000, ""),
        ("x:\n" + "".join(f"{' ' * level}-\n" for level in range(12_000)), ""),
    ],
    ids=["brackets", "indents"],
)
def test_what_is_nested_too_deeply_is_refused_as_by_kubectl(ground: Ground, text: str, words: str) -> None:
    ground.lay(text.encode())
    (problem,) = read_file(str(ground.path)).problems
    assert "nest" in problem.text or "deep" in problem.text
    assert "exceeded max depth of 10000" in ground.run("view", path=ground.path, check=False).stderr
    with pytest.raises(Refused):
        Editor(read_file(str(ground.path)))


def test_a_thousand_files_are_one_view(tmp_path: Path, kubectl_path: Path) -> None:
    paths = [tmp_path / f"{n:04}" for n in range(1000)]
    for n, path in enumerate(paths):
        path.write_text(
            f"clusters: [{{name: c-{n}}}]\ncontexts:\n"
            f"- name: ctx-{n % 700}\n  context: {{namespace: n-{n}}}\n"
            f"current-context: {'ctx-500' if n == 500 else ''!r}\n"
        )
    view = view_of(*paths)
    assert (view.current_context, len(view.contexts), len(view.clusters)) == ("ctx-500", 700, 1000)
    assert view.namespace_of("ctx-650") == "n-650"
    before = [path.read_bytes() for path in paths]
    set_namespace(view, Writer(), "ctx-650", "new")
    use_context(view_of(*paths), Writer(), "ctx-699")
    set_context(view_of(*paths), Writer(), "ctx-699", {"namespace": "other"})
    changed = [n for n, path in enumerate(paths) if path.read_bytes() != before[n]]
    assert changed == [0, 650, 699]
    listed = ":".join(map(str, paths))
    said = json.loads(kubectl_config(kubectl_path, "view", "--raw", "-o", "json", path=listed).stdout)
    assert said["current-context"] == "ctx-699"
    view = view_of(*paths)
    assert {item["name"]: item["context"]["namespace"] for item in said["contexts"]} == {
        name: view.namespace_of(name) for name in view.contexts
    }
