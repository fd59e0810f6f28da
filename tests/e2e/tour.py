"""The tour: the steps of the everyday journey, as `make demo` shows them and the tour test walks them.

Commands are shell lines. All of them run with bash in one scratch folder, each in a shell of its own, with
the installed executables and the real kubectl on PATH, and KUBECONFIG at a new cluster's admin kubeconfig.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """One shell line, the exit code that it must end with, and what it reads from stdin."""

    line: str
    exit_code: int = 0
    stdin: str = ""


@dataclass(frozen=True)
class Step:
    """One row of the tour."""

    number: int
    title: str
    commands: tuple[Command, ...]


def _do(*lines: str) -> tuple[Command, ...]:
    return tuple(Command(line) for line in lines)


_NGINX = """\
apiVersion: v1
kind: Pod
metadata:
  name: nginx
spec:
  containers:
  - name: nginx
    image: nginx
"""
_POD_TEMPLATE = """\
apiVersion: v1
kind: Namespace
metadata:
  name: ${NAMESPACE}
---
apiVersion: v1
kind: Pod
metadata:
  name: nginx
  namespace: lime
spec:
  containers:
  - name: nginx
    image: nginx
"""
_WRONG_VERSION = """\
apiVersion: v1
kind: Namespace
metadata:
  name: red
---
apiVersion: v2
kind: Pod
metadata:
  name: nginx
"""

STEPS: list[Step] = [
    Step(1, "see the namespaces, their status and age", _do("kubectl ns-list")),
    Step(2, "see everything that is in one namespace", _do("kubectl ns-status kube-system")),
    Step(3, "create a namespace by name", _do("kubectl ns-create blue")),
    Step(
        4,
        "have the YAML first, edit it, create from the file; real kubectl takes the same file",
        _do(
            "kubectl ns-create orange --dry-run=client -o yaml > orange.yaml",
            "cat orange.yaml",
            "sed -i 's/^  labels:/&\\n    team: orange/' orange.yaml",
            "kubectl create --dry-run=server -f orange.yaml",
            "kubectl ns-create -f orange.yaml",
            "kubectl get namespace orange --show-labels",
        ),
    ),
    Step(
        5,
        "run a pod by flag in a namespace that a template has prepared",
        (
            *_do("kubectl ns-create green -t team -p ADMIN_GROUP=green-admins"),
            Command("cat > nginx.yaml", stdin=_NGINX),
            *_do(
                "kubectl create -f nginx.yaml -n green",
                "kubectl get resourcequota,limitrange,networkpolicy,rolebinding,pod -n green",
            ),
        ),
    ),
    Step(
        6,
        "the namespace that a manifest names: it lands there, or is refused with file and field",
        (
            Command("cat > lime.yaml", stdin=_POD_TEMPLATE),
            Command("kubectl ns-create lime -t ./lime.yaml"),
            Command("kubectl get pods -n lime"),
            Command("kubectl ns-create pink -t ./lime.yaml", exit_code=4),
        ),
    ),
    Step(7, "look at the kubeconfig, secrets redacted", _do("kubectl ctx-list", "kubectl ctx-list -o yaml")),
    Step(
        8,
        "make a context with a default namespace",
        (
            Command("kubectl ctx-set blue@kubernetes --cluster kubernetes --user kubernetes-admin -n blue"),
            Command("kubectl ctx-set red@kubernetes --cluster=kubernets", exit_code=4),
        ),
    ),
    Step(9, "see the current context", _do("kubectl ctx-current")),
    Step(
        10,
        "switch, and back; kubectl's default namespace follows",
        _do(
            "kubectl ctx-switch blue@kubernetes",
            "kubectl get pods",
            "kubectl ctx-switch -",
            "kubectl ctx-switch -",
        ),
    ),
    Step(
        11,
        "change only the default namespace, and back",
        _do("kubectl ns-switch green", "kubectl get pods", "kubectl ns-switch -"),
    ),
    Step(
        12,
        "delete the namespace, and everything in it, after a preview",
        _do("kubectl ns-delete green --dry-run", "kubectl ns-delete green --yes", "kubectl ns-list"),
    ),
    Step(
        13,
        "a wrong apiVersion is refused before anything is written",
        (
            Command("cat > red.yaml", stdin=_WRONG_VERSION),
            Command("kubectl ns-create -f red.yaml", exit_code=4),
            Command("kubectl get namespace red", exit_code=1),
        ),
    ),
]
