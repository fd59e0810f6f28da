"""Many writers at once: the executables, and `kubectl config`, on one file."""

import random
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from kubectl_ns_tools.kubeconfig.locations import locate
from kubectl_ns_tools.kubeconfig.reading.document import KubeconfigFile
from kubectl_ns_tools.kubeconfig.view import load_view
from tests.builders import Kubeconfig

BIN = Path(__file__).parents[2] / "bin"
OURS, THEIRS = 25, 25
KUBECTLS_GAP = 2  # changes that kubectl may take back, by its gap


@pytest.fixture
def config(tmp_path: Path) -> Path:
    builder = Kubeconfig().current("ctx-0")
    for number in range(2 * OURS):
        builder.context(f"ctx-{number}", namespace="before")
    return builder.write(tmp_path / "folder" / "config")


def ours(config: Path, number: int) -> None:
    """One of three commands that give the context a namespace, or make a new context with it."""
    context, namespace = f"ctx-{number}", f"ns-{number}"
    commands = (
        ("ctx_switch", context, "--namespace", namespace),
        ("ns_switch", namespace, "--force", "--context", context),
        ("ctx_set", f"new-{number}", "--cluster", "c", "--user", "u", "--namespace", namespace),
    )
    name, *arguments = commands[number % 3]
    command = [BIN / f"kubectl-{name}", "--kubeconfig", config, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def named_by_ours(number: int) -> tuple[str, str]:
    """The context that has this namespace afterwards."""
    return (f"new-{number}" if number % 3 == 2 else f"ctx-{number}"), f"ns-{number}"


def namespaces_in(config: Path) -> dict[str, str]:
    view = load_view(locate(str(config), {}))
    assert not view.problems
    return {name: view.namespace_of(name) for name in view.contexts}


@contextmanager
def watched(look: Callable[[], None]) -> Iterator[None]:
    """Looks again and again while the block runs; what was seen wrong fails the test."""
    over, wrong = threading.Event(), []

    def watch() -> None:
        while not over.is_set():
            try:
                look()
            except AssertionError as error:
                wrong.append(error)
            time.sleep(0.05)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
    assert not wrong, wrong[0]


def test_fifty_of_ours_lose_nothing_and_every_reader_sees_a_whole_file(config: Path) -> None:
    def look() -> None:
        file = KubeconfigFile("f", config.read_bytes())
        assert not file.problems
        assert len(list(file.entries("contexts"))) >= 2 * OURS

    with watched(look), ThreadPoolExecutor(2 * OURS) as pool:
        list(pool.map(lambda number: ours(config, number), range(2 * OURS)))
    after = namespaces_in(config)
    assert {named_by_ours(number) for number in range(2 * OURS)} <= set(after.items())
    assert len(after) == 2 * OURS + sum(number % 3 == 2 for number in range(2 * OURS))
    assert [path.name for path in config.parent.iterdir()] == ["config"]


class OneKubectl:
    """`kubectl config set-context`, one at a time.

    What it reads before it locks the file, it takes for what is there (clientcmd.ModifyConfig). So two of
    them can empty a file, when the one reads what the other has half written; and what we write between its
    reading and its lock, in less than a millisecond, it takes back.
    """

    def __init__(self, kubectl: Path, config: Path) -> None:
        self._kubectl, self._config = kubectl, config
        self._turn = threading.Lock()

    def set_namespace(self, number: int) -> None:
        arguments = ["config", "set-context", f"ctx-{OURS + number}", f"--namespace=theirs-{number}"]
        command = [self._kubectl, "--kubeconfig", self._config, *arguments]
        with self._turn:
            while (done := subprocess.run(command, capture_output=True, text=True, check=False)).returncode:
                assert f"{self._config}.lock: file exists" in done.stderr  # for which it does not wait
                time.sleep(random.uniform(0, 0.05))


def test_ours_and_kubectls_lose_nothing_of_each_other(config: Path, kubectl_path: Path) -> None:
    kubectl = OneKubectl(kubectl_path, config)

    def look() -> None:
        assert len(namespaces_in(config)) >= OURS + THEIRS

    def work(number: int) -> None:
        ours(config, number) if number < OURS else kubectl.set_namespace(number - OURS)

    with watched(look), ThreadPoolExecutor(OURS + THEIRS) as pool:
        list(pool.map(work, random.Random(1).sample(range(OURS + THEIRS), OURS + THEIRS)))
    after = set(namespaces_in(config).items())
    assert {(f"ctx-{OURS + number}", f"theirs-{number}") for number in range(THEIRS)} <= after
    lost = {named_by_ours(number) for number in range(OURS)} - after
    assert len(lost) <= KUBECTLS_GAP, lost
    assert [path.name for path in config.parent.iterdir()] == ["config"]
    subprocess.run([kubectl_path, "config", "view", "--kubeconfig", config], capture_output=True, check=True)
