"""A template applied again to a namespace that exists: --diff, --update, --all-from."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from kubectl_ns_tools.cluster.errors import ApiForbidden
from kubectl_ns_tools.errors import ExitCode
from kubectl_ns_tools.templates.update import updating
from tests.commands.conftest import executable
from tests.controlplane.servers import ControlPlane

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("cluster", "admitted_whatever_it_takes")]
Run = Callable[..., Any]
QUOTA = (
    "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q},"
    " spec: {hard: {pods: '${PODS}', limits.cpu: 1000m}}}"
)
PARAMETERS = """\
apiVersion: template.openshift.io/v1
kind: Template
metadata: {name: t}
parameters:
- {name: PODS, value: "5"}
- {name: PASSWORD, generate: expression, from: "[a-zA-Z0-9]{16}"}
objects:
"""
SECRET = (
    "{apiVersion: v1, kind: Secret, metadata: {name: s},"
    " stringData: {password: 'x-${PASSWORD}', plain: '%s'}}"
)
CONFIGMAP = "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}, data: {a: '%s'}}"


@pytest.fixture
def cluster(kubeconfig: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig))


class Shelf:
    """A folder of templates that the command finds by name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.name = f"t{uuid4().hex[:8]}"

    def holds(self, *objects: str) -> None:
        """The template is now this."""
        text = PARAMETERS + "".join(f"- {each}\n" for each in objects)
        (self._folder / f"{self.name}.yaml").write_text(text)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    folder = tmp_path / "templates"
    folder.mkdir()
    monkeypatch.setenv("KUBECTL_NS_TOOLS_TEMPLATES", str(folder))
    return Shelf(folder)


@pytest.fixture
def get(kubectl: Run, namespace_name: str) -> Callable[[str], Any]:
    """A live object of the namespace, with managedFields; None when it is not there."""

    def look(reference: str) -> Any:
        done = kubectl(
            "get", reference, "-n", namespace_name, "-o", "json", "--show-managed-fields", check=False
        )
        return json.loads(done.stdout) if done.returncode == 0 else None

    return look


def versions(get: Run, namespace: str, *references: str) -> list[str]:
    return [get(each)["metadata"]["resourceVersion"] for each in (f"namespace/{namespace}", *references)]


class TestDiff:
    def test_nothing_would_change_whatever_the_spelling_of_quantities(
        self, run: Run, get: Run, namespace_name: str, shelf: Shelf
    ) -> None:
        shelf.holds(QUOTA, SECRET % "p", CONFIGMAP % ("c", "1"))
        run(
            "ns-create", namespace_name, "-t", shelf.name, "-p", "PODS=7000m", "--label", "a=b", "--ttl", "1d"
        )
        assert get("resourcequota/q")["spec"]["hard"] == {"limits.cpu": "1", "pods": "7"}
        result = run("ns-create", namespace_name, "--diff")
        assert (result.stdout, result.stderr) == ("", "nothing would change\n")

    def test_what_would_change_is_shown_without_secrets(
        self, run: Run, get: Run, namespace_name: str, shelf: Shelf
    ) -> None:
        shelf.holds(QUOTA, SECRET % "hunter11", CONFIGMAP % ("c", "1"))
        run("ns-create", namespace_name, "-t", shelf.name)
        shelf.holds(QUOTA, SECRET % "hunter22", CONFIGMAP % ("c", "2"), CONFIGMAP % ("new", "n"))
        before = versions(get, namespace_name, "configmap/c", "secret/s")
        result = run("ns-create", namespace_name, "--diff", "-p", "PODS=9", code=ExitCode.DIFFERENT)
        lines = result.stdout.splitlines()
        assert f"--- {namespace_name}/configmap/c" in lines
        assert {"-  a: '1'", "+  a: '2'", "-    pods: '5'", "+    pods: '9'"} <= set(lines)
        assert {"-  plain: '*** (before)'", "+  plain: '*** (after)'", "   password: '***'"} <= set(lines)
        assert lines[lines.index(f"+++ {namespace_name}/configmap/new") - 1] == "--- /dev/null"
        assert "hunter" not in result.stdout
        assert versions(get, namespace_name, "configmap/c", "secret/s") == before

    def test_what_would_go_is_shown_too(self, run: Run, namespace_name: str, shelf: Shelf) -> None:
        shelf.holds(CONFIGMAP % ("c", "1"))
        run("ns-create", namespace_name, "-t", shelf.name)
        shelf.holds(QUOTA)
        result = run("ns-create", namespace_name, "--diff", code=ExitCode.DIFFERENT)
        assert f"--- {namespace_name}/configmap/c\n+++ /dev/null\n" in result.stdout

    def test_of_a_namespace_that_does_not_exist_everything_is_new(
        self, run: Run, get: Run, namespace_name: str, shelf: Shelf
    ) -> None:
        shelf.holds(SECRET % "hunter22")
        result = run("ns-create", namespace_name, "-t", shelf.name, "--diff", code=ExitCode.DIFFERENT)
        assert f"--- /dev/null\n+++ {namespace_name}/secret/s\n" in result.stdout
        assert "hunter" not in result.stdout
        assert result.stderr == (
            f'not validated, because namespace "{namespace_name}" does not exist yet: secret/s\n'
        )
        assert get(f"namespace/{namespace_name}") is None

    def test_an_error_is_no_difference(self, run: Run, namespace_name: str, shelf: Shelf) -> None:
        shelf.holds(CONFIGMAP % ("c", "1"))
        run("ns-create", namespace_name, "-t", shelf.name)
        shelf.holds(CONFIGMAP.replace("data: {a", "data: {'no key'") % ("c", "1"))
        result = run("ns-create", namespace_name, "--diff", code=ExitCode.REFUSED)
        assert "configmap/c: " in result.stderr
        assert "data[no key]: Invalid value" in result.stderr

    def test_a_right_that_is_lacking_is_no_difference(
        self, run: Run, controlplane: ControlPlane, namespace: str, shelf: Shelf
    ) -> None:
        shelf.holds(CONFIGMAP % ("c", "1"))
        nobody = controlplane.user(f"nobody-{uuid4().hex[:8]}")
        run("ns-create", namespace, "-t", shelf.name, "--diff", "--kubeconfig", nobody, code=ExitCode.REFUSED)


