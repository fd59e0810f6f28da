"""How the benchmarks run commands, and what they say of the runs."""

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

BIN = Path(sys.executable).parent


@dataclass
class Runs:
    """The runs of one command. seconds: of each; megabytes: the most that one held in memory; failure: why
    there are no more."""

    label: str
    seconds: list[float] = field(default_factory=list)
    megabytes: float = 0.0
    failure: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.seconds) if self.seconds else 0.0

    def add(self, seconds: float, megabytes: float) -> None:
        self.seconds.append(seconds)
        self.megabytes = max(self.megabytes, megabytes)


def run(arguments: Sequence[str], home: Path, kubeconfig: Path) -> tuple[float, float, str, int]:
    """Seconds, megabytes, output, exit code. What others have yet to write to the disk is written before, so
    that nobody waits for it who waits for the own."""
    os.sync()
    environ = {"HOME": str(home), "PATH": path(), "KUBECONFIG": str(kubeconfig), "LANG": "C.UTF-8"}
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


def table(runs: Sequence[Runs]) -> Iterator[str]:
    """Markdown; the first is ours, and beside each other stands what part of its time ours takes."""
    yield "| command | seconds | ours takes, of it | memory |"
    yield "|---|---|---|---|"
    for each in runs:
        if each.failure:
            yield f"| `{each.label}` | {each.failure} | | |"
        else:
            ratio = f"{runs[0].median / each.median:.2f}" if each is not runs[0] else ""
            yield f"| `{each.label}` | {each.median:.3f} | {ratio} | {each.megabytes:.0f} MB |"


def publish(report: Iterable[str], into: Path | None) -> None:
    """Make the report, line by line, print it, and write it to the Markdown file if there is to be one."""
    text = "\n".join(report)
    print(text)
    if into:
        into.write_text(text + "\n")


def machine(folder: Path) -> Iterator[str]:
    """What the times depend on. folder: a scratch folder."""
    seconds = [run([sys.executable, "-c", "pass"], folder, folder / "none")[0] for _ in range(11)]
    yield f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores,"
    yield f"Python {platform.python_version()};"
    yield f"`python -c pass`: {statistics.median(seconds):.3f} s."


def path() -> str:
    """PATH with our executables first."""
    return os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)])
