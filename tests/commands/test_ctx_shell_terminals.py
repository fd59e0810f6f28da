"""ctx-shell as people use it: in real shells, on a real terminal."""

import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.builders import Kubeconfig
from tests.commands.conftest import executable
from tests.commands.terminal import PROMPT, Terminal
from tests.controlplane.waiting import wait_until

PROGRAM = executable("ctx-shell")
SHELLS = ("bash", "zsh", "fish")
PID = {"bash": "$$", "zsh": "$$", "fish": "$fish_pid"}
HISTORY = {"bash": ".bash_history", "zsh": ".zsh_history", "fish": ".local/share/fish/fish_history"}
RC = {
    ".bashrc": f"PS1='{PROMPT}'\nalias hello='echo greetings'\nexport KUBECONFIG=/elsewhere\n",
    ".zshenv": "export FROM_ZSHENV=yes\n",
    ".zshrc": f"PROMPT='{PROMPT}'\nalias hello='echo greetings'\nexport KUBECONFIG=/elsewhere\n"
    "HISTFILE=${ZDOTDIR:-$HOME}/.zsh_history\nHISTSIZE=100\nSAVEHIST=100\n",
    ".config/fish/config.fish": f"function fish_prompt; echo -n '{PROMPT}'; end\n"
    "alias hello='echo greetings'\nset -gx KUBECONFIG /elsewhere\n",
}


@pytest.fixture
def config(scratch_home: Path) -> Path:
    builder = Kubeconfig().context("a").context("b", namespace="theirs").context("--help").current("a")
    return builder.write(scratch_home / ".kube" / "config")


@pytest.fixture
def start_up_files(scratch_home: Path) -> None:
    for name, text in RC.items():
        path = scratch_home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    # else fish makes it at its first start, in the background, which takes longer than a test
    (scratch_home / ".local/share/fish/generated_completions").mkdir(parents=True)


@pytest.fixture
def shell(
    config: Path, start_up_files: None, on_terminal: Callable[..., Terminal]
) -> Callable[..., Terminal]:
    """shell("bash", "a", …): ctx-shell on a terminal, with that shell as the user's; program: instead of
    ctx-shell."""

    def start(name: str, *arguments: str, program: Path = PROGRAM, **variables: str) -> Terminal:
        return on_terminal(program, *arguments, SHELL=path_of(name), **variables)

    return start


def path_of(shell: str) -> str:
    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"{shell} is not installed: what is tested here is NOT tested with it")
    return path


@pytest.mark.parametrize("name", SHELLS)
def test_a_shell_reads_the_users_files_and_still_has_its_context(
    name: str, shell, config: Path, overlays
) -> None:
    terminal = shell(name, "b", "-n", "ours").ready()
    assert terminal.run("kubectl config current-context") == "b"
    assert terminal.run("kubectl config view --minify -o 'jsonpath={..namespace}'") == "ours"
    assert terminal.run("hello") == "greetings"
    variables = terminal.run("env").splitlines()
    assert f"KUBECONFIG={overlays()[0]}/overlay-1.yaml:{config}" in variables
    assert "KUBECTL_NS_TOOLS_DEPTH=1" in variables
    assert ("FROM_ZSHENV=yes" in variables) == (name == "zsh")
    assert not [each for each in variables if each.startswith("ZDOTDIR=")]
    assert terminal.run("stty size </dev/tty") == "31 117"


@pytest.mark.parametrize("name", SHELLS)
def test_the_history_is_the_users_own(name: str, shell, scratch_home: Path) -> None:
    history = scratch_home / HISTORY[name]
    history.parent.mkdir(parents=True, exist_ok=True)
    old = "- cmd: echo older\n  when: 1700000000\n" if name == "fish" else "echo older\n"
    history.write_text(old)
    terminal = shell(name, "b").ready()
    terminal.run("echo remember-this")
    terminal.type("exit")
    assert terminal.ended() == 0
    assert history.read_text().startswith(old)
    assert "remember-this" in history.read_text()


@pytest.mark.parametrize("name", SHELLS)
def test_switching_inside_changes_the_overlay_only(name: str, shell, config: Path) -> None:
    before = config.read_bytes()
    terminal = shell(name, "b").ready()
    terminal.run("kubectl ns-switch --force blue")
    terminal.run("kubectl ctx-switch a")
    terminal.run("kubectl ns-switch --force green")
    assert terminal.run("kubectl ctx-current") == "a"
    contexts = yaml.safe_load(terminal.run("kubectl config view"))["contexts"]
    namespaces = {each["name"]: each["context"].get("namespace") for each in contexts}
    assert namespaces == {"--help": None, "a": "green", "b": "blue"}
    terminal.run("kubectl ctx-switch -")
    assert terminal.run("kubectl config current-context") == "b"
    terminal.type("exit")
    terminal.ended()
    assert config.read_bytes() == before


