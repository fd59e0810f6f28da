"""What starting a command costs from an archive, beside the same code in a virtual environment of its Python.

Both have the same Python.

    python -m benchmarks.packed [--rounds N] [--into FILE]

The archive is built for it. The two take turns, so that both meet the same machine.
"""

import argparse
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import measure
from benchmarks.contexts import Ground, Operation, Tool, compared
from release import archives

_SIZE = 10  # contexts


def main() -> None:
    """Measure, print the table, and write it where --into says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=41, help="runs of each")
    parser.add_argument("--into", type=Path, help="a Markdown file to write")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kubectl-ns-tools-bench-") as folder:
        measure.publish(_report(Path(folder), options.rounds), options.into)


def _report(folder: Path, rounds: int) -> Iterator[str]:
    yield "# Benchmarks of the archives\n"
    yield "Made by `make bench INTO=docs/benchmarks.md`, in one run; only ratios mean something elsewhere."
    yield "What was installed in the virtual environment is what was packed.\n"
    packed, installed = _unpack(folder), measure.BIN
    yield from measure.machine(folder)
    yield from _sizes(folder)
    for title, command, expects, switches in (
        ("switch to another context", "ctx_switch NAME", "", True),
        ("say the current context", "ctx_current", "NAME", False),
        ("show the help of a command", "ctx_switch --help", "Examples:", False),
    ):
        tools = [
            Tool(f"{label} {command}", f"{where}/kubectl-{command}", expects)
            for label, where in (("packed", packed), ("installed", installed))
        ]
        yield f"\n{title}, median of {rounds} runs:\n"
        ground = Ground(folder / command, _SIZE)
        ground.lay()
        yield from compared(Operation(title, tools, switches), ground, rounds)


def _unpack(folder: Path) -> Path:
    """The folder of the unpacked context plugins."""
    for archive in archives.build(folder / "dist", Path(sys.executable)):
        with tarfile.open(archive) as tar:
            tar.extractall(folder / archive.name.partition("_")[0], filter="data")
    return folder / "kubectl-ctx-tools"


def _sizes(folder: Path) -> Iterator[str]:
    yield "\n| archive | packed | unpacked |"
    yield "|---|---|---|"
    for archive in sorted((folder / "dist").iterdir()):
        with tarfile.open(archive) as tar:
            size = sum(member.size for member in tar)
        yield f"| `{archive.name}` | {archive.stat().st_size / 1e6:.1f} MB | {size / 1e6:.1f} MB |"


if __name__ == "__main__":
    main()
