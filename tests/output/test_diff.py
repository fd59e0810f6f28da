"""The unified diff of an edit: what git makes of it, and what it never shows."""

import subprocess
from pathlib import Path

import pytest

from kubectl_ns_tools.kubeconfig.undo.journal import FileChange
from kubectl_ns_tools.output.diff import unified_diff

BLOCK = b"""\
# Ours. token: comment-s3cret
apiVersion: v1
kind: Config
current-context: a
clusters:
- name: c
  cluster:
    server: https://me:url-s3cret@c.example
    certificate-authority-data: Y2EtczNjcmV0
users:
- name: u
  user:
    token: token-s3cret
    unknown: unknown-s3cret
    exec:
      command: get-token
      args: [--region, here]
      env:
      - name: PASS
        value: env-s3cret
    auth-provider:
      name: oidc
      config:
        refresh: auth-s3cret
contexts:
- name: a
  context: {cluster: c, user: u}
"""
PLAIN = BLOCK.replace(b"[--region, here]", b"\n      - --region").replace(
    b"{cluster: c, user: u}", b"\n      cluster: c\n      user: u"
)


def diff(before: bytes | None, after: bytes, path: str = "/k/config") -> str:
    return unified_diff([FileChange(path, before, after)])


def test_nothing_changed_is_no_text() -> None:
    assert diff(BLOCK, BLOCK) == ""


def test_a_changed_line_stands_among_its_neighbours() -> None:
    assert diff(BLOCK, BLOCK.replace(b"current-context: a", b"current-context: b")) == (
        "--- /k/config\n+++ /k/config\n@@ -1,7 +1,7 @@\n # Ours. token: REDACTED\n apiVersion: v1\n"
        " kind: Config\n-current-context: a\n+current-context: b\n clusters:\n - name: c\n   cluster:"
    )


def test_a_new_file_comes_from_nothing() -> None:
    assert diff(None, b"kind: Config\n") == "--- /dev/null\n+++ /k/config\n@@ -0,0 +1 @@\n+kind: Config"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BLOCK, id="parsed"),
        pytest.param(PLAIN, id="scanned"),
        pytest.param(BLOCK + b"broken: [\n", id="broken"),
        pytest.param(
            BLOCK.replace(b"token-s3cret", b"|\n      token-s3cret\n      - s3cret"), id="block scalar"
        ),
        pytest.param(BLOCK.replace(b"token: token-s3cret", b'"token": "token-s3cret"'), id="quoted"),
        pytest.param(BLOCK + b"---\nsecond: s3cret\n", id="second document"),
        pytest.param(b'{"users": [{"name": "u", "user": {"token": "s3cret"}}]}', id="JSON"),
        pytest.param(BLOCK.replace(b"kind: Config", b"kind: Config \xff"), id="no UTF-8"),
        pytest.param(BLOCK.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(b"\xef\xbb\xbf" + BLOCK, id="byte order mark"),
    ],
)
def test_no_secret_is_shown(text: bytes) -> None:
    shown = diff(None, text)
    assert "s3cret" not in shown
    assert "Y2Et" not in shown
    assert "REDACTED" in shown
    assert shown.count("\n") == 2 + text.count(b"\n") + (0 if text.endswith(b"\n") else 2)


@pytest.mark.parametrize("text", [pytest.param(BLOCK, id="parsed"), pytest.param(PLAIN, id="scanned")])
def test_what_is_no_secret_is_shown(text: bytes) -> None:
    shown = diff(None, text)
    for piece in (
        "apiVersion: v1",
        "- name: u",
        "command: get-token",
        "--region",
        "@c.example",
        "name: PASS",
    ):
        assert piece in shown
    assert "certificate-authority-data: DATA+OMITTED" in shown


def test_a_changed_secret_is_seen_to_change() -> None:
    shown = diff(PLAIN, PLAIN.replace(b"token-s3cret", b"other-s3cret"))
    assert "-    token: REDACTED\n+    token: REDACTED" in shown


def test_control_characters_are_escaped() -> None:
    assert "\x1b" not in diff(None, b"current-context: '\x1b]0;x\x07'\n", "/k/\x1bevil")


def test_the_end_without_line_break_is_said() -> None:
    assert diff(b"kind: Config", b"kind: Config\n").endswith(
        "-kind: Config\n\\ No newline at end of file\n+kind: Config"
    )


@pytest.mark.parametrize("count", [30, 6000], ids=["short", "longer than is compared line by line"])
def test_git_makes_the_new_text_of_the_old(tmp_path: Path, count: int) -> None:
    before = b"".join(b"# line %d\n" % number for number in range(count))
    after = before.replace(b"# line 3\n", b"").replace(b"# line 17\n", b"# 17\n# 17b\n") + b"# end\n"
    target = tmp_path / "config"
    target.write_bytes(before)
    text = diff(before, after, target.name) + "\n"
    subprocess.run(["git", "apply", "-p0"], input=text.encode(), cwd=tmp_path, check=True, timeout=30)
    assert target.read_bytes() == after
