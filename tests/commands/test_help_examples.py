"""Every example of every help screen, as it is written, through the real kubectl on a real cluster.

Each command's lines run in their order, with bash, in a folder and with a kubeconfig of their own. What a
line needs before it, what is typed at it, and which exit code it has is in the tables; whatever is in none of
them runs as it is, without a terminal, and gives 0.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pexpect
import pytest
import yaml

from kubectl_ns_tools.commands.help import example_lines
from kubectl_ns_tools.errors import ExitCode
from tests.builders import Kubeconfig
from tests.commands.screen import ENTER
from tests.commands.test_help import EVERY
from tests.controlplane.servers import ControlPlane

pytestmark = pytest.mark.integration

_PATIENCE = 180.0
ARN = "arn:aws:eks:eu-west-1:123456789012:cluster/blue"
CONTROL_C = "\x03"

# Shell lines that make what the examples name; blue.yaml and admin.conf lie beside the folder.
BLUE = "kubectl apply -f ../blue.yaml"
FILES = """
kubectl ns-template new web > web.yaml
mkdir templates && cp web.yaml templates
printf 'kind: LimitRange\\napiVersion: v1\\nmetadata:\\n  name: base\\n' > base.yaml
printf 'kind: ConfigMap\\napiVersion: v1\\nmetadata:\\n  name: istio\\n' > istio.yaml
"""
PUBLIC = "kubectl create namespace kubectl-ns-tools --dry-run=client -o yaml | kubectl apply -f -"
JOB = "kubectl create -n blue job once --image=x && kubectl run -n blue debug --image=x"
EXPIRED = """
kubectl ns-create pr-1 pr-2 pr-3
kubectl annotate namespace pr-1 pr-2 pr-3 kubectl-ns-tools/expires=2026-01-01T00:00:00Z
"""
STUCK = f"""
{BLUE} && kubectl apply -f ../broken-api.yaml && kubectl delete namespace blue --wait=false
timeout 120 sh -c 'until [ -z "$(kubectl get cm,pvc,sa,secret -n blue -o name)" ]; do sleep 0.2; done'
"""
PREPARED: dict[str, str] = {
    "ctx-import": "cp ../admin.conf admin.conf",
    "ctx-rename": f"kubectl ctx-rename kind-a {ARN}; cp ../admin.conf admin.conf",
    "ctx-undo": "kubectl ctx-switch dev-1",
    "ns-backup": BLUE,
    "ns-create": "kubectl delete namespace blue --ignore-not-found; printf 'red\\nyellow\\n' > teams.txt",
    "ns-delete": f"{BLUE}\n{EXPIRED}",
    "ns-restore": f"{BLUE}; kubectl ns-delete blue --yes",
    "ns-status": BLUE,
    "ns-switch": BLUE,
    "ns-template": f"{BLUE}; {PUBLIC}",
    "ns-template capture": BLUE,
    "ns-template lint": FILES,
    "ns-template publish": f"{FILES}\n{PUBLIC}",
    "ns-template render": f"{BLUE}\n{FILES}",
    "ns-template show": FILES,
}
BEFORE: dict[str, str] = {
    "kubectl ctx-switch -": "kubectl ctx-switch dev-1",
    "kubectl ns-backup blue -o yaml": "sleep 1",  # two of one second would have the same name
    "kubectl ns-create green --diff": "kubectl delete limitrange team -n green",
    "kubectl ns-create --update --all-from team": "kubectl delete limitrange team -n red",
    "kubectl ns-delete blue --dry-run -o html > blue.html": BLUE,
    "kubectl ns-delete blue --plan blue.json --strict": BLUE,
    "kubectl ns-delete blue --retain-volumes": BLUE,
    "kubectl ns-delete blue --only job --only pod/debug": JOB,
    "kubectl ns-delete blue --force-finalize --give-up metrics.k8s.io": STUCK,
    "kubectl ns-restore blue --only secret/tls --yes": "kubectl delete secret tls -n blue",
}
AFTER: dict[str, str] = {
    "kubectl ns-delete blue --force-finalize --give-up metrics.k8s.io": "kubectl delete apiservice "
    "v1beta1.metrics.k8s.io",
}
# What is seen, and then typed at it.
NAMED = ("Type the name", "blue\n")
DECLINED = ("Type the name", "no\n")  # what would follow takes ten seconds, and is in others of the examples
AGREED = (r"\(y/N\):", "y\n")
TYPED: dict[str, tuple[str, str]] = {
    "kubectl ctx-switch": ("blue@kubernetes", ENTER),
    "kubectl ns-switch": ("blue", ENTER),
    "kubectl ctx-delete blue@kubernetes": AGREED,
    "kubectl ctx-shell blue@kubernetes -n blue": ("[$#] ", "exit\n"),
    "kubectl ns-list --watch": ("kube-system", CONTROL_C),
    "kubectl ns-create green --update": AGREED,
    "kubectl ns-template publish web --delete": AGREED,
    "kubectl ns-create --update --all-from team": AGREED,
    "kubectl ns-delete blue": NAMED,
    "kubectl ns-delete -l team=blue": DECLINED,
    "kubectl ns-delete blue --contexts 'dev-*'": DECLINED,
    "kubectl ns-delete --apply blue.json": NAMED,
    "kubectl ns-delete blue --retain-volumes": DECLINED,
    "kubectl ns-delete blue --custom-resources-first --scale-down-first": DECLINED,
    "kubectl ns-delete blue --only job --only pod/debug": NAMED,
    "kubectl ns-delete blue --except persistentvolumeclaim --except secret/tls": NAMED,
    "kubectl ns-delete blue --force-finalize --give-up metrics.k8s.io": NAMED,
}
CODES: dict[str, int] = {
    **{line: ExitCode.REFUSED for line, typed in TYPED.items() if typed is DECLINED},
    "kubectl ns-create green --diff": ExitCode.DIFFERENT,
    "kubectl ns-list --watch": ExitCode.INTERRUPTED,
    "kubectl ns-template render web.yaml -n blue -p OWNER=jane | kubectl diff -f -": 1,
}
# What needs a namespace not to be there comes before those that make it.
ORDER = sorted(EVERY, key=lambda name: name != "ns-create")


_BLUE = (
    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "blue", "labels": {"team": "blue"}}},
    {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "tls", "namespace": "blue"}},
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web", "namespace": "blue"}},
    {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data", "namespace": "blue"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    },
)
_BROKEN_API = {
    "apiVersion": "apiregistration.k8s.io/v1",
    "kind": "APIService",
    "metadata": {"name": "v1beta1.metrics.k8s.io"},
    "spec": {
        "group": "metrics.k8s.io",
        "version": "v1beta1",
        "groupPriorityMinimum": 100,
        "versionPriority": 100,
        "insecureSkipTLSVerify": True,
        "service": {"name": "gone", "namespace": "default"},
    },
}


@pytest.fixture(scope="module")
def cluster(binaries: Path) -> Iterator[ControlPlane]:
    folder = Path(tempfile.mkdtemp(prefix="kubectl-ns-tools-"))
    with ControlPlane.start(folder, binaries) as started:
        yield started
    shutil.rmtree(folder)


class Home:
    """Where one command's examples run."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self.environ = dict(environ)

    def run(self, line: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["bash", "-o", "pipefail", "-c", line], cwd=self.folder, env=self.environ, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
            timeout=_PATIENCE,
        )  # fmt: skip

    def prepare(self, lines: str) -> None:
        done = self.run(f"set -e\n{lines}")
        assert done.returncode == 0, f"{lines}\n{done.stdout}"

    def typed(self, line: str, shown: str, keys: str) -> tuple[int, str]:
        child = pexpect.spawn(
            "bash", ["-c", line], cwd=str(self.folder), env=self.environ, encoding="utf-8", timeout=_PATIENCE,
            dimensions=(40, 100),
        )  # fmt: skip
        child.expect(shown)
        before = child.before
        child.send(keys)
        child.expect(pexpect.EOF)
        child.close()
        return child.exitstatus if child.signalstatus is None else -child.signalstatus, before + child.before


