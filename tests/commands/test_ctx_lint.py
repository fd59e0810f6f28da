import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest
import yaml

from kubectl_ns_tools.errors import ExitCode
from tests.builders import Kubeconfig
from tests.commands.conftest import BIN
from tests.commands.terminal import put_away
from tests.controlplane.certificates import Authority

BROKEN = """\
current-context: a
contexts:
- name: 123 # ours
  context: {cluster: c, user: u}
- name: a
  context: {cluster: d, user: u}
clusters:
- name: c
  cluster: {server: "https://127.0.0.1:1"}
users:
- name: u
  user: {token: s3cret}
- name: u
  user: {token: s3cret}
"""
MENDED = BROKEN.replace("123", '"123"').removesuffix("- name: u\n  user: {token: s3cret}\n")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config"
    path.write_text(BROKEN)
    path.chmod(0o644)
    monkeypatch.setenv("KUBECONFIG", str(path))
    return path


@pytest.fixture
def accepts(kubectl_path: Path) -> Callable[[Path], bool]:
    """accepts(path): whether kubectl reads the file."""

    def ask(path: Path) -> bool:
        command = [kubectl_path, "config", "view", "--kubeconfig", str(path)]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0

    return ask


def test_nothing_found_is_no_output(tmp_path: Path, run) -> None:
    path = Kubeconfig().context("a").user("u", token="t").current("a").write(tmp_path / "good")
    path.chmod(0o600)
    result = run("ctx-lint", "--kubeconfig", path)
    assert (result.stdout, result.stderr) == ("", "nothing found\n")


def test_infos_alone_are_no_failure(tmp_path: Path, run) -> None:
    path = Kubeconfig().context("a").current("a").write(tmp_path / "good")
    path.chmod(0o600)
    result = run("ctx-lint", "--kubeconfig", path)
    assert "info       " in result.stdout
    assert result.stderr == "1 info; what to do: kubectl ctx-lint -o wide\n"


def test_what_is_found_has_its_place_and_object(config: Path, run) -> None:
    result = run("ctx-lint", code=ExitCode.FAILED)
    rows = [line.split(None, 3)[:3] for line in result.stdout.splitlines()]
    assert rows == [
        ["SEVERITY", "PLACE", "OBJECT"],
        ["warning", str(config), "<none>"],
        ["error", f"{config}:3", "context/123"],
        ["error", f"{config}:6", "context/a"],
        ["error", f"{config}:13", "user/u"],
    ]
    assert result.stderr == (
        "3 errors, 1 warning; what to do: kubectl ctx-lint -o wide; "
        "3 of them can be mended: kubectl ctx-lint --fix\n"
    )
    assert config.read_text() == BROKEN


def test_the_wide_table_says_what_to_do(config: Path, run) -> None:
    lines = run("ctx-lint", "-o", "wide", code=ExitCode.FAILED).stdout.splitlines()
    assert lines[0].endswith("FIXABLE   REMEDY")
    assert lines[1].endswith("yes       chmod go-rwx it")
    assert lines[3].endswith("no        name one that is there: kubectl ctx-set NAME --cluster CLUSTER")


def test_the_names_are_places(config: Path, run) -> None:
    result = run("ctx-lint", "-o", "name", code=ExitCode.FAILED)
    assert result.stdout.split() == [str(config), *(f"{config}:{line}" for line in (3, 6, 13))]
    assert result.stderr == ""


