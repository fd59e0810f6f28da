"""The context commands beside kubectl and its peers: median times, memory, ratios.

    python -m benchmarks.contexts [--sizes 10,1000,5000] [--rounds N] [--into FILE]

Each tool works on its own copy of the same kubeconfig; the tools take turns, so that all meet the same
machine. Peers are measured when they are on PATH. What a tool did is checked, so that a failure is no
quick run.
"""

import argparse
import os
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.kubeconfigs import name_of, write_kubeconfig

_BIN = Path(sys.executable).parent


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


@dataclass
class Case:
    """A tool at its operation. seconds: of each run; megabytes: the most that one held in memory; failure:
    why there are no more."""

    operation: Operation
    tool: Tool
    ground: Ground
    seconds: list[float] = field(default_factory=list)
    megabytes: float = 0.0
    failure: str = ""

    @property
    def home(self) -> Path:
        """The home folder of this case's own."""
        return self.ground.folder / f"{self.operation.title} {self.tool.label}".replace("/", "-")

    def run(self, turn: int) -> None:
        """Run it once; the first turn only warms the caches."""
        if not self.failure and shutil.which(self.tool.program, path=_path()) is None:
            self.failure = "not on PATH"
        if self.failure:
            return
        target = name_of(self.ground.size - 1 - turn % 2) if self.operation.switches else name_of(0)
        seconds, megabytes, output, code = _run(self._arguments(target), self.home)
        if code or not self._worked(target, output):
            self.failure = f"failed (exit code {code})"
        elif turn:
            self.seconds.append(seconds)
            self.megabytes = max(self.megabytes, megabytes)

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
        text = "\n".join(_report(Path(folder), sizes, options.rounds))
    print(text)
    if options.into:
        options.into.write_text(text + "\n")


def _report(folder: Path, sizes: Sequence[int], rounds: int) -> Iterator[str]:
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    yield "# Benchmarks\n"
    yield "Made by `make bench INTO=docs/benchmarks.md`, in one run; only ratios mean something elsewhere."
    yield "Each tool has its own copy of the file, the tools take turns, and what they did is checked."
    yield "Inline certificates, about 6 KB an entry. Memory is the largest resident set of a run.\n"
    yield f"{machine}, Python {platform.python_version()};"
    yield f"`python -c pass`: {_baseline(folder):.3f} s."
    for size in sizes:
        yield from _size(Ground(folder / str(size), size), rounds)


def _size(ground: Ground, rounds: int) -> Iterator[str]:
    rounds = rounds or (15 if ground.size <= 100 else 9 if ground.size <= 2000 else 5)
    ground.folder.mkdir()
    write_kubeconfig(ground.original, ground.size)
    megabytes = ground.original.stat().st_size / 1e6
    yield f"\n## {ground.size:,} contexts ({megabytes:.1f} MB), median of {rounds} runs"
    for operation in _OPERATIONS:
        cases = [Case(operation, tool, ground) for tool in operation.tools]
        for turn in range(rounds + 1):
            for case in cases:
                case.run(turn)
        yield f"\n{operation.title}:\n"
        yield from _table(cases)


def _run(arguments: Sequence[str], home: Path) -> tuple[float, float, str, int]:
    """Seconds, megabytes, output, exit code."""
    environ = {
        "HOME": str(home), "PATH": _path(), "KUBECONFIG": str(home / ".kube" / "config"), "LANG": "C.UTF-8",
    }  # fmt: skip
    with (home / "output").open("w+b") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            arguments, env=environ, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode(errors="replace")
    return seconds, usage.ru_maxrss / 1024, text, process.returncode


def _table(cases: Sequence[Case]) -> Iterator[str]:
    medians = [statistics.median(case.seconds) if case.seconds else 0.0 for case in cases]
    yield "| command | seconds | ours takes, of it | memory |"
    yield "|---|---|---|---|"
    for case, median in zip(cases, medians, strict=True):
        if case.failure:
            yield f"| `{case.tool.label}` | {case.failure} | | |"
        else:
            ratio = f"{medians[0] / median:.2f}" if case is not cases[0] else ""
            yield f"| `{case.tool.label}` | {median:.3f} | {ratio} | {case.megabytes:.0f} MB |"


def _baseline(folder: Path) -> float:
    runs = [_run([sys.executable, "-c", "pass"], folder)[0] for _ in range(11)]
    return statistics.median(runs)


def _path() -> str:
    return os.pathsep.join([str(_BIN), os.environ.get("PATH", os.defpath)])


if __name__ == "__main__":
    main()
