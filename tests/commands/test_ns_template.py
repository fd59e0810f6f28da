"""ns-template: the group, and the commands that show and write templates."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubectl_ns_tools.errors import ExitCode
from kubectl_ns_tools.templates.library.shelves import BUILTIN_FOLDER
from tests.builders import Kubeconfig

Run = Callable[..., Any]
TEMPLATE = """\
# What web needs.
apiVersion: template.openshift.io/v1
kind: Template
metadata:
  name: web
  annotations:
    description: "For the web."
message: Hello ${OWNER}.
parameters:
- {name: OWNER, required: true, description: who pays, pattern: "[a-z]+"}
- {name: SIZE, value: S, enum: [S, M]}
- {name: PASSWORD, generate: expression, from: "[a-z]{20}"}
objects:
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: c}
  data: {owner: "${OWNER}", size: "${SIZE}", in: "${NAMESPACE}", password: "${PASSWORD}"}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with web.yaml in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "web.yaml").write_text(TEMPLATE)
    return tmp_path


@pytest.fixture
def shelf(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of templates that is looked into."""
    path = folder / "shelf"
    path.mkdir()
    monkeypatch.setenv("KUBECTL_NS_TOOLS_TEMPLATES", str(path))
    return path


@pytest.fixture
def out_of_reach(folder: Path) -> Path:
    """A kubeconfig whose server does not answer."""
    return Kubeconfig().context("c").current("c").write(folder / "config")


class TestGroup:
    def test_alone_it_shows_its_help(self, run: Run) -> None:
        result = run("ns-template")
        assert result.stdout == run("ns-template", "--help").stdout
        for name in ("list", "show", "render", "new", "capture", "lint", "publish"):
            assert f"\n  {name} " in result.stdout

    def test_a_command_that_there_is_not(self, run: Run) -> None:
        result = run("ns-template", "lsit", code=ExitCode.USAGE)
        assert result.stderr == (
            "error: no such command 'lsit': did you mean 'list'?\n"
            "See 'kubectl ns-template --help' for usage.\n"
        )

    def test_what_looks_like_an_option_is_no_command(self, run: Run) -> None:
        run("ns-template", "--", "--lsit", code=ExitCode.USAGE)
        run("ns-template", "--lsit", code=ExitCode.USAGE)

    def test_usage_errors_name_the_command_of_the_command(self, run: Run) -> None:
        result = run("ns-template", "show", code=ExitCode.USAGE)
        assert result.stderr.endswith("See 'kubectl ns-template show --help' for usage.\n")

    def test_exit_codes_and_debug_come_through(self, run: Run) -> None:
        assert run("ns-template", "lint", "--offline", "team").code == ExitCode.OK
        result = run("ns-template", "show", "tema", "--debug", code=ExitCode.NOT_FOUND)
        assert "Traceback" in result.stderr
        assert result.stderr.endswith("error: there is no template 'tema'\nhint: did you mean 'team'?\n")


class TestList:
    def test_all_of_them_with_origin_and_description(self, run: Run) -> None:
        shown = run("ns-template", "list").stdout.splitlines()
        assert shown[0].split() == ["NAME", "ORIGIN", "DESCRIPTION"]
        assert shown[2] == "default      built-in   A bare namespace."
        assert run("ns-template", "list", "-o", "name").stdout.split() == [
            "ci", "default", "restricted", "sandbox", "team",
        ]  # fmt: skip

    def test_hidden_and_broken_ones_are_flagged(self, run: Run, shelf: Path) -> None:
        (shelf / "team.yaml").write_text(TEMPLATE)
        (shelf / "broken.yaml").write_text("a: {\n")
        result = run("ns-template", "list")
        header = result.stdout.splitlines()[0].replace("HIDDEN BY", "HIDDEN")
        assert header.split() == ["NAME", "ORIGIN", "DESCRIPTION", "HIDDEN", "PROBLEM"]
        mine, builtin = (line for line in result.stdout.splitlines() if line.startswith("team "))
        assert mine.split() == ["team", "folder", "For", "the", "web.", "<none>", "<none>"]
        assert str(shelf / "team.yaml") in builtin
        [broken] = (line for line in result.stdout.splitlines() if line.startswith("broken"))
        assert f"{shelf}/broken.yaml:2: " in broken
        assert run("ns-template", "list", "-o", "name").stdout.split().count("team") == 1

    def test_wide_marks_what_has_to_be_given(self, run: Run, shelf: Path) -> None:
        (shelf / "web.yaml").write_text(TEMPLATE)
        [line] = (
            each for each in run("ns-template", "list", "-o", "wide").stdout.splitlines() if "OWNER*" in each
        )
        assert "OWNER*,SIZE,PASSWORD" in line
        assert line.endswith(str(shelf / "web.yaml"))

    @pytest.mark.parametrize(("form", "load"), [("json", json.loads), ("yaml", yaml.safe_load)])
    def test_data_for_programs(self, run: Run, shelf: Path, form: str, load: Run) -> None:
        (shelf / "team.yaml").write_text(TEMPLATE)
        listed = load(run("ns-template", "list", "-o", form).stdout)
        assert (listed["apiVersion"], listed["kind"]) == ("kubectl-ns-tools/v1", "TemplateList")
        mine, builtin = (item for item in listed["items"] if item["name"] == "team")
        assert mine["parameters"][0] == {
            "name": "OWNER", "description": "who pays", "type": None, "default": None, "generated": False,
            "required": True, "pattern": "[a-z]+", "enum": [], "minimum": None, "maximum": None,
        }  # fmt: skip
        assert (builtin["hiddenBy"], builtin["place"]) == (str(shelf / "team.yaml"), "builtin/team.yaml")

    def test_a_cluster_out_of_reach_is_a_warning(self, run: Run, out_of_reach: Path) -> None:
        result = run("ns-template", "list", "--kubeconfig", out_of_reach)
        assert result.stderr.startswith("Warning: no template was looked for in the cluster: ")
        assert "team" in result.stdout

    def test_other_peoples_text_cannot_steer_the_terminal(self, run: Run, shelf: Path) -> None:
        (shelf / "web.yaml").write_text(TEMPLATE.replace("For the web.", "a\\e[2Jb"))
        assert "a\\x1b[2Jb" in run("ns-template", "list").stdout

    @pytest.mark.integration
    def test_the_clusters_are_listed(
        self, run: Run, kubeconfig: Path, kubectl: Run, namespace: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("KUBECTL_NS_TOOLS_TEMPLATES_NAMESPACE", namespace)
        kubectl("create", "configmap", "web", "-n", namespace, "--from-file=template.yaml=web.yaml")
        kubectl("create", "configmap", "odd", "-n", namespace, "--from-literal=x=y")
        kubectl("label", "configmap", "web", "odd", "-n", namespace, "kubectl-ns-tools/template=true")
        items = json.loads(run("ns-template", "list", "--kubeconfig", kubeconfig, "-o", "json").stdout)[
            "items"
        ]
        found = {item["name"]: item for item in items if item["origin"] == "cluster"}
        assert (found["web"]["description"], found["web"]["problem"]) == ("For the web.", None)
        assert found["odd"]["problem"] == f"configmap:{namespace}/odd: there is no template.yaml in its data"


class TestShow:
    def test_what_a_person_should_know(self, run: Run) -> None:
        assert run("ns-template", "show", "web.yaml").stdout == (
            "Name:          web.yaml\n"
            "Origin:        file\n"
            "Description:   For the web.\n"
            "Filled in:     NAMESPACE\n"
            "Message:       Hello ${OWNER}.\n"
            "\n"
            "What web needs.\n"
            "\n"
            "PARAMETER   TYPE     DEFAULT       REQUIRED   CHECKS           DESCRIPTION\n"
            "OWNER       string   <none>        yes        matches [a-z]+   who pays\n"
            "SIZE        string   S             no         one of S, M      <none>\n"
            "PASSWORD    string   (generated)   no         <none>           <none>\n"
            "\n"
            "OBJECT      APIVERSION   NAME   PLACE\n"
            "ConfigMap   v1           c      web.yaml:14\n"
        )

    @pytest.mark.parametrize("path", sorted(BUILTIN_FOLDER.iterdir()), ids=lambda path: path.stem)
    def test_yaml_is_the_text_itself(self, run: Run, path: Path) -> None:
        assert run("ns-template", "show", path.stem, "-o", "yaml").stdout == path.read_text()
        assert json.loads(run("ns-template", "show", path.stem, "-o", "json").stdout) == yaml.safe_load(
            path.read_text()
        )

    def test_a_folder_is_one_stream(self, run: Run, folder: Path) -> None:
        (folder / "both").mkdir()
        (folder / "both" / "a.yaml").write_text("{kind: A}\n")
        (folder / "both" / "b.yaml").write_text("---\n{kind: B}\n")
        (folder / "both" / "c.yaml").write_text("{kind: '${C}'}\n")
        text = run("ns-template", "show", "./both", "-o", "yaml").stdout
        assert text == "{kind: A}\n---\n{kind: B}\n---\n{kind: '${C}'}\n"
        assert len(json.loads(run("ns-template", "show", "./both", "-o", "json").stdout)["items"]) == 3
        assert "\nC           string   <none>    yes " in run("ns-template", "show", "./both").stdout

    def test_a_broken_declaration_is_a_warning(self, run: Run, folder: Path) -> None:
        (folder / "web.yaml").write_text(TEMPLATE.replace("value: S", "value: L"))
        result = run("ns-template", "show", "web.yaml")
        assert result.stderr == (
            "Warning: web.yaml:11: parameter SIZE: 'L' is not one of S, M (from its own default)\n"
        )

    def test_what_is_no_yaml_can_still_be_seen(self, run: Run, folder: Path) -> None:
        (folder / "web.yaml").write_text("a: {\n")
        assert run("ns-template", "show", "web.yaml", "-o", "yaml").stdout == "a: {\n"
        assert "web.yaml:2: " in run("ns-template", "show", "web.yaml", code=ExitCode.REFUSED).stderr


class TestRender:
    def test_it_is_what_a_dry_run_gives(self, run: Run) -> None:
        given = ["-p", "ADMIN_USER=anna"]
        text = run("ns-template", "render", "team", "-n", "blue", *given).stdout
        assert text == run("ns-create", "blue", "-t", "team", *given, "--dry-run=client", "-o", "yaml").stdout
        assert [each["kind"] for each in yaml.safe_load_all(text)][:2] == ["Namespace", "ResourceQuota"]

    def test_several_make_one(self, run: Run) -> None:
        ways = (["default", "web.yaml"], ["default", "-t", "web.yaml"], ["-t", "default", "-t", "web.yaml"])
        for way in ways:
            result = run("ns-template", "render", *way, "-n", "blue", "-p", "OWNER=anna", "-o", "name")
            assert result.stdout == "namespace/blue\nconfigmap/c\n"

    def test_json_is_a_list(self, run: Run) -> None:
        result = run("ns-template", "render", "web.yaml", "-n", "blue", "-p", "OWNER=anna", "-o", "json")
        listed = json.loads(result.stdout)
        assert listed["kind"] == "List"
        data = listed["items"][1]["data"]
        assert (data["owner"], data["size"], data["in"]) == ("anna", "S", "blue")
        assert "has the secret value of PASSWORD in it" in result.stderr

    def test_what_is_missing_is_told(self, run: Run) -> None:
        result = run("ns-template", "render", "web.yaml", "-n", "blue", code=ExitCode.REFUSED)
        assert "web.yaml:10: parameter OWNER is required and must be specified (who pays)" in result.stderr
        assert "Missing argument 'TEMPLATE'" in run("ns-template", "render", "-n", "b", code=2).stderr
        assert "Missing option" in run("ns-template", "render", "team", code=2).stderr
        assert "Blue" in run("ns-template", "render", "team", "-n", "Blue", code=ExitCode.REFUSED).stderr


class TestNew:
    def test_the_starter_passes_lint(self, run: Run) -> None:
        assert run("ns-template", "new", "shop", "--into", "shop.yaml").stderr == (
            "shop.yaml written; next: kubectl ns-template lint ./shop.yaml\n"
        )
        result = run("ns-template", "lint", "--offline", "shop.yaml", "-o", "json")
        assert [item["rule"] for item in json.loads(result.stdout)["items"]] == ["unbound"]

    def test_without_a_file_it_goes_to_stdout(self, run: Run) -> None:
        text = run("ns-template", "new").stdout
        assert yaml.safe_load(text)["metadata"]["name"] == "mine"
        assert "STARTER" not in text

    def test_a_file_that_is_there_is_not_written_over(self, run: Run, folder: Path) -> None:
        result = run("ns-template", "new", "--into", "web.yaml", code=ExitCode.REFUSED)
        assert result.stderr == 'error: the file "web.yaml" exists\nhint: --force writes over it\n'
        assert (folder / "web.yaml").read_text() == TEMPLATE
        run("ns-template", "new", "--into", "web.yaml", "--force")
        assert (folder / "web.yaml").read_text() == run("ns-template", "new").stdout

    def test_a_folder_is_no_file(self, run: Run, folder: Path) -> None:
        arguments = ["--into", str(folder), "--force"]
        assert "cannot be written: Is a directory" in run("ns-template", "new", *arguments, code=4).stderr

    def test_a_folder_that_is_not_there(self, run: Run) -> None:
        result = run("ns-template", "new", "--into", "no/web.yaml", code=ExitCode.NOT_FOUND)
        assert result.stderr == 'error: the folder of "no/web.yaml" does not exist\n'

    @pytest.mark.parametrize("name", ["a b", "../x", "", "-x", "x" * 64, "x."])
    def test_a_name_that_is_none(self, run: Run, name: str) -> None:
        run("ns-template", "new", "--", name, code=ExitCode.REFUSED)

    @pytest.mark.integration
    @pytest.mark.usefixtures("admitted_whatever_it_takes")
    def test_the_starter_makes_a_namespace(
        self, run: Run, kubeconfig: Path, kubectl: Run, allowed: Run, namespace_name: str
    ) -> None:
        run("ns-template", "new", "shop", "--into", "shop.yaml")
        assert run("ns-template", "lint", "shop.yaml", "--kubeconfig", kubeconfig).stderr == "1 info\n"
        arguments = ["-t", "shop.yaml", "-p", "OWNER=anna", "--kubeconfig", kubeconfig]
        assert f"{namespace_name} is there for anna." in run("ns-create", namespace_name, *arguments).stderr
        kubectl("run", "p", "--image=registry.example.com/none", "-n", namespace_name)
        allowed("anna", "create", "pods", "-n", namespace_name)


def test_no_hang_on_a_cluster_that_is_silent(folder: Path, run: Run) -> None:
    """A server that takes the connection and says nothing."""
    import socket
    import time

    with socket.create_server(("127.0.0.1", 0)) as listener:
        path = Kubeconfig().context("c").current("c").write(folder / "config")
        path.write_text(path.read_text().replace("127.0.0.1:1", f"127.0.0.1:{listener.getsockname()[1]}"))
        began = time.monotonic()
        result = run("ns-template", "list", "--kubeconfig", path, "--request-timeout", "1s")
        assert time.monotonic() - began < 15
    assert "no template was looked for in the cluster" in result.stderr
    assert "gave no complete answer within 1s" in result.stderr  # what it waited, whatever else took time
