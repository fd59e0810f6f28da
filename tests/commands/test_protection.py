"""Protected contexts, by ctx-exec; what ns-delete makes of them is in its own tests."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess

import pexpect
import pytest

from kubectl_ns_tools.errors import ExitCode
from tests.builders import Kubeconfig
from tests.commands.conftest import executable
from tests.commands.terminal import Terminal, interrupt

CtxExec = Callable[..., CompletedProcess[str]]
RAN = ("--", "echo", "ran")


@pytest.fixture(autouse=True)
def config(scratch_home: Path, protected: Path) -> Path:
    return Kubeconfig().context("a").context("prod").current("a").write(scratch_home / ".kube" / "config")


@pytest.fixture
def ctx_exec(plugin: CtxExec) -> CtxExec:
    return partial(plugin, "ctx-exec")


@pytest.fixture
def terminal(on_terminal: Callable[..., Terminal]) -> Callable[..., Terminal]:
    return partial(on_terminal, executable("ctx-exec"))


def test_it_is_refused_without_a_terminal(ctx_exec: CtxExec, protected: Path) -> None:
    done = ctx_exec("a", "prod", *RAN, code=ExitCode.REFUSED)
    assert done.stderr == (
        f'error: context "prod" is protected ({protected}), and there is no terminal to ask on\n'
        "hint: to run echo in it, pass --confirm-context prod\n"
    )
    assert done.stdout == ""
    assert ctx_exec("a", *RAN).stdout == "==> a <==\nran\n"


def test_it_can_be_named_on_the_command_line(ctx_exec: CtxExec, config: Path) -> None:
    Kubeconfig().context("prod").context("x prod").write(config)
    first, second = ("--confirm-context", "prod"), ("--confirm-context", "x prod")
    assert "2 contexts, none failed" in ctx_exec("*", *first, *second, *RAN).stderr
    done = ctx_exec("*", *first, *RAN, code=ExitCode.REFUSED)
    assert "pass --confirm-context 'x prod'" in done.stderr
    assert done.stdout == ""
    ctx_exec("*", *first, "--confirm-context", "*", *RAN, code=ExitCode.REFUSED)
    both = ctx_exec("*", *RAN, code=ExitCode.REFUSED)
    assert 'error: contexts "prod", "x prod" are protected (' in both.stderr
    assert "pass --confirm-context prod --confirm-context 'x prod'\n" in both.stderr


@pytest.mark.parametrize(
    ("typed", "code"), [("prod", 0), (" prod ", 0), ("PROD", 4), ("y", 4), ("a", 4), ("", 4)]
)
def test_its_name_is_typed_on_a_terminal(terminal: Callable[..., Terminal], typed: str, code: int) -> None:
    started = terminal("a", "prod", *RAN)
    started.child.expect_exact('Context "prod" is protected. Type its name to run echo in it:')
    started.type(typed)
    assert started.ended() == code
    assert ("==> a <==\r\nran" in started.child.before) == (code == 0)
    assert ('error: the typed name is not "prod"; nothing was done' in started.child.before) == (code != 0)


def test_each_of_several_is_typed(terminal: Callable[..., Terminal], config: Path) -> None:
    Kubeconfig().context("prod1").context("prod2").write(config)
    started = terminal("*", *RAN)
    for name in ("prod1", "prod2"):
        started.child.expect_exact(f'Context "{name}" is protected.')
        started.type(name)
    assert started.ended() == 0


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [("prod\x1b[2J", "prod\\x1b[2J", 0), (" prod", "prod", 0), (" prod\n", "prod", 0)],
    ids=["control characters", "a blank before it", "blanks around it"],
)
def test_a_name_is_typed_as_it_is_shown(
    terminal: Callable[..., Terminal], config: Path, name: str, typed: str, code: int
) -> None:
    Kubeconfig().context(name).write(config)
    started = terminal(name, *RAN)
    started.child.expect_exact("Type its name to run echo in it:")
    assert "\x1b" not in started.child.before
    started.type(typed)
    assert started.ended() == code


def test_a_blank_name_is_not_typed_by_a_mere_enter(
    terminal: Callable[..., Terminal], config: Path, protected: Path
) -> None:
    protected.write_text("protected: ['*']\n")
    Kubeconfig().context("  ").write(config)
    started = terminal("  ", *RAN)
    started.type("")
    assert started.ended() == ExitCode.REFUSED


@pytest.mark.parametrize("leave", [interrupt, pexpect.spawn.sendeof], ids=["Ctrl-C", "Ctrl-D"])
def test_leaving_the_question_runs_nothing(
    terminal: Callable[..., Terminal], overlays: Callable[[], list[Path]], leave: Callable[..., None]
) -> None:
    started = terminal("a", "prod", *RAN)
    started.child.expect_exact("in it:")
    leave(started.child)
    assert started.ended() == ExitCode.INTERRUPTED
    assert "ran\r\n" not in started.child.before
    assert overlays() == []


def test_settings_that_are_not_understood_stop_everything(ctx_exec: CtxExec, protected: Path) -> None:
    protected.write_text("protected: '*prod*'\n")
    done = ctx_exec("a", *RAN, code=ExitCode.REFUSED)
    assert f'error: {protected}:1: "protected" must be a list of patterns' in done.stderr
