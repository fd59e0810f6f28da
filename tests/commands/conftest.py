"""Commands run in this process, as main runs them: the exit code and both streams come back."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kubectl_ns_tools.kubeconfig.state import state_folder
from kubectl_ns_tools.main import run as run_command
from kubectl_ns_tools.templates.creation import creation, rollback
from tests.commands.terminal import Terminal, put_away
from tests.controlplane.servers import ControlPlane
from tests.controlplane.waiting import wait_until
from tests.deletion.world import World

BIN = Path(__file__).parents[2] / "bin"


def executable(name: str) -> Path:
    """That of a command, in the checkout."""
    return BIN / f"kubectl-{name.replace('-', '_')}"


@dataclass(frozen=True)
class Result:
    """What a command left: its exit code, stdout and stderr."""

    code: int
    stdout: str
    stderr: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """run(name, *arguments, code=0): an exit code other than `code` fails the test."""

    def invoke(name: str, *arguments: object, code: int = 0) -> Result:
        capsys.readouterr()
        got = run_command(name, [str(argument) for argument in arguments])
        captured = capsys.readouterr()
        assert got == code, f"{name} {arguments} gave {got}\n{captured.out}{captured.err}"
        return Result(got, captured.out, captured.err)

    return invoke


@pytest.fixture
def reachable(
    controlplane: ControlPlane, namespace: str, kubeconfig: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """A namespace which commands find without flags."""
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig))
    with World.of(controlplane.api, namespace) as made:
        yield made


@pytest.fixture
def world(reachable: World) -> World:
    """The same, with a ConfigMap."""
    reachable.configmap("a")
    return reachable


@pytest.fixture
def plugin_environ(scratch_home: Path, kubectl_path: Path) -> dict[str, str]:
    """An environment in which the real kubectl, and the commands as its plugins, are found by name."""
    folders = [str(BIN), str(Path(sys.executable).parent), str(kubectl_path.parent), os.environ["PATH"]]
    return {**os.environ, "PATH": os.pathsep.join(folders), "TERM": "xterm", "SHELL": "/bin/sh"}


@pytest.fixture
def plugin(plugin_environ: dict[str, str]) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """plugin("ctx-shell", *arguments, code=0): the executable, in a process of its own without a terminal.

    input: what is on stdin; further keywords: variables on top of the environment.
    """

    def run(
        name: str,
        *arguments: object,
        code: int = 0,
        input: str = "",
        cwd: Path | None = None,
        **variables: str,
    ) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [executable(name), *map(str, arguments)], env=plugin_environ | variables, input=input, cwd=cwd,
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == code, f"{done.returncode}\n{done.stdout}{done.stderr}"
        return done

    return run


@pytest.fixture
def on_terminal(plugin_environ: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """on_terminal(program, *arguments): left running, on a terminal; keywords: variables on top."""
    started: list[Terminal] = []

    def start(program: Path, *arguments: str, **variables: str) -> Terminal:
        started.append(Terminal(program, list(arguments), plugin_environ | variables, tmp_path))
        return started[-1]

    yield start
    for terminal in started:
        put_away(terminal.child)


@pytest.fixture
def allowed(kubectl: Callable[..., "subprocess.CompletedProcess[str]"]) -> Callable[..., None]:
    """allowed("anna", "create", "pods", "-n", "blue"): returns when the server knows of a right that was
    just given, which takes it a moment."""

    def wait(user: str, *right: str) -> None:
        asked = ("auth", "can-i", *right, "--as", user)
        wait_until(lambda: kubectl(*asked, check=False).stdout.strip() == "yes")

    return wait


@pytest.fixture
def rolled_back_whatever_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A namespace that is taken back is waited for, however busy the cluster is."""
    monkeypatch.setattr(rollback, "GONE_SECONDS", 120.0)


@pytest.fixture
def admitted_whatever_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The status of a quota is waited for longer than --timeout says: the controller that fills it rests for
    half a minute when a kind of another test goes just while it gets to know that kind."""
    wait = creation.wait_until_ready

    def patient(connection: Any, name: str, *, deadline: float) -> list[str]:
        return wait(connection, name, deadline=max(deadline, time.monotonic() + 120.0))

    monkeypatch.setattr(creation, "wait_until_ready", patient)


@pytest.fixture
def protected(scratch_home: Path) -> Path:
    """The user's settings, by which contexts with `prod` in their names are protected."""
    path = scratch_home / ".config" / "kubectl-ns-tools" / "config.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("protected: ['*prod*']\n")
    return path


@pytest.fixture
def overlays(scratch_home: Path) -> Callable[[], list[Path]]:
    """The private folders of ctx-shell and ctx-exec that are there at the time of the call."""
    folder = Path(state_folder(os.environ, "shells"))
    return lambda: sorted(folder.iterdir()) if folder.exists() else []


@pytest.fixture
def seen(kubectl_path: Path) -> Callable[..., dict[str, Any]]:
    """seen(*paths): what the real kubectl sees in the files: {"contexts": {name: body}} and so on."""

    def view(*paths: Path) -> dict[str, Any]:
        environ = {**os.environ, "KUBECONFIG": os.pathsep.join(map(str, paths))}
        command = [kubectl_path, "config", "view", "--raw", "-o", "json"]
        done = subprocess.run(command, env=environ, check=True, capture_output=True, text=True)
        config = json.loads(done.stdout)
        sections = {
            f"{kind}s": {item["name"]: item[kind] for item in config[f"{kind}s"] or ()}
            for kind in ("context", "cluster", "user")
        }
        return {**sections, "current-context": config["current-context"]}

    return view


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """use(path, ...) makes these the files of $KUBECONFIG."""
    return lambda *paths: monkeypatch.setenv("KUBECONFIG", os.pathsep.join(map(str, paths)))


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    """Writes f.yaml and returns its path."""

    def write(text: str) -> Path:
        path = tmp_path / "f.yaml"
        path.write_text(text)
        return path

    return write
