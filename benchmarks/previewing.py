"""The preview of `ns-delete` beside ketall and a loop of `kubectl get`, on a real control plane.

    python -m benchmarks.previewing [--objects 10000] [--definitions 300] [--huge 100000] [--into FILE]

One namespace with objects of five kinds, two of them custom; the same with so many more definitions of
custom resources in the cluster; and, for our memory alone, a namespace with very many objects.
"""

import argparse
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import measure
from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.cluster.discovery import discover
from kubectl_ns_tools.cluster.parallel import in_parallel
from tests.controlplane import tools
from tests.controlplane.keeper import Keeper
from tests.controlplane.kubeconfigs import write
from tests.controlplane.waiting import wait_until

_GROUP = "bench.example.com"
_DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
_CORE = ("configmaps", "secrets", "serviceaccounts")
_CUSTOM = ("widgets", "gadgets")
_LOOP = (
    "kubectl api-resources --verbs=list --namespaced -o name"
    " | xargs -n 1 kubectl get --ignore-not-found --show-kind -n NAME"
)


@dataclass(frozen=True)
class Ground:
    """connection: for filling the cluster, by the product's own client, as it keeps connections open."""

    connection: Connection
    folder: Path
    kubectl: Path

    @property
    def kubeconfig(self) -> Path:
        return self.folder / "kubeconfig"

    def define(self, plurals: Sequence[str]) -> None:
        """Custom kinds, each in use when this returns."""
        in_parallel(
            lambda plural: self.connection.request("POST", _DEFINITIONS, body=_definition(plural)),
            plurals,
            workers=4,
        )
        wait_until(lambda: self._serves(plurals))

    def _serves(self, plurals: Sequence[str]) -> bool:
        resources = discover(self.connection).resources
        return set(plurals) <= {resource.name for resource in resources if resource.group == _GROUP}

    def fill(self, namespace: str, number: int) -> None:
        """A namespace with so many objects, of every kind as many."""
        self.connection.request("POST", "/api/v1/namespaces", body={"metadata": {"name": namespace}})
        kinds = [_path(namespace, plural) for plural in (*_CORE, *_CUSTOM)]
        places = [(kinds[each % len(kinds)], f"bench-{each:06}") for each in range(number)]
        in_parallel(
            lambda place: self.connection.request("POST", place[0], body=_object(*place)), places, workers=8
        )

    def kinds(self) -> int:
        """How many namespaced kinds can be listed."""
        words = [str(self.kubectl), "api-resources", "--verbs=list", "--namespaced", "-o", "name"]
        return len(measure.run(words, self.folder, self.kubeconfig)[2].split())


def _definition(plural: str) -> dict[str, Any]:
    kind = plural.removesuffix("s").capitalize()
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"plural": plural, "kind": kind}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{_GROUP}"},
        "spec": {"group": _GROUP, "names": names, "scope": "Namespaced", "versions": [version]},
    }


def _path(namespace: str, plural: str) -> str:
    root = "/api/v1" if plural in _CORE else f"/apis/{_GROUP}/v1"
    return f"{root}/namespaces/{namespace}/{plural}"


def _object(path: str, name: str) -> dict[str, Any]:
    """About as large as such objects are."""
    made: dict[str, Any] = {"metadata": {"name": name, "labels": {"app.kubernetes.io/name": "bench"}}}
    plural = path.rpartition("/")[2]
    if plural in _CUSTOM:
        made.update(
            apiVersion=f"{_GROUP}/v1", kind=plural.removesuffix("s").capitalize(), spec={"text": "x" * 500}
        )
    elif plural != "serviceaccounts":
        made["data"] = {"text": "eHh4" * 100}
    return made


def main() -> None:
    """Measure, print the tables, and write them where --into says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--objects", type=int, default=10_000, help="in the namespace that all look at")
    parser.add_argument("--definitions", type=int, default=300, help="custom kinds of the second cluster")
    parser.add_argument("--huge", type=int, default=100_000, help="objects of the last namespace; 0 for none")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each")
    parser.add_argument("--into", type=Path, help="a Markdown file to write")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kubectl-ns-tools-bench-") as folder:
        keeper = Keeper(Path(folder) / "keeper")
        with keeper.owned(), keeper.progress(tools.to_stderr):
            config = keeper.cluster().kubeconfig_dict()
            ground = Ground(connect(config), Path(folder), tools.kubectl())
            write(ground.kubeconfig, config)
            measure.publish(_report(ground, options), options.into)


def _report(ground: Ground, options: argparse.Namespace) -> Iterator[str]:
    yield "# Previews\n"
    yield "Made by `make bench INTO=docs/benchmarks.md`, in one run, on a control plane on the same machine;"
    yield "only ratios mean something elsewhere. The preview of `ns-delete` looks for hazards, too; ketall"
    yield "and the loop (`kubectl api-resources … | xargs -n 1 kubectl get`) list.\n"
    yield from measure.machine(ground.folder)
    ground.define(_CUSTOM)
    ground.fill("bench", options.objects)
    yield from _compared(ground, options.objects, options.rounds)
    ground.define([f"others{number:03}s" for number in range(options.definitions)])
    yield from _compared(ground, options.objects, options.rounds)
    if options.huge:
        ground.fill("huge", options.huge)
        yield f"\n## {options.huge:,} objects, ours alone\n"
        yield from _measured(
            ground, [("ns-delete NAME --dry-run", "kubectl-ns_delete NAME --dry-run")], "huge", 1
        )


def _compared(ground: Ground, objects: int, rounds: int) -> Iterator[str]:
    yield f"\n## {objects:,} objects of 5 kinds, {ground.kinds()} namespaced kinds in the cluster\n"
    yield f"Median of {rounds} runs.\n"
    commands = [
        ("ns-delete NAME --dry-run", "kubectl-ns_delete NAME --dry-run"),
        ("ketall -n NAME", "ketall -n NAME"),
        ("kubectl get, kind by kind", _LOOP),
    ]
    yield from _measured(ground, commands, "bench", rounds)


def _measured(
    ground: Ground, commands: Sequence[tuple[str, str]], namespace: str, rounds: int
) -> Iterator[str]:
    """The first turn only warms the caches."""
    runs = [measure.Runs(label) for label, _ in commands]
    for turn in range(rounds + 1):
        for each, (_, command) in zip(runs, commands, strict=True):
            if shutil.which(command.split()[0], path=measure.path()) or "|" in command:
                _run(ground, each, command.replace("NAME", namespace), turn)
            else:
                each.failure = "not on PATH"
    yield from measure.table(runs)


def _run(ground: Ground, runs: measure.Runs, command: str, turn: int) -> None:
    words = ["sh", "-c", command.replace("kubectl ", f"{ground.kubectl} ")]
    seconds, megabytes, output, code = measure.run(words, ground.folder, ground.kubeconfig)
    if code or not ("widgets" in output or "widget." in output):
        runs.failure = f"failed (exit code {code}): {output.strip()[-100:]}"
    elif turn:
        runs.add(seconds, megabytes)


if __name__ == "__main__":
    main()
