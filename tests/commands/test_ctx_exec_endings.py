"""How ctx-exec ends what it has started, and how it ends itself."""

import json
import signal
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import ExitCode
from tests.builders import Kubeconfig
from tests.commands.conftest import executable
from tests.controlplane.waiting import wait_until

PROGRAM = executable("ctx-exec")
CtxExec = Callable[..., "subprocess.CompletedProcess[str]"]
ENOUGH = "3s"  # for a script to come to the point at which it is to be ended, on a machine that is busy


@pytest.fixture(autouse=True)
def config(scratch_home: Path) -> Path:
    builder = Kubeconfig().context("a").context("b").context("c").current("a")
    return builder.write(scratch_home / ".kube" / "config")


@pytest.fixture
def ctx_exec(plugin: CtxExec) -> CtxExec:
    return partial(plugin, "ctx-exec")


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """A folder in which each process that a test starts leaves a file, its name the process's number."""
    folder = tmp_path / "begun"
    folder.mkdir()
    return folder


def sh(script: str) -> tuple[str, ...]:
    return ("--", "sh", "-c", script)


def all_ended(begun: Path) -> bool:
    """A process that has ended and is not waited for yet (state Z) has ended; one that was killed needs a
    moment to."""
    return all(state(path.name) in ("", "Z") for path in begun.iterdir())


def state(process: str) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][:1]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def test_what_takes_too_long_is_ended_with_all_it_started(ctx_exec: CtxExec, begun: Path) -> None:
    script = f"echo begun; touch {begun}/$$; sleep 1000 & touch {begun}/$!; wait"
    done = ctx_exec("a", "--timeout", ENOUGH, "-o", "json", *sh(script), code=ExitCode.FAILED)
    item = json.loads(done.stdout)["items"][0]
    assert (item["problem"], item["exitCode"], item["signal"]) == ("timed out", None, "SIGTERM")
    assert item["stdout"] == "begun\n"
    assert "a         timed out   " in done.stderr
    assert len(list(begun.iterdir())) == 2
    wait_until(lambda: all_ended(begun))


@pytest.mark.parametrize(
    ("script", "ended_by"),
    [
        ("trap '' TERM; touch {0}/$$; while :; do sleep 0.1; done", "SIGKILL"),
        ("(trap '' TERM; exec sleep 1000) & touch {0}/$!; touch {0}/$$; exec sleep 1000", "SIGTERM"),
    ],
    ids=["the command", "a child of it"],
)
def test_what_ignores_the_polite_signal_is_killed(
    ctx_exec: CtxExec, begun: Path, script: str, ended_by: str
) -> None:
    arguments = ("a", "--timeout", ENOUGH, "-o", "json", *sh(script.format(begun)))
    done = ctx_exec(*arguments, code=ExitCode.FAILED)
    assert json.loads(done.stdout)["items"][0]["signal"] == ended_by
    assert list(begun.iterdir())
    wait_until(lambda: all_ended(begun))


def test_what_tidies_up_after_the_polite_signal_has_timed_out_all_the_same(ctx_exec: CtxExec) -> None:
    script = "trap 'echo tidied; exit 0' TERM; while :; do sleep 0.05; done"
    done = ctx_exec("a", "b", "--timeout", ENOUGH, "-o", "json", *sh(script), code=ExitCode.FAILED)
    for item in json.loads(done.stdout)["items"]:
        assert (item["problem"], item["exitCode"], item["stdout"]) == ("timed out", None, "tidied\n")
    assert "2 contexts, 2 failed" in done.stderr


