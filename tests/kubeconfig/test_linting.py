"""What is found in kubeconfigs: each rule with its line, and nothing in a file that is as it should be."""

import base64
import os
import stat
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from kubectl_ns_tools.findings import Severity
from kubectl_ns_tools.kubeconfig.linting.check import check
from kubectl_ns_tools.kubeconfig.linting.findings import RULES, Finding
from kubectl_ns_tools.kubeconfig.locations import Locations
from tests.controlplane.certificates import Authority

NOW = datetime.now(timezone.utc)
AUTHORITY = Authority.create()
CLIENT = AUTHORITY.issue("me")


def data(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


GOOD = f"""\
apiVersion: v1
kind: Config
preferences: {{}}
clusters:
- name: c
  cluster:
    certificate-authority-data: {data(AUTHORITY.certificate)}
    server: https://127.0.0.1:1
contexts:
- name: a
  context:
    cluster: c
    namespace: blue
    user: u
current-context: a
users:
- name: u
  user:
    client-certificate-data: {data(CLIENT.certificate)}
    client-key-data: {data(CLIENT.key)}
"""
HERE = {line.strip(): number for number, line in enumerate(GOOD.splitlines(), 1)}
SERVER, NAME = HERE["server: https://127.0.0.1:1"], HERE["- name: a"]
CERTIFICATE, USER = HERE["- name: u"] + 2, HERE["- name: u"]


def changed(*pairs: tuple[str, str]) -> str:
    text = GOOD
    for old, new in pairs:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def cluster(fields: str) -> str:
    return changed(("    server: https://127.0.0.1:1\n", fields))


def user(fields: str) -> str:
    return GOOD[: GOOD.index("    client-certificate-data")] + fields


EXEC = "    exec: {apiVersion: client.authentication.k8s.io/v1, command: sh, interactiveMode: Never}\n"
# Self-signed by the tests' own authority, from 2020 to 2021.
EXPIRED = """\
-----BEGIN CERTIFICATE-----
MIIBajCCAQ+gAwIBAgIPU4AernL7ktDC13/oZfPeMAoGCCqGSM49BAMCMBUxEzAR
BgNVBAMMCmt1YmVybmV0ZXMwHhcNMjAwMTAxMDAwMDAwWhcNMjEwMTAxMDAwMDAw
WjAVMRMwEQYDVQQDDAprdWJlcm5ldGVzMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
QgAE8NGn/3HBBmtPUpDq245O++Nk51SvFs7hWmynceBjhRvKVf2N36F1TGxa5B5R
p7sOuMZIxwSp3DXaKnmLCG2QaqNCMEAwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8B
Af8EBAMCAQYwHQYDVR0OBBYEFIsQmM1nnSIFsJgCiI8BNl+8RE2tMAoGCCqGSM49
BAMCA0kAMEYCIQDEJDPf8PF3u4ueHxSOZlLwmsBDiHVo0sds7QkLfWz7vgIhAJ5+
7S25w0uR4pFDLzHW3C12D4U3RdnyNdurnnwKzJVt
-----END CERTIFICATE-----
"""

# rule -> text, the lines on which it is found, a piece of what is said
CASES = {
    "refused": (changed(("name: a", "name: 123")), [NAME], "cannot unmarshal number"),
    "missing-current": (
        changed(("current-context: a", "current-context: b")),
        [15],
        '"b", which does not exist',
    ),
    "missing-cluster": (changed(("cluster: c\n", "cluster: d\n")), [12], 'the cluster "d" does not exist'),
    "missing-user": (changed(("user: u\n", "user: v\n")), [14], 'the user "v" does not exist'),
    "no-cluster": (changed(("    cluster: c\n", "")), [NAME], "goes to localhost:8080"),
    "no-user": (changed(("    user: u\n", "")), [NAME], "asks for user name"),
    "no-server": (cluster(""), [5], "no server is set"),
    "server-url": (cluster("    server: https://h:x\n"), [SERVER], 'URL or a host:port pair: "https://h:x"'),
    "server-scheme": (cluster("    server: 127.0.0.1:1\n"), [SERVER], "has no scheme"),
    "proxy-url": (cluster("    server: https://h\n    proxy-url: ftp://p\n"), [SERVER + 1], 'scheme "ftp"'),
    "insecure": (
        changed(
            (f"certificate-authority-data: {data(AUTHORITY.certificate)}", "insecure-skip-tls-verify: true")
        ),
        [7],
        "not verified",
    ),
    "insecure-authority": (
        cluster("    insecure-skip-tls-verify: true\n    server: https://h\n"),
        [SERVER],
        "is not allowed",
    ),
    "data-and-path": (
        cluster("    certificate-authority: x\n    server: https://h\n"),
        [SERVER],
        "are both specified",
    ),
    "unreadable-path": (user("    tokenFile: none/such\n"), [CERTIFICATE], "no such file or directory"),
    "not-pem": (changed((data(AUTHORITY.certificate), data("x"))), [7], "no certificate in PEM form"),
    "encrypted-key": (
        changed(
            (
                data(CLIENT.key),
                data("-----BEGIN ENCRYPTED PRIVATE KEY-----\nx\n-----END ENCRYPTED PRIVATE KEY-----"),
            )
        ),
        [CERTIFICATE + 1],
        "the key in client-key-data is encrypted",
    ),
    "several-methods": (user("    token: t\n    username: me\n"), [CERTIFICATE], "[token basicAuth]"),
    "impersonation": (
        user("    token: t\n    as-uid: x\n"),
        [CERTIFICATE + 1],
        "without impersonating a user",
    ),
    "no-key": (GOOD[: GOOD.index("    client-key-data")], [CERTIFICATE], "client-key must be specified"),
    "no-certificate": (
        user(f"    client-key-data: {data(CLIENT.key)}\n    token: t\n"),
        [CERTIFICATE],
        "not used",
    ),
    "exec-plugin": (user(EXEC.replace("Never", "never")), [CERTIFICATE], 'invalid interactiveMode: "never"'),
    "no-program": (user(EXEC.replace("sh,", "no-such-plugin,")), [CERTIFICATE], "no-such-plugin not found"),
    "auth-provider": (user("    auth-provider: {name: gcp}\n"), [CERTIFICATE], 'for name "gcp"'),
    "duplicate-key": (
        GOOD + "current-context: a\n",
        [21],
        '"current-context" is here again (first in line 15)',
    ),
    "second-document": (GOOD + "---\nkind: Config\n", [21], "a second YAML document"),
    "misspelt-field": (
        changed(("namespace: blue", "Namespace: blue")),
        [13],
        'not know the field "Namespace"',
    ),
    "unknown-field": (changed(("namespace: blue", "x: blue")), [13], 'not know the field "x"'),
    "namespace": (changed(("namespace: blue", "namespace: Blue_1")), [13], "is invalid"),
    "empty-name": (changed(("- name: a\n  context:\n", "- context:\n")), [NAME], "a context without a name"),
    "unused": (
        GOOD.replace("users:\n", "users:\n- name: v\n  user: {token: t}\n"),
        [17],
        "no context refers to it",
    ),
    "no-credentials": (user("    as: x\n"), [USER], "no credentials"),
}
ELSEWHERE = {
    "unreadable", "no-file", "missing-file", "same-file", "file-mode", "hidden", "hidden-copy", "expired",
    "not-yet-valid", "expires-soon",
}  # fmt: skip


@pytest.fixture
def lint(tmp_path: Path) -> Callable[..., list[Finding]]:
    """lint(text, ..., at=): what is found in files with these texts, named 0, 1, ... and private."""

    def run(*texts: str | bytes, at: datetime = NOW) -> list[Finding]:
        paths = [tmp_path / str(number) for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            path.chmod(0o600)
        return check(Locations(tuple(map(str, paths))), os.environ, at)

    return run


def of(findings: list[Finding], rule: str) -> list[Finding]:
    return [finding for finding in findings if finding.rule == rule]


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace("\n", "\r\n"),
        "\ufeff" + GOOD,
        GOOD + "# é\n",
        user("    token: t\n    as: me\n    as-groups: [g]\n"),
        user(EXEC),
        user("    auth-provider: {name: oidc, config: {x: z}}\n"),
        cluster("    server: http://[::1]:80/path\n    proxy-url: socks5://localhost:1\n"),
        cluster("    server: https://h\n    extensions: [{name: e, extension: {any: thing}}]\n"),
        "",
        "# nothing\n",
        "{}\n",
    ],
    ids=[
        "as kubectl writes it", "crlf", "byte order mark", "not ASCII", "impersonation", "plugin", "oidc",
        "urls", "extensions", "empty", "comment", "empty mapping",
    ],
)  # fmt: skip
def test_nothing_is_found_where_all_is_well(lint, text: str) -> None:
    assert lint(text) == []


