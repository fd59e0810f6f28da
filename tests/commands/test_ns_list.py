import json
import time
from pathlib import Path

import pytest
import yaml

from kubectl_ns_tools.errors import ExitCode
from tests.builders import Kubeconfig
from tests.cluster.scripted import Scripted
from tests.commands.conftest import executable

pytestmark = pytest.mark.integration


def rows(text: str) -> dict[str, dict[str, str]]:
    """The cells of a table, by name and header; cells begin where their header does."""
    header, *lines = text.splitlines()
    names = header.split()
    starts = [header.index(name) for name in names]
    ends = [*starts[1:], None]
    cells = [[line[start:end].strip() for start, end in zip(starts, ends, strict=True)] for line in lines]
    return {row[names.index("NAME")]: dict(zip(names, row, strict=True)) for row in cells}


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
    # The controller rests for half a minute when a kind goes just while it gets to know it.
    kubectl("wait", "-n", namespace, "quota/q", "--for=jsonpath={.status.used.configmaps}=1", "--timeout=90s")
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
    kubectl("label", "namespace", namespace, f"team={namespace}")
    selected = ("-l", f"team={namespace}", "-o")
    names = run("ns-list", *selected, "name", "--kubeconfig", kubeconfig).stdout
    assert names == f"namespace/{namespace}\n"
    ours = json.loads(run("ns-list", *selected, "json", "--kubeconfig", kubeconfig).stdout)
    said = json.loads(kubectl("get", "namespaces", *selected, "json").stdout)
    assert ours["kind"] == said["kind"] == "List"
    assert [item["metadata"]["uid"] for item in ours["items"]] == [
        item["metadata"]["uid"] for item in said["items"]
    ]


def test_nothing_found_is_said_on_stderr(kubeconfig, run) -> None:
    result = run("ns-list", "-l", "no=such", "--kubeconfig", kubeconfig)
    assert (result.stdout, result.stderr) == ("", "No resources found\n")


def test_without_rights_on_quotas_the_rest_is_shown(controlplane, kubectl, allowed, namespace, run) -> None:
    user = f"lister-{namespace}"
    kubectl("create", "clusterrole", user, "--verb=list", "--resource=namespaces")
    kubectl("create", "clusterrolebinding", user, f"--clusterrole={user}", f"--user={user}")
    allowed(user, "list", "namespaces")
    shown = rows(run("ns-list", "--kubeconfig", controlplane.user(user)).stdout)
    assert shown[namespace]["QUOTA"] == "<forbidden>"
    kubectl("delete", "clusterrole,clusterrolebinding", user)


def test_forbidden_is_in_kubectls_words(controlplane, kubectl, namespace_name, run) -> None:
    config = controlplane.user(f"nobody-{namespace_name}")
    result = run("ns-list", "--kubeconfig", config, code=ExitCode.FAILED)
    said = kubectl("get", "namespaces", "--kubeconfig", config, check=False).stderr
    assert result.stderr == said


def test_an_unreachable_server_has_its_own_exit_code(tmp_path, run) -> None:
    config = Kubeconfig().context("a").current("a").write(tmp_path / "config")
    result = run("ns-list", "--kubeconfig", config, code=ExitCode.UNREACHABLE)
    assert "The connection to the server 127.0.0.1:1 was refused" in result.stderr


@pytest.fixture
def labelled(kubectl, namespace):
    """A namespace, and the selector that finds it alone."""
    kubectl("label", "namespace", namespace, f"only={namespace}")
    return namespace, f"only={namespace}"


def annotate(kubectl, namespace: str, **notes: str) -> None:
    kubectl(
        "annotate", "namespace", namespace, "--overwrite",
        *(f"kubectl-ns-tools/{key}={value}" for key, value in notes.items()),
    )  # fmt: skip


def test_only_what_is_over_is_listed_as_expired(kubeconfig, kubectl, labelled, run) -> None:
    namespace, selector = labelled
    options = ("-l", selector, "--expired", "-o", "name", "--kubeconfig", kubeconfig)
    annotate(kubectl, namespace, expires="2999-01-01T00:00:00Z")
    assert run("ns-list", *options).stdout == ""
    annotate(kubectl, namespace, expires="2020-01-01T00:00:00Z")
    assert run("ns-list", *options).stdout == f"namespace/{namespace}\n"


def test_wide_names_owner_and_drift(kubeconfig, namespace_name, run, monkeypatch, tmp_path) -> None:
    template = tmp_path / "templates" / "mine.yaml"
    template.parent.mkdir()
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"
    template.write_text(text)
    monkeypatch.setenv("KUBECTL_NS_TOOLS_TEMPLATES", str(template.parent))
    run("ns-create", namespace_name, "-t", "mine", "--kubeconfig", kubeconfig)

    def shown() -> dict[str, str]:
        return rows(run("ns-list", "-o", "wide", "--kubeconfig", kubeconfig).stdout)[namespace_name]

    assert (shown()["DRIFT"], shown()["OWNER"]) == ("current", "kubernetes-admin")
    template.write_text(text + "data: {a: b}\n")
    assert shown()["DRIFT"] == "older"
    template.unlink()
    assert shown()["DRIFT"] == "unknown"
    listed = json.loads(run("ns-list", "-o", "json", "--kubeconfig", kubeconfig).stdout)["items"]
    (summary,) = (item["summary"] for item in listed if item["metadata"]["name"] == namespace_name)
    assert summary == {"template": "mine", "drift": "unknown", "owner": "kubernetes-admin", "expired": False}


