"""Several namespaces in one run, and what the flags put on them."""

import json
import signal
import subprocess
import sys
import time
from calendar import timegm
from collections.abc import Callable, Iterator
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml

from kubectl_ns_tools.errors import ExitCode
from kubectl_ns_tools.templates.creation.rollback import GOING
from tests.controlplane.servers import ControlPlane
from tests.controlplane.waiting import wait_until
from tests.templates.ground import RBAC, is_taken_back

EXECUTABLE = Path(__file__).parents[2] / "bin" / "kubectl-ns_create"
CONFIGMAP = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {of: '${NAMESPACE}'}}"
BROKEN = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {'${KEY}': ''}}"
Run = Callable[..., Any]


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str, name: str = "f.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


@pytest.fixture
def cluster(kubeconfig: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig))


@pytest.fixture
def names(controlplane: ControlPlane) -> Iterator[list[str]]:
    """Three names that no namespace has."""
    found = [f"t-{uuid4().hex[:10]}" for _ in range(3)]
    yield found
    for name in found:
        controlplane.api.call("DELETE", f"/api/v1/namespaces/{name}")


class TestWithoutACluster:
    @pytest.mark.parametrize("names", [["Blue", "red", "a_b"], ["--", "red", "-a", "B"]])
    def test_all_wrong_names_are_told_at_once(self, run: Run, names: list[str]) -> None:
        result = run("ns-create", "--dry-run", *names, code=ExitCode.REFUSED)
        assert result.stderr.startswith("error: 2 things are wrong, nothing was created\n")
        assert result.stderr.count("is invalid: a lowercase RFC 1123 label") == 2

    def test_a_name_is_given_once(self, run: Run) -> None:
        result = run("ns-create", "--dry-run", "a", "b", "a", code=ExitCode.REFUSED)
        assert result.stderr == 'error: the namespace "a" is named twice\n'

    def test_names_come_from_a_file(self, run: Run, file: Run) -> None:
        path = file("blue\n\n# all the others\n  red # and this\n")
        result = run("ns-create", "green", "--names-from", path, "--dry-run", "-o", "name")
        assert result.stdout == "namespace/green\nnamespace/blue\nnamespace/red\n"

    def test_names_come_from_standard_input(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"blue\nred\n")))
        result = run("ns-create", "--names-from", "-", "--dry-run", "-o", "name")
        assert result.stdout == "namespace/blue\nnamespace/red\n"
        result = run("ns-create", "--names-from", "-", "-t", "-", "--dry-run", code=ExitCode.REFUSED)
        assert result.stderr == "error: standard input can be read only once\n"

    def test_a_file_without_names_is_a_mistake(self, run: Run, file: Run) -> None:
        path = file("# nobody\n")
        result = run("ns-create", "--names-from", path, "--dry-run", code=ExitCode.REFUSED)
        assert result.stderr == f"error: there is no name in {path}\n"
        run("ns-create", "--names-from", "/nowhere", code=ExitCode.NOT_FOUND)

    def test_each_namespace_has_its_own_values(self, run: Run, file: Run) -> None:
        path = file(CONFIGMAP)
        result = run("ns-create", "blue", "red", "-t", path, "--dry-run", "-o", "json")
        found = [item["data"]["of"] for item in json.loads(result.stdout)["items"] if "data" in item]
        assert found == ["blue", "red"]

    @pytest.mark.parametrize("flag", ["--switch", "--add-context=x"])
    def test_a_context_follows_one_namespace_only(self, run: Run, flag: str) -> None:
        result = run("ns-create", "a", "b", flag, code=ExitCode.USAGE)
        assert "--switch and --add-context are for one namespace" in result.stderr

    def test_labels_annotations_and_an_end_are_put_on_the_namespace(self, run: Run, file: Run) -> None:
        flags = ["--label", "team=blue", "--annotation", "a.b/c=x=y z", "--ttl", "8h", "--label=empty="]
        result = run("ns-create", "blue", "-f", file(CONFIGMAP), *flags, "--dry-run", "-o", "yaml")
        namespace, configmap = yaml.safe_load_all(result.stdout)
        assert namespace["metadata"]["labels"] == {
            "app.kubernetes.io/managed-by": "kubectl-ns-tools",
            "team": "blue",
            "empty": "",
        }
        annotations = namespace["metadata"]["annotations"]
        assert annotations.pop("a.b/c") == "x=y z"
        ends = timegm(time.strptime(annotations.pop("kubectl-ns-tools/expires"), "%Y-%m-%dT%H:%M:%SZ"))
        assert 0 <= ends - time.time() - 8 * 3600 + 60 <= 61
        assert annotations == {}
        assert "team" not in configmap["metadata"]["labels"]

    def test_all_that_is_wrong_with_the_flags_is_told_at_once(self, run: Run) -> None:
        flags = ["--label", "a b=c", "--label", "x=y z", "--annotation", "nothing", "--ttl", "soon"]
        result = run("ns-create", "blue", *flags, "--dry-run", code=ExitCode.REFUSED)
        first, *problems = result.stderr.splitlines()
        assert first == "error: 4 things are wrong, nothing was created"
        assert [problem.strip().split(":")[0] for problem in problems] == [
            "--annotation", "--label", "--label", "--ttl",
        ]  # fmt: skip

    def test_one_key_has_one_value(self, run: Run) -> None:
        result = run(
            "ns-create", "blue", "--label", "a=b", "--label", "a=c", "--dry-run", code=ExitCode.REFUSED
        )
        assert result.stderr == "error: --label: 'a' is given twice\n"