@pytest.mark.parametrize("rule", CASES)
@pytest.mark.parametrize("end", ["", "# é\n"], ids=["scanned", "parsed"])
def test_each_rule_with_its_line(lint, rule: str, end: str) -> None:
    text, lines, words = CASES[rule]
    found = of(lint(text if "---\n" in text else text + end), rule)
    assert [finding.line for finding in found] == lines
    assert words in found[0].problem
    assert found[0].remedy


# rule -> what both of us say; of what kubectl passes over in silence, or says in other words, nothing
KUBECTLS_WORDS = {
    "server-url": "host must be a URL or a host:port pair",
    "proxy-url": 'unsupported scheme "ftp"',
    "insecure-authority": "specifying a root certificates file with the insecure flag is not allowed",
    "data-and-path": "are both specified",
    "unreadable-path": "no such file or directory",
    "several-methods": "more than one authentication method found",
    "impersonation": "requesting uid, groups or user-extra",
    "no-key": "client-key-data or client-key must be specified",
    "exec-plugin": "invalid interactiveMode",
    "no-program": "exec: executable no-such-plugin not found",
    "refused": "cannot unmarshal number into Go struct field NamedContext.contexts.name of type string",
}


@pytest.mark.parametrize("rule", KUBECTLS_WORDS)
def test_kubectl_refuses_it_in_the_same_words(lint, tmp_path: Path, kubectl_path: Path, rule: str) -> None:
    (found,) = of(lint(CASES[rule][0]), rule)
    command = [kubectl_path, "get", "--raw", "/version", "--kubeconfig", found.path]
    theirs = subprocess.run(command, check=False, capture_output=True, text=True)
    assert theirs.returncode != 0
    assert KUBECTLS_WORDS[rule] in theirs.stderr
    assert KUBECTLS_WORDS[rule] in found.problem


