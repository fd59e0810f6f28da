import os
import signal
import stat
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import yaml

from kubectl_ns_tools.errors import ExitCode
from kubectl_ns_tools.kubeconfig.undo.journal import Journal
from tests.builders import Kubeconfig
from tests.commands.conftest import executable
from tests.controlplane.waiting import wait_until

CtxShell = Callable[..., "subprocess.CompletedProcess[str]"]
SHOWN = "kubectl config view --minify -o 'jsonpath={.current-context} {..namespace}'"


@pytest.fixture
def config(scratch_home: Path) -> Path:
    builder = Kubeconfig().context("a").context("b", namespace="theirs").context("--help").current("a")
    return builder.write(scratch_home / ".kube" / "config")


@pytest.fixture
def ctx_shell(plugin: CtxShell, config: Path) -> CtxShell:
    """ctx_shell(*arguments, code=0, input=""): without a terminal."""
    return partial(plugin, "ctx-shell")


@pytest.fixture
def started(plugin_environ: dict[str, str], config: Path) -> Callable[..., "subprocess.Popen[str]"]:
    """started(*arguments): left running, with pipes."""

    def start(*arguments: str) -> "subprocess.Popen[str]":
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [executable("ctx-shell"), *arguments],
            env=plugin_environ,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            text=True,
        )

    return start


def sh(script: str) -> tuple[str, ...]:
    return ("--", "sh", "-c", script)


def test_a_command_has_its_context_and_namespace_and_says_nothing_of_ours(ctx_shell: CtxShell) -> None:
    done = ctx_shell("b", "-n", "ours", *sh(SHOWN))
    assert (done.stdout, done.stderr) == ("b ours", "")
    assert ctx_shell("b", *sh(SHOWN)).stdout == "b theirs"
    assert ctx_shell("a", *sh(SHOWN)).stdout == "a "


def test_the_overlay_is_private_and_its_name_says_nothing(ctx_shell: CtxShell, overlays) -> None:
    secret = Kubeconfig().context("top-secret").write(Path(os.environ["HOME"]) / "other")
    script = 'echo $KUBECTL_NS_TOOLS_SHELL; cd ${KUBECTL_NS_TOOLS_SHELL%/*}; stat -c "%a" . *'
    path, *modes = ctx_shell("top-secret", "--kubeconfig", secret, *sh(script)).stdout.splitlines()
    assert modes == ["700", "600", "600"]
    assert "secret" not in path
    assert not Path(path).exists()
    assert overlays() == []


def test_credentials_stay_in_the_users_own_files(ctx_shell: CtxShell, config: Path) -> None:
    script = "kubectl config set-credentials u --token refreshed >&2; cat $KUBECTL_NS_TOOLS_SHELL"
    overlay = yaml.safe_load(ctx_shell("b", *sh(script)).stdout)
    assert set(overlay) == {"apiVersion", "kind", "current-context", "contexts"}
    assert yaml.safe_load(config.read_text())["users"] == [{"name": "u", "user": {"token": "refreshed"}}]


def test_kubectls_own_switches_stay_inside_too(ctx_shell: CtxShell, config: Path) -> None:
    before = config.read_bytes()
    script = (
        f"kubectl config set-context --current --namespace x >&2; {SHOWN}; kubectl config use-context a >&2"
    )
    assert ctx_shell("b", *sh(f"{script}; {SHOWN}")).stdout == "b xa "
    assert config.read_bytes() == before


@pytest.mark.parametrize("code", [0, 1, 3, 77, 255])
def test_the_exit_code_comes_through(ctx_shell: CtxShell, overlays, code: int) -> None:
    ctx_shell("b", *sh(f"exit {code}"), code=code)
    assert overlays() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL, signal.SIGSEGV])
def test_a_death_by_signal_comes_through(ctx_shell: CtxShell, overlays, number: signal.Signals) -> None:
    ctx_shell("b", *sh(f"kill -{number.value} $$"), code=-number)
    assert overlays() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1])
def test_a_signal_for_us_goes_to_the_command(started, overlays, number: signal.Signals) -> None:
    process = started("b", *sh(f"trap 'exit 9' {number.name[3:]}; echo begun; while :; do sleep 0.05; done"))
    assert process.stdout.readline() == "begun\n"
    process.send_signal(number)
    process.communicate()
    assert process.returncode == 9
    assert overlays() == []


def test_a_script_on_stdin(ctx_shell: CtxShell) -> None:
    assert ctx_shell("b", input=f"{SHOWN}\nexit 4\n", code=4).stdout == "b theirs"