@pytest.mark.parametrize("name", SHELLS)
def test_the_exit_code_comes_through_and_the_overlay_goes(name: str, shell, overlays) -> None:
    terminal = shell(name, "b").ready()
    assert len(overlays()) == 1
    terminal.type("exit 7")
    assert terminal.ended() == 7
    assert overlays() == []


@pytest.mark.parametrize("name", SHELLS)
def test_a_killed_shell_is_a_kill_for_us_too(name: str, shell, overlays) -> None:
    terminal = shell(name, "b").ready()
    terminal.type(f"kill -KILL {PID[name]}")
    assert terminal.ended() == -signal.SIGKILL
    assert overlays() == []


@pytest.mark.parametrize("name", SHELLS)
def test_ctrl_c_ends_the_running_command_only(name: str, shell, tmp_path: Path) -> None:
    terminal = shell(name, "b").ready()
    terminal.type(f"sh -c 'echo $$ >{tmp_path}/begun; exec sleep 1000'")
    terminal.until_begun(tmp_path / "begun")
    terminal.press(terminal.child.sendintr)
    assert terminal.run("kubectl config current-context") == "b"
    terminal.press(terminal.child.sendintr)  # at the prompt
    assert terminal.run("echo here") == "here"


@pytest.mark.parametrize("name", SHELLS)
def test_job_control_works(name: str, shell, tmp_path: Path) -> None:
    terminal = shell(name, "b").ready()
    terminal.type(f"sh -c 'echo $$ >{tmp_path}/begun; sleep 1000; echo >{tmp_path}/woken'")
    process = terminal.until_begun(tmp_path / "begun")
    terminal.press(lambda: terminal.child.sendcontrol("z"))
    assert "sh -c" in terminal.run("jobs")
    terminal.type("fg")
    terminal.until(lambda: terminal.has_in_front(process))
    terminal.press(terminal.child.sendintr)
    assert terminal.run("jobs; echo here") == "here"
    assert not (tmp_path / "woken").exists()


@pytest.mark.parametrize("name", SHELLS)
def test_a_shell_in_a_shell_knows_its_depth_and_gives_back_the_outer_context(name: str, shell) -> None:
    terminal = shell(name, "a").ready()
    terminal.run("kubectl ns-switch --force outer")
    terminal.type("kubectl ctx-shell b -n inner")
    terminal.child.expect_exact('Context "b" in this shell only, depth 2.')
    terminal.ready()
    variables = dict(line.partition("=")[::2] for line in terminal.run("env").splitlines())
    assert variables["KUBECTL_NS_TOOLS_DEPTH"] == "2"
    assert len(variables["KUBECONFIG"].split(":")) == 3
    terminal.run("kubectl ctx-switch a")
    assert terminal.run("kubectl config view --minify -o 'jsonpath={..namespace}'") == "outer"
    terminal.run("kubectl ns-switch --force changed-inside")
    terminal.type("exit")
    terminal.ready()
    assert terminal.run("kubectl config view --minify -o 'jsonpath={..namespace}'") == "outer"
    assert "KUBECTL_NS_TOOLS_DEPTH=1" in terminal.run("env").splitlines()


@pytest.mark.parametrize("name", SHELLS)
def test_what_a_kill_leaves_behind_is_swept_by_the_next_start(name: str, shell, overlays) -> None:
    terminal = shell(name, "b").ready()
    terminal.child.kill(signal.SIGKILL)
    terminal.ended()
    assert len(overlays()) == 1
    wait_until(lambda: shell(name, "a", "--", "true").ended() == 0 and overlays() == [])


@pytest.mark.parametrize("name", SHELLS)
def test_a_hangup_ends_the_shell_and_leaves_nothing(name: str, shell, overlays) -> None:
    terminal = shell(name, "b").ready()
    terminal.child.kill(signal.SIGHUP)
    assert terminal.ended() in (-signal.SIGHUP, 128 + signal.SIGHUP, 1, 0)
    assert overlays() == []


@pytest.mark.parametrize("name", ["bash", "zsh"])
def test_a_shell_that_suspends_itself_comes_back(name: str, shell) -> None:
    terminal = shell("bash", program=Path(path_of("bash"))).ready()
    terminal.type(f"unset KUBECONFIG; SHELL={path_of(name)} kubectl ctx-shell b")
    terminal.child.expect_exact("in this shell only")
    terminal.ready()
    assert "KUBECTL_NS_TOOLS_DEPTH=1" in terminal.run("env").splitlines()
    terminal.type("suspend")
    terminal.child.expect_exact("Stopped")
    assert "KUBECTL_NS_TOOLS_DEPTH=1" not in terminal.run("env").splitlines()
    terminal.type("fg")
    terminal.child.expect_exact("kubectl ctx-shell b")
    assert "KUBECTL_NS_TOOLS_DEPTH=1" in terminal.run("env").splitlines()
    terminal.type("exit 5")
    assert terminal.run("kubectl ctx-current") == "a"
    terminal.type("exit")
    terminal.ended()


