import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

from kubectl_ns_tools.errors import ExitCode
from kubectl_ns_tools.kubeconfig.locations import SHELL
from tests.builders import Kubeconfig
from tests.commands.conftest import BIN
from tests.commands.terminal import interrupt, put_away

BLOCK = """\
current-context: a
contexts:
# about a
- name: a
  context: {cluster: c, user: u}
# about b
- name: b
  context: {cluster: d, user: u}
clusters:
- name: c # near
  cluster: {server: "https://127.0.0.1:1"}
- name: d
  cluster: {server: "https://127.0.0.1:2"}
users:
- name: u
  user: {token: s3cret}
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config"
    path.write_text(BLOCK)
    monkeypatch.setenv("KUBECONFIG", str(path))
    return path


@pytest.fixture
def view(kubectl_path: Path) -> Callable[..., dict]:
    """view(path): what kubectl sees in the file."""

    def read(path: Path) -> dict:
        command = [kubectl_path, "config", "view", "--raw", "-o", "json", "--kubeconfig", str(path)]
        return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)

    return read


def named(config: dict, section: str) -> list[str]:
    return [item["name"] for item in config[section] or ()]


def test_an_entry_goes_with_its_lines_and_no_others(config: Path, run) -> None:
    result = run("ctx-delete", "b", "-y")
    assert (result.stdout, result.stderr) == ("", f"deleted context b from {config}\n")
    assert config.read_text() == BLOCK.replace("- name: b\n  context: {cluster: d, user: u}\n", "")


def test_kubectl_sees_the_same_as_after_its_own_deletion(
    config: Path, tmp_path: Path, run, view, kubectl_path: Path
) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_text(BLOCK)
    command = [kubectl_path, "config", "delete-context", "b", "--kubeconfig", str(theirs)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result = run("ctx-delete", "b", "--yes")
    assert view(config) == view(theirs)
    assert result.stderr == done.stdout.replace(str(theirs), str(config))


def test_prune_takes_what_nothing_else_refers_to(config: Path, run, view) -> None:
    result = run("ctx-delete", "b", "--prune", "-y")
    assert result.stderr == (
        'Warning: user "u" stays: context "a" refers to it\n'
        f"deleted context b from {config}\ndeleted cluster d from {config}\n"
    )
    assert named(view(config), "clusters") == ["c"]
    run("ctx-delete", "a", "--prune", "-y")
    assert config.read_text() == (
        'current-context: ""\ncontexts: []\n# about a\n# about b\nclusters: []\nusers: []\n'
    )


def test_what_a_hidden_context_of_a_later_file_refers_to_stays(
    config: Path, tmp_path: Path, run, use, view
) -> None:
    later = Kubeconfig().context("b", cluster="d", user="w").write(tmp_path / "later")
    use(config, later)
    result = run("ctx-delete", "b", "--prune", "-y")
    assert 'Warning: cluster "d" stays: context "b" refers to it\n' in result.stderr
    assert f'Warning: context "b" of {later}, hidden until now, comes into effect\n' in result.stderr
    assert named(view(config), "clusters") == ["c", "d"]


def test_a_pruned_cluster_that_hid_another_is_told(config: Path, tmp_path: Path, run, use) -> None:
    later = Kubeconfig().cluster("d", server="https://x").write(tmp_path / "later")
    use(config, later)
    result = run("ctx-delete", "b", "--prune", "-y")
    assert f'Warning: cluster "d" of {later}, hidden until now, comes into effect\n' in result.stderr


def test_prune_is_refused_while_a_file_cannot_be_read(config: Path, tmp_path: Path, run, use) -> None:
    broken = tmp_path / "broken"
    broken.write_text("contexts: {\n")
    use(config, broken)
    result = run("ctx-delete", "b", "--prune", "-y", code=ExitCode.REFUSED)
    assert f"  {broken}:2: " in result.stderr
    assert config.read_text() == BLOCK
    run("ctx-delete", "b", "-y")
    assert "name: b" not in config.read_text()


def test_a_current_context_that_would_dangle_is_cleared_and_it_is_said(config: Path, run, view) -> None:
    result = run("ctx-delete", "a", "-y")
    assert result.stderr == (
        f"Warning: current-context is cleared in {config}\n"
        "Warning: there is no current context then; choose one: kubectl ctx-switch NAME\n"
        f"deleted context a from {config}\n"
    )
    assert view(config)["current-context"] == ""


def test_a_current_context_of_a_later_file_that_comes_into_effect_is_told(
    config: Path, tmp_path: Path, run, use
) -> None:
    later = Kubeconfig().context("x").current("x").write(tmp_path / "later")
    use(config, later)
    result = run("ctx-delete", "a", "-y")
    assert 'Warning: the current context is then "x"\n' in result.stderr
    assert run("ctx-current").stdout == "x\n"


def test_a_current_context_that_means_another_one_then_is_told(
    config: Path, tmp_path: Path, run, use
) -> None:
    later = Kubeconfig().context("a").current("a").write(tmp_path / "later")
    use(config, later)
    result = run("ctx-delete", "a", "-y")
    assert result.stderr == (
        f'Warning: context "a" of {later}, hidden until now, comes into effect\n'
        'Warning: the current context "a" is then another one\n'
        f"deleted context a from {config}\n"
    )
    assert "current-context: a\n" in config.read_text()


def test_names_and_patterns_over_several_files(config: Path, tmp_path: Path, run, use) -> None:
    later = Kubeconfig().context("kind-1").context("kind-2").context("x").write(tmp_path / "later")
    use(config, later)
    run("ctx-delete", "b", "kind-*", "--yes")
    assert run("ctx-list", "-o", "name").stdout.split() == ["a", "x"]


@pytest.mark.parametrize("arguments", [["bb"], ["a", "x*"]])
def test_what_matches_nothing_is_refused(config: Path, run, arguments: list[str]) -> None:
    result = run("ctx-delete", *arguments, "-y", code=ExitCode.NOT_FOUND)
    assert f'no context matches "{arguments[-1]}"' in result.stderr
    assert config.read_text() == BLOCK


def test_without_a_terminal_and_without_yes_it_shows_what_would_go_and_refuses(config: Path, run) -> None:
    result = run("ctx-delete", "b", "--prune", code=ExitCode.REFUSED)
    assert result.stderr == (
        "KIND      NAME   FILE\n"
        f"context   b      {config}\n"
        f"cluster   d      {config}\n"
        'Warning: user "u" stays: context "a" refers to it\n'
        "error: contexts are not deleted unconfirmed, and there is no terminal to ask on\n"
        "hint: look with --dry-run, then pass --yes\n"
    )
    assert config.read_text() == BLOCK


def test_a_dry_run_shows_the_difference_without_secrets(config: Path, run) -> None:
    result = run("ctx-delete", "*", "--prune", "--dry-run")
    assert "-- name: b\n" in result.stdout
    assert "-  user: {token: REDACTED}\n" in result.stdout
    assert "s3cret" not in result.stdout + result.stderr
    assert config.read_text() == BLOCK


def test_going_back_to_a_deleted_context_names_what_there_is(config: Path, run) -> None:
    run("ctx-switch", "b")
    run("ctx-delete", "a", "-y")
    result = run("ctx-switch", "-", code=ExitCode.NOT_FOUND)
    assert 'no context exists with the name: "a"' in result.stderr
    assert "current-context: b\n" in config.read_text()


def test_an_undo_brings_everything_back(config: Path, run, scratch_home: Path) -> None:
    run("ctx-delete", "a", "b", "--prune", "-y")
    result = run("ctx-undo")
    assert result.stderr == f"Undone: delete 2 contexts and 3 unused clusters and users ({config}).\n"
    assert config.read_text() == BLOCK


def test_many_go_from_a_file_that_kubectl_wrote(tmp_path: Path, run, use, view, kubectl_path: Path) -> None:
    config = tmp_path / "config"
    builder = Kubeconfig().current("c7")
    for number in range(40):
        builder.context(f"c{number}", cluster=f"k{number}", user=f"u{number}")
    builder.write(config)
    use(config)
    subprocess.run([kubectl_path, "config", "use-context", "c8"], check=True, capture_output=True)
    run("ctx-delete", "c*", "--prune", "-y")
    seen = view(config)
    assert [seen[section] or [] for section in ("contexts", "clusters", "users")] == [[], [], []]
    run("ctx-undo")
    assert len(view(config)["contexts"]) == 40


def test_the_context_of_a_shell_is_refused_in_it(config: Path, tmp_path: Path, run, use, monkeypatch) -> None:
    overlay = Kubeconfig().context("a").current("a").write(tmp_path / "overlay")
    use(overlay, config)
    monkeypatch.setenv(SHELL, str(overlay))
    run("ctx-delete", "a", "-y", code=ExitCode.REFUSED)
    assert config.read_text() == BLOCK
    result = run("ctx-delete", "b", "--prune", "-y")
    assert 'user "u" stays: context "a" refers to it' in result.stderr


def test_a_name_that_steers_a_terminal_is_shown_escaped(tmp_path: Path, run, use) -> None:
    config = Kubeconfig().context("a\x1b]0;x\x07").write(tmp_path / "config")
    use(config)
    result = run("ctx-delete", "a*", "-y")
    assert "\x1b" not in result.stderr
    assert "deleted context a\\x1b]0;x\\x07 from" in result.stderr


@pytest.fixture
def terminal(config: Path) -> Iterator[Callable[..., pexpect.spawn]]:
    """Starts the command on a terminal of its own."""
    started: list[pexpect.spawn] = []

    def start(*arguments: str) -> pexpect.spawn:
        command = [str(BIN / "kubectl-ctx_delete"), *arguments]
        child = pexpect.spawn(sys.executable, command, encoding="utf-8", dimensions=(50, 200), timeout=30)
        started.append(child)
        child.expect_exact("Do you want to continue? (y/N):")
        return child

    yield start
    for child in started:
        put_away(child)


def code_of(child: pexpect.spawn) -> int:
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus


@pytest.mark.parametrize("answer", ["y", "Yes"])
def test_it_asks_and_deletes(config: Path, terminal, answer: str) -> None:
    child = terminal("b", "--prune")
    assert "cluster   d " in child.before
    child.sendline(answer)
    assert code_of(child) == ExitCode.OK
    assert "name: b" not in config.read_text()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (lambda child: child.sendline(""), ExitCode.REFUSED),
        (lambda child: child.sendline("n"), ExitCode.REFUSED),
        (interrupt, ExitCode.INTERRUPTED),
        (lambda child: child.sendeof(), ExitCode.INTERRUPTED),
    ],
    ids=["nothing", "no", "Ctrl-C", "Ctrl-D"],
)
def test_any_other_answer_deletes_nothing(config: Path, terminal, answer, code: ExitCode) -> None:
    child = terminal("b")
    answer(child)
    assert code_of(child) == code
    assert config.read_text() == BLOCK


def test_what_changed_while_the_question_stood_is_looked_at_again(config: Path, terminal) -> None:
    child = terminal("b", "--prune")
    config.write_text(BLOCK.replace("{cluster: c, user: u}", "{cluster: d, user: u}"))
    child.sendline("y")
    assert code_of(child) == ExitCode.REFUSED
    assert "name: b" in config.read_text()