def test_ctrl_c_ends_all_of_them_and_says_how_far_it_came(on_terminal, overlays, begun: Path) -> None:
    script = (
        "[ $KUBECTL_NS_TOOLS_CONTEXT = a ] && echo fine && exit;"
        f"sleep 1000 & touch {begun}/$! {begun}/$$; wait"
    )
    terminal = on_terminal(PROGRAM, "*", "-j", "1", *sh(script))
    terminal.until(lambda: len(list(begun.iterdir())) == 2)
    terminal.child.sendintr()
    assert terminal.ended() == ExitCode.INTERRUPTED
    said = terminal.child.before
    lines = [line.split("   ")[:-1] for line in said.splitlines() if "   " in line]
    assert [[cell.strip() for cell in line if cell] for line in lines[1:]] == [
        ["a", "ok"],
        ["b", "interrupted"],
        ["c", "not started"],
    ]
    assert "==> a <==\r\nfine\r\n" in said
    assert "3 contexts, 2 failed\r\nerror: ended by SIGINT" in said
    assert overlays() == []
    wait_until(lambda: all_ended(begun))


def test_a_second_ctrl_c_does_not_wait_for_the_deaf(on_terminal, overlays, begun: Path, tmp_path) -> None:
    heard = tmp_path / "heard"
    script = f"trap 'touch {heard}' INT; touch {begun}/$$; while :; do sleep 0.05; done"
    terminal = on_terminal(PROGRAM, "a", *sh(script))
    terminal.until(lambda: len(list(begun.iterdir())) == 1)
    terminal.child.sendintr()
    terminal.until(heard.exists)
    terminal.child.sendintr()
    assert terminal.ended() == ExitCode.INTERRUPTED
    wait_until(lambda: all_ended(begun))
    assert overlays() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_for_us_ends_all_of_them(
    plugin_environ: dict[str, str], overlays, begun: Path, number: signal.Signals
) -> None:
    command = [PROGRAM, "a", "b", *sh(f"touch {begun}/$$; exec sleep 1000")]
    process = subprocess.Popen(command, env=plugin_environ, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: len(list(begun.iterdir())) == 2)
    process.send_signal(number)
    assert f"error: ended by {number.name}" in process.communicate()[1]
    assert process.returncode == ExitCode.INTERRUPTED
    assert overlays() == []
    wait_until(lambda: all_ended(begun))


def test_a_signal_that_we_were_told_to_ignore_is_ignored(plugin_environ: dict[str, str], begun: Path) -> None:
    script = f"touch {begun}/$$; while [ -e {begun}/$$ ]; do sleep 0.05; done"
    process = subprocess.Popen(
        ["nohup", PROGRAM, "a", *sh(script)], env=plugin_environ, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    wait_until(lambda: len(list(begun.iterdir())) == 1)
    process.send_signal(signal.SIGHUP)
    next(begun.iterdir()).unlink()
    assert "1 context, none failed" in process.communicate()[1]
    assert process.returncode == ExitCode.OK


def test_a_reader_that_has_enough_ends_the_rest(
    plugin_environ: dict[str, str], overlays, begun: Path
) -> None:
    command = f"touch {begun}/$$; yes | head -c 200000; [ $KUBECTL_NS_TOOLS_CONTEXT = a ] || exec sleep 1000"
    done = subprocess.run(
        ["sh", "-c", f"{PROGRAM} -j 2 a b c -- sh -c '{command}' | head -1"],
        env=plugin_environ, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout == "==> a <==\n"
    assert "Traceback" not in done.stderr
    wait_until(lambda: overlays() == [])
    wait_until(lambda: all_ended(begun))


def test_a_kill_leaves_nothing_that_a_later_run_does_not_sweep(
    plugin_environ: dict[str, str], ctx_exec: CtxExec, overlays, begun: Path
) -> None:
    script = f"touch {begun}/$$; while [ -e {begun}/$$ ]; do sleep 0.05; done"
    process = subprocess.Popen([PROGRAM, "a", *sh(script)], env=plugin_environ)
    wait_until(lambda: len(list(begun.iterdir())) == 1)
    process.kill()
    process.wait()
    ctx_exec("b", "--", "true")
    assert len(overlays()) == 1  # the command goes on in it
    next(begun.iterdir()).unlink()
    wait_until(lambda: not ctx_exec("b", "--", "true").returncode and overlays() == [])
