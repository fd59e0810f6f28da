"""ns-create: where parameters and templates come from."""

import json
import sys
from collections.abc import Callable, Iterator
from io import BytesIO, TextIOWrapper
from pathlib import Path
from textwrap import dedent
from typing import Any

import pexpect
import pytest
import yaml

from kubectl_ns_tools.errors import ExitCode
from tests.builders import Kubeconfig
from tests.commands.terminal import interrupt, put_away
from tests.controlplane.servers import ControlPlane
from tests.templates.builders import PROJECT_REQUEST

EXECUTABLE = Path(__file__).parents[2] / "bin" / "kubectl-ns_create"
Run = Callable[..., Any]
HEADER = "apiVersion: template.openshift.io/v1\nkind: Template\nmetadata: {name: t}\n"
CONFIGMAP = "objects:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {%s}}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def template(folder: Path) -> Callable[..., str]:
    """Writes t.yaml with a ConfigMap of these values; parameters: YAML of the list."""

    def write(data: str, parameters: str = "[]", **more: str) -> str:
        extra = "".join(f"{key}: {value}\n" for key, value in more.items())
        (folder / "t.yaml").write_text(f"{HEADER}{extra}parameters: {parameters}\n{CONFIGMAP % data}")
        return "t.yaml"

    return write