def test_ctrl_z_stops_a_single_command_and_us_with_it(shell, tmp_path: Path) -> None:
    terminal = shell("bash", program=Path(path_of("bash"))).ready()
    terminal.type(f"unset KUBECONFIG; kubectl ctx-shell b -- sh -c 'echo $$ >{tmp_path}/begun; sleep 1000'")
    process = terminal.until_begun(tmp_path / "begun")
    terminal.press(lambda: terminal.child.sendcontrol("z"))
    assert "Stopped" in terminal.run("jobs")
    terminal.type("fg")
    terminal.until(lambda: terminal.has_in_front(process))
    terminal.press(terminal.child.sendintr)
    assert terminal.run("jobs; echo here") == "here"


def test_ctrl_c_reaches_a_single_command(shell, overlays, tmp_path: Path) -> None:
    terminal = shell("bash", "b", "--", "sh", "-c", f"echo >{tmp_path}/begun; exec sleep 1000")
    terminal.until((tmp_path / "begun").exists)
    terminal.child.sendintr()
    assert terminal.ended() == -signal.SIGINT
    assert overlays() == []


def test_a_command_may_make_use_of_ctrl_c(shell, tmp_path: Path) -> None:
    script = f"trap 'echo got it; exit 3' INT; echo >{tmp_path}/begun; while :; do sleep 0.1; done"
    terminal = shell("bash", "b", "--", "sh", "-c", script)
    terminal.until((tmp_path / "begun").exists)
    terminal.child.sendintr()
    assert terminal.ended() == 3
    assert "got it" in terminal.child.before


@pytest.mark.parametrize("name", SHELLS)
def test_paths_that_are_odd_in_a_shell(name: str, shell, tmp_path: Path) -> None:
    odd = tmp_path / 'it\'s a $HOME \\ "dir" `id`'
    config = Kubeconfig().context("c").write(odd / "config")
    terminal = shell(name, "c", "--kubeconfig", str(config), XDG_STATE_HOME=str(odd)).ready()
    assert terminal.run("kubectl config current-context") == "c"
    terminal.type("exit")
    assert terminal.ended() == 0
    assert list((odd / "kubectl-ns-tools" / "shells").iterdir()) == []


@pytest.mark.parametrize("name", SHELLS)
def test_a_flattened_shell_has_a_single_file(name: str, shell, overlays) -> None:
    terminal = shell(name, "b", "--flatten").ready()
    assert terminal.run("printenv KUBECONFIG") == f"{overlays()[0]}/flattened-1.yaml"
    terminal.run("kubectl ns-switch --force blue")
    assert terminal.run("kubectl config view --minify -o 'jsonpath={..namespace}'") == "blue"
    terminal.type("exit")
    assert terminal.ended() == 0
    assert overlays() == []


def test_zsh_keeps_a_zdotdir_of_the_users_own(shell, scratch_home: Path) -> None:
    folder = scratch_home / "my zsh"
    folder.mkdir()
    (scratch_home / ".zshenv").rename(folder / ".zshenv")
    (scratch_home / ".zshrc").rename(folder / ".zshrc")
    terminal = shell("zsh", "b", ZDOTDIR=str(folder)).ready()
    assert {f"ZDOTDIR={folder}", "FROM_ZSHENV=yes"} <= set(terminal.run("env").splitlines())
    assert terminal.run("kubectl config current-context") == "b"
    terminal.type("exit")
    assert terminal.ended() == 0
    assert "current-context" in (folder / ".zsh_history").read_text()


def test_zsh_keeps_the_users_options_and_hooks(shell, scratch_home: Path) -> None:
    with (scratch_home / ".zshrc").open("a") as file:
        file.write("theirs() { HOOKED=yes }; precmd_functions+=(theirs)\nsetopt KSH_ARRAYS NO_UNSET\n")
    terminal = shell("zsh", "b").ready()
    assert terminal.run("kubectl config current-context") == "b"
    assert terminal.run("echo $HOOKED ${precmd_functions[@]}") == "yes theirs"
    assert {"ksharrays", "nounset"} <= set(terminal.run("setopt").split())
    assert terminal.run("typeset -f _kubectl_ns_tools; echo none") == "none"