def test_no_rule_is_without_a_test() -> None:
    assert set(CASES) | ELSEWHERE == set(RULES)


def test_no_text_has_what_is_secret(lint) -> None:
    secret = user("    token: 12345678\n    password: s3cret\n    username: x\n").replace(
        "server: https://127.0.0.1:1", "server: https://me:s3cret@h:x\n    proxy-url: ftp://me:s3cret@p"
    )
    texts = [f"{finding.problem} {finding.remedy}" for finding in lint(secret)]
    assert len(texts) == 3
    assert not any("12345678" in text or "s3cret" in text for text in texts)


@pytest.mark.parametrize(
    ("days", "rules"),
    [
        (-1, {"not-yet-valid"}),
        (0, set()),
        (334, set()),
        (336, {"expires-soon"}),
        (366, {"expired"}),
    ],
)
def test_certificates_by_their_dates(lint, days: int, rules: set[str]) -> None:
    found = lint(GOOD, at=NOW + timedelta(days=days))
    assert {finding.rule for finding in found} == rules
    assert [finding.line for finding in found] == ([7, CERTIFICATE] if rules else [])
    if days == 366:
        assert "expired 24 hours ago (" in found[0].problem or "expired 23 hours ago (" in found[0].problem


def test_a_bundle_with_one_valid_authority_is_valid(lint) -> None:
    bundle = EXPIRED + AUTHORITY.certificate
    assert lint(changed((data(AUTHORITY.certificate), data(bundle)))) == []
    (found,) = lint(changed((data(AUTHORITY.certificate), data(EXPIRED))))
    assert found.rule == "expired"


def test_paths_are_relative_to_the_file(lint, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "ca.crt").write_text(AUTHORITY.certificate)
    (tmp_path / "plugin").write_text("#!/bin/sh\n")
    text = cluster("    server: https://h\n").replace(
        f"certificate-authority-data: {data(AUTHORITY.certificate)}", "certificate-authority: folder/ca.crt"
    )
    text = text[: text.index("    client-certificate-data")] + EXEC.replace("sh,", "./plugin,")
    assert [finding.rule for finding in lint(text)] == ["no-program"]  # it may not be executed
    (tmp_path / "plugin").chmod(0o700)
    assert lint(text) == []
    (tmp_path / "folder" / "ca.crt").write_text("hello")
    assert [finding.rule for finding in lint(text)] == ["not-pem"]


def test_the_hint_of_a_plugin_is_passed_on(lint) -> None:
    text = EXEC.replace("command: sh", 'command: no-such-plugin, installHint: "get it there\\nand more"')
    (found,) = lint(user(text))
    assert found.remedy == "get it there"


@pytest.mark.parametrize(
    ("old", "new", "near"),
    [
        ("namespace: blue", "Namespace: blue", "namespace"),
        ("user: u\n", "user: uu\n", "u"),
        ("current-context: a", "current-context: aa", "a"),
        ("current-context: a", "Current-Context: a", "current-context"),
    ],
)
def test_a_slip_of_the_pen_has_the_nearest_as_its_hint(lint, old: str, new: str, near: str) -> None:
    assert lint(changed((old, new)))[0].remedy == f"did you mean '{near}'?"