@pytest.mark.integration
@pytest.mark.usefixtures("cluster", "admitted_whatever_it_takes", "rolled_back_whatever_it_takes")
class TestOnACluster:
    def test_all_are_created_and_told(self, run: Run, kubectl: Run, names: list[str]) -> None:
        label = f"of={names[0]}"
        result = run("ns-create", *names, "-t", "team", "-p", "ADMIN_USER=anna", "--label", label)
        assert sorted(result.stdout.splitlines()) == sorted(f"namespace/{name} created" for name in names)
        assert result.stderr == "3 namespaces created\n"
        for name in names:
            kubectl("get", "resourcequota/team", "rolebinding/admin", "-n", name)
        selector = f"{label},kubectl-ns-tools/template=team"
        found = kubectl("get", "namespaces", "-l", selector, "-o", "name").stdout
        assert set(found.splitlines()) == {f"namespace/{name}" for name in names}

    @pytest.mark.parametrize("form", ["name", "json"])
    def test_the_results_as_data(self, run: Run, names: list[str], form: str, file: Run) -> None:
        result = run("ns-create", *names, "-t", file(CONFIGMAP), "-o", form)
        if form == "name":
            assert sorted(result.stdout.splitlines()) == sorted(f"namespace/{name}" for name in names)
            return
        items = json.loads(result.stdout)["items"]
        assert [item["metadata"]["name"] for item in items if item["kind"] == "Namespace"] == names
        assert [item["data"]["of"] for item in items if item["kind"] == "ConfigMap"] == names

    def test_one_that_fails_does_not_stop_the_others(
        self, run: Run, controlplane: ControlPlane, names: list[str], file: Run
    ) -> None:
        # The key of this one is too long in one namespace only.
        key = "k" * (253 - len(names[0])) + "${NAMESPACE}"
        names[1] += "-x"
        path = file(BROKEN.replace("${KEY}", key))
        result = run("ns-create", *names, "-t", path, code=ExitCode.FAILED)
        assert sorted(result.stdout.splitlines()) == sorted(
            f"namespace/{name} created" for name in (names[0], names[2])
        )
        first, problem, undone = result.stderr.splitlines()
        assert first == "error: 1 of 3 namespaces were not created"
        assert problem.startswith(f"  {names[1]}: {path}:1: configmap/c: ")
        assert undone == f"    namespace/{names[1]} deleted again"
        assert is_taken_back(controlplane, names[1])

    def test_nothing_is_written_when_one_name_is_taken(
        self, run: Run, kubectl: Run, names: list[str], namespace: str
    ) -> None:
        result = run("ns-create", *names, namespace, code=ExitCode.REFUSED)
        assert result.stderr.startswith(f'error: namespaces "{namespace}" already exists\n')
        assert kubectl("get", "namespace", names[0], check=False).returncode == 1

    def test_an_object_that_all_would_want_to_be_different_is_refused(
        self, run: Run, names: list[str], file: Run
    ) -> None:
        role = (
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole,"
            " metadata: {name: r, labels: {of: '${NAMESPACE}'}}}"
        )
        path = file(role)
        result = run("ns-create", *names[:2], "-t", path, code=ExitCode.REFUSED)
        assert result.stderr == (
            f"error: {path}:1: clusterrole.rbac.authorization.k8s.io/r is not namespaced, and would differ"
            f" between {names[0]} and {names[1]}: put ${{NAMESPACE}} in its name\n"
        )

    def test_an_object_that_all_share_is_created_once(
        self, run: Run, controlplane: ControlPlane, names: list[str], file: Run
    ) -> None:
        name = f"role-{uuid4().hex[:8]}"
        path = file(
            f"{{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {{name: {name}}}}}"
        )
        try:
            run("ns-create", *names, "-t", path)
            assert controlplane.api.exists(f"{RBAC}/clusterroles/{name}")
        finally:
            controlplane.api.call("DELETE", f"{RBAC}/clusterroles/{name}")

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_signal_takes_back_what_is_not_complete(
        self, controlplane: ControlPlane, names: list[str], file: Run, number: signal.Signals
    ) -> None:
        path = file("\n---\n".join(CONFIGMAP.replace("name: c", f"name: c{index}") for index in range(1500)))
        command = [sys.executable, str(EXECUTABLE), *names, "-t", str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
            for name in names:
                wait_until(
                    lambda path=f"/api/v1/namespaces/{name}/configmaps/c3": controlplane.api.exists(path)
                )
            child.send_signal(number)
            stdout, stderr = child.communicate(timeout=120)
        assert (child.returncode, stdout) == (ExitCode.INTERRUPTED, "")
        assert stderr.startswith("error: 3 of 3 namespaces were not created\n")
        for name in names:
            # "is being deleted" where it is not gone in fifteen seconds
            assert any(f"namespace/{name} {words}" in stderr for words in GOING)
            assert is_taken_back(controlplane, name)

    def test_what_is_remembered_on_the_namespace(
        self, run: Run, kubectl: Run, namespace_name: str, file: Run
    ) -> None:
        secret = (
            "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {a: '${PASSWORD}', b: '${B}'}}"
        )
        path = file(f"{secret}\n---\n{CONFIGMAP.replace('NAMESPACE', 'OWNER')}")
        parameters = ["-p", "PASSWORD=hunter22", "-p", "B=hunter33", "-p", "OWNER=anna"]
        result = run("ns-create", namespace_name, "-t", path, *parameters, "--ttl", "1d", "--label", "a=b")
        assert "hunter" not in result.stdout + result.stderr
        live = json.loads(kubectl("get", "namespace", namespace_name, "-o", "json").stdout)
        annotations = {
            key.removeprefix("kubectl-ns-tools/"): value
            for key, value in live["metadata"]["annotations"].items()
        }
        assert annotations["template"] == "f.yaml"
        assert annotations["template-digest"].startswith("sha256:")
        assert json.loads(annotations["parameters"]) == {"B": None, "OWNER": "anna", "PASSWORD": None}
        assert annotations["requester"] == "kubernetes-admin"
        assert json.loads(annotations["flags"]) == {
            "annotations": ["kubectl-ns-tools/expires"],
            "labels": ["a"],
        }
        objects = json.loads(annotations["objects"])
        assert {kind: list(found) for kind, found in objects.items()} == {
            "v1/ConfigMap": ["c"],
            "v1/Secret": ["s"],
        }
        uid = kubectl("get", "secret/s", "-n", namespace_name, "-o", "jsonpath={.metadata.uid}").stdout
        assert objects["v1/Secret"]["s"] == uid
        assert "hunter" not in json.dumps(annotations)

    def test_the_progress_is_shown_on_a_terminal(
        self, on_terminal: Run, names: list[str], kubeconfig: Path, tmp_path: Path
    ) -> None:
        command = f"{EXECUTABLE} {' '.join(names)} -o json > {tmp_path / 'out'}"
        started = on_terminal(Path("/bin/sh"), "-c", command, KUBECONFIG=str(kubeconfig))
        started.child.expect_exact("0 of 3 namespaces done")
        started.child.expect_exact("3 of 3 namespaces done")
        assert started.ended() == 0
        assert len(json.loads((tmp_path / "out").read_text())["items"]) == 3

    def test_it_need_not_be_waited_for(
        self, run: Run, namespace_name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from kubectl_ns_tools.templates.creation import creation

        def never(*arguments: object, **options: object) -> list[str]:
            raise AssertionError

        monkeypatch.setattr(creation, "wait_until_ready", never)
        run("ns-create", namespace_name, "--wait=false")

    def test_pods_that_are_not_admitted_in_time_are_told_after_the_switch(
        self, run: Run, kubectl: Run, namespace_name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from kubectl_ns_tools.templates.creation import creation

        missing = 'serviceaccount "default" does not exist yet'
        monkeypatch.setattr(creation, "wait_until_ready", lambda *arguments, **options: [missing])
        result = run("ns-create", namespace_name, "--switch", "--timeout=1s", code=ExitCode.TIMEOUT)
        assert f'now uses namespace "{namespace_name}"' in result.stderr
        assert (
            f"error: namespace/{namespace_name} is created, but pods are not admitted yet\n  {missing}\n"
            in (result.stderr)
        )


@pytest.mark.integration
@pytest.mark.usefixtures("cluster")
class TestTheContextFollows:
    def test_its_namespace_is_the_new_one_and_the_one_before_is_remembered(
        self, run: Run, kubectl: Run, namespace_name: str
    ) -> None:
        result = run("ns-create", namespace_name, "--switch")
        assert result.stderr.endswith(f'now uses namespace "{namespace_name}".\n')
        view = kubectl("config", "view", "--minify", "-o", "jsonpath={..namespace}").stdout
        assert view == namespace_name
        run("ns-switch", "-")
        assert kubectl("config", "view", "--minify", "-o", "jsonpath={..namespace}").stdout == "default"

    @pytest.mark.parametrize("switch", [False, True])
    def test_a_new_context_is_like_the_one_in_use(
        self, run: Run, kubectl: Run, namespace_name: str, switch: bool
    ) -> None:
        before = kubectl("config", "current-context").stdout.strip()
        flags = ["--add-context", "new one", *(["--switch"] if switch else [])]
        result = run("ns-create", namespace_name, *flags)
        assert 'Context "new one" created.\n' in result.stderr
        config = json.loads(kubectl("config", "view", "-o", "json").stdout)
        contexts = {each["name"]: each["context"] for each in config["contexts"]}
        assert contexts["new one"] == {**contexts[before], "namespace": namespace_name}
        assert config["current-context"] == ("new one" if switch else before)
        if switch:
            run("ctx-switch", "-")
            assert kubectl("config", "current-context").stdout.strip() == before

    def test_a_context_that_is_there_is_refused_before_anything_is_created(
        self, run: Run, kubectl: Run, namespace_name: str
    ) -> None:
        context = kubectl("config", "current-context").stdout.strip()
        result = run("ns-create", namespace_name, "--add-context", context, code=ExitCode.REFUSED)
        assert result.stderr.startswith(f'error: context "{context}" exists already\n')
        assert kubectl("get", "namespace", namespace_name, check=False).returncode == 1

    def test_a_failed_creation_changes_no_context(
        self, run: Run, kubectl: Run, namespace_name: str, file: Run
    ) -> None:
        run(
            "ns-create", namespace_name, "-f", file(BROKEN.replace("${KEY}", "no key")), "--switch",
            "--keep-on-failure", code=ExitCode.FAILED,
        )  # fmt: skip
        assert kubectl("config", "view", "--minify", "-o", "jsonpath={..namespace}").stdout == ""

    def test_a_kubeconfig_that_cannot_be_changed_is_told_and_the_namespace_stays(
        self, run: Run, kubectl: Run, namespace_name: str, kubeconfig: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from kubectl_ns_tools.commands import following
        from kubectl_ns_tools.errors import Locked

        def locked(*arguments: object) -> None:
            raise Locked("somebody holds it")

        monkeypatch.setattr(following, "set_namespace", locked)
        result = run("ns-create", namespace_name, "--switch", code=ExitCode.LOCKED)
        assert result.stderr.startswith(
            f'error: namespace "{namespace_name}" is created, but the kubeconfig not changed: somebody'
        )
        kubectl("get", "namespace", namespace_name)
