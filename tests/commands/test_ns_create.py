import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml

from kubectl_ns_tools.errors import ExitCode
from tests.controlplane.servers import ControlPlane
from tests.templates.ground import is_taken_back

EXECUTABLE = Path(__file__).parents[2] / "bin" / "kubectl-ns_create"
Run = Callable[..., Any]
TEAM = [
    "resourcequota/team",
    "limitrange/team",
    "networkpolicy.networking.k8s.io/default-deny",
    "networkpolicy.networking.k8s.io/allow-same-namespace",
    "networkpolicy.networking.k8s.io/allow-dns",
    "rolebinding.rbac.authorization.k8s.io/admin",
]
CONFIGMAP = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}\n"


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets what the command reads from standard input."""

    def feed(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(text.encode())))

    return feed


@pytest.fixture
def cluster(kubeconfig: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real cluster is the one that the command finds without flags."""
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig))


def namespace_of(name: str, template: str, **metadata: Any) -> dict[str, Any]:
    labels = {"app.kubernetes.io/managed-by": "kubectl-ns-tools", "kubectl-ns-tools/template": template}
    header = {"apiVersion": "v1", "kind": "Namespace"}
    return {**header, "metadata": {"name": name, "labels": labels, **metadata}}


class TestWithoutACluster:
    """No kubeconfig is there, so whatever asked a server would fail."""

    def test_a_client_dry_run_prints_kubectls_words(self, run: Run) -> None:
        assert run("ns-create", "blue", "--dry-run=client").stdout == "namespace/blue created (dry run)\n"
        assert run("ns-create", "--dry-run", "blue").stdout == "namespace/blue created (dry run)\n"

    def test_a_client_dry_run_names_every_object(self, run: Run) -> None:
        arguments = ["ns-create", "blue", "-t", "team", "-p", "ADMIN_USER=anna", "--dry-run"]
        references = ["namespace/blue", *TEAM]
        assert run(*arguments, "-o", "name").stdout.splitlines() == references
        assert run(*arguments).stdout.splitlines() == [f"{each} created (dry run)" for each in references]

    def test_the_yaml_of_a_dry_run_is_the_objects(self, run: Run) -> None:
        result = run("ns-create", "blue", "--dry-run=client", "-o", "yaml")
        expected = namespace_of("blue", "default", annotations={"kubectl-ns-tools/template": "default"})
        assert list(yaml.safe_load_all(result.stdout)) == [expected]
        assert result.stderr == ""

    def test_the_json_of_a_dry_run_is_a_list(self, run: Run) -> None:
        found = json.loads(run("ns-create", "blue", "--dry-run=client", "-t", "team", "-o", "json").stdout)
        assert (found["apiVersion"], found["kind"]) == ("v1", "List")
        assert [item["kind"] for item in found["items"]][:2] == ["Namespace", "ResourceQuota"]

    def test_strings_that_yaml_would_misread_stay_strings(self, run: Run, file: Run) -> None:
        text = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: 'on', b: '012', c: '1e3'}}"
        result = run("ns-create", "blue", "-f", file(text), "--dry-run=client", "-o", "yaml")
        assert list(yaml.safe_load_all(result.stdout))[1]["data"] == {"a": "on", "b": "012", "c": "1e3"}

    @pytest.mark.parametrize("name", ["Blue", "a_b", "-a", "a.b", "x" * 64])
    def test_a_name_that_no_namespace_can_have_is_refused_first(self, run: Run, name: str) -> None:
        result = run("ns-create", "-t", "nowhere", "--", name, code=ExitCode.REFUSED)
        assert result.stderr.startswith(
            f'error: the namespace "{name}" is invalid: a lowercase RFC 1123 label'
        )

    def test_a_name_is_needed(self, run: Run, file: Run) -> None:
        assert "Missing argument 'NAME'" in run("ns-create", code=ExitCode.USAGE).stderr
        result = run("ns-create", "-f", file(CONFIGMAP), "--dry-run", code=ExitCode.REFUSED)
        assert result.stderr.startswith("error: which namespace?")

    def test_a_name_in_a_file_is_checked_too(self, run: Run, file: Run) -> None:
        text = "{apiVersion: v1, kind: Namespace, metadata: {name: Blue}}"
        result = run("ns-create", "-f", file(text), "--dry-run", code=ExitCode.REFUSED)
        assert result.stderr.startswith('error: the namespace "Blue" is invalid')

    @pytest.mark.parametrize("flag", ["-t", "-f"])
    def test_standard_input_is_read(self, run: Run, type_in: Run, flag: str) -> None:
        type_in(CONFIGMAP)
        result = run("ns-create", "blue", flag, "-", "--dry-run", "-o", "name")
        assert result.stdout == "namespace/blue\nconfigmap/c\n"

    def test_standard_input_is_read_once(self, run: Run) -> None:
        result = run("ns-create", "blue", "-t", "-", "-f", "-", "--dry-run", code=ExitCode.REFUSED)
        assert result.stderr == "error: standard input can be read only once\n"

    def test_standard_input_that_is_no_text_is_refused(
        self, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"a: 1\nb: \xff\n")))
        result = run("ns-create", "blue", "-f", "-", "--dry-run", code=ExitCode.REFUSED)
        assert result.stderr == "error: STDIN:2: not UTF-8 text\n"

    def test_files_add_to_a_template(self, run: Run, file: Run) -> None:
        result = run("ns-create", "blue", "-t", "default", "-f", file(CONFIGMAP), "--dry-run", "-o", "name")
        assert result.stdout == "namespace/blue\nconfigmap/c\n"

    def test_a_literal_dollar_in_a_file_stays_and_in_a_template_is_a_parameter(
        self, run: Run, file: Run
    ) -> None:
        path = file("{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: 'echo ${HOME}'}}")
        result = run("ns-create", "blue", "-f", path, "--dry-run", "-o", "json")
        assert json.loads(result.stdout)["items"][1]["data"] == {"a": "echo ${HOME}"}
        result = run("ns-create", "blue", "-t", path, "--dry-run", code=ExitCode.REFUSED)
        assert f"{path}:1: parameter HOME has no value: -p HOME=…" in result.stderr
        result = run("ns-create", "blue", "-t", path, "-p", "HOME=/x", "--dry-run", "-o", "json")
        assert json.loads(result.stdout)["items"][1]["data"] == {"a": "echo /x"}

    def test_an_object_of_another_namespace_is_refused_with_file_line_and_field(
        self, run: Run, file: Run
    ) -> None:
        path = file("apiVersion: v1\nkind: Pod\nmetadata:\n  name: nginx\n  namespace: red\n")
        result = run("ns-create", "blue", "-f", path, "--dry-run", code=ExitCode.REFUSED)
        assert result.stderr == (
            f'error: {path}:5: metadata.namespace: pod/nginx belongs to "red", but "blue" is to be created\n'
        )

    def test_a_kind_that_only_a_cluster_knows_is_left_as_written_and_told(self, run: Run, file: Run) -> None:
        path = file("{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}}")
        result = run("ns-create", "blue", "-f", path, "--dry-run", "-o", "json")
        assert "namespace" not in json.loads(result.stdout)["items"][1]["metadata"]
        assert result.stderr == (
            "widget.example.com/w: left as written, only a cluster knows if it is namespaced\n"
        )

    def test_an_unknown_template_and_an_unknown_parameter_are_told(self, run: Run) -> None:
        result = run("ns-create", "blue", "-t", "tema", code=ExitCode.NOT_FOUND)
        assert result.stderr == "error: there is no template 'tema'\nhint: did you mean 'team'?\n"
        result = run("ns-create", "blue", "-p", "A=1", code=ExitCode.REFUSED)
        assert result.stderr == "error: unknown parameter A\nhint: there are no parameters to give\n"

    def test_a_server_dry_run_needs_a_cluster(self, run: Run) -> None:
        result = run("ns-create", "blue", "--dry-run=server", code=ExitCode.NOT_FOUND)
        assert "current-context is not set" in result.stderr