def test_a_reference_into_another_file_is_one(lint) -> None:
    head, contexts, rest = GOOD.partition("contexts:")
    assert lint(contexts + rest, head) == []


def test_entries_that_hide_others(lint, tmp_path: Path) -> None:
    found = lint(GOOD, changed(("namespace: blue", "namespace: green")))
    assert [(each.rule, each.line, each.kind) for each in found] == [
        ("hidden-copy", 5, "cluster"),
        ("hidden", NAME, "context"),
        ("hidden-copy", USER, "user"),
    ]
    assert f"{tmp_path / '0'}:{NAME} has another context" in found[1].problem
    assert found[1].path == str(tmp_path / "1")


def test_duplicates_in_one_file_name_both_lines(lint) -> None:
    text = GOOD.replace("contexts:\n", "contexts:\n- name: a\n  context: {cluster: c, user: u}\n")
    (found,) = lint(text)
    assert (found.rule, found.line, found.kind, found.name) == ("refused", NAME + 2, "context", "a")
    assert 'duplicate name "a" in list (first in line 10)' in found.problem
    assert not found.fixable


FIXABLE = {
    "a number": changed(("name: a", "name: 123"), ("current-context: a", "current-context: '123'")),
    "a truth value": changed(("namespace: blue", "namespace: on")),
    "an argument": user(EXEC.replace("Never}", "Never, args: [1, x]}")),
    "a copy": GOOD.replace(
        "users:\n", "users:\n- {name: v, user: {token: t}}\n- {name: v, user: {token: t}}\n"
    ),
    "a key": GOOD + "current-context: a\n",
    "blanks": changed((data(CLIENT.key), f'"{data(CLIENT.key)[:8]} {data(CLIENT.key)[8:]}"')),
}


@pytest.mark.parametrize("text", FIXABLE.values(), ids=FIXABLE.keys())
def test_what_can_be_mended_surely_is_marked(lint, text: str) -> None:
    found = [finding for finding in lint(text) if finding.severity is not Severity.INFO]
    assert [finding.fixable for finding in found] == [True]


def test_files_as_files(tmp_path: Path) -> None:
    config, link, folder = tmp_path / "config", tmp_path / "link", tmp_path / "folder"
    config.write_text(GOOD)
    config.chmod(0o644)
    link.symlink_to("config")
    folder.mkdir()
    paths = [str(path) for path in (config, tmp_path / "none", link, folder)]
    found = check(Locations(tuple(paths)), os.environ, NOW)
    assert [(each.rule, each.path, each.line) for each in found] == [
        ("file-mode", paths[0], 0),
        ("missing-file", paths[1], 0),
        ("same-file", paths[2], 0),
        ("unreadable", paths[3], 0),
    ]
    assert "is a directory" in found[3].problem
    assert [each.fixable for each in found] == [True, False, False, False]
    (alone,) = check(Locations((paths[1],)), os.environ, NOW)
    assert alone.rule == "no-file"


@pytest.mark.parametrize(("mode", "found"), [(0o640, True), (0o604, True), (0o600, False), (0o400, False)])
def test_a_file_that_others_may_read(tmp_path: Path, mode: int, found: bool) -> None:
    config = tmp_path / "config"
    config.write_text(GOOD)
    config.chmod(mode)
    assert stat.S_IMODE(config.stat().st_mode) == mode
    rules = [each.rule for each in check(Locations((str(config),)), os.environ, NOW)]
    assert rules == (["file-mode"] if found else [])


BOMB = "a{1}: &a{1} [*a{0}, *a{0}, *a{0}, *a{0}, *a{0}, *a{0}, *a{0}, *a{0}]\n"
BROKEN = {
    "not YAML": ("contexts: {\n", 2),
    "not UTF-8": (b"# fine\nx: \xff\n", 2),
    "a tab": ("contexts:\n\t- name: a\n", 2),
    "a list": ("- a\n", 1),
    "another kind": ("apiVersion: v1\nkind: Pod\n", 2),
    "an alias bomb": ("a0: &a0 [x]\n" + "".join(BOMB.format(n, n + 1) for n in range(9)), 0),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line"), BROKEN.values(), ids=BROKEN.keys())
def test_what_kubectl_would_not_read_at_all(lint, text: str | bytes, line: int) -> None:
    found = of(lint(text, GOOD), "refused")
    assert [(each.line, each.severity, each.fixable) for each in found] == [(line, Severity.ERROR, False)]