@pytest.mark.parametrize(("order", "falls"), [(".metadata.creationTimestamp", False), ("age", True)])
def test_the_order_is_also_that_of_data(order, falls, kubeconfig, namespace, run) -> None:
    items = json.loads(run("ns-list", "--sort-by", order, "-o", "json", "--kubeconfig", kubeconfig).stdout)[
        "items"
    ]
    created = [item["metadata"]["creationTimestamp"] for item in items]
    assert len(set(created)) > 1
    assert created == sorted(created, reverse=falls)


def test_an_unknown_order_is_named(kubeconfig, run) -> None:
    result = run("ns-list", "--sort-by", ".metadata.nam", "--kubeconfig", kubeconfig, code=ExitCode.USAGE)
    assert "did you mean '.metadata.name'?" in result.stderr


def several(kubeconfig: Path, **servers: str) -> None:
    """More contexts: two of the real cluster, and one for each of the servers."""
    config = yaml.safe_load(kubeconfig.read_text())
    real = config["contexts"][0]["context"]
    for name, namespace in (("real-a", "default"), ("real-b", "kube-system")):
        config["contexts"].append({"name": name, "context": {**real, "namespace": namespace}})
    for name, server in servers.items():
        config["clusters"].append({"name": name, "cluster": {"server": server}})
        config["contexts"].append({"name": name, "context": {"cluster": name, "user": real["user"]}})
    kubeconfig.write_text(yaml.safe_dump(config))


def test_several_contexts_are_listed_and_dead_ones_are_warnings(kubeconfig, labelled, run) -> None:
    _, selector = labelled
    with Scripted().silence() as silent:
        several(kubeconfig, dead="https://127.0.0.1:1", silent=silent.url)
        began = time.monotonic()
        result = run(
            "ns-list", "-l", selector, "--contexts", "real-*", "--contexts", "dead", "--contexts", "silent",
            "--request-timeout", "4s", "--kubeconfig", kubeconfig, code=ExitCode.FAILED,
        )  # fmt: skip
    assert time.monotonic() - began < 16
    header, *lines = result.stdout.splitlines()
    assert header.split()[:3] == ["CURRENT", "CONTEXT", "NAME"]
    assert [line.split()[0] for line in lines] == ["real-a", "real-b"]
    warnings = result.stderr.splitlines()
    assert [line.partition(" is not listed")[0] for line in warnings] == [
        'Warning: context "dead"',
        'Warning: context "silent"',
    ]


def test_a_plugin_that_hangs_is_a_warning_too(kubeconfig, labelled, run) -> None:
    _, selector = labelled
    several(kubeconfig)
    version = "client.authentication.k8s.io/v1"
    plugin = {"apiVersion": version, "command": "sleep", "args": ["60"], "interactiveMode": "Never"}
    config = yaml.safe_load(kubeconfig.read_text())
    cluster = config["contexts"][0]["context"]["cluster"]
    config["users"].append({"name": "asleep", "user": {"exec": plugin}})
    config["contexts"].append({"name": "asleep", "context": {"cluster": cluster, "user": "asleep"}})
    kubeconfig.write_text(yaml.safe_dump(config))
    began = time.monotonic()
    result = run(
        "ns-list", "-l", selector, "--contexts", "real-a", "--contexts", "asleep",
        "--request-timeout", "4s", "--kubeconfig", kubeconfig, code=ExitCode.FAILED,
    )  # fmt: skip
    assert time.monotonic() - began < 20
    assert len(result.stdout.splitlines()) == 2
    assert result.stderr == (
        'Warning: context "asleep" is not listed: Unable to connect to the server: getting credentials: '
        "exec: sleep gave no answer within 4s\n"
    )


def test_each_context_has_its_own_current_namespace(kubeconfig, run) -> None:
    several(kubeconfig)
    shown = run("ns-list", "--contexts", "real-*", "-o", "wide", "--kubeconfig", kubeconfig).stdout
    current = [line.split()[1:3] for line in shown.splitlines() if line.startswith("*")]
    assert current == [["real-a", "default"], ["real-b", "kube-system"]]


def test_nothing_is_said_to_be_empty_that_was_not_seen(kubeconfig, run) -> None:
    several(kubeconfig, dead="https://127.0.0.1:1")
    result = run("ns-list", "--contexts", "dead", "--kubeconfig", kubeconfig, code=ExitCode.FAILED)
    assert result.stdout == ""
    assert "No resources found" not in result.stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--contexts", "*", "--context", "a"),
        ("--contexts", "*", "-o", "name"),
        ("--watch", "-o", "json"),
    ],
    ids=" ".join,
)
def test_options_that_exclude_each_other(options, kubeconfig, run) -> None:
    assert run("ns-list", *options, "--kubeconfig", kubeconfig, code=ExitCode.USAGE).stdout == ""


def test_a_watch_shows_what_changes_until_it_is_interrupted(
    kubeconfig, kubectl, labelled, on_terminal
) -> None:
    namespace, selector = labelled
    arguments = ["--watch", "-l", selector, "--kubeconfig", str(kubeconfig)]
    watching = on_terminal(executable("ns-list"), *arguments).child
    watching.expect(rf"CURRENT +NAME.*\r\n +{namespace} +Active .*\r\n")
    annotate(kubectl, namespace, template="team")
    watching.expect(rf"^ +{namespace} +Active +\S+ +team +<none>\r\n")
    watching.sendintr()
    watching.expect("interrupted")
    watching.wait()
    assert watching.exitstatus == ExitCode.INTERRUPTED