@pytest.mark.parametrize(
    ("shell", "note"),
    [
        ("", "$SHELL is not set; using /bin/sh\n"),
        ("fish", "$SHELL (fish) is not the path of a program; using /bin/sh\n"),
        ("/nonexistent\x1b", "$SHELL (/nonexistent\\x1b) is not the path of a program; using /bin/sh\n"),
        ("/usr/sbin/nologin", "$SHELL (/usr/sbin/nologin) is not a shell; using /bin/sh\n"),
        ("/bin/sh", ""),
    ],
    ids=["unset", "no path", "no program", "no shell", "sh"],
)
def test_the_shell_is_the_users_or_sh(ctx_shell: CtxShell, shell: str, note: str) -> None:
    done = ctx_shell("b", input="echo $0\n", SHELL=shell)
    assert (done.stdout, done.stderr) == ("/bin/sh\n", note)


def test_an_unknown_context_is_refused_with_the_nearest(ctx_shell: CtxShell, overlays) -> None:
    done = ctx_shell("bb", *sh("echo ran"), code=ExitCode.NOT_FOUND)
    assert done.stderr == "error: no context exists with the name: \"bb\"\nhint: did you mean 'b'?\n"
    assert done.stdout == ""


def test_a_name_that_looks_like_an_option(ctx_shell: CtxShell) -> None:
    assert ctx_shell("--", "--help", *sh(SHOWN)).stdout == "--help "


@pytest.mark.parametrize("arguments", [["b", "true"], [], ["--", "b", "true"]])
def test_a_command_stands_behind_the_dashes(ctx_shell: CtxShell, arguments: list[str]) -> None:
    assert "usage" in ctx_shell(*arguments, code=ExitCode.USAGE).stderr


def test_a_namespace_that_cannot_be_is_refused(ctx_shell: CtxShell) -> None:
    assert "is invalid" in ctx_shell("b", "-n", "No", *sh("echo"), code=ExitCode.REFUSED).stderr


def test_a_command_that_is_not_there_is_not_found(ctx_shell: CtxShell, overlays) -> None:
    done = ctx_shell("b", "--", "no-such-command", code=ExitCode.NOT_FOUND)
    assert done.stderr == "error: no-such-command: command not found\n"
    ctx_shell("b", "--", "/etc/passwd", code=ExitCode.FAILED)
    assert overlays() == []


def test_another_kubeconfig_can_be_named(ctx_shell: CtxShell, tmp_path: Path) -> None:
    Kubeconfig().context("other", namespace="n").write(tmp_path / "file")
    done = ctx_shell(
        "other", "--kubeconfig", "file", *sh(f"cd /; {SHOWN}; kubectl ctx-list -o name"), cwd=tmp_path
    )
    assert done.stdout == "other nother\n"


def test_relative_files_are_found_from_any_folder(ctx_shell: CtxShell, config: Path) -> None:
    done = ctx_shell("b", *sh(f"cd /; {SHOWN}"), cwd=config.parents[1], KUBECONFIG="missing:.kube/config")
    assert done.stdout == "b theirs"


def test_files_that_cannot_stand_in_the_list_are_refused(
    ctx_shell: CtxShell, tmp_path: Path, overlays
) -> None:
    colon = Kubeconfig().context("b").write(tmp_path / "c:d")
    done = ctx_shell("b", "--kubeconfig", colon, *sh("echo"), code=ExitCode.REFUSED)
    assert "':' separates files there" in done.stderr
    assert "--flatten" in done.stderr
    assert ctx_shell("b", "--flatten", "--kubeconfig", colon, *sh(SHOWN)).stdout == "b "
    assert overlays() == []


def test_a_flattened_file_is_self_contained_and_private(
    ctx_shell: CtxShell, scratch_home: Path, tmp_path: Path
) -> None:
    (tmp_path / "ca.pem").write_bytes(b"CA")
    (tmp_path / "key.pem").write_bytes(b"KEY")
    builder = Kubeconfig().cluster("c", server="https://c", certificate_authority="ca.pem")
    builder.user("u", client_key="key.pem", token="t").context("b").context("other")
    path = builder.write(tmp_path / "config")
    script = 'stat -c "%a" $KUBECONFIG; cat $KUBECONFIG'
    done = ctx_shell("b", "-n", "ours", "--flatten", *sh(script), KUBECONFIG=str(path))
    mode, _, text = done.stdout.partition("\n")
    assert mode == "600"
    assert yaml.safe_load(text) == {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "b",
        "contexts": [{"name": "b", "context": {"cluster": "c", "user": "u", "namespace": "ours"}}],
        "clusters": [{"name": "c", "cluster": {"server": "https://c", "certificate-authority-data": "Q0E="}}],
        "users": [{"name": "u", "user": {"token": "t", "client-key-data": "S0VZ"}}],
    }