class TestUpdate:
    def test_twice_changes_nothing(self, run: Run, get: Run, namespace_name: str, shelf: Shelf) -> None:
        shelf.holds(QUOTA, SECRET % "p", CONFIGMAP % ("c", "1"))
        run("ns-create", namespace_name, "-t", shelf.name, "--annotation", "x=y")
        references = ["resourcequota/q", "secret/s", "configmap/c"]
        before = versions(get, namespace_name, *references)
        for flags in (["--update"], ["--update", "--yes"], ["--update", "-t", shelf.name]):
            result = run("ns-create", namespace_name, *flags)
            assert (result.stdout, result.stderr) == (f"namespace/{namespace_name} unchanged\n", "")
        assert versions(get, namespace_name, *references) == before

    def test_what_changed_is_applied_what_is_new_created_and_what_went_pruned(
        self, run: Run, get: Run, namespace_name: str, shelf: Shelf
    ) -> None:
        shelf.holds(QUOTA, SECRET % "p", CONFIGMAP % ("c", "1"), CONFIGMAP % ("old", "1"))
        run("ns-create", namespace_name, "-t", shelf.name, "-p", "PODS=7", "--label", "a=b")
        password = get("secret/s")["data"]["password"]
        shelf.holds(
            QUOTA.replace("1000m", "2"), SECRET % "p", CONFIGMAP % ("c", "2"), CONFIGMAP % ("new", "1")
        )
        result = run("ns-create", namespace_name, "--update", "--yes")
        assert result.stdout.splitlines()[0] == f"namespace/{namespace_name} configured"
        assert sorted(result.stdout.splitlines()[1:]) == [
            "configmap/c configured",
            "configmap/new created",
            "configmap/old pruned",
            "resourcequota/q configured",
        ]
        assert f"--- {namespace_name}/configmap/old" in result.stderr
        assert get("resourcequota/q")["spec"]["hard"] == {"limits.cpu": "2", "pods": "7"}
        assert get("secret/s")["data"]["password"] == password
        assert get("configmap/old") is None
        live = get(f"namespace/{namespace_name}")["metadata"]
        assert live["labels"]["a"] == "b"
        record = json.loads(live["annotations"]["kubectl-ns-tools/objects"])
        assert record["v1/ConfigMap"] == {
            name: get(f"configmap/{name}")["metadata"]["uid"] for name in ("c", "new")
        }
        assert (
            run("ns-create", namespace_name, "--update").stdout == f"namespace/{namespace_name} unchanged\n"
        )

    def test_a_key_that_the_template_no_longer_has_goes_from_a_secret(
        self, run: Run, get: Run, namespace_name: str, shelf: Shelf
    ) -> None:
        shelf.holds(SECRET % "p")
        run("ns-create", namespace_name, "-t", shelf.name)
        shelf.holds(SECRET.replace(", plain: '%s'", ""))
        run("ns-create", namespace_name, "--update", "--yes")
        assert list(get("secret/s")["data"]) == ["password"]

    def test_only_what_carries_our_label_and_uid_is_pruned(
        self, run: Run, kubectl: Run, get: Run, namespace_name: str, shelf: Shelf
    ) -> None:
        shelf.holds(*(CONFIGMAP % (name, "1") for name in ("relabelled", "remade", "plain")))
        run("ns-create", namespace_name, "-t", shelf.name)
        inside = ["-n", namespace_name]
        kubectl("label", "configmap/relabelled", "kubectl-ns-tools/template=mine", "--overwrite", *inside)
        kubectl("delete", "configmap/remade", *inside)
        kubectl("create", "configmap", "remade", *inside)
        # A copy of ours under another name, labels included.
        copy = get("configmap/plain")
        copy["metadata"] = {"name": "copy", "labels": copy["metadata"]["labels"]}
        kubectl("create", "-f", "-", *inside, input=json.dumps(copy))
        shelf.holds(CONFIGMAP % ("c", "1"))
        result = run("ns-create", namespace_name, "--update", "--yes")
        assert "configmap/plain pruned" in result.stdout
        assert result.stdout.count("pruned") == 1
        assert (
            f"{namespace_name}/configmap/relabelled is not in the template any more, and stays:"
            " somebody changed the labels that say where it is from" in result.stderr
        )
        for name in ("relabelled", "remade", "copy"):
            assert get(f"configmap/{name}") is not None

    def test_a_users_edit_of_a_quota_is_a_conflict_per_field_and_manager(
        self, run: Run, kubectl: Run, get: Run, namespace_name: str, shelf: Shelf
    ) -> None:
        shelf.holds(QUOTA, CONFIGMAP % ("c", "1"))
        run("ns-create", namespace_name, "-t", shelf.name)
        patch = '{"spec":{"hard":{"pods":"99","limits.cpu":"3"}}}'
        kubectl(
            "patch", "resourcequota/q", "-n", namespace_name, "-p", patch, "--field-manager", "kubectl-edit"
        )
        shelf.holds(QUOTA, CONFIGMAP % ("c", "2"))
        result = run("ns-create", namespace_name, "--update", "--yes", code=ExitCode.REFUSED)
        assert result.stdout == ""
        assert (
            f"error: namespace/{namespace_name}: 2 fields of the template have been set by somebody else\n"
            '  resourcequota/q: .spec.hard.limits.cpu: kubectl-edit set it to "3", the template has "1"\n'
            '  resourcequota/q: .spec.hard.pods: kubectl-edit set it to "99", the template has "5"\n'
            "hint: --force-conflicts takes them, and puts the template's values there\n"
        ) in result.stderr
        assert get("configmap/c")["data"] == {"a": "1"}
        run("ns-create", namespace_name, "--update", "--yes", "--force-conflicts")
        assert get("resourcequota/q")["spec"]["hard"] == {"pods": "5", "limits.cpu": "1"}
        assert get("configmap/c")["data"] == {"a": "2"}

    def test_the_same_value_in_another_spelling_is_no_conflict(
        self, run: Run, kubectl: Run, get: Run, namespace_name: str, shelf: Shelf
    ) -> None:
        shelf.holds(QUOTA)
        run("ns-create", namespace_name, "-t", shelf.name)
        for value in ("2", "1"):
            patch = f'{{"spec":{{"hard":{{"limits.cpu":"{value}"}}}}}}'
            kubectl(
                "patch",
                "resourcequota/q",
                "-n",
                namespace_name,
                "-p",
                patch,
                "--field-manager",
                "kubectl-edit",
            )
        assert run("ns-create", namespace_name, "--diff").stderr == "nothing would change\n"
        run("ns-create", namespace_name, "--update", "--yes", "-p", "PODS=6")
        assert get("resourcequota/q")["spec"]["hard"] == {"pods": "6", "limits.cpu": "1"}

    def test_it_asks_first(self, run: Run, get: Run, namespace_name: str, shelf: Shelf) -> None:
        shelf.holds(CONFIGMAP % ("c", "1"))
        run("ns-create", namespace_name, "-t", shelf.name)
        shelf.holds(CONFIGMAP % ("c", "2"))
        result = run("ns-create", namespace_name, "--update", code=ExitCode.REFUSED)
        assert f'namespace "{namespace_name}" not updated unconfirmed' in result.stderr
        assert get("configmap/c")["data"] == {"a": "1"}

    @pytest.mark.parametrize(("typed", "code"), [("y", ExitCode.OK), ("", ExitCode.REFUSED)])
    def test_the_answer_is_typed_on_a_terminal(
        self,
        run: Run,
        on_terminal: Run,
        get: Run,
        namespace_name: str,
        shelf: Shelf,
        *,
        typed: str,
        code: int,
    ) -> None:
        shelf.holds(CONFIGMAP % ("c", "1"))
        run("ns-create", namespace_name, "-t", shelf.name)
        shelf.holds(CONFIGMAP % ("c", "2"))
        variables = {name: os.environ[name] for name in ("KUBECONFIG", "KUBECTL_NS_TOOLS_TEMPLATES")}
        started = on_terminal(executable("ns-create"), namespace_name, "--update", **variables)
        started.child.expect_exact("+  a: '2'")
        started.child.expect_exact("Do you want to continue? (y/N):")
        started.type(typed)
        assert started.ended() == code
        assert get("configmap/c")["data"] == {"a": "2" if typed else "1"}

    def test_a_protected_context_is_confirmed_by_its_name(
        self, run: Run, kubectl: Run, namespace_name: str, shelf: Shelf, protected: Path
    ) -> None:
        shelf.holds(CONFIGMAP % ("c", "1"))
        run("ns-create", namespace_name, "-t", shelf.name)
        shelf.holds(CONFIGMAP % ("c", "2"))
        context = kubectl("config", "current-context").stdout.strip()
        kubectl("config", "rename-context", context, "prod")
        result = run("ns-create", namespace_name, "--update", "--yes", code=ExitCode.REFUSED)
        assert 'context "prod" is protected' in result.stderr
        run("ns-create", namespace_name, "--update", "--yes", "--confirm-context", "prod")

    def test_an_interruption_says_what_was_done_before(
        self, run: Run, namespace_name: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shelf.holds(CONFIGMAP % ("c", "1"))
        run("ns-create", namespace_name, "-t", shelf.name)
        shelf.holds(CONFIGMAP % ("c", "2"))
        apply = updating.apply_object

        def press(connection: Any, resource: Any, data: Any, **options: Any) -> Any:
            os.kill(os.getpid(), signal.SIGINT)
            return apply(connection, resource, data, **options)

        monkeypatch.setattr(updating, "apply_object", press)
        result = run("ns-create", namespace_name, "--update", "--yes", code=ExitCode.INTERRUPTED)
        assert result.stderr.endswith(
            f"error: namespace/{namespace_name}: interrupted\n"
            f"  done before: namespace/{namespace_name} configured\n"
        )

    def test_a_value_that_was_not_kept_stays_as_it_is_in_the_cluster(
        self, run: Run, get: Run, namespace_name: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "mine.yaml"
        secret = "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {a: 'u:${LOGIN}'%s}}\n"
        path.write_text(secret % "")
        run("ns-create", namespace_name, "-t", path, "-p", "LOGIN=hunter22")
        before = get("secret/s")["data"]["a"]
        path.write_text(secret % ", b: c")
        result = run("ns-create", namespace_name, "-t", path, "--update", "--yes")
        assert "hunter" not in result.stderr
        assert get("secret/s")["data"] == {"a": before, "b": "Yw=="}
        path.write_text(secret % ", b: 'is ${LOGIN}'")
        result = run("ns-create", namespace_name, "-t", path, "--update", "--yes")
        assert "hunter" not in result.stderr
        assert get("secret/s")["data"] == {"a": before, "b": "aXMgaHVudGVyMjI="}
        path.write_text(secret.replace("u:", "user ") % "")
        result = run("ns-create", namespace_name, "-t", path, "--update", "--yes", code=ExitCode.REFUSED)
        assert f"{path}:1: secret/s: the value of LOGIN was not kept: -p LOGIN=…" in result.stderr
        run("ns-create", namespace_name, "-t", path, "--update", "--yes", "-p", "LOGIN=hunter33")
        assert get("secret/s")["data"] == {"a": "dXNlciBodW50ZXIzMw=="}

    def test_the_requester_and_the_end_stay_those_of_the_creation(
        self, run: Run, get: Run, controlplane: ControlPlane, namespace_name: str, tmp_path: Path
    ) -> None:
        other = controlplane.user("somebody-else", groups=["system:masters"])
        run("ns-create", namespace_name, "-t", "sandbox", "-p", "OWNER=anna")
        result = run("ns-create", namespace_name, "--update", "--kubeconfig", other)
        assert result.stdout == f"namespace/{namespace_name} unchanged\n"
        annotations = get(f"namespace/{namespace_name}")["metadata"]["annotations"]
        assert annotations["kubectl-ns-tools/requester"] == "kubernetes-admin"

    def test_a_namespace_that_was_not_made_from_a_template_may_get_one(
        self, run: Run, kubectl: Run, namespace: str, shelf: Shelf
    ) -> None:
        result = run("ns-create", namespace, "--update", code=ExitCode.NOT_FOUND)
        assert "does not say which template it was made from" in result.stderr
        shelf.holds(CONFIGMAP % ("c", "1"))
        result = run("ns-create", namespace, "--update", "--yes", "-t", shelf.name)
        assert result.stdout == f"namespace/{namespace} configured\nconfigmap/c created\n"
        assert run("ns-create", namespace, "--update").stdout == f"namespace/{namespace} unchanged\n"

    def test_a_template_that_was_a_file_is_to_be_named(
        self, run: Run, namespace_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "mine.yaml"
        path.write_text(CONFIGMAP % ("c", "1"))
        run("ns-create", namespace_name, "-t", path)
        monkeypatch.chdir(tmp_path)
        result = run("ns-create", namespace_name, "--update", code=ExitCode.NOT_FOUND)
        assert result.stderr == (
            f'error: namespace "{namespace_name}" was made from the file mine.yaml\n'
            "hint: name it: -t ./mine.yaml\n"
        )
        run("ns-create", namespace_name, "--update", "-t", "./mine.yaml")

    def test_files_alone_do_not_take_the_place_of_a_template(
        self, run: Run, get: Run, namespace_name: str, shelf: Shelf, tmp_path: Path
    ) -> None:
        path = tmp_path / "f.yaml"
        path.write_text(CONFIGMAP % ("more", "1"))
        shelf.holds(CONFIGMAP % ("c", "1"))
        run("ns-create", namespace_name, "-t", shelf.name)
        flags = ["--update", "--yes", "-f", path]
        result = run("ns-create", namespace_name, *flags, code=ExitCode.REFUSED)
        assert f"was made from template {shelf.name}, and only files are given" in result.stderr
        result = run("ns-create", namespace_name, *flags, "-t", shelf.name)
        assert "configmap/more created" in result.stdout
        assert get("configmap/c") is not None

    def test_an_edited_dry_run_is_updated_from_its_file(
        self, run: Run, get: Run, namespace_name: str, shelf: Shelf, tmp_path: Path
    ) -> None:
        path = tmp_path / "f.yaml"
        shelf.holds(CONFIGMAP % ("c", "1"))
        path.write_text(run("ns-create", namespace_name, "-t", shelf.name, "--dry-run", "-o", "yaml").stdout)
        run("ns-create", "-f", path)
        path.write_text(path.read_text().replace("a: '1'", "a: '2'"))
        result = run("ns-create", "-f", path, "--update", "--yes")
        assert result.stdout == "configmap/c configured\n"
        assert run("ns-create", "-f", path, "--update").stdout == f"namespace/{namespace_name} unchanged\n"

    def test_what_cannot_be_updated_is_refused(self, run: Run, namespace_name: str) -> None:
        result = run("ns-create", namespace_name, "--update", code=ExitCode.NOT_FOUND)
        assert result.stderr == (
            f'error: namespaces "{namespace_name}" not found\nhint: without --update it is created\n'
        )
        result = run("ns-create", "kube-system", "-t", "team", "--update", code=ExitCode.REFUSED)
        assert 'namespace "kube-system" is the cluster\'s own' in result.stderr
        run("ns-create", namespace_name, "--update", "--dry-run", code=ExitCode.USAGE)
        run("ns-create", namespace_name, "--update", "-o", "json", code=ExitCode.USAGE)

    def test_a_failure_says_what_was_done_before(
        self, run: Run, get: Run, namespace_name: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shelf.holds(CONFIGMAP % ("c", "1"))
        run("ns-create", namespace_name, "-t", shelf.name)
        shelf.holds(CONFIGMAP % ("c", "2"))
        apply = updating.apply_object

        def refuse(connection: Any, resource: Any, data: Any, **options: Any) -> Any:
            if data["kind"] == "ConfigMap":
                raise ApiForbidden("the right was taken away just now", status=403)
            return apply(connection, resource, data, **options)

        monkeypatch.setattr(updating, "apply_object", refuse)
        result = run("ns-create", namespace_name, "--update", "--yes", code=ExitCode.FAILED)
        assert result.stderr.endswith(
            "configmap/c: the right was taken away just now\n"
            f"  done before: namespace/{namespace_name} configured\n"
        )
        monkeypatch.undo()


class TestAllFrom:
    @pytest.fixture
    def names(self, controlplane: ControlPlane) -> Iterator[list[str]]:
        found = [f"t-{uuid4().hex[:10]}" for _ in range(3)]
        yield found
        for name in found:
            controlplane.api.call("DELETE", f"/api/v1/namespaces/{name}")

    def test_every_namespace_of_a_template_is_brought_to_its_present_version(
        self, run: Run, kubectl: Run, names: list[str], shelf: Shelf
    ) -> None:
        shelf.holds(QUOTA, CONFIGMAP % ("c", "1"))
        run("ns-create", *names[:2], "-t", shelf.name)
        run("ns-create", names[2], "-t", shelf.name, "-p", "PODS=8")
        patch = '{"data":{"a":"mine"}}'
        kubectl("patch", "configmap/c", "-n", names[1], "-p", patch, "--field-manager", "anna")
        shelf.holds(QUOTA.replace("1000m", "2"), CONFIGMAP % ("c", "2"))
        flags = ["ns-create", "--update", "--all-from", shelf.name]
        result = run(*flags, code=ExitCode.REFUSED)
        header, *rows = [
            line.split() for line in result.stderr.splitlines() if line.split()[0] in (*names, "NAMESPACE")
        ]
        assert header == ["NAMESPACE", "OBJECT", "CHANGE"]
        assert [names[0], "resourcequota/q", "configure"] in rows
        assert [names[1], "configmap/c", "configure,", "in", "conflict", "with", "anna"] in rows
        assert "2 namespaces not updated unconfirmed" in result.stderr
        result = run(*flags, "--yes", code=ExitCode.REFUSED)
        assert sorted(result.stdout.splitlines()) == sorted(
            f"namespace/{name} configured" for name in (names[0], names[2])
        )
        assert "error: 1 of 3 namespaces were not updated\n" in result.stderr
        assert 'configmap/c: .data.a: anna set it to "mine", the template has "2"\n' in result.stderr
        hard = "jsonpath={.spec.hard.pods} {.spec.hard.limits\\.cpu}"
        found = [kubectl("get", "quota/q", "-n", name, "-o", hard).stdout for name in names]
        assert found == ["5 2", "5 1", "8 2"]
        result = run(*flags, "--yes", "--force-conflicts")
        assert f"namespace/{names[1]} configured" in result.stdout
        assert result.stdout.count("unchanged") == 2

    def test_a_template_that_nothing_was_made_from_is_told(self, run: Run) -> None:
        result = run("ns-create", "--update", "--all-from", "nobodys", code=ExitCode.NOT_FOUND)
        assert "no namespace was made from template 'nobodys'" in result.stderr
        run("ns-create", "--all-from", "team", code=ExitCode.USAGE)
        run("ns-create", "a", "--update", "--all-from", "team", code=ExitCode.USAGE)
