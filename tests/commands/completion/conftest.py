"""Completion as kubectl asks for it, and as people do, in their shells."""

import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.builders import Kubeconfig
from tests.commands.completion.shells import Prompt
from tests.commands.conftest import BIN, executable
from tests.commands.terminal import put_away

ARN = "arn:aws:eks:eu-1:123:cluster/x"


@dataclass(frozen=True)
class Answer:
    """values: what is offered, and what is said of each; directive: cobra's."""

    values: dict[str, str]
    directive: int

    @property
    def names(self) -> list[str]:
        return list(self.values)


def answer_in(text: str) -> Answer:
    *lines, last = text.splitlines()
    pairs = (line.partition("\t") for line in lines)
    return Answer({value: about for value, _, about in pairs}, int(last.removeprefix(":")))


@pytest.fixture
def complete(plugin_environ: dict[str, str]) -> Callable[..., Answer]:
    """complete("ctx-switch", *words): what kubectl gets from that command's completer, which must be silent
    and content. Keywords: variables on top of the environment."""

    def ask(name: str, *words: str, cwd: Path | None = None, **variables: str) -> Answer:
        done = subprocess.run(
            [BIN / executable(name).name.replace("-", "_complete-", 1), *words], cwd=cwd,
            env=plugin_environ | variables, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False, timeout=30,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        return answer_in(done.stdout)

    return ask


@pytest.fixture
def complete_in_the_end(complete: Callable[..., Answer]) -> Callable[..., Answer]:
    """As `complete`, for what only a cluster knows, by a person who presses Tab again while nothing is
    offered: an answer that was late, on a machine that is busy, is there for the next Tab."""

    def ask(name: str, *words: str, **variables: str) -> Answer:
        deadline = time.monotonic() + 30
        while True:
            found = complete(name, *words, **variables)
            if found.values or time.monotonic() > deadline:
                return found

    return ask


@pytest.fixture
def prompt(scratch_home: Path, plugin_environ: dict[str, str]) -> Iterator[Callable[..., Prompt]]:
    """prompt("zsh"): such a shell, ready; keywords: variables on top of the environment."""
    started: list[Prompt] = []

    def start(name: str, **variables: str) -> Prompt:
        started.append(Prompt(name, scratch_home, plugin_environ | variables))
        return started[-1]

    yield start
    for shell in started:
        put_away(shell.screen.child)


@pytest.fixture
def contexts(scratch_home: Path) -> Path:
    """A kubeconfig with contexts of all kinds of names."""
    builder = Kubeconfig().context("blue@kubernetes").context("green@kubernetes", cluster="d", user="v")
    for name in (
        ARN,
        "it's",
        "two words",
        "$(touch pwned)",
        "`touch pwned`",
        "-y",
        "tab\there",
        "ne\nw",
        "예시",
    ):
        builder.context(name)
    return builder.current("blue@kubernetes").write(scratch_home / ".kube" / "config")
