import json

import pytest

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.templates.objects import Manifest, read_objects
from tests.templates.builders import objects

TWO = [{"kind": "A"}, {"kind": "B"}]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("kind: A\n---\nkind: B\n", [1, 3]),
        ("# comment\n---\n\nkind: A\n---\n---\n# nothing\n---\nkind: B", [4, 9]),
        ("\ufeffkind: A\n---\nkind: B\n", [1, 3]),
        ('{"kind": "A"}\n{"kind": "B"}', [1, 2]),
        ('\n{"kind":\n "A"}\n\n\n{"kind": "B"}\n', [2, 6]),
        ('{"kind": "A"}{"kind": "B"}', [1, 2]),
        ('{"kind": "A"}\n---\n{"kind": "B"}', [1, 3]),
        ("{kind: A}\n---\n{kind: B}", [1, 3]),
        ("kind: List\nitems:\n- kind: A\n- kind: B\n", [3, 4]),
        ('{"kind": "ThingList", "items": [{"kind": "A"},\n{"kind": "B"}]}', [1, 2]),
        ("kind: List\nitems:\n- kind: List\n  items: [kind: A]\n- kind: B\n", [4, 5]),
    ],
    ids=[
        "documents", "empty documents", "byte order mark", "json lines", "json on several lines",
        "json without a gap", "json documents", "flow style", "List", "json list of a kind", "List in a List",
    ],
)  # fmt: skip
def test_every_form_of_a_file_gives_its_objects_and_their_lines(text: str, lines: list[int]) -> None:
    found = list(read_objects(text, "f"))
    assert [manifest.data for manifest in found] == TWO
    assert [manifest.place() for manifest in found] == [f"f:{line}" for line in lines]


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n---\n", "kind: List\nitems: []\n"])
def test_a_file_may_have_no_objects(text: str) -> None:
    assert list(read_objects(text, "f")) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kind: A\n---\n- kind: B\n", "f:3: not an object: "),
        ("just text", "f:1: not an object: "),
        ("kind: List\nitems:\n- kind: A\n- 7\n", "f:4: not an object: "),
        ("kind: A\nmetadata:\n  name: a\n  name: b\n", "f:4: key 'name' is there twice"),
        ("kind: A\n\tmetadata: {}\n", "f:2: "),
        ('{"kind": "A",\n"metadata": ]', "f:2: "),
    ],
    ids=["a list", "a text", "a number in a List", "a key twice", "a tab", "broken json"],
)  # fmt: skip
def test_what_is_no_object_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(Refused) as caught:
        list(read_objects(text, "f"))
    assert caught.value.message.startswith(message)


@pytest.mark.parametrize("text", ["😀", 'a "quoted" \\ud83d text', "\\😀", "tab\t", "\x00"])
def test_json_may_have_every_character_escaped(text: str) -> None:
    [found] = read_objects(json.dumps({"kind": "A", "text": text}), "f")
    assert found.data["text"] == text


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("metadata",), 2),
        (("metadata", "labels", "b"), 6),
        (("spec", "hard", "pods"), 8),
        (("spec", "list", 1), 11),
        (("spec", "list", 1, "deep", "er"), 11),
        (("spec", "missing"), 7),
        (("nothing", "at", "all"), 1),
    ],
)
def test_a_field_is_placed_where_its_key_stands(path: tuple[str | int, ...], line: int) -> None:
    [found] = objects("""\
        kind: A
        metadata:
          name: n
          labels:
            a: "1"
            b: "2"
        spec:
          hard: {pods: 3}
          list:
            - one
            - two:
    """)
    assert found.place(*path) == f"f.yaml:{line}"


def test_an_object_that_was_not_read_is_placed_by_its_source() -> None:
    assert Manifest({"kind": "A"}, "").place("metadata") == ""


def test_a_reference_is_written_as_kubectl_does() -> None:
    core, rbac = objects("""\
        {apiVersion: v1, kind: ResourceQuota, metadata: {name: q}}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: admin}}
    """)
    assert core.reference == "resourcequota/q"
    assert rbac.reference == "rolebinding.rbac.authorization.k8s.io/admin"


def test_values_are_read_as_kubectl_reads_them() -> None:
    [found] = objects("""\
        kind: A
        yes: on
        octal: 0o17
        base: &b {x: 1}
        merged: {<<: *b, z: "no"}
        time: 2024-01-01
    """)
    assert found.data == {
        "kind": "A",
        "true": True,
        "octal": 15,
        "base": {"x": 1},
        "merged": {"x": 1, "z": "no"},
        "time": "2024-01-01",
    }
