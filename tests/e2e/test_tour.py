"""The tour, walked with the installed executables through the real kubectl on a control plane of its own, and
compared with its page in the documentation.

After each step it is checked what the cluster and the kubeconfig then hold, by kubectl, not by us.
"""

import json
from collections.abc import Callable

import pytest

from tests.e2e import documents, transcript
from tests.e2e.shell import Shell
from tests.e2e.tour import STEPS
from tests.e2e.tour_page import page

pytestmark = [pytest.mark.e2e, pytest.mark.integration]
IN_KUBE_SYSTEM = ("configmaps", "serviceaccounts", "roles.rbac.authorization.k8s.io")


class Tour:
    """What the steps leave, as kubectl sees it. output: of each step's commands, in order; at_first: how
    much was in kube-system before them, in which a new cluster goes on to put things."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self.output: list[str] = []
        self.at_first = {kind: len(self.names(kind, "kube-system")) for kind in IN_KUBE_SYSTEM}

    def kubectl(self, *words: str) -> str:
        """kubectl's stdout, "" when it fails."""
        done = self._shell.run("kubectl " + " ".join(words) + " 2>/dev/null")
        return done.stdout.strip() if done.returncode == 0 else ""

    def get(self, *words: str) -> dict:
        return json.loads(self.kubectl("get", *words, "-o", "json"))

    def names(self, kind: str, namespace: str) -> set[str]:
        return {item["metadata"]["name"] for item in self.get(kind, "-n", namespace)["items"]}

    def config(self, path: str) -> str:
        return self.kubectl("config", "view", "-o", f"jsonpath='{path}'")


def step_1(tour: Tour) -> None:
    for name in ("default", "kube-node-lease", "kube-public", "kube-system"):
        assert any(name in line and "Active" in line for line in tour.output[0].splitlines())
    assert tour.output[0].startswith("CURRENT   NAME ")


def step_2(tour: Tour) -> None:
    shown = {
        line.split()[0]: line.split()[1] for line in tour.output[0].splitlines() if len(line.split()) == 2
    }
    for kind in IN_KUBE_SYSTEM:
        assert tour.at_first[kind] <= int(shown[kind]) <= len(tour.names(kind, "kube-system"))


def step_3(tour: Tour) -> None:
    assert tour.output == ["namespace/blue created\n"]
    assert tour.get("namespace", "blue")["status"]["phase"] == "Active"


def step_4(tour: Tour) -> None:
    assert "namespace/orange created (server dry run)" in tour.output[3]
    assert tour.get("namespace", "orange")["metadata"]["labels"]["team"] == "orange"


def step_5(tour: Tour) -> None:
    assert tour.names("pods", "green") == {"nginx"}
    assert tour.names("resourcequotas", "green") == {"team"}
    assert tour.names("limitranges", "green") == {"team"}
    assert tour.names("networkpolicies", "green") == {"default-deny", "allow-same-namespace", "allow-dns"}
    subjects = tour.get("rolebinding", "admin", "-n", "green")["subjects"]
    assert [subject["name"] for subject in subjects] == ["green-admins"]
    container = tour.get("pod", "nginx", "-n", "green")["spec"]["containers"][0]
    assert container["resources"]["limits"] == {"cpu": "400m", "memory": "512Mi"}
    assert tour.get("resourcequota", "team", "-n", "green")["status"]["used"]["pods"] == "1"


def step_6(tour: Tour) -> None:
    assert tour.names("pods", "lime") == {"nginx"}
    assert "lime.yaml:10: metadata.namespace" in tour.output[-1]
    assert tour.kubectl("get", "namespace", "pink") == ""


def step_7(tour: Tour) -> None:
    assert "kubernetes-admin@kubernetes" in tour.output[0]
    secret = json.loads(tour.kubectl("config", "view", "--raw", "-o", "json"))["users"][0]["user"]
    for value in (value for key, value in secret.items() if key in ("token", "client-key-data")):
        assert value not in tour.output[1]
    assert "server: https://127.0.0.1:" in tour.output[1]


def step_8(tour: Tour) -> None:
    context = tour.config('{.contexts[?(@.name=="blue@kubernetes")].context}')
    assert json.loads(context) == {"cluster": "kubernetes", "user": "kubernetes-admin", "namespace": "blue"}
    assert 'cluster "kubernets" does not exist' in tour.output[1]
    assert "--user is needed (users there are: kubernetes-admin)" in tour.output[1]
    assert "red@kubernetes" not in tour.kubectl("config", "get-contexts", "-o", "name")


def step_9(tour: Tour) -> None:
    assert tour.output == ["kubernetes-admin@kubernetes\n"]
    assert tour.kubectl("config", "current-context") == "kubernetes-admin@kubernetes"


def step_10(tour: Tour) -> None:
    assert tour.output[1] == "No resources found in blue namespace.\n"
    assert 'Switched to context "kubernetes-admin@kubernetes".' in tour.output[2]
    assert tour.kubectl("config", "current-context") == "blue@kubernetes"


def step_11(tour: Tour) -> None:
    assert "nginx" in tour.output[1]
    assert tour.config('{.contexts[?(@.name=="blue@kubernetes")].context.namespace}') == "blue"


def step_12(tour: Tour) -> None:
    preview = tour.output[0]
    for line in ("pod/nginx", "resourcequota/team", "rolebinding.rbac.authorization.k8s.io/admin"):
        assert line in preview
    assert 'namespace "green" deleted' in tour.output[1]
    assert tour.kubectl("get", "namespace", "green") == ""
    assert "green" not in tour.output[2]


def step_13(tour: Tour) -> None:
    refusal = tour.output[1]
    assert "red.yaml:6:" in refusal
    assert 'no matches for kind "Pod" in version "v2"' in refusal
    assert "v1" in refusal.partition('version "v2"')[2]  # step 14: the version that this cluster serves
    assert tour.kubectl("get", "namespace", "red") == ""


CHECKS: dict[int, Callable[[Tour], None]] = {
    1: step_1, 2: step_2, 3: step_3, 4: step_4, 5: step_5, 6: step_6, 7: step_7,
    8: step_8, 9: step_9, 10: step_10, 11: step_11, 12: step_12, 13: step_13,
}  # fmt: skip


def test_the_whole_tour_in_its_order(private_shell: Shell) -> None:
    assert [step.number for step in STEPS] == list(CHECKS)
    tour, walked = Tour(private_shell), []
    for step in STEPS:
        tour.output = [private_shell.walk(command) for command in step.commands]
        CHECKS[step.number](tour)
        walked.append((step, tour.output))
    again = private_shell.as_readers(page(walked))
    assert transcript.normalised(again) == transcript.normalised(documents.TOUR.read_text()), (
        "write it anew with: make readme"
    )
