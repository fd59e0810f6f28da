"""`ns-create` beside `kubectl apply` of the same objects, on a real control plane: times and requests.

    python -m benchmarks.creating [--rounds N] [--many N] [--into FILE]

The tools take turns on namespaces of their own, and what they made is counted. The requests are those that
the API server counts for our user: it goes by a flow schema of its own, as its controllers have others.
"""

import argparse
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import measure
from tests.controlplane import tools
from tests.controlplane.keeper import Keeper
from tests.controlplane.kubeconfigs import write
from tests.controlplane.servers import ControlPlane

_USER = "bench"
_TEMPLATE = ("-t", "team", "-p", "ADMIN_USER=alice")
_COUNTER = re.compile(
    r'^apiserver_flowcontrol_dispatched_requests_total\{flow_schema="global-default".*\} (\d+)$', re.MULTILINE
)


@dataclass
class Ground:
    """Where it happens: a cluster, a user of it who may do everything, and a scratch home."""

    cluster: ControlPlane
    kubectl: str
    home: Path

    @property
    def kubeconfig(self) -> Path:
        return self.home / "kubeconfig"

    def requests(self) -> int:
        """How many requests of our user the API server has let through."""
        _, metrics = self.cluster.api.call("GET", "/metrics")
        return sum(map(int, _COUNTER.findall(metrics)))

    def run(self, arguments: Sequence[str]) -> tuple[float, float, str]:
        """Seconds, megabytes, output; raises SystemExit when the command fails."""
        seconds, megabytes, output, code = measure.run(arguments, self.home, self.kubeconfig)
        if code:
            raise SystemExit(f"{' '.join(arguments)[:200]}: exit code {code}\n{output[-2000:]}")
        return seconds, megabytes, output

    def rendered(self, name: str) -> Path:
        """The file of the objects that the template makes for a namespace."""
        _, _, text = self.run(["kubectl-ns_create", name, *_TEMPLATE, "--dry-run=client", "-o", "yaml"])
        path = self.home / f"{name}.yaml"
        path.write_text(text)
        return path


@dataclass
class Tool:
    """label: for the table; words: of the command line, from the names of the namespaces to make."""

    label: str
    words: Callable[[Ground, Sequence[str]], Sequence[str]]
    runs: measure.Runs = field(init=False)
    requests: int = 0

    def __post_init__(self) -> None:
        self.runs = measure.Runs(self.label)

    def run(self, ground: Ground, names: Sequence[str], warm_up: bool) -> None:
        """Make the namespaces, and see that they are there with their quota."""
        words = self.words(ground, names)
        before = ground.requests()
        seconds, megabytes, _ = ground.run(words)
        self.requests = ground.requests() - before
        for name in names:
            quotas = ground.cluster.api.get(f"/api/v1/namespaces/{name}/resourcequotas")["items"]
            assert quotas, f"{self.label} made no quota in {name}"
        if not warm_up:
            self.runs.add(seconds, megabytes)


def _ours(ground: Ground, names: Sequence[str]) -> Sequence[str]:
    return ["kubectl-ns_create", *names, *_TEMPLATE]


def _ours_without_waiting(ground: Ground, names: Sequence[str]) -> Sequence[str]:
    return [*_ours(ground, names), "--no-wait"]


def _apply(ground: Ground, names: Sequence[str]) -> Sequence[str]:
    return [ground.kubectl, "apply", "-f", str(ground.rendered(names[0]))]


def _loop(ground: Ground, names: Sequence[str]) -> Sequence[str]:
    files = [str(ground.rendered(name)) for name in names]
    return ["sh", "-ec", f'for file; do {ground.kubectl} apply -f "$file"; done', "sh", *files]


def main() -> None:
    """Measure, print the tables, and write them where --into says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9, help="runs of each for one namespace")
    parser.add_argument("--many", type=int, default=100, help="namespaces in one run")
    parser.add_argument("--into", type=Path, help="a Markdown file to write")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kubectl-ns-tools-bench-") as folder:
        keeper = Keeper(Path(folder) / "keeper")
        with keeper.owned(), keeper.progress(tools.to_stderr):
            ground = Ground(keeper.cluster(), str(tools.kubectl()), Path(folder))
            _let_do_everything(ground)
            measure.publish(_report(ground, options.rounds, options.many), options.into)


def _let_do_everything(ground: Ground) -> None:
    write(ground.kubeconfig, ground.cluster.kubeconfig_dict(_USER))
    group = "rbac.authorization.k8s.io"
    binding = {
        "metadata": {"name": _USER},
        "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": "cluster-admin"},
        "subjects": [{"apiGroup": group, "kind": "User", "name": _USER}],
    }
    ground.cluster.api.create(f"/apis/{group}/v1/clusterrolebindings", binding)


def _report(ground: Ground, rounds: int, many: int) -> Iterator[str]:
    yield "# Creating namespaces\n"
    yield "Made by `make bench INTO=docs/benchmarks.md`, in one run, on a control plane on the same machine;"
    yield "only ratios mean something elsewhere. The objects are those of the built-in template `team`."
    yield "`ns-create` checks names, kinds and rights and waits until the namespace can be used;"
    yield "`kubectl apply` does not.\n"
    yield from measure.machine(ground.home)
    yield f"\n## One namespace, median of {rounds} runs\n"
    one = (
        Tool("ns-create NAME -t team", _ours),
        Tool("kubectl apply -f FILE", _apply),
        Tool("ns-create NAME -t team --no-wait", _ours_without_waiting),
    )
    yield from _compared(ground, one, rounds, 1)
    yield f"\n## {many:,} namespaces, one run\n"
    hundred = (
        Tool(f"ns-create NAME1 … NAME{many} -t team", _ours),
        Tool("for file in *; do kubectl apply -f $file; done", _loop),
    )
    yield from _compared(ground, hundred, 1, many)


def _compared(ground: Ground, candidates: Sequence[Tool], rounds: int, number: int) -> Iterator[str]:
    warm_ups = 1 if rounds > 1 else 0
    for turn in range(rounds + warm_ups):
        for index, tool in enumerate(candidates):
            names = [f"bench-{number}-{turn}-{index}-{each}" for each in range(number)]
            tool.run(ground, names, turn < warm_ups)
    yield from measure.table([tool.runs for tool in candidates])
    counts = [f"`{tool.label}` {tool.requests:,}" for tool in candidates]
    yield f"\nRequests to the API server: {', '.join(counts)}."


if __name__ == "__main__":
    main()
