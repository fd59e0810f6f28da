import json

import pytest

from kubectl_ns_tools.errors import ExitCode

pytestmark = pytest.mark.integration


def rows(text: str) -> dict[str, dict[str, str]]:
    """The cells of a table, by name and header; cells begin where their header does."""
    header, *lines = text.splitlines()
    names = header.split()
    starts = [header.index(name) for name in names]
    ends = [*starts[1:], None]
    cells = [[line[start:end].strip() for start, end in zip(starts, ends, strict=True)] for line in lines]
    return {row[1]: dict(zip(names, row, strict=True)) for row in cells}


def test_the_namespaces_of_a_new_cluster_are_there(kubeconfig, run) -> None:
    shown = rows(run("ns-list", "--kubeconfig", kubeconfig).stdout)
    assert {"default", "kube-node-lease", "kube-public", "kube-system"} <= set(shown)
    assert shown["default"]["CURRENT"] == "*"
    assert shown["kube-system"]["CURRENT"] == ""
    assert shown["kube-system"]["STATUS"] == "Active"


def test_template_quota_and_expiry_are_shown(kubeconfig, kubectl, namespace, run) -> None:
    kubectl(
        "annotate",
        "namespace",
        namespace,
        "kubectl-ns-tools/template=team",
        "kubectl-ns-tools/expires=2030-01-01",
    )
    kubectl("create", "quota", "q", "-n", namespace, "--hard=configmaps=4,pods=10")
    kubectl("wait", "-n", namespace, "quota/q", "--for=jsonpath={.status.used.configmaps}=1", "--timeout=20s")
    shown = rows(run("ns-list", "--kubeconfig", kubeconfig).stdout)[namespace]
    assert (shown["TEMPLATE"], shown["QUOTA"], shown["EXPIRES"]) == ("team", "25% configmaps", "2030-01-01")


def test_a_namespace_that_does_not_go_says_why(kubeconfig, kubectl, namespace, run) -> None:
    held = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "held", "finalizers": ["example.com/hold"]},
    }
    kubectl("create", "-n", namespace, "-f", "-", input=json.dumps(held))
    kubectl("delete", "namespace", namespace, "--wait=false")
    condition = "NamespaceFinalizersRemaining"
    kubectl("wait", f"namespace/{namespace}", f"--for=condition={condition}", "--timeout=60s")
    shown = rows(run("ns-list", "--kubeconfig", kubeconfig).stdout)[namespace]
    assert shown["STATUS"] == "Terminating"
    assert "example.com/hold" in shown["WHY"]
    kubectl(
        "patch",
        "configmap",
        "held",
        "-n",
        namespace,
        "--type=merge",
        "-p",
        '{"metadata":{"finalizers":null}}',
    )


def test_labels_select_and_json_is_kubectls_list(kubeconfig, kubectl, namespace, run) -> None:
    kubectl("label", "namespace", namespace, "team=blue")
    assert (
        run("ns-list", "-l", "team=blue", "-o", "name", "--kubeconfig", kubeconfig).stdout
        == f"namespace/{namespace}\n"
    )
    ours = json.loads(run("ns-list", "-l", "team=blue", "-o", "json", "--kubeconfig", kubeconfig).stdout)
    said = json.loads(kubectl("get", "namespaces", "-l", "team=blue", "-o", "json").stdout)
    assert ours["kind"] == said["kind"] == "List"
    assert [item["metadata"]["uid"] for item in ours["items"]] == [
        item["metadata"]["uid"] for item in said["items"]
    ]


def test_nothing_found_is_said_on_stderr(kubeconfig, run) -> None:
    result = run("ns-list", "-l", "no=such", "--kubeconfig", kubeconfig)
    assert (result.stdout, result.stderr) == ("", "No resources found\n")


def test_without_rights_on_quotas_the_rest_is_shown(controlplane, kubectl, namespace, run) -> None:
    user = f"lister-{namespace}"
    kubectl("create", "clusterrole", user, "--verb=list", "--resource=namespaces")
    kubectl("create", "clusterrolebinding", user, f"--clusterrole={user}", f"--user={user}")
    shown = rows(run("ns-list", "--kubeconfig", controlplane.user(user)).stdout)
    assert shown[namespace]["QUOTA"] == "<forbidden>"
    kubectl("delete", "clusterrole,clusterrolebinding", user)


def test_forbidden_is_in_kubectls_words(controlplane, kubectl, namespace_name, run) -> None:
    config = controlplane.user(f"nobody-{namespace_name}")
    result = run("ns-list", "--kubeconfig", config, code=ExitCode.FAILED)
    said = kubectl("get", "namespaces", "--kubeconfig", config, check=False).stderr
    assert result.stderr == said


def test_an_unreachable_server_has_its_own_exit_code(tmp_path, run) -> None:
    from tests.builders import Kubeconfig

    config = Kubeconfig().context("a").current("a").write(tmp_path / "config")
    result = run("ns-list", "--kubeconfig", config, code=ExitCode.UNREACHABLE)
    assert "The connection to the server 127.0.0.1:1 was refused" in result.stderr