@pytest.fixture
def owner(template: Run) -> str:
    """A template with OWNER, which is required, and SIZE, which is not."""
    name: str = template(
        "owner: '${OWNER}', size: '${SIZE}'",
        "[{name: OWNER, required: true, description: who pays, pattern: '[a-z]+'},"
        " {name: SIZE, value: S, enum: [S, M]}]",
    )
    return name


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets what the command reads from standard input."""

    def feed(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(text.encode())))

    return feed


@pytest.fixture
def made(run: Run) -> Callable[..., dict[str, str]]:
    """The data of the ConfigMap that a dry run shows."""

    def show(*arguments: object) -> dict[str, str]:
        result = run("ns-create", "blue", *arguments, "--dry-run=client", "-o", "json")
        data: dict[str, str] = json.loads(result.stdout)["items"][1]["data"]
        return data

    return show


class TestWhereValuesComeFrom:
    def test_the_command_line_wins_over_files_and_those_over_the_environment(
        self, made: Run, owner: str, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NS_OWNER", "env")
        monkeypatch.setenv("NS_SIZE", "M")
        (folder / "p.yaml").write_text("OWNER: file\n")
        (folder / "q.env").write_text("OWNER=later\n")
        environment = ["-t", owner, "--env-prefix", "NS_"]
        assert made(*environment) == {"owner": "env", "size": "M"}
        assert made(*environment, "--param-file", "p.yaml") == {"owner": "file", "size": "M"}
        files = [*environment, "--param-file", "p.yaml", "--param-file", "q.env"]
        assert made(*files)["owner"] == "later"
        assert made(*files, "-p", "OWNER=line", "-p", "SIZE=S") == {"owner": "line", "size": "S"}

    def test_a_file_may_be_standard_input(self, made: Run, owner: str, type_in: Run) -> None:
        type_in('{"OWNER": "stdin"}')
        assert made("-t", owner, "--param-file", "-")["owner"] == "stdin"

    def test_standard_input_is_read_once(self, run: Run, owner: str) -> None:
        arguments = ["-t", "-", "--param-file", "-", "--dry-run"]
        result = run("ns-create", "blue", *arguments, code=ExitCode.REFUSED)
        assert result.stderr == "error: standard input can be read only once\n"

    def test_variables_that_are_no_parameters_are_none_of_our_business(
        self, made: Run, owner: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("NS_OWNER", "NS_OTHER", "NS_NAMESPACE", "NS_DATE"):
            monkeypatch.setenv(name, "x")
        assert made("-t", owner, "--env-prefix", "NS_")["owner"] == "x"

    def test_all_that_is_wrong_comes_at_once_with_its_place(
        self, run: Run, owner: str, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NS_SIZE", "XL")
        (folder / "p.env").write_text("# mine\nOWNR=anna\nNAMESPACE=x\n")
        arguments = ["-t", owner, "--env-prefix", "NS_", "--param-file", "p.env", "-p", "SIZ=M", "--dry-run"]
        result = run("ns-create", "blue", *arguments, code=ExitCode.REFUSED)
        assert result.stderr.splitlines() == [
            "error: 5 things are wrong, nothing was created",
            "  p.env:2: unknown parameter OWNR (did you mean OWNER?)",
            "  unknown parameter SIZ (did you mean SIZE?)",
            "  t.yaml:4: parameter OWNER is required and must be specified (who pays): -p OWNER=…",
            "  t.yaml:4: parameter SIZE: 'XL' is not one of S, M (from $NS_SIZE)",
            "  p.env:3: parameter NAMESPACE cannot be given: it is filled in",
            "hint: parameters there are: OWNER, SIZE",
        ]

    def test_a_parameter_file_that_is_not_there(self, run: Run, owner: str) -> None:
        result = run("ns-create", "blue", "-t", owner, "--param-file", "no.env", code=ExitCode.NOT_FOUND)
        assert result.stderr == 'error: the path "no.env" does not exist\n'

    def test_an_empty_prefix_is_refused(self, run: Run, owner: str) -> None:
        result = run("ns-create", "blue", "-t", owner, "--env-prefix", "", code=ExitCode.REFUSED)
        assert "the prefix for parameters from the environment is empty" in result.stderr


class TestWithoutACluster:
    def test_the_context_is_filled_in(self, made: Run, template: Run, folder: Path) -> None:
        name = template("x: '${CONTEXT}'")
        config = Kubeconfig().context("prod").current("prod").write(folder / "config")
        assert made("-t", name, "--kubeconfig", config, "--request-timeout", "1s")["x"] == "prod"

    def test_who_you_are_must_be_told_then(self, run: Run, made: Run, template: Run) -> None:
        name = template("x: '${REQUESTER}'")
        result = run("ns-create", "blue", "-t", name, "--dry-run", code=ExitCode.REFUSED)
        assert result.stderr == (
            "error: t.yaml:6: REQUESTER has no value: the API server does not say who you are"
            " (current-context is not set): -p REQUESTER=…\n"
        )
        assert made("-t", name, "-p", "REQUESTER=anna")["x"] == "anna"

    def test_a_cluster_out_of_reach_is_a_warning_and_no_wait(
        self, run: Run, template: Run, folder: Path
    ) -> None:
        config = Kubeconfig().context("c").current("c").write(folder / "config")
        arguments = ["ns-create", "blue", "-t", "team", "--kubeconfig", config, "--dry-run"]
        result = run(*arguments, "-o", "name")
        assert result.stdout.startswith("namespace/blue\nresourcequota/team\n")
        assert result.stderr.startswith("Warning: no template was looked for in the cluster: ")

    def test_no_cluster_is_asked_for_a_file(self, run: Run, template: Run, folder: Path) -> None:
        config = Kubeconfig().context("c").current("c").write(folder / "config")
        name = template("x: y")
        result = run("ns-create", "blue", "-t", name, "--kubeconfig", config, "--dry-run")
        assert result.stderr == ""

    def test_several_templates_make_one_namespace(self, run: Run) -> None:
        arguments = ["ns-create", "blue", "-t", "default", "-t", "restricted", "-t", "team", "--dry-run"]
        result = run(*arguments, "-p", "ADMIN_USER=anna", "-o", "yaml")
        namespace, *others = yaml.safe_load_all(result.stdout)
        assert namespace["metadata"]["annotations"] == {
            "kubectl-ns-tools/template": "default+restricted+team"
        }
        assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
        assert [each["kind"] for each in others] == [
            "ResourceQuota", "LimitRange", "NetworkPolicy", "NetworkPolicy", "NetworkPolicy", "RoleBinding",
        ]  # fmt: skip

    def test_a_template_is_named_once(self, run: Run) -> None:
        result = run("ns-create", "blue", "-t", "team", "-t", "team", "--dry-run", code=ExitCode.REFUSED)
        assert result.stderr == "error: template 'team' is named twice\n"

    def test_a_conflict_names_both_files(self, run: Run, template: Run, folder: Path) -> None:
        first = template("a: b")
        (folder / "u.yaml").write_text(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  a: c\n"
        )
        result = run("ns-create", "blue", "-t", first, "-f", "u.yaml", "--dry-run", code=ExitCode.REFUSED)
        assert result.stderr == "error: u.yaml:5: configmap/c: data.a is not what it is at t.yaml:6\n"

    def test_a_folder_of_the_user_comes_first_and_that_is_said(
        self, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("KUBECTL_NS_TOOLS_TEMPLATES", str(folder))
        (folder / "team.yaml").write_text("{apiVersion: v1, kind: ConfigMap, metadata: {name: mine}}")
        (folder / "other.yaml").write_text("{apiVersion: v1, kind: ConfigMap, metadata: {name: other}}")
        result = run("ns-create", "blue", "-t", "team", "-t", "other", "--dry-run", "-o", "name")
        assert result.stdout == "namespace/blue\nconfigmap/mine\nconfigmap/other\n"
        assert result.stderr == f"template 'team' is {folder}/team.yaml, not the built-in one\n"

    def test_a_dry_run_has_the_generated_secret_and_says_so(self, run: Run, template: Run) -> None:
        name = template(
            "p: 'is ${PASSWORD}'",
            "[{name: PASSWORD, generate: expression, from: '[a-z]{12}'}]",
        )
        arguments = ["ns-create", "blue", "-t", name, "--dry-run"]
        result = run(*arguments, "-o", "yaml")
        _, configmap = yaml.safe_load_all(result.stdout)
        assert len(configmap["data"]["p"]) == len("is ") + 12
        assert result.stderr == (
            "Warning: the output has the secret value of PASSWORD in it: keep it as you would the secret\n"
        )
        assert run(*arguments, "-o", "name").stderr == ""


@pytest.mark.integration
class TestOnACluster:
    @pytest.fixture(autouse=True)
    def cluster(self, kubeconfig: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig))

    def test_the_requester_is_who_the_api_server_says(
        self, run: Run, kubectl: Run, template: Run, namespace_name: str
    ) -> None:
        name = template("x: '${REQUESTER}'")
        run("ns-create", namespace_name, "-t", name)
        found = kubectl("get", "configmap/c", "-n", namespace_name, "-o", "jsonpath={.data.x}").stdout
        assert found == "kubernetes-admin"
        result = run("ns-create", "blue", "-t", name, "-p", "REQUESTER=eve", code=ExitCode.REFUSED)
        assert result.stderr.startswith("error: parameter REQUESTER cannot be given: it is filled in\n")

    def test_a_created_secret_is_not_printed(
        self, run: Run, kubectl: Run, folder: Path, namespace_name: str
    ) -> None:
        secret = "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {p: '${PASSWORD}'}}"
        parameters = "[{name: PASSWORD, generate: expression, from: '[a-z]{20}'}]"
        text = f"{HEADER}message: it is ${{PASSWORD}}\nparameters: {parameters}\nobjects: [{secret}]\n"
        (folder / "t.yaml").write_text(text)
        result = run("ns-create", namespace_name, "-t", "t.yaml", "-o", "yaml")
        assert list(yaml.safe_load_all(result.stdout))[1]["data"] == {"p": "***"}
        assert result.stderr == "it is ***\n"
        value = kubectl("get", "secret/s", "-n", namespace_name, "-o", "jsonpath={.data.p}").stdout
        assert len(value) == 28

    def test_a_secret_is_not_in_the_error_of_the_server_that_refuses_it(
        self, run: Run, folder: Path, namespace_name: str
    ) -> None:
        spec = "{type: '${PASSWORD}', ports: [{port: 80}]}"
        service = f"{{apiVersion: v1, kind: Service, metadata: {{name: s}}, spec: {spec}}}"
        parameters = "[{name: PASSWORD, generate: expression, from: '[a-z]{20}'}]"
        (folder / "t.yaml").write_text(f"{HEADER}parameters: {parameters}\nobjects: [{service}]\n")
        result = run("ns-create", namespace_name, "-t", "t.yaml", code=ExitCode.FAILED)
        assert 'spec.type: Unsupported value: "***"' in result.stderr

    def test_openshifts_project_request_template_works_unchanged(
        self, run: Run, kubectl: Run, allowed: Run, folder: Path, namespace_name: str
    ) -> None:
        (folder / "project-request.yaml").write_text(dedent(PROJECT_REQUEST))
        given = ["-p", "PROJECT_DISPLAYNAME=Blue", "-p", "PROJECT_ADMIN_USER=anna"]
        run("ns-create", namespace_name, "-t", "project-request.yaml", *given)
        found = json.loads(kubectl("get", "namespace", namespace_name, "-o", "json").stdout)
        annotations = found["metadata"]["annotations"]
        assert annotations["openshift.io/display-name"] == "Blue"
        assert annotations["openshift.io/requester"] == "kubernetes-admin"
        allowed("anna", "create", "rolebindings", "-n", namespace_name)

    def test_a_template_of_the_cluster_is_found_in_the_real_and_in_the_dry_run(
        self, run: Run, controlplane: ControlPlane, monkeypatch: pytest.MonkeyPatch, namespace: str
    ) -> None:
        monkeypatch.setenv("KUBECTL_NS_TOOLS_TEMPLATES_NAMESPACE", namespace)
        metadata = {"name": "team", "labels": {"kubectl-ns-tools/template": "true"}}
        text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${NAME}\n"
        body = {"metadata": metadata, "data": {"template.yaml": text}}
        controlplane.api.create(f"/api/v1/namespaces/{namespace}/configmaps", body)
        for mode in ("client", "server"):
            arguments = ["ns-create", "blue-of-nobody", "-t", "team", f"--dry-run={mode}", "-o", "name"]
            result = run(*arguments, "-p", "NAME=x")
            assert result.stdout == "namespace/blue-of-nobody\nconfigmap/x\n"
            assert f"template 'team' is configmap:{namespace}/team, not the built-in one\n" in result.stderr
        result = run("ns-create", "blue", "-t", "team", "--dry-run", code=ExitCode.REFUSED)
        assert f"error: configmap:{namespace}/team:4: parameter NAME has no value" in result.stderr


class TestAtATerminal:
    @pytest.fixture
    def terminal(self) -> Iterator[Callable[..., pexpect.spawn]]:
        """Starts the command on a terminal of its own."""
        started: list[pexpect.spawn] = []

        def start(*arguments: str) -> pexpect.spawn:
            command = [str(EXECUTABLE), "blue", *arguments, "--dry-run=client"]
            child = pexpect.spawn(sys.executable, command, encoding="utf-8", dimensions=(50, 150), timeout=60)
            started.append(child)
            return child

        yield start
        for child in started:
            put_away(child)

    @staticmethod
    def ended(child: pexpect.spawn) -> tuple[int, str]:
        """The exit code and what was still written."""
        child.expect(pexpect.EOF)
        child.close()
        return child.exitstatus, child.before

    def test_what_is_required_and_missing_is_asked_for_until_it_is_right(
        self, terminal: Run, owner: str
    ) -> None:
        child = terminal("-t", owner, "-o", "yaml")
        child.expect_exact("OWNER (who pays): ")
        child.sendline("Anna")
        child.expect_exact("  'Anna' does not match the pattern [a-z]+")
        child.expect_exact("OWNER (who pays): ")
        child.sendline("")
        child.expect_exact("  a value is needed")
        child.expect_exact("OWNER (who pays): ")
        child.sendline("anna")
        code, output = self.ended(child)
        assert code == 0
        assert "owner: anna" in output
        assert "size: S" in output

    def test_what_is_given_is_not_asked_for(self, terminal: Run, owner: str) -> None:
        code, output = self.ended(terminal("-t", owner, "-p", "OWNER=anna", "-o", "name"))
        assert (code, output.split()) == (0, ["namespace/blue", "configmap/c"])

    def test_an_emptied_default_is_offered(self, terminal: Run, template: Run) -> None:
        name = template("x: '${SIZE}'", "[{name: SIZE, value: '3', required: true, type: integer}]")
        child = terminal("-t", name, "-p", "SIZE=", "-o", "yaml")
        child.expect_exact("SIZE (integer) [3]: ")
        child.sendline("")
        code, output = self.ended(child)
        assert (code, "x: '3'" in output) == (0, True)

    def test_choices_are_shown_and_a_plain_text_is_asked_for_its_names(
        self, terminal: Run, template: Run, folder: Path
    ) -> None:
        name = template("x: '${SIZE}'", "[{name: SIZE, required: true, enum: [S, M]}]")
        (folder / "plain.yaml").write_text("{apiVersion: v1, kind: ConfigMap, metadata: {name: '${OTHER}'}}")
        child = terminal("-t", name, "-t", "plain.yaml", "-o", "name")
        child.expect_exact("SIZE (one of: S, M): ")
        child.sendline("M")
        child.expect_exact("OTHER: ")
        child.sendline("o")
        code, output = self.ended(child)
        assert (code, output.split()[-1]) == (0, "configmap/o")

    def test_nothing_is_asked_when_something_is_wrong_already(self, terminal: Run, owner: str) -> None:
        code, output = self.ended(terminal("-t", owner, "-p", "SIZE=XL"))
        assert code == ExitCode.REFUSED
        assert "OWNER (who pays): " not in output
        assert "'XL' is not one of S, M" in output

    def test_ctrl_c_ends_it(self, terminal: Run, owner: str) -> None:
        child = terminal("-t", owner)
        child.expect_exact("OWNER (who pays): ")
        interrupt(child)
        code, output = self.ended(child)
        assert code == ExitCode.INTERRUPTED
        assert "interrupted; nothing was changed" in output

    def test_what_a_template_says_cannot_steer_the_terminal(self, terminal: Run, template: Run) -> None:
        name = template("x: '${A}'", '[{name: A, required: true, description: "\\e[2Jpay"}]')
        child = terminal("-t", name)
        child.expect_exact("A (\\x1b[2Jpay): ")