@pytest.mark.integration
@pytest.mark.usefixtures("cluster", "admitted_whatever_it_takes", "rolled_back_whatever_it_takes")
class TestOnACluster:
    def test_each_object_is_told_in_kubectls_words(self, run: Run, kubectl: Run, namespace_name: str) -> None:
        result = run("ns-create", namespace_name, "-t", "team", "-p", "ADMIN_USER=anna")
        references = [f"namespace/{namespace_name}", *TEAM]
        assert result.stdout.splitlines() == [f"{each} created" for each in references]
        assert result.stderr == ""
        kubectl("get", *TEAM, "-n", namespace_name)

    @pytest.mark.parametrize("form", ["name", "json", "yaml"])
    def test_the_result_as_data(self, run: Run, kubectl: Run, namespace_name: str, form: str) -> None:
        stdout = run("ns-create", namespace_name, "-o", form).stdout
        if form == "name":
            assert stdout == f"namespace/{namespace_name}\n"
            return
        found = json.loads(stdout)["items"] if form == "json" else list(yaml.safe_load_all(stdout))
        assert [item["metadata"]["name"] for item in found] == [namespace_name]
        assert "managedFields" not in found[0]["metadata"]
        uid = kubectl("get", "namespace", namespace_name, "-o", "jsonpath={.metadata.uid}").stdout
        assert found[0]["metadata"]["uid"] == uid

    @pytest.mark.parametrize("template", ["default", "team", "restricted"])
    @pytest.mark.parametrize("form", ["json", "yaml"])
    def test_real_kubectl_creates_from_the_output_of_a_dry_run(
        self, run: Run, kubectl: Run, namespace_name: str, template: str, form: str
    ) -> None:
        parameters = [] if template == "default" else ["-p", "ADMIN_GROUP=g"]
        arguments = ["ns-create", namespace_name, "-t", template, *parameters]
        text = run(*arguments, "--dry-run=client", "-o", form).stdout
        created = kubectl("create", "-f", "-", input=text).stdout
        expected = [f"namespace/{namespace_name}", *([] if template == "default" else TEAM)]
        assert created.splitlines() == [f"{each} created" for each in expected]

    def test_the_edited_output_of_a_dry_run_is_created(
        self, run: Run, kubectl: Run, namespace_name: str, file: Run
    ) -> None:
        text = run("ns-create", namespace_name, "-t", "team", "--dry-run=client", "-o", "yaml").stdout
        path = file(text.replace("pods: '40'", "pods: '3'"))
        run("ns-create", "-f", path)
        quota = kubectl("get", "resourcequota/team", "-n", namespace_name, "-o", "jsonpath={.spec.hard.pods}")
        assert quota.stdout == "3"
        note = kubectl("get", "namespace", namespace_name, "-o", "jsonpath={.metadata.annotations}").stdout
        assert json.loads(note)["kubectl-ns-tools/template"] == "team"
        assert "kubectl-ns-tools/template-digest" not in json.loads(note)

    def test_the_output_of_kubectls_own_dry_run_is_created(
        self, run: Run, kubectl: Run, namespace_name: str, type_in: Run
    ) -> None:
        type_in(kubectl("create", "namespace", namespace_name, "--dry-run=client", "-o", "yaml").stdout)
        run("ns-create", "-f", "-")
        kubectl("get", "namespace", namespace_name)

    def test_a_server_dry_run_says_what_the_server_did_not_see_and_creates_nothing(
        self, run: Run, kubectl: Run, namespace_name: str
    ) -> None:
        arguments = ["ns-create", namespace_name, "-t", "team", "-p", "ADMIN_USER=a", "--dry-run=server"]
        result = run(*arguments)
        first, *others = result.stdout.splitlines()
        assert first == f"namespace/{namespace_name} created (server dry run)"
        assert others == [f"{each} created (dry run)" for each in TEAM]
        assert result.stderr == (
            f'not validated, because namespace "{namespace_name}" does not exist yet: {", ".join(TEAM)}\n'
        )
        assert kubectl("get", "namespace", namespace_name, check=False).returncode == 1
        items = json.loads(run(*arguments, "-o", "json").stdout)["items"]
        assert items[0]["metadata"]["annotations"] == {"kubectl-ns-tools/template": "team"}

    def test_a_wrong_version_is_refused_before_anything_is_written(
        self, run: Run, kubectl: Run, namespace_name: str, file: Run
    ) -> None:
        path = file(f"{CONFIGMAP}---\napiVersion: v2\nkind: Pod\nmetadata: {{name: p}}\n")
        for mode in ("none", "server"):
            result = run("ns-create", namespace_name, "-f", path, f"--dry-run={mode}", code=ExitCode.REFUSED)
            assert result.stderr == (
                f'error: {path}:3: no matches for kind "Pod" in version "v2"'
                " (this cluster serves Pod in v1)\n"
            )
            assert result.stdout == ""
        assert kubectl("get", "namespace", namespace_name, check=False).returncode == 1

    def test_a_failure_says_which_object_failed_and_what_was_taken_back(
        self, run: Run, kubectl: Run, namespace_name: str, file: Run
    ) -> None:
        quota = "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q}\nspec:\n  hard:\n    pods: -1\n"
        path = file(f"{CONFIGMAP}---\n{quota}")
        result = run("ns-create", namespace_name, "-f", path, code=ExitCode.FAILED)
        assert result.stdout == f"namespace/{namespace_name} created\nconfigmap/c created\n"
        assert result.stderr == (
            "removing what was created\n"
            f'error: {path}:8: resourcequota/q: The ResourceQuota "q" is invalid:'
            ' spec.hard[pods]: Invalid value: "-1": must be greater than or equal to 0\n'
            f"  namespace/{namespace_name} deleted again\n"
            "  gone with the namespace: configmap/c\n"
        )
        assert kubectl("get", "namespace", namespace_name, check=False).returncode == 1

    def test_a_namespace_that_exists_is_refused(self, run: Run, namespace: str) -> None:
        for mode in ("none", "server"):
            result = run("ns-create", namespace, f"--dry-run={mode}", code=ExitCode.REFUSED)
            assert result.stderr == (
                f'error: namespaces "{namespace}" already exists\n'
                "hint: kubectl ns-create NAME --update applies a template to a namespace that exists\n"
            )

    def test_warnings_of_the_server_are_shown(self, run: Run, namespace_name: str, file: Run) -> None:
        labels = "{pod-security.kubernetes.io/warn: restricted}"
        header = (
            f"{{apiVersion: v1, kind: Namespace, metadata: {{name: {namespace_name}, labels: {labels}}}}}"
        )
        pod = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}"
        result = run("ns-create", "-f", file(f"{header}\n---\n{pod}\n"))
        assert 'Warning: would violate PodSecurity "restricted:latest"' in result.stderr

    def test_the_message_of_a_template_is_shown(self, run: Run, namespace_name: str, file: Run) -> None:
        path = file("{apiVersion: v1, kind: Template, message: 'Ask ${NAMESPACE}-owners', objects: []}")
        assert run("ns-create", namespace_name, "-t", path).stderr == f"Ask {namespace_name}-owners\n"

    def test_a_cluster_scoped_object_that_was_there_is_told_in_kubectls_words(
        self, run: Run, kubectl: Run, namespace_name: str, file: Run
    ) -> None:
        role = f"role-{uuid4().hex[:8]}"
        kubectl("create", "clusterrole", role, "--verb=get", "--resource=pods")
        try:
            header = (
                f"apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {{name: {role}}}"
            )
            result = run("ns-create", namespace_name, "-f", file(f"{{{header}}}"))
            assert result.stdout.splitlines()[1] == (
                f"clusterrole.rbac.authorization.k8s.io/{role} serverside-applied"
            )
        finally:
            kubectl("delete", "clusterrole", role)

    def test_ctrl_c_takes_the_namespace_back(
        self, controlplane: ControlPlane, namespace_name: str, file: Run
    ) -> None:
        path = file("---\n".join(CONFIGMAP.replace("name: c", f"name: c{index}") for index in range(2000)))
        command = [sys.executable, str(EXECUTABLE), namespace_name, "-f", str(path)]
        # A small pipe: it cannot come to its end while nobody reads.
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, pipesize=4096
        ) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == f"namespace/{namespace_name} created\n"
            child.send_signal(signal.SIGINT)
            stdout, stderr = child.communicate(timeout=120)
        assert child.returncode == ExitCode.INTERRUPTED
        assert "configmap/c1999" not in stdout
        # "is being deleted" where it is not gone in fifteen seconds
        first, late = re.split(
            rf"  namespace/{namespace_name} (?:deleted again|is being deleted; .*)\n", stderr
        )
        assert first == "removing what was created\nerror: interrupted\n"
        # what was created before the signal came through, if anything
        assert not late or late.startswith("  gone with the namespace: configmap/c")
        assert is_taken_back(controlplane, namespace_name)

    def test_a_user_without_any_right_is_told_by_the_server(
        self, run: Run, controlplane: ControlPlane, namespace_name: str
    ) -> None:
        nobody = controlplane.user(f"nobody-{uuid4().hex[:8]}")
        for mode in ("none", "server"):
            arguments = ["ns-create", namespace_name, "--kubeconfig", nobody, f"--dry-run={mode}"]
            result = run(*arguments, code=ExitCode.REFUSED)
            assert result.stderr.splitlines()[0] == (
                f"error: builtin/default.yaml:12: namespace/{namespace_name}: you may not create namespaces"
            )
        result = run(*arguments[:4], "--no-check-rights", code=ExitCode.FAILED)
        assert 'namespaces is forbidden: User "nobody-' in result.stderr
        assert "deleted again" not in result.stderr
