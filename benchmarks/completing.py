"""What Tab waits for: names of contexts and flags, beside what kubectl takes for its own: median times.

    python -m benchmarks.completing [--sizes 10,1000] [--rounds N] [--into FILE]

As benchmarks/contexts.py, whose ground and cases these are.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import measure
from benchmarks.contexts import Ground, Operation, Tool, compared

_KUBECTLS_OWN = "kubectl __complete config use-context"
_THROUGH_KUBECTL = "kubectl __complete ctx-switch"
_OPERATIONS = (
    Operation(
        "the names of all contexts",
        (
            Tool("kubectl_complete-ctx_switch ''", "kubectl_complete-ctx_switch ''", "NAME"),
            Tool(f"{_KUBECTLS_OWN} ''", f"{_KUBECTLS_OWN} ''", "NAME"),
            Tool(f"{_THROUGH_KUBECTL} '' (kubectl asks ours)", f"{_THROUGH_KUBECTL} ''", "NAME"),
            Tool("kubectl config get-contexts -o name", "kubectl config get-contexts -o name", "NAME"),
        ),
    ),
    Operation(
        "the flags",
        (
            Tool("kubectl_complete-ctx_switch --", "kubectl_complete-ctx_switch --", "--kubeconfig"),
            Tool(f"{_KUBECTLS_OWN} --", f"{_KUBECTLS_OWN} --", "--kubeconfig"),
            Tool(f"{_THROUGH_KUBECTL} -- (kubectl asks ours)", f"{_THROUGH_KUBECTL} --", "--kubeconfig"),
        ),
    ),
)


def main() -> None:
    """Measure, print the tables, and write them where --into says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", default="10,1000", help="numbers of contexts")
    parser.add_argument("--rounds", type=int, default=15, help="runs of each")
    parser.add_argument("--into", type=Path, help="a Markdown file to write")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    with tempfile.TemporaryDirectory(prefix="kubectl-ns-tools-bench-") as folder:
        measure.publish(_report(Path(folder), sizes, options.rounds), options.into)


def _report(folder: Path, sizes: Sequence[int], rounds: int) -> Iterator[str]:
    yield "# Completion\n"
    yield "Made by `make bench INTO=docs/benchmarks.md`, in one run; only ratios mean something elsewhere."
    yield "kubectl answers for `config use-context`, which has the same names and flags of its own.\n"
    yield from measure.machine(folder)
    for size in sizes:
        ground = Ground(folder / str(size), size)
        ground.lay()
        yield f"\n## {size:,} contexts, median of {rounds} runs"
        for operation in _OPERATIONS:
            yield f"\n{operation.title}:\n"
            yield from compared(operation, ground, rounds)


if __name__ == "__main__":
    main()
