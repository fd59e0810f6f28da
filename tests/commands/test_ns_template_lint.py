"""ns-template lint: what the cluster says, the forms of output, the exit codes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml

from kubectl_ns_tools.errors import ExitCode
from kubectl_ns_tools.templates.library.shelves import BuiltinShelf
from tests.builders import Kubeconfig
from tests.controlplane.servers import ControlPlane
from tests.controlplane.waiting import wait_until
from tests.templates.ground import definition

Run = Callable[..., Any]
BAD = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: c
  labels:
    team: a b
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: q}
spec: {hard: {limits.cpu: 4}}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: s}
spec:
  type: %s
  selectr: {a: b}
  ports:
  - {port: %s,
     nmae: x, targetPort: http, protocol: TCP}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def lint(run: Run, folder: Path) -> Run:
    """lint(text, *options, code=1): the findings of the file t.yaml, as (rule, line, problem)."""

    def check(text: str, *options: object, code: int = ExitCode.FAILED) -> list[tuple[str, int, str]]:
        (folder / "t.yaml").write_text(text)
        result = run("ns-template", "lint", "t.yaml", "-o", "json", *options, code=code)
        items = json.loads(result.stdout)["items"]
        return [(item["rule"], item["line"], item["problem"]) for item in items]

    return check


class TestOutput:
    def test_a_table_with_what_to_do(self, run: Run, folder: Path) -> None:
        (folder / "t.yaml").write_text(BAD)
        result = run("ns-template", "lint", "--offline", "t.yaml", code=ExitCode.FAILED)
        header, error, warning = result.stdout.splitlines()
        assert header == "SEVERITY   PLACE       PROBLEM AND REMEDY"
        assert error.startswith(
            "error      t.yaml:6    metadata.labels: value 'a b': a label must consist of"
        )
        assert warning == (
            "warning    t.yaml:11   resourcequota/q counts limits.cpu: a pod that does not state it is"
            " refused, and no LimitRange states it instead: add a LimitRange, type: Container, with default:"
            " {cpu: …}"
        )
        assert result.stderr == (
            "Warning: not checked: kinds, versions and fields: --offline\n1 error, 1 warning\n"
        )

    @pytest.mark.parametrize(("form", "load"), [("json", json.loads), ("yaml", yaml.safe_load)])
    def test_data_for_programs(self, run: Run, folder: Path, form: str, load: Run) -> None:
        (folder / "t.yaml").write_text(BAD)
        result = run("ns-template", "lint", "--offline", "t.yaml", "-o", form, code=ExitCode.FAILED)
        found = load(result.stdout)
        assert (found["kind"], found["unchecked"]) == (
            "TemplateLintReport",
            ["kinds, versions and fields: --offline"],
        )
        assert found["items"][1] == {
            "rule": "quota-without-default",
            "severity": "warning",
            "file": "t.yaml",
            "line": 11,
            "problem": "resourcequota/q counts limits.cpu: a pod that does not state it is refused,"
            " and no LimitRange states it instead",
            "remedy": "add a LimitRange, type: Container, with default: {cpu: …}",
        }

    def test_several_at_once(self, run: Run, folder: Path) -> None:
        for name in ("a.yaml", "b.yaml"):
            (folder / name).write_text(BAD)
        result = run("ns-template", "lint", "--offline", "team", "a.yaml", "b.yaml", code=ExitCode.FAILED)
        places = [line.split()[1] for line in result.stdout.splitlines()[1:]]
        assert places == ["a.yaml:6", "a.yaml:11", "b.yaml:6", "b.yaml:11"]
        assert result.stderr.count("not checked") == 1

    def test_nothing_found(self, run: Run) -> None:
        result = run("ns-template", "lint", "--offline", "team", "sandbox")
        assert (result.stdout, result.stderr.splitlines()[-1]) == ("", "nothing found")

    def test_a_cluster_out_of_reach_is_said(self, run: Run, folder: Path) -> None:
        config = Kubeconfig().context("c").current("c").write(folder / "config")
        result = run("ns-template", "lint", "team", "--kubeconfig", config)
        assert "Warning: not checked: kinds, versions and fields: " in result.stderr
        result = run("ns-template", "lint", "team")
        assert result.stderr == (
            "Warning: not checked: kinds, versions and fields: current-context is not set\nnothing found\n"
        )

    def test_offline_asks_nobody(self, run: Run, folder: Path) -> None:
        config = Kubeconfig().context("c").current("c").write(folder / "config")
        result = run("ns-template", "lint", "--offline", "team", "--kubeconfig", config)
        assert "was looked for" not in result.stderr

    def test_a_template_that_is_not_there(self, run: Run) -> None:
        assert run("ns-template", "lint", "--offline", "tema", code=ExitCode.NOT_FOUND).stdout == ""


@pytest.mark.integration
class TestCluster:
    @pytest.fixture(autouse=True)
    def cluster(self, kubeconfig: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig))

    @pytest.mark.parametrize("name", BuiltinShelf().names())
    def test_a_builtin_passes(self, run: Run, name: str) -> None:
        assert run("ns-template", "lint", name).stderr == "nothing found\n"

    def test_fields_and_values_that_the_kind_does_not_have(self, lint: Run, kubectl: Run) -> None:
        text = SERVICE % ("Loadbalancer", '"80"')
        assert lint(text) == [
            ("wrong-value", 5, "service/s: spec.type: 'Loadbalancer' is not one of ClusterIP, ExternalName,"
             " LoadBalancer, NodePort (did you mean LoadBalancer?)"),
            ("unknown-field", 6, "service/s: there is no field spec.selectr (did you mean selector?)"),
            ("wrong-type", 8, "service/s: spec.ports[0].port: '80' is not an integer"),
            ("unknown-field", 9, "service/s: there is no field spec.ports[0].nmae (did you mean name?)"),
        ]  # fmt: skip
        refused = kubectl("apply", "--dry-run=server", "--server-side", "-f", "-", input=text, check=False)
        assert refused.returncode == 1  # the server agrees
        right = text.replace("Loadbalancer", "ClusterIP").replace('"80"', "80").replace("nmae", "name")
        right = right.replace("selectr", "selector")
        assert lint(right, code=ExitCode.OK) == []
        kubectl("apply", "--dry-run=server", "--server-side", "-f", "-", input=right)

    def test_a_parameter_in_a_text_is_no_number(self, lint: Run, folder: Path) -> None:
        head = "apiVersion: template.openshift.io/v1\nkind: Template\nmetadata: {name: t}\n"
        service = "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{port: '%s'}]}}"
        text = f"{head}parameters: [{{name: PORT, value: '80'}}]\nobjects:\n- {service}\n"
        [(rule, line, problem)] = lint(text % "${PORT}")
        assert (rule, line) == ("wrong-type", 6)
        assert problem == "service/s: spec.ports[0].port: '80' is not an integer"
        assert lint(text % "${{PORT}}", code=ExitCode.OK) == []
        assert lint(text.replace(", value: '80'", "") % "${{PORT}}", code=ExitCode.OK) == []

    @pytest.mark.parametrize(
        ("api_version", "kind", "problem"),
        [
            ("extensions/v1beta1", "Ingress",
             'no matches for kind "Ingress" in version "extensions/v1beta1"'
             " (this cluster serves Ingress in networking.k8s.io/v1)"),
            ("v1", "ConfgMap", 'no matches for kind "ConfgMap" in version "v1"'
             " (ensure CRDs are installed first) (did you mean ConfigMap?)"),
        ],
    )  # fmt: skip
    def test_what_is_not_served(self, lint: Run, api_version: str, kind: str, problem: str) -> None:
        text = f"kind: {kind}\napiVersion: {api_version}\nmetadata: {{name: x}}\n"
        assert lint(text) == [("not-served", 2, problem)]

    def test_what_will_not_be_served_for_ever(self, lint: Run, kubectl: Run) -> None:
        text = "apiVersion: v1\nkind: Endpoints\nmetadata: {name: x}\n"
        [(rule, line, problem)] = lint(text)
        assert (rule, line) == ("deprecated", 1)
        said = kubectl("get", "endpoints", "-n", "kube-public").stderr
        assert problem in said
        assert "is deprecated" in problem

    def test_what_may_be_anything_is_not_judged(self, lint: Run) -> None:
        text = """\
            apiVersion: v1
            kind: Pod
            metadata: {name: p, creationTimestamp: null}
            spec:
              containers:
              - name: c
                image: x
                resources: {limits: {cpu: 1, memory: 1.5Gi}}
                ports: [{containerPort: 80}]
                readinessProbe: {httpGet: {port: http}}
              volumes: [{name: v, emptyDir: {}}]
            status: {whatever: 1}
            """
        assert lint(text, code=ExitCode.OK) == []

    def test_custom_resources_have_their_schema(
        self, lint: Run, run: Run, controlplane: ControlPlane, kubectl: Run
    ) -> None:
        group = f"g{uuid4().hex[:8]}.example.com"
        crd = definition("gizmos", "Gizmo", group)
        gizmo = f"apiVersion: {group}/v1\nkind: Gizmo\nmetadata: {{name: g}}\nspec:\n  %s\n"
        new = lint(f"{json.dumps(crd)}\n---\n{gizmo % 'size: 1'}", code=ExitCode.OK)
        assert new == []
        result = run("ns-template", "lint", "t.yaml")
        assert f"not checked: the fields of gizmo.{group}/g: its kind is new" in result.stderr
        controlplane.api.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd)
        try:
            _until_told(controlplane, group)
            assert lint(gizmo % "size: 1", code=ExitCode.OK) == []
            [(rule, line, problem)] = lint(gizmo % "szie: 1")
            assert (rule, line) == ("unknown-field", 5)
            assert "there is no field spec.szie (did you mean size?)" in problem
            [(rule, *_)] = lint(gizmo % "size: big")
            assert rule == "wrong-type"
        finally:
            kubectl("delete", "crd", f"gizmos.{group}")

    def test_a_server_that_does_not_tell_the_fields(self, lint: Run, run: Run, monkeypatch: Any) -> None:
        from kubectl_ns_tools.cluster.errors import error_from_answer
        from kubectl_ns_tools.templates.linting import served

        def refuse(*_: object) -> None:
            raise error_from_answer(404, b"404 page not found")  # before 1.24

        monkeypatch.setattr(served, "read_schemas", refuse)
        assert lint(SERVICE % ("ClusterIP", "80"), code=ExitCode.OK) == []
        assert (
            "Warning: not checked: the fields of service/s: " in run("ns-template", "lint", "t.yaml").stderr
        )


def _until_told(controlplane: ControlPlane, group: str) -> None:
    """That there is a new kind, and its schema, is published a moment after it is served."""
    wait_until(lambda: controlplane.api.discovered(group, "gizmos"))
    wait_until(lambda: "Gizmo" in str(controlplane.api.call("GET", f"/openapi/v3/apis/{group}/v1")[1]))
