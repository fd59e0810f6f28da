"""What is mended in a text: that and nothing else, and kubectl accepts what it refused."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kubectl_ns_tools.kubeconfig.linting.mending import mended
from kubectl_ns_tools.kubeconfig.reading.document import KubeconfigFile

EXEC = "{apiVersion: client.authentication.k8s.io/v1, command: sh, args: [-c, 1], interactiveMode: Never}"

BLOCK = """\
# ours
current-context: 123 # this one
contexts:
# the first
- name: 123   # prod!
  context: {cluster: 0x1F, user: u, namespace: 'on'}
# the second
- context:
    cluster: yes
    user: u
    namespace: off
  name: b
clusters:
- name: 0x1F
  cluster: {server: "https://127.0.0.1:1"}
- name: yes
  cluster:
    server: "https://127.0.0.1:2"
# twice
- name: yes
  cluster:
    server: "https://127.0.0.1:2"
# after
users:
- name: u
  user:
    exec: {EXEC}
- name: w
  user:
    client-key-data: aGVs
      bG8=
""".replace("{EXEC}", EXEC)

MENDED = """\
# ours
current-context: "123" # this one
contexts:
# the first
- name: "123"   # prod!
  context: {cluster: "0x1F", user: u, namespace: 'on'}
# the second
- context:
    cluster: "yes"
    user: u
    namespace: "off"
  name: b
clusters:
- name: "0x1F"
  cluster: {server: "https://127.0.0.1:1"}
- name: "yes"
  cluster:
    server: "https://127.0.0.1:2"
# twice
# after
users:
- name: u
  user:
    exec: {EXEC_MENDED}
- name: w
  user:
    client-key-data: "aGVsbG8="
