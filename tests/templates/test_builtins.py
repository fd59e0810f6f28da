"""The built-in templates: what they create, exactly, and which pods are admitted then."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from kubectl_ns_tools.templates.library.draft import read_draft
from kubectl_ns_tools.templates.library.shelves import BUILTIN_FOLDER, BuiltinShelf
from kubectl_ns_tools.templates.objects import read_objects
from tests.controlplane.waiting import wait_until

pytestmark = pytest.mark.usefixtures("admitted_whatever_it_takes")
Run = Callable[..., Any]
KINDS = "resourcequotas,limitranges,networkpolicies,roles,rolebindings,services,pods"
TEAM = {
    "ResourceQuota/team",
    "LimitRange/team",
    "NetworkPolicy/default-deny",
    "NetworkPolicy/allow-same-namespace",
    "NetworkPolicy/allow-dns",
}
PLAIN_POD = {"containers": [{"name": "c", "image": "registry.example.com/none"}]}
CONFORMING_POD = {
    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    "containers": [
        {
            "name": "c",
            "image": "registry.example.com/none",
            "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        }
    ],
}


def pod(spec: dict[str, Any]) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec})


@pytest.fixture
def content(kubectl: Run, namespace_name: str) -> Callable[[], dict[str, Any]]:
    """What is in the namespace, by "Kind/name"."""

    def read() -> dict[str, Any]:
        items = json.loads(kubectl("get", KINDS, "-n", namespace_name, "-o", "json").stdout)["items"]
        return {f"{item['kind']}/{item['metadata']['name']}": item for item in items}

    return read


@pytest.fixture
def await_refusal(kubectl: Run, namespace_name: str) -> Callable[[str, str], None]:
    """Returns when the server refuses a pod for this reason. A quota's controller that counts before it has
    heard of the first pod counts rightly the next time, ten seconds later; a dry run leaves no pod till then.
    """
    create = ["create", "--dry-run=server", "-n", namespace_name, "-f", "-"]

    def wait(text: str, reason: str) -> None:
        wait_until(lambda: reason in kubectl(*create, input=text, check=False).stderr)

    return wait


@pytest.mark.parametrize("name", BuiltinShelf().names())
def test_a_builtin_begins_with_what_it_is_for_and_declares_what_it_uses(name: str) -> None:
    [source] = BuiltinShelf().sources(name)
    assert re.match(r"# [A-Z`].*\n(#.*\n)*#   kubectl ns-create ", source.text)
    draft = read_draft([source])
    [piece] = draft.pieces
    assert (draft.problems, draft.implied) == ([], set())
    behind = {"TTL"} if "EXPIRES" in draft.uses else set()  # what EXPIRES is made of
    assert (draft.uses.keys() - {"NAMESPACE", "EXPIRES"}) | behind == draft.declared.keys()
    assert all(parameter.description for [parameter] in draft.declared.values())
    assert piece.manifest.metadata["name"] == name
    assert piece.manifest.metadata["annotations"]["description"].endswith(".")


def test_restricted_is_team_and_more() -> None:
    def objects(name: str) -> list[Any]:
        [template] = read_objects((BUILTIN_FOLDER / f"{name}.yaml").read_text(), name)
        return list(template.data["objects"][1:])

    assert objects("restricted") == objects("team")


@pytest.mark.integration
def test_default_is_a_bare_namespace(run: Run, kubectl: Run, namespace_name: str, content: Run) -> None:
    run("ns-create", namespace_name)
    live = json.loads(kubectl("get", "namespace", namespace_name, "-o", "json").stdout)
    assert live["metadata"]["labels"] == {
        "app.kubernetes.io/managed-by": "kubectl-ns-tools",
        "kubectl-ns-tools/template": "default",
        "kubernetes.io/metadata.name": namespace_name,
    }
    assert live["metadata"]["annotations"]["kubectl-ns-tools/template"] == "default"
    assert content() == {}
    kubectl("create", "-n", namespace_name, "-f", "-", input=pod(PLAIN_POD))


@pytest.mark.integration
def test_team_holds_what_it_promises(run: Run, kubectl: Run, namespace_name: str, content: Run) -> None:
    run("ns-create", namespace_name, "-t", "team", "-p", "ADMIN_GROUP=devs", "-p", "PODS=7")
    kubectl("create", "-n", namespace_name, "-f", "-", input=pod(PLAIN_POD))
    found = content()
    assert found.keys() == TEAM | {"RoleBinding/admin", "Pod/p"}
    assert found["ResourceQuota/team"]["spec"]["hard"] == {
        "requests.cpu": "4",
        "requests.memory": "8Gi",
        "limits.cpu": "16",
        "limits.memory": "32Gi",
        "pods": "7",
        "requests.storage": "100Gi",
        "services.loadbalancers": "2",
    }
    assert found["Pod/p"]["spec"]["containers"][0]["resources"] == {
        "requests": {"cpu": "100m", "memory": "128Mi"},
        "limits": {"cpu": "400m", "memory": "512Mi"},
    }
    binding = found["RoleBinding/admin"]
    assert binding["roleRef"]["name"] == "admin"
    assert [(who["kind"], who["name"]) for who in binding["subjects"]] == [("Group", "devs")]


@pytest.mark.integration
def test_team_is_closed_but_for_dns_and_itself(run: Run, namespace_name: str, content: Run) -> None:
    run("ns-create", namespace_name, "-t", "team")
    specs = {name: item["spec"] for name, item in content().items() if item["kind"] == "NetworkPolicy"}
    everything = {"podSelector": {}}
    assert specs["NetworkPolicy/default-deny"] == {**everything, "policyTypes": ["Ingress", "Egress"]}
    assert specs["NetworkPolicy/allow-same-namespace"] == {
        **everything,
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [{"from": [everything]}],
        "egress": [{"to": [everything]}],
    }
    dns = specs["NetworkPolicy/allow-dns"]
    ports = {(port["protocol"], port["port"]) for port in dns["egress"][0]["ports"]}
    assert {("UDP", 53), ("TCP", 53)} <= ports
    assert "kube-system" in dns["egress"][0]["to"][0]["namespaceSelector"]["matchExpressions"][0]["values"]
    assert dns["policyTypes"] == ["Egress"]


@pytest.mark.integration
def test_team_binds_nobody_when_nobody_is_named_and_says_so(
    run: Run, namespace_name: str, content: Run
) -> None:
    result = run("ns-create", namespace_name, "-t", "team")
    assert result.stderr == (
        "Warning: rolebinding.rbac.authorization.k8s.io/admin is left out:"
        " ${ADMIN_GROUP} and ${ADMIN_USER} are empty\n"
    )
    assert content().keys() == TEAM


@pytest.mark.integration
def test_the_admin_user_of_team_may_work_in_it(run: Run, kubectl: Run, namespace_name: str) -> None:
    run("ns-create", namespace_name, "-t", "team", "-p", "ADMIN_USER=anna")
    can = ["auth", "can-i", "create", "deployments", "-n", namespace_name, "--as", "anna"]
    wait_until(lambda: kubectl(*can, check=False).stdout.strip() == "yes")  # rights hold a little later


@pytest.mark.integration
def test_restricted_admits_only_pods_that_conform(
    run: Run, kubectl: Run, namespace_name: str, content: Run
) -> None:
    run("ns-create", namespace_name, "-t", "restricted", "-p", "ADMIN_USER=anna")
    live = json.loads(kubectl("get", "namespace", namespace_name, "-o", "json").stdout)
    security = {key: value for key, value in live["metadata"]["labels"].items() if "pod-security" in key}
    modes = ("enforce", "audit", "warn")
    assert security == {
        **{f"pod-security.kubernetes.io/{mode}": "restricted" for mode in modes},
        **{f"pod-security.kubernetes.io/{mode}-version": "latest" for mode in modes},
    }
    refused = kubectl("create", "-n", namespace_name, "-f", "-", input=pod(PLAIN_POD), check=False)
    assert 'violates PodSecurity "restricted:latest"' in refused.stderr
    kubectl("create", "-n", namespace_name, "-f", "-", input=pod(CONFORMING_POD))
    assert content().keys() == TEAM | {"RoleBinding/admin", "Pod/p"}


@pytest.mark.integration
@pytest.mark.parametrize("name", BuiltinShelf().names())
def test_real_kubectl_creates_from_a_dry_run(run: Run, kubectl: Run, namespace_name: str, name: str) -> None:
    text = run("ns-create", namespace_name, "-t", name, "--dry-run=client", "-o", "yaml").stdout
    created = kubectl("create", "-f", "-", input=text).stdout
    assert created.startswith(f"namespace/{namespace_name} created\n")


@pytest.mark.integration
class TestSandbox:
    def test_it_holds_what_it_promises(
        self, run: Run, kubectl: Run, namespace_name: str, content: Run
    ) -> None:
        before = datetime.now(timezone.utc)
        run("ns-create", namespace_name, "-t", "sandbox", "-p", "OWNER=anna", "-p", "TTL=8h", "-p", "PODS=1")
        live = json.loads(kubectl("get", "namespace", namespace_name, "-o", "json").stdout)
        annotations = live["metadata"]["annotations"]
        end = datetime.strptime(annotations["kubectl-ns-tools/expires"], "%Y-%m-%dT%H:%M:%S%z")
        assert timedelta(hours=8, seconds=-1) <= end - before <= timedelta(hours=8, minutes=2)
        assert annotations["kubectl-ns-tools/owner"] == "anna"
        kubectl("create", "-n", namespace_name, "-f", "-", input=pod(PLAIN_POD))
        found = content()
        assert found.keys() == {
            "ResourceQuota/sandbox",
            "LimitRange/sandbox",
            "NetworkPolicy/only-from-same-namespace",
            "RoleBinding/owner",
            "Pod/p",
        }
        assert found["Pod/p"]["spec"]["containers"][0]["resources"] == {
            "requests": {"cpu": "50m", "memory": "64Mi"},
            "limits": {"cpu": "200m", "memory": "256Mi"},
        }
        spec = found["NetworkPolicy/only-from-same-namespace"]["spec"]
        assert spec["ingress"] == [{"from": [{"podSelector": {}}]}]
        assert spec["policyTypes"] == ["Ingress"]

    def test_the_quota_is_enforced(
        self, run: Run, kubectl: Run, namespace_name: str, await_refusal: Run
    ) -> None:
        run("ns-create", namespace_name, "-t", "sandbox", "-p", "PODS=1")
        kubectl("create", "-n", namespace_name, "-f", "-", input=pod(PLAIN_POD))
        second = pod(PLAIN_POD).replace('"name": "p"', '"name": "q"')
        await_refusal(second, "exceeded quota: sandbox, requested: pods=1, used: pods=1, limited: pods=1")
        service = ["create", "service", "loadbalancer", "lb", "--tcp=80", "-n", namespace_name]
        assert "exceeded quota: sandbox" in kubectl(*service, check=False).stderr

    def test_the_owner_may_edit_and_nobody_else(self, run: Run, kubectl: Run, namespace_name: str) -> None:
        run("ns-create", namespace_name, "-t", "sandbox", "-p", "OWNER=anna")
        can = ["auth", "can-i", "create", "deployments", "-n", namespace_name, "--as"]
        wait_until(lambda: kubectl(*can, "anna", check=False).stdout.strip() == "yes")
        assert kubectl(*can, "bob", check=False).stdout.strip() == "no"
        roles = ["auth", "can-i", "create", "rolebindings", "-n", namespace_name, "--as", "anna"]
        assert kubectl(*roles, check=False).stdout.strip() == "no"

    def test_a_time_to_live_that_is_none_is_refused(self, run: Run) -> None:
        result = run("ns-create", "blue", "-t", "sandbox", "-p", "TTL=tomorrow", "--dry-run", code=4)
        assert "parameter TTL: 'tomorrow' does not match the pattern ([0-9]{1,4}[mhdw])+" in result.stderr


@pytest.mark.integration
class TestCi:
    def test_it_holds_what_it_promises(
        self, run: Run, kubectl: Run, namespace_name: str, content: Run, await_refusal: Run
    ) -> None:
        run("ns-create", namespace_name, "-t", "ci", "-p", "PODS=1")
        job_pod = {**PLAIN_POD, "serviceAccountName": "ci"}
        kubectl("create", "-n", namespace_name, "-f", "-", input=pod(job_pod))
        assert content().keys() == {
            "ResourceQuota/ci",
            "LimitRange/ci",
            "NetworkPolicy/only-from-same-namespace",
            "RoleBinding/ci",
            "Pod/p",
        }
        second = pod(job_pod).replace('"name": "p"', '"name": "q"')
        await_refusal(second, "exceeded quota: ci, requested: pods=1, used: pods=1, limited: pods=1")

    def test_the_pipeline_may_deploy_here_and_nowhere_else(
        self, run: Run, kubectl: Run, namespace_name: str
    ) -> None:
        runner = ["-p", "RUNNER_NAMESPACE=runners", "-p", "RUNNER_ACCOUNT=builder"]
        run("ns-create", namespace_name, "-t", "ci", *runner)

        def may(account: str, namespace: str) -> str:
            who = ["-n", namespace, "--as", f"system:serviceaccount:{account}"]
            answer: str = kubectl("auth", "can-i", "create", "deployments", *who, check=False).stdout
            return answer.strip()

        wait_until(lambda: may(f"{namespace_name}:ci", namespace_name) == "yes")
        wait_until(lambda: may("runners:builder", namespace_name) == "yes")
        assert may(f"{namespace_name}:ci", "default") == "no"
        assert may(f"{namespace_name}:default", namespace_name) == "no"

    def test_a_token_of_the_account_can_be_had(self, run: Run, kubectl: Run, namespace_name: str) -> None:
        run("ns-create", namespace_name, "-t", "ci")
        assert kubectl("create", "token", "ci", "-n", namespace_name).stdout.count(".") == 2
