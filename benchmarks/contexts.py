"""The context commands beside kubectl and its peers: median times, memory, ratios.

    python -m benchmarks.contexts [--sizes 10,1000,5000] [--rounds N] [--into FILE]

Each tool works on its own copy of the same kubeconfig; the tools take turns, so that all meet the same
machine. Peers are measured when they are on PATH. What a tool did is checked, so that a failure is no
quick run.
"""

import argparse
import shlex
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import measure
from benchmarks.kubeconfigs import name_of, write_kubeconfig


@dataclass(frozen=True)
class Tool:
    """A command line. NAME in it is the context; expects: what the output must have, or, for `switch`, what
    the kubeconfig must say afterwards; program: what must be on PATH."""

    label: str
    command: str
    expects: str = ""

    @property
    def program(self) -> str:
        return self.command.split()[0]


@dataclass(frozen=True)
class Operation:
    """What is done, by whom; the first tool is ours. switches: it changes the current context."""

    title: str
    tools: Sequence[Tool]
    switches: bool = False


_OPERATIONS = (
    Operation(
        "switch to another context",
        (
            Tool("ctx-switch", "kubectl-ctx_switch NAME"),
            Tool("kubectl config use-context", "kubectl config use-context NAME"),
            Tool("kubectl ctx-switch (kubectl starts it)", "kubectl ctx-switch NAME"),
            Tool("kubectx", "kubectx NAME"),
            Tool("kubecm switch", "kubecm switch NAME --silence-table"),
        ),
        switches=True,
    ),
    Operation(
        "say the current context",
        (
            Tool("ctx-current", "kubectl-ctx_current", "NAME"),
            Tool("kubectl config current-context", "kubectl config current-context", "NAME"),
            Tool("kubectx -c", "kubectx -c", "NAME"),
        ),
    ),
    Operation(
        "list the contexts",
        (
            Tool("ctx-list -o name", "kubectl-ctx_list -o name", "NAME"),
            Tool("kubectl config get-contexts -o name", "kubectl config get-contexts -o name", "NAME"),
            Tool("kubectx", "kubectx", "NAME"),
            Tool("kubecm list", "kubecm list", "NAME"),
        ),
    ),
    Operation(
        "run a command in a context of its own",
        (
            Tool("ctx-shell NAME -- true", "kubectl-ctx_shell NAME -- true"),
            Tool("kubectl config get-contexts NAME (for scale)", "kubectl config get-contexts NAME", "NAME"),
            Tool("kubie exec NAME default true", "kubie exec NAME default true"),
        ),
    ),
)


@dataclass(frozen=True)
class Ground:
    """Where the runs for one size happen."""

    folder: Path
    size: int

    @property
    def original(self) -> Path:
        """The kubeconfig that every tool gets a copy of."""
        return self.folder / "original"

    def lay(self) -> None:
        """Make the folder, with that kubeconfig in it."""
        self.folder.mkdir()
        write_kubeconfig(self.original, self.size)


@dataclass
class Case:
    """A tool at its operation."""

    operation: Operation
    tool: Tool
    ground: Ground
    runs: measure.Runs

    @property
    def home(self) -> Path:
        """The home folder of this case's own."""
        return self.ground.folder / f"{self.operation.title} {self.tool.label}".replace("/", "-")

    def run(self, turn: int) -> None:
        """Run it once; the first turn only warms the caches."""
        if not self.runs.failure and shutil.which(self.tool.program, path=measure.path()) is None:
            self.runs.failure = "not on PATH"
        if self.runs.failure:
            return
        target = name_of(self.ground.size - 1 - turn % 2) if self.operation.switches else name_of(0)
        arguments = self._arguments(target)
        seconds, megabytes, output, code = measure.run(arguments, self.home, self.home / ".kube" / "config")
        if code or not self._worked(target, output):
            self.runs.failure = f"failed (exit code {code})"
        elif turn:
            self.runs.add(seconds, megabytes)

    def _arguments(self, target: str) -> list[str]:
        config = self.home / ".kube" / "config"
        if not config.exists():
            config.parent.mkdir(parents=True)
            shutil.copy(self.ground.original, config)
        return shlex.split(self.tool.command.replace("NAME", target))

    def _worked(self, target: str, output: str) -> bool:
        if self.operation.switches:
            # By lines: what this process holds is counted in for the programs that it starts.
            with (self.home / ".kube" / "config").open() as lines:
                return f"current-context: {target}\n" in lines
        return self.tool.expects.replace("NAME", target) in output


def main() -> None:
    """Measure, print the tables, and write them where --into says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", default="10,1000,5000", help="numbers of contexts")
    parser.add_argument("--rounds", type=int, default=0, help="runs of each; by default by size")
    parser.add_argument("--into", type=Path, help="a Markdown file to write")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    with tempfile.TemporaryDirectory(prefix="kubectl-ns-tools-bench-") as folder:
        measure.publish(_report(Path(folder), sizes, options.rounds), options.into)


def _report(folder: Path, sizes: Sequence[int], rounds: int) -> Iterator[str]:
    yield "# Benchmarks\n"
    yield "Made by `make bench INTO=docs/benchmarks.md`, in one run; only ratios mean something elsewhere."
    yield "Each tool has its own copy of the file, the tools take turns, and what they did is checked."
    yield "Every run starts on a disk with nothing left to write; only ours wait until their write is on it."
    yield "Inline certificates, about 6 KB an entry. Memory is the largest resident set of a run.\n"
    yield from measure.machine(folder)
    for size in sizes:
        yield from _size(Ground(folder / str(size), size), rounds)


def _size(ground: Ground, rounds: int) -> Iterator[str]:
    rounds = rounds or (15 if ground.size <= 100 else 9 if ground.size <= 2000 else 5)
    ground.lay()
    megabytes = ground.original.stat().st_size / 1e6
    yield f"\n## {ground.size:,} contexts ({megabytes:.1f} MB), median of {rounds} runs"
    for operation in _OPERATIONS:
        yield f"\n{operation.title}:\n"
        yield from compared(operation, ground, rounds)


def compared(operation: Operation, ground: Ground, rounds: int) -> Iterator[str]:
    """The table of the tools at an operation, which take turns; before the rounds that count is one more."""
    cases = [Case(operation, tool, ground, measure.Runs(tool.label)) for tool in operation.tools]
    for turn in range(rounds + 1):
        for case in cases:
            case.run(turn)
    yield from measure.table([case.runs for case in cases])


if __name__ == "__main__":
    main()