""".replace("{EXEC_MENDED}", EXEC.replace("1]", '"1"]'))

CASES = {
    "block": (BLOCK, MENDED),
    "crlf": (BLOCK.replace("\n", "\r\n"), MENDED.replace("\n", "\r\n")),
    "byte order mark": ("\ufeff" + BLOCK, "\ufeff" + MENDED),
    "two documents": (BLOCK + "---\nname: 123\n", MENDED + "---\nname: 123\n"),
    "flow": (
        "{contexts: [{name: 1, context: {}}, {name: b, context: {}}, {name: b, context: {}}]}\n",
        '{contexts: [{name: "1", context: {}}, {name: b, context: {}}]}\n',
    ),
    "json": (
        '{"contexts":[{"name":1,"context":{"cluster":true}}],"users":[{"name":"u"},{"name":"u"}]}',
        '{"contexts":[{"name":"1","context":{"cluster":"true"}}],"users":[{"name":"u"}]}',
    ),
    "a key twice": (
        "current-context: a # this\nkind: Config\ncurrent-context: 'a' # that\n",
        "current-context: a # this\nkind: Config\n",
    ),
    "a list twice": (
        "contexts:\n- name: a\nkind: Config\ncontexts:\n- name: a\n",
        "contexts:\n- name: a\nkind: Config\n",
    ),
    "three times": ("contexts:\n- name: a\n- name: a\n- name: a\n", "contexts:\n- name: a\n"),
    "equal once it is quoted": ("contexts:\n- name: 1\n- name: '1'\n", "contexts:\n- name: \"1\"\n"),
    "equal in another spelling": (
        "contexts:\n- {name: a, context: {cluster: c}}\n- name: 'a'\n  context:\n    cluster: c\n",
        "contexts:\n- {name: a, context: {cluster: c}}\n",
    ),
    "what can be, beside what cannot": (
        "contexts:\n- name: 1\n- {name: a, context: {user: u}}\n- {name: a, context: {user: v}}\n",
        "contexts:\n- name: \"1\"\n- {name: a, context: {user: u}}\n- {name: a, context: {user: v}}\n",
    ),
}  # fmt: skip

NOT_SURE = {
    "nothing wrong": "contexts:\n- name: a # é\n",
    "understood by the scanner": "contexts:\n- name: a\n",
    "entries that differ": "contexts:\n- {name: a, context: {user: u}}\n- {name: a, context: {user: v}}\n",
    "keys that differ": "current-context: a\ncurrent-context: b\n",
    "a text for a truth value": "clusters:\n- name: c\n  cluster: {insecure-skip-tls-verify: 'true'}\n",
    "a mapping for a list": "contexts: {a: {}}\n",
    "base64 with something else": "users:\n- name: u\n  user: {client-key-data: 'aGV sbG8=%'}\n",
    "base64 without its end": "users:\n- name: u\n  user: {client-key-data: 'aGVsbG8'}\n",
    "a tagged number": "contexts:\n- name: !!int 1\n",
    "an anchor that another place shares": "contexts:\n- name: &n 1\n  x: *n\n",
    "a copy with an anchor that is used": "contexts:\n- {name: a}\n- &a {name: a}\nx: *a\n",
    "a copy by alias": "contexts:\n- &a {name: a}\n- *a\n",
    "quotes that make a duplicate": "contexts:\n- {name: 1, context: {user: u}}\n- {name: '1'}\n",
    "no YAML": "contexts: {\n",
    "another kind": "kind: Pod\napiVersion: v1\n",
    "empty": "",
    "a list": "- name: 1\n",
}  # fmt: skip


@pytest.fixture
def accepts(tmp_path: Path, kubectl_path: Path) -> Callable[[bytes], bool]:
    """accepts(data): whether kubectl reads a file with this content."""

    def ask(data: bytes) -> bool:
        path = tmp_path / "config"
        path.write_bytes(data)
        command = [kubectl_path, "config", "view", "--kubeconfig", str(path)]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0

    return ask


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES.keys())
def test_that_and_nothing_else_is_mended(before: str, after: str) -> None:
    got = mended(KubeconfigFile("f", before.encode()))
    assert got.data.decode() == after
    assert got.mends
    assert mended(KubeconfigFile("f", got.data)).mends == ()


@pytest.mark.parametrize("name", [name for name in CASES if name not in ("a key twice", "a list twice")])
def test_kubectl_accepts_what_it_refused(accepts, name: str) -> None:
    before, after = CASES[name]
    assert not accepts(before.encode())
    assert accepts(after.encode()) == (name != "what can be, beside what cannot")


@pytest.mark.parametrize("text", NOT_SURE.values(), ids=NOT_SURE.keys())
def test_what_is_not_sure_is_left_alone(text: str) -> None:
    data = text.encode()
    assert mended(KubeconfigFile("f", data)) == mended(KubeconfigFile("f", data)).__class__(data)


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_is_left_alone(encoding: str) -> None:
    data = "contexts:\n- name: 1 # é\n".encode(encoding)
    assert mended(KubeconfigFile("f", data)).data == data


def test_each_repair_says_where_and_what() -> None:
    text = BLOCK + "kind: Config\nx: z\nkind: Config\nx: z\n"
    lines = text.splitlines()
    got = [
        (lines[mend.line - 1].strip(), mend.done) for mend in mended(KubeconfigFile("f", text.encode())).mends
    ]
    quotes = "quotes around what looks like another type"
    assert [line for line, done in got if done == quotes] == [
        "current-context: 123 # this one",
        "- name: 123   # prod!",
        "context: {cluster: 0x1F, user: u, namespace: 'on'}",
        "cluster: yes",
        "namespace: off",
        "- name: 0x1F",
        "- name: yes",
        "- name: yes",
        f"exec: {EXEC}",
    ]
    assert [each for each in got if each[1] != quotes] == [
        ("- name: yes", 'the second cluster "yes" removed'),
        ("client-key-data: aGVs", "blanks taken out of base64"),
        ("kind: Config", 'the second "kind" removed'),
        ("x: z", 'the second "x" removed'),
    ]


def test_lines_after_what_goes_are_those_of_the_file() -> None:
    text = "contexts:\n" + "- name: a\n  context: {}\n" * 3 + "users:\n" + "- name: u\n  user: {}\n" * 2
    mends = mended(KubeconfigFile("f", text.encode())).mends
    assert [mend.line for mend in mends] == [4, 6, 11]


def test_many_are_mended_at_once() -> None:
    text = "contexts:\n" + "".join(f"- name: {n}\n" for n in range(300)) * 2
    got = mended(KubeconfigFile("f", text.encode()))
    assert len(got.mends) == 900
    assert got.data.decode() == "contexts:\n" + "".join(f'- name: "{n}"\n' for n in range(300))


@pytest.mark.parametrize("newline", ["\r", "\x85"], ids=["cr", "nel"])
def test_other_line_breaks(newline: str) -> None:
    text = "contexts:\n- name: 1\n- name: b\n- name: b\n".replace("\n", newline)
    expected = 'contexts:\n- name: "1"\n- name: b\n'.replace("\n", newline)
    assert mended(KubeconfigFile("f", text.encode())).data.decode() == expected
