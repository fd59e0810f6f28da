"""Family 3: encodings, line ends, tabs and odd characters."""

import pytest

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.kubeconfig.editing.editor import Editor
from kubectl_ns_tools.kubeconfig.reading.document import read_file
from tests.kubeconfig.families.ground import Case, Ground, table
from tests.kubeconfig.families.operations import alone

BLOCK = """\
apiVersion: v1
kind: Config
current-context: a
clusters:
- name: c
  cluster:
    server: https://127.0.0.1:1
contexts:
- name: a
  context:
    cluster: c
    user: u
- name: b  # prod
  context:
    cluster: c
    namespace: old
    user: u
- context:
    cluster: c
    user: u
  name: c
users:
- name: u
  user:
    token: t
"""
CONTEXTS_LAST = (
    BLOCK.partition("contexts:")[0]
    + "users: []\ncontexts:"
    + BLOCK.partition("contexts:\n")[2].partition("users:")[0].join(["\n", ""])
)
TABS = BLOCK.replace("current-context: a", "current-context:\ta\t# now").replace("user: u\n", "user: u\t\n")

CASES: dict[str, Case | str] = {
    "crlf": BLOCK.replace("\n", "\r\n"),
    "crlf without a final one": BLOCK.replace("\n", "\r\n").removesuffix("\r\n"),
    "mixed line ends": BLOCK.replace("\n- ", "\r\n- ").replace("kind: Config\n", "kind: Config\r\n"),
    "lone cr": BLOCK.replace("\n", "\r"),
    "no final newline": BLOCK.removesuffix("\n"),
    "no final newline after the contexts": CONTEXTS_LAST.removesuffix("\n"),
    "newlines at the end": BLOCK + "\n\n\n",
    "newlines at the end after the contexts": CONTEXTS_LAST + "\n\n\n",
    "newlines at the beginning": "\n\n" + BLOCK,
    "byte order mark": "\ufeff" + BLOCK,
    "byte order mark and crlf": "\ufeff" + BLOCK.replace("\n", "\r\n"),
    "byte order mark in flow style": (
        "\ufeff{contexts: [{name: a}, {name: b}, {name: c}], current-context: b}\n"
    ),
    "tabs where they may be": TABS,
    "tabs in flow style": "contexts: [\n\t{name: a},\n\t{name: b,\tcontext:\t{user: u}},\n\t{name: c}\n\t]\n",
    "spaces at the ends of lines": BLOCK.replace("\n", "  \n"),
    "lines of spaces": BLOCK.replace("\n- ", "\n     \n- "),
    "next line and line separators inside of values": BLOCK.replace(
        "token: t", 'token: "x\x85y\u2028\u2028z\u2029"'
    ),
    "line separators for line ends": BLOCK.replace("\n- name: b", "\u2028- name: b"),
    "latin and emoji": BLOCK.replace("# prod", "# café 🚀").replace("token: t", "token: 'é🚀'"),
    "escapes of control characters": BLOCK.replace("token: t", r'token: "\x1b[31m\0\a\u202e"'),
}


@table(CASES)
def test_each_operation_alone(ground: Ground, case: Case) -> None:
    ground.check_alone(case)


@table(CASES)
def test_all_operations_together_as_by_kubectl(ground: Ground, case: Case) -> None:
    ground.check_together(case)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_new_lines_end_as_the_others_do(ground: Ground, newline: str) -> None:
    ground.lay(BLOCK.replace("\n", newline).encode())
    for operation in alone(("a", "b", "c")):
        if operation.id in ("add", "set namespace of 'a'"):
            ground.check(Case(""), operation)
    text = ground.path.read_bytes().decode()
    assert text.count(newline) == BLOCK.count("\n") + 6
    assert not set(text.replace(newline, "")) & set("\r\n")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_read_but_not_written(ground: Ground, encoding: str) -> None:
    ground.lay(("\ufeff" + BLOCK).encode(encoding))
    file = read_file(str(ground.path))
    assert not file.problems
    assert [entry.name for entry in file.entries("contexts")] == ["a", "b", "c"]
    assert [item["name"] for item in ground.view(ground.path)["contexts"]] == ["a", "b", "c"]
    with pytest.raises(Refused, match="UTF-16 is read but not written"):
        Editor(file)


REFUSED = {
    "tab as indentation": (b"contexts:\n\t- name: a\n", 2, "found character that cannot start any token"),
    "tab after a dash": (b"contexts:\n-\tname: a\n", 2, "found character that cannot start any token"),
    "tab on a line of its own": (
        b"kind: Config\n\t\ncurrent-context: a\n",
        2,
        "found a tab character that violates indentation",
    ),
    "nul in a comment": (b"kind: Config\n# \0\n", 2, "control characters are not allowed"),
    "escape in a comment": (b"kind: Config\n# \x1b[31m\n", 2, "control characters are not allowed"),
    "delete in a value": (b"kind: Config\ncurrent-context: a\x7f\n", 2, "control characters are not allowed"),
    "latin-1 in a comment": (b"kind: Config\n# caf\xe9 au lait\n", 2, "invalid trailing UTF-8 octet"),
    "no utf-8 in a comment": (b"# \xff\nkind: Config\n", 1, "invalid leading UTF-8 octet"),
    "half a character at the end": (b"kind: Config\n# \xe2\x82", 2, "incomplete UTF-8 octet sequence"),
    "utf-16 without a mark": ("kind: Config\n".encode("utf-16-le"), 1, "control characters are not allowed"),
    "a second mark": ("\ufeff\ufeffkind: Config\n- a".encode(), 2, ""),
    "marks between concatenated files": (
        ("\ufeffkind: Config\n" + "\ufeff# more\ncurrent-context: a\n").encode(),
        2,
        "",
    ),
}


@pytest.mark.parametrize(("data", "line", "words"), REFUSED.values(), ids=REFUSED)
def test_what_kubectl_cannot_read_is_named_with_its_line_and_left_alone(
    ground: Ground, data: bytes, line: int, words: str
) -> None:
    ground.lay(data)
    file = read_file(str(ground.path))
    assert str(file.problems[0]).startswith(f"{ground.path}:{line}: yaml: {words}")
    refused = ground.run("view", path=ground.path, check=False)
    assert refused.returncode
    assert words in refused.stderr
    with pytest.raises(Refused, match=f":{line}:"):
        Editor(file)
    assert ground.path.read_bytes() == data
