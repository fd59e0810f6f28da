"""ctx-switch on a terminal, which opens the picker."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.builders import Kubeconfig
from tests.commands.conftest import BIN
from tests.commands.screen import Screen
from tests.commands.terminal import put_away

EVIL = "evil\x1b]0;x\x07\u202ename"
SHOWN = "evil\\x1b]0;x\\x07\\u202ename"


@pytest.fixture
def config(scratch_home: Path) -> Path:
    value = (
        Kubeconfig()
        .context("prod-eu", cluster="eu", namespace="shop")
        .context("prod-us", cluster="us")
        .context("dev", cluster="local", user="me", namespace="mine")
        .context("日本-east", cluster="jp")
        .context(EVIL)
        .context("broken", cluster="gone")
        .current("dev")
        .value()
    )
    value["clusters"] = [item for item in value["clusters"] if item["name"] != "gone"]
    path = scratch_home / ".kube" / "config"
    path.parent.mkdir()
    path.write_text(json.dumps(value, indent=1))
    return path


@pytest.fixture
def screen(config: Path, plugin_environ: dict[str, str]) -> Iterator[Callable[..., Screen]]:
    """screen("prod", …, dimensions=…, PICKER="fzf"): ctx-switch with these arguments on a terminal."""
    started: list[Screen] = []

    def start(
        *arguments: str, dimensions: tuple[int, int] = (24, 80), program: Path | None = None, **variables: str
    ) -> Screen:
        environ = {**plugin_environ, **variables}
        program = program or BIN / "kubectl-ctx_switch"
        started.append(Screen(program, list(arguments), environ, dimensions))
        return started[-1]

    yield start
    for each in started:
        put_away(each.child)


@pytest.fixture
def current(config: Path) -> Callable[[], str]:
    """The current context in the file."""
    return lambda: json.loads(config.read_text())["current-context"]


@pytest.fixture
def untouched(config: Path) -> Callable[[], bool]:
    """Whether the file has the same bytes and time as at first."""
    bytes_before, time_before = config.read_bytes(), config.stat().st_mtime_ns
    return lambda: (config.read_bytes(), config.stat().st_mtime_ns) == (bytes_before, time_before)