def test_a_namespace_can_be_switched_in_a_flattened_shell(ctx_shell: CtxShell, config: Path) -> None:
    before = config.read_bytes()
    script = f"kubectl ns-switch --force green 2>&1; {SHOWN}; kubectl ctx-switch a"
    done = ctx_shell("b", "--flatten", *sh(script), code=ExitCode.NOT_FOUND)
    assert done.stdout.endswith("b green")
    assert config.read_bytes() == before


def test_a_protected_context_is_announced(ctx_shell: CtxShell, protected: Path) -> None:
    protected.write_text("protected: ['b*']\n")
    assert ctx_shell("b", *sh("")).stderr == 'Warning: context "b" is protected\n'
    assert ctx_shell("a", *sh("")).stderr == ""
    protected.write_text("protect: []\n")
    assert 'unknown key "protect"' in ctx_shell("a", *sh("echo ran"), code=ExitCode.REFUSED).stderr


def test_what_was_added_inside_is_kept(ctx_shell: CtxShell, config: Path, overlays) -> None:
    before = config.read_bytes()
    script = (
        "kubectl config set-cluster new --server https://new; kubectl config set-credentials new --token t;"
        "kubectl config set-context new --cluster new --user new; kubectl ctx-switch a"
    )
    done = ctx_shell("b", *sh(f"({script}) >/dev/null 2>&1"))
    path = Path(done.stderr.split()[-1])
    assert done.stderr.startswith("Warning: what was added to the kubeconfig of the shell is kept;")
    kept = yaml.safe_load(path.read_text())
    assert [each["name"] for each in kept["contexts"]] == ["new"]
    assert kept["users"] == [{"name": "new", "user": {"token": "t"}}]
    assert "current-context" not in kept
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (config.read_bytes(), overlays()) == (before, [])


def test_writes_inside_leave_nothing_to_undo(ctx_shell: CtxShell, config: Path) -> None:
    ctx_shell("b", *sh("kubectl ctx-switch a; kubectl ns-switch --force x"))
    assert Journal(os.environ).records() == []


def test_what_runs_on_keeps_its_context(ctx_shell: CtxShell, overlays, tmp_path: Path) -> None:
    background = (
        f"(while [ ! -e {tmp_path}/go ]; do sleep 0.05; done; {SHOWN} >{tmp_path}/seen) >/dev/null 2>&1 &"
    )
    done = ctx_shell("b", *sh(background))
    assert done.stderr == "Programs that were started there still run, and keep their context.\n"
    ctx_shell("a", *sh(""))
    assert len(overlays()) == 1
    (tmp_path / "go").touch()
    wait_until(lambda: (tmp_path / "seen").exists() and (tmp_path / "seen").read_text() == "b theirs")
    wait_until(lambda: not ctx_shell("a", *sh("")).returncode and not overlays())


def test_a_command_whose_starter_was_killed_keeps_its_context(started, ctx_shell: CtxShell, overlays) -> None:
    process = started("b", *sh(f"echo begun; read line; {SHOWN}"))
    assert process.stdout.readline() == "begun\n"
    process.kill()
    process.wait()
    ctx_shell("a", *sh(""))
    assert len(overlays()) == 1
    assert process.communicate("go\n")[0] == "b theirs"
    wait_until(lambda: not ctx_shell("a", *sh("")).returncode and not overlays())


def test_switching_is_refused_when_the_overlay_is_gone(ctx_shell: CtxShell, config: Path) -> None:
    before = config.read_bytes()
    script = "rm -r ${KUBECTL_NS_TOOLS_SHELL%/*}; kubectl ctx-switch --"
    done = ctx_shell("b", *sh(f"{script} --help"), code=ExitCode.REFUSED)
    assert "this shell's own kubeconfig, is gone; nothing was written" in done.stderr
    assert config.read_bytes() == before


def test_a_state_folder_that_cannot_be_written_is_an_error(ctx_shell: CtxShell, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = ctx_shell("b", *sh("echo"), XDG_STATE_HOME=str(tmp_path / "file"), code=ExitCode.FAILED)
    assert done.stderr.startswith(f"error: cannot make a folder in {tmp_path}/file/kubectl-ns-tools/shells: ")
