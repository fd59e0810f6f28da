"""The built-in templates: what they create, exactly, and which pods are admitted then."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from kubectl_ns_tools.templates.find import BUILTIN_FOLDER, builtin_names, find_template
from kubectl_ns_tools.templates.objects import read_objects
from kubectl_ns_tools.templates.parameters import declared_parameters
from kubectl_ns_tools.templates.substitution import references

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


@pytest.mark.parametrize("name", builtin_names())
def test_a_builtin_begins_with_what_it_is_for_and_declares_what_it_uses(name: str) -> None:
    source = find_template(name, "")
    assert re.match(r"# [A-Z`].*\n(#.*\n)*#   kubectl ns-create ", source.text)
    [template] = read_objects(source.text, source.name)
    problems: list[str] = []
    declared = declared_parameters(template, problems)
    used = {reference for _, reference in references(template.data["objects"])}
    assert (problems, used) == ([], declared.keys() | {"NAMESPACE"})
    assert all(parameter.description for parameter in declared.values())
    assert template.data["metadata"]["name"] == name


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
        "kubernetes.io/metadata.name": namespace_name,
    }
    assert live["metadata"]["annotations"] == {"kubectl-ns-tools/template": "default"}
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
    asked = kubectl("auth", "can-i", "create", "deployments", "-n", namespace_name, "--as", "anna")
    assert asked.stdout.strip() == "yes"


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
