"""The light cluster commands beside `kubectl get namespaces`, on a real control plane: median times, ratios.

    python -m benchmarks.namespaces [--sizes 10,500] [--rounds N] [--into FILE]

The commands take turns, so that all meet the same machine and the same servers, and what they did is
checked. The exec plugin needs a fifth of a second for a token, which is little for one that asks a cloud.
"""

import argparse
import datetime
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import measure
from tests.controlplane import tools
from tests.controlplane.keeper import Keeper
from tests.controlplane.kubeconfigs import write
from tests.controlplane.servers import ControlPlane

_PLUGIN = "sleep 0.2; cat"
_GET = "kubectl get namespaces"


@dataclass(frozen=True)
class Tool:
    """A command line. NAME in it is another namespace each time; expects: what its output must have."""

    label: str
    command: str
    expects: str = "NAME"


_LIST = (Tool("ns-list", "kubectl-ns_list"), Tool(_GET, _GET))
_SWITCH = (
    Tool("ns-switch NAME", "kubectl-ns_switch NAME", 'now uses namespace "NAME"'),
    Tool(f"{_GET} (for scale)", _GET),
    Tool("kubens NAME", "kubens NAME"),
)


@dataclass(frozen=True)
class Ground:
    """A cluster with so many namespaces of ours, and the way to it. kubectl: the real one."""

    folder: Path
    cluster: ControlPlane
    kubectl: str

    def kubeconfig(self, user: dict[str, Any] | None = None) -> Path:
        """The administrator's, or another user's."""
        config = self.cluster.kubeconfig_dict()
        if user:
            config["users"][0]["user"] = user
        return write(self.folder / ("plugin" if user else "certificate"), config)


@dataclass
class Case:
    """A tool, with a home and a kubeconfig of its own."""

    tool: Tool
    ground: Ground
    home: Path
    runs: measure.Runs

    def run(self, turn: int, names: Sequence[str]) -> None:
        """Run it once; the first turn only warms the caches."""
        name = names[turn % len(names)]
        words = self.tool.command.replace("NAME", name).split()
        words = [self.ground.kubectl if word == "kubectl" else word for word in words]
        if not self.runs.failure and shutil.which(words[0], path=measure.path()) is None:
            self.runs.failure = "not on PATH"
        if self.runs.failure:
            return
        seconds, megabytes, output, code = measure.run(words, self.home, self.home / "kubeconfig")
        if code or self.tool.expects.replace("NAME", name) not in output:
            said = output.strip().rpartition("\n")[2][:100] if code else "without effect"
            self.runs.failure = f"failed (exit code {code}): {said}"
        elif turn:
            self.runs.add(seconds, megabytes)


def main() -> None:
    """Measure, print the tables, and write them where --into says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", default="10,500", help="numbers of namespaces")
    parser.add_argument("--rounds", type=int, default=21, help="runs of each")
    parser.add_argument("--into", type=Path, help="a Markdown file to write")
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.sizes.split(","))
    with tempfile.TemporaryDirectory(prefix="kubectl-ns-tools-bench-") as folder:
        keeper = Keeper(Path(folder) / "keeper")
        with keeper.owned(), keeper.progress(tools.to_stderr):
            ground = Ground(Path(folder), keeper.cluster(), str(tools.kubectl()))
            measure.publish(_report(ground, sizes, options.rounds), options.into)


def _report(ground: Ground, sizes: Sequence[int], rounds: int) -> Iterator[str]:
    yield "# Light cluster commands\n"
    yield "Made by `make bench INTO=docs/benchmarks.md`, in one run, on a control plane on the same machine;"
    yield "only ratios mean something elsewhere.\n"
    yield from measure.machine(ground.folder)
    names: list[str] = []
    certificate = ground.kubeconfig()
    for size in sizes:
        names += _more_namespaces(ground.cluster, len(names), size)
        yield f"\n## {size:,} namespaces, median of {rounds} runs"
        for title, chosen in (("list them", _LIST), ("switch to another, which must exist", _SWITCH)):
            yield f"\n{title}:\n"
            yield from _compared([_case(tool, ground, certificate) for tool in chosen], names, rounds)
    plugin = ground.kubeconfig(_plugins_user(ground))
    yield "\nlist them, with the token of an exec plugin:\n"
    yield from _compared([_case(tool, ground, plugin) for tool in _LIST], names, rounds)


def _compared(cases: Sequence[Case], names: Sequence[str], rounds: int) -> Iterator[str]:
    for turn in range(rounds + 1):
        for case in cases:
            case.run(turn, names)
    yield from measure.table([case.runs for case in cases])


def _case(tool: Tool, ground: Ground, kubeconfig: Path) -> Case:
    home = Path(tempfile.mkdtemp(dir=ground.folder))
    shutil.copy(kubeconfig, home / "kubeconfig")
    return Case(tool, ground, home, measure.Runs(tool.label))


def _more_namespaces(cluster: ControlPlane, count: int, size: int) -> list[str]:
    names = [f"bench-{number:04}" for number in range(count, size)]
    for name in names:
        cluster.api.create("/api/v1/namespaces", {"metadata": {"name": name}})
    return names


def _plugins_user(ground: Ground) -> dict[str, Any]:
    """A service account that may do everything, by a plugin that takes its time for the token."""
    api, account = ground.cluster.api, {"name": "bench", "namespace": "default"}
    api.create("/api/v1/namespaces/default/serviceaccounts", {"metadata": {"name": "bench"}})
    api.create(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        {
            "metadata": {"name": "bench"},
            "roleRef": {
                "apiGroup": "rbac.authorization.k8s.io",
                "kind": "ClusterRole",
                "name": "cluster-admin",
            },
            "subjects": [{"kind": "ServiceAccount", **account}],
        },
    )
    path = "/api/v1/namespaces/default/serviceaccounts/bench/token"
    token = api.create(path, {"spec": {"expirationSeconds": 7200}})["status"]["token"]
    expiry = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=2)
    version = "client.authentication.k8s.io/v1"
    status = {"token": token, "expirationTimestamp": expiry.strftime("%Y-%m-%dT%H:%M:%SZ")}
    answer = ground.folder / "answer.json"
    answer.write_text(json.dumps({"apiVersion": version, "kind": "ExecCredential", "status": status}))
    command = {"command": "/bin/sh", "args": ["-c", f"{_PLUGIN} {answer}"], "interactiveMode": "Never"}
    return {"exec": {"apiVersion": version, **command}}


if __name__ == "__main__":
    main()
