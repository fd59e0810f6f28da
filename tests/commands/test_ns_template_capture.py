"""ns-template capture, on real namespaces."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml

from kubectl_ns_tools.errors import ExitCode
from tests.controlplane.servers import ControlPlane

Run = Callable[..., Any]
pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("admitted_whatever_it_takes")]
KINDS = "resourcequotas,limitranges,networkpolicies,serviceaccounts,roles,rolebindings"
MORE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, labels: {team: blue}}
rules:
- {apiGroups: [""], resources: [configmaps], verbs: [get, list]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: ci, annotations: {example.com/note: "costs ${MONEY}"}}
automountServiceAccountToken: false
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: readers}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects:
- {kind: ServiceAccount, name: ci}
- {kind: ServiceAccount, name: argo, namespace: argocd}
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:serviceaccounts:HERE"}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: from-here}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: HERE}}}]}]
---
apiVersion: v1
kind: Secret
metadata: {name: hidden}
stringData: {password: verysecret}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, kubeconfig: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig))
    return tmp_path


@pytest.fixture
def blue(run: Run, kubectl: Run, namespace_name: str) -> str:
    """The name of a namespace with much in it."""
    run("ns-create", namespace_name, "-t", "restricted", "-p", "ADMIN_GROUP=devs", "-p", "LIMITS_CPU=12")
    kubectl("apply", "-n", namespace_name, "-f", "-", input=MORE.replace("HERE", namespace_name))
    kubectl("label", "namespace", namespace_name, "team=blue")
    kubectl("annotate", "namespace", namespace_name, "example.com/note=$${NAMESPACE} stays")
    return namespace_name


@pytest.fixture
def other_name(controlplane: ControlPlane) -> Any:
    """The name of a second namespace, deleted afterwards."""
    name = f"t-{uuid4().hex[:10]}"
    yield name
    controlplane.api.call("DELETE", f"/api/v1/namespaces/{name}")


@pytest.fixture
def policy(kubectl: Run) -> Callable[[str], dict[str, Any]]:
    """What a namespace says and has, without what is the server's or ours; its own name is HERE."""

    def read(namespace: str) -> dict[str, Any]:
        items = json.loads(kubectl("get", KINDS, "-n", namespace, "-o", "json").stdout)["items"]
        items.append(json.loads(kubectl("get", "namespace", namespace, "-o", "json").stdout))
        found = {}
        for item in items:
            metadata = {
                field: {
                    key: value
                    for key, value in (item["metadata"].get(field) or {}).items()
                    if "kubectl" not in key and key != "app.kubernetes.io/managed-by"
                }
                for field in ("labels", "annotations")
            }
            rest = {key: value for key, value in item.items() if key not in ("metadata", "status")}
            body = json.dumps({**metadata, **rest}, sort_keys=True).replace(namespace, "HERE")
            found[f"{item['kind']}/{item['metadata']['name']}".replace(namespace, "HERE")] = json.loads(body)
        return found

    return read


class TestRoundTrip:
    def test_another_namespace_gets_the_same_policy(
        self, run: Run, policy: Run, blue: str, other_name: str
    ) -> None:
        result = run("ns-template", "capture", blue, "--name", "blue", "--into", "blue.yaml")
        assert result.stderr == "blue.yaml written; next: kubectl ns-template lint ./blue.yaml\n"
        run("ns-template", "lint", "blue.yaml")
        run("ns-create", other_name, "-t", "blue.yaml")
        assert policy(other_name) == policy(blue)
        again = run("ns-template", "capture", other_name, "--name", "blue").stdout
        assert again.replace(other_name, blue) == Path("blue.yaml").read_text()

    def test_the_numbers_and_the_people_are_parameters(
        self, run: Run, policy: Run, blue: str, other_name: str
    ) -> None:
        run("ns-template", "capture", blue, "--into", "blue.yaml")
        given = ["-p", "LIMITS_CPU=2500m", "-p", "ADMIN_GROUP=ops", "-p", "READER_ACCOUNT="]
        run("ns-create", other_name, "-t", "blue.yaml", *given)
        made = policy(other_name)
        assert made["ResourceQuota/team"]["spec"]["hard"]["limits.cpu"] == "2500m"
        assert [each["name"] for each in made["RoleBinding/admin"]["subjects"]] == ["ops"]
        names = [each["name"] for each in made["RoleBinding/readers"]["subjects"]]
        assert names == ["ci", "system:serviceaccounts:HERE"]
        refused = run("ns-create", "x", "-t", "blue.yaml", "-p", "LIMITS_CPU=many", "--dry-run", code=4)
        assert "parameter LIMITS_CPU: 'many' is not a quantity" in refused.stderr


def test_what_is_not_policy_is_not_in_it(run: Run, blue: str) -> None:
    text = run("ns-template", "capture", blue).stdout
    template = yaml.safe_load(text)
    kinds = {each["kind"] for each in template["objects"]}
    assert kinds == {
        "Namespace", "ResourceQuota", "LimitRange", "NetworkPolicy", "ServiceAccount", "Role", "RoleBinding",
    }  # fmt: skip
    words = ("verysecret", "hidden", "uid", "managedFields", "last-applied", "kube-root-ca", "status:")
    assert [word for word in (*words, "creationTimestamp", "kubectl-ns-tools/") if word in text] == []
    assert json.loads(run("ns-template", "capture", blue, "-o", "json").stdout) == template


def test_a_namespace_that_is_not_there(run: Run) -> None:
    result = run("ns-template", "capture", "no-such", code=ExitCode.NOT_FOUND)
    first, hint = result.stderr.splitlines()
    assert first == 'Error from server (NotFound): namespaces "no-such" not found'
    assert hint.startswith("hint: namespaces there are: ")
    assert "default" in hint.split(": ")[2].split(", ")  # whatever other tests have before it


def test_a_name_that_is_none(run: Run) -> None:
    result = run("ns-template", "capture", "default", "--name", "a\nb: c", code=ExitCode.REFUSED)
    assert result.stdout == ""


def test_a_file_that_is_there_stays(run: Run, folder: Path) -> None:
    (folder / "x.yaml").write_text("mine")
    run("ns-template", "capture", "default", "--into", "x.yaml", code=ExitCode.REFUSED)
    assert (folder / "x.yaml").read_text() == "mine"


def test_what_may_not_be_read_is_a_warning(
    run: Run, kubectl: Run, allowed: Run, controlplane: ControlPlane, blue: str
) -> None:
    user = f"user-{blue}"
    kubectl("create", "role", "some", "-n", blue, "--verb=list", "--resource=resourcequotas,limitranges")
    kubectl("create", "rolebinding", "some", "-n", blue, "--role=some", f"--user={user}")
    allowed(user, "list", "resourcequotas", "-n", blue)
    config = controlplane.user(user)
    result = run("ns-template", "capture", blue, "--kubeconfig", config)
    kinds = [each["kind"] for each in yaml.safe_load(result.stdout)["objects"]]
    assert kinds == ["Namespace", "ResourceQuota", "LimitRange"]
    lines = result.stderr.splitlines()
    assert len(lines) == 5
    said = kubectl("get", "roles", "-n", blue, "--kubeconfig", config, check=False).stderr.strip()
    assert f"Warning: not captured: {said}" in lines


def test_who_may_read_nothing_gets_no_template(run: Run, controlplane: ControlPlane, blue: str) -> None:
    config = controlplane.user(f"nobody-{blue}")
    result = run("ns-template", "capture", blue, "--kubeconfig", config, code=ExitCode.FAILED)
    assert result.stdout == ""
    assert result.stderr.startswith("Error from server (Forbidden): namespaces ")