@pytest.mark.parametrize(("form", "read"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_the_report_as_a_document(config: Path, run, form: str, read) -> None:
    result = run("ctx-lint", "-o", form, code=ExitCode.FAILED)
    found = read(result.stdout)
    assert (found["apiVersion"], found["kind"]) == ("kubectl-ns-tools/v1", "LintReport")
    assert found["items"][2] == {
        "rule": "missing-cluster",
        "severity": "error",
        "file": str(config),
        "line": 6,
        "kind": "context",
        "name": "a",
        "problem": 'the cluster "d" does not exist: kubectl goes to localhost:8080',
        "remedy": "name one that is there: kubectl ctx-set NAME --cluster CLUSTER",
        "fixable": False,
    }
    assert "s3cret" not in result.stdout


def test_fix_mends_what_is_sure_and_shows_what_is_left(config: Path, run, accepts) -> None:
    assert not accepts(config)
    result = run("ctx-lint", "--fix", "--yes", code=ExitCode.FAILED)
    assert config.read_text() == MENDED
    assert config.stat().st_mode & 0o777 == 0o600
    assert accepts(config)
    assert '+- name: "123" # ours\n' in result.stderr
    assert f"{config}:3: quotes around what looks like another type\n" in result.stderr
    assert f'{config}:13: the second user "u" removed\n' in result.stderr
    assert f"{config}: mode 0644 changed to 0600\n" in result.stderr
    assert "s3cret" not in result.stderr + result.stdout
    assert [line.split()[1] for line in result.stdout.splitlines()[1:]] == [f"{config}:6"]


def test_when_all_is_mended_it_is_a_success(config: Path, run) -> None:
    config.write_text(BROKEN.replace("cluster: d", "cluster: c"))
    run("ctx-lint", "--fix", "--yes")
    result = run("ctx-lint", "--fix", "--yes")
    assert result.stderr == "There is nothing to be mended surely.\nnothing found\n"


def test_a_fix_can_be_undone(config: Path, run) -> None:
    run("ctx-lint", "--fix", "--yes", code=ExitCode.FAILED)
    result = run("ctx-undo")
    assert result.stderr == f"Undone: mend {config} ({config}).\n"
    assert config.read_text() == BROKEN


def test_a_dry_run_shows_the_difference_on_stdout(config: Path, run) -> None:
    result = run("ctx-lint", "--fix", "--dry-run", code=ExitCode.FAILED)
    assert '+- name: "123" # ours\n' in result.stdout
    assert "s3cret" not in result.stdout
    assert f"{config}: mode 0644 changed to 0600\n" in result.stderr
    assert config.read_text() == BROKEN
    assert config.stat().st_mode & 0o777 == 0o644


def test_without_a_terminal_it_shows_and_refuses(config: Path, run) -> None:
    result = run("ctx-lint", "--fix", code=ExitCode.REFUSED)
    assert '+- name: "123" # ours\n' in result.stderr
    assert "kubeconfigs are not mended unconfirmed, and there is no terminal to ask on" in result.stderr
    assert config.read_text() == BROKEN


@pytest.mark.parametrize("flag", ["--yes", "--dry-run"])
def test_what_belongs_to_fix_is_refused_without_it(config: Path, run, flag: str) -> None:
    run("ctx-lint", flag, code=ExitCode.USAGE)


def test_each_file_is_mended(config: Path, tmp_path: Path, run, monkeypatch) -> None:
    other = tmp_path / "other"
    other.write_text("users:\n- name: on\n  user: {token: t}\n")
    other.chmod(0o600)
    monkeypatch.setenv("KUBECONFIG", f"{config}:{tmp_path / 'none'}:{other}")
    run("ctx-lint", "--fix", "-y", code=ExitCode.FAILED)
    assert other.read_text() == 'users:\n- name: "on"\n  user: {token: t}\n'
    run("ctx-undo")
    assert config.read_text() == BROKEN
    assert "name: on" in other.read_text()


def test_names_that_steer_a_terminal_are_shown_escaped(tmp_path: Path, run) -> None:
    path = Kubeconfig().context("a\x1b]0;x\x07", cluster="c\u202e").current("b\x1b").write(tmp_path / "x\x1b")
    for form in ("table", "wide", "name", "json", "yaml"):
        result = run("ctx-lint", "-o", form, "--kubeconfig", path, code=ExitCode.FAILED)
        assert not set("\x1b\x07\u202e") & set(result.stdout + result.stderr)


def test_expired_certificates_of_real_files(tmp_path: Path, run) -> None:
    authority = Authority.create()
    certificate, key = authority.issue("me").write(tmp_path / "me")
    config = Kubeconfig().context("a").current("a").user(
        "u", client_certificate=certificate.name, client_key_data=base64.b64encode(key.read_bytes()).decode()
    )  # fmt: skip
    path = config.write(tmp_path / "config")
    path.chmod(0o600)
    run("ctx-lint", "--kubeconfig", path)
    certificate.unlink()
    result = run("ctx-lint", "--kubeconfig", path, code=ExitCode.FAILED)
    assert f"unable to read client-certificate {certificate}: no such file or directory" in result.stdout


@pytest.fixture
def terminal(config: Path) -> Iterator[Callable[[], pexpect.spawn]]:
    """Starts --fix on a terminal of its own."""
    started: list[pexpect.spawn] = []

    def start() -> pexpect.spawn:
        command = [str(BIN / "kubectl-ctx_lint"), "--fix"]
        child = pexpect.spawn(sys.executable, command, encoding="utf-8", dimensions=(50, 200), timeout=30)
        started.append(child)
        child.expect_exact("Do you want to continue? (y/N):")
        return child

    yield start
    for child in started:
        put_away(child)


@pytest.mark.parametrize(
    ("answer", "after", "code"), [("y", MENDED, ExitCode.FAILED), ("n", BROKEN, ExitCode.REFUSED)]
)
def test_it_asks_after_the_difference(
    config: Path, terminal, answer: str, after: str, code: ExitCode
) -> None:
    child = terminal()
    assert '+- name: "123" # ours' in child.before
    child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == code
    assert config.read_text() == after


def test_what_changed_while_the_question_stood_is_not_written_over(config: Path, terminal) -> None:
    child = terminal()
    config.write_text(BROKEN + "# more\n")
    child.sendline("y")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == ExitCode.REFUSED
    assert "has changed meanwhile" in child.before
    assert config.read_text() == BROKEN + "# more\n"


def test_a_file_of_the_environment_is_not_touched(config: Path, run) -> None:
    stamp = config.stat()
    run("ctx-lint", code=ExitCode.FAILED)
    assert config.stat().st_mtime_ns == stamp.st_mtime_ns
    assert not list(config.parent.glob("*.lock"))
    assert os.environ["KUBECONFIG"] == str(config)