@pytest.fixture
def home(cluster: ControlPlane, scratch_home: Path, plugin_environ: dict[str, str], tmp_path: Path) -> Home:
    admin = cluster.kubeconfig_dict()
    body, user = admin["clusters"][0]["cluster"], admin["users"][0]["user"]
    config = Kubeconfig().cluster("kubernetes", **body).user("kubernetes-admin", **user)
    for name in ("kubernetes-admin@kubernetes", "blue@kubernetes"):
        config.context(name, "kubernetes", "kubernetes-admin", "blue" if name.startswith("blue") else "")
    for name in ("kind-a", "kind-b", "dev-1"):
        config.cluster(name, **body).user(name, **user).context(name, name, name)
    config.current("kubernetes-admin@kubernetes").write(scratch_home / ".kube" / "config").chmod(0o600)
    shutil.copy(cluster.kubeconfig, tmp_path / "admin.conf")
    (tmp_path / "blue.yaml").write_text(yaml.safe_dump_all(_BLUE))
    (tmp_path / "broken-api.yaml").write_text(yaml.safe_dump(_BROKEN_API))
    stand_ins(tmp_path / "bin")
    work = tmp_path / "work"
    work.mkdir()
    path = os.pathsep.join([str(tmp_path / "bin"), plugin_environ["PATH"]])
    return Home(work, plugin_environ | {"PATH": path})


def stand_ins(folder: Path) -> None:
    """For programs that are no part of this: `ssh host COMMAND` runs it here, helm lists nothing."""
    folder.mkdir()
    for name, text in {"ssh": 'shift; cd "$HOME"; exec sh -c "$*"', "helm": "true"}.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)


@pytest.mark.parametrize("name", ORDER)
def test_every_example_works(name: str, home: Home) -> None:
    home.prepare(PREPARED.get(name, "true"))
    for line in example_lines(EVERY[name]):
        home.prepare(BEFORE.get(line, "true"))
        if line in TYPED:
            code, text = home.typed(line, *TYPED[line])
        else:
            done = home.run(line)
            code, text = done.returncode, done.stdout
        assert code == CODES.get(line, 0), f"$ {line}\n{text}"
        home.prepare(AFTER.get(line, "true"))


def test_the_tables_are_about_examples_that_there_are() -> None:
    lines = {line for command in EVERY.values() for line in example_lines(command)}
    assert {*BEFORE, *AFTER, *TYPED, *CODES} <= lines
    assert set(PREPARED) <= set(EVERY)
