"""What the commands write for programs, on the real control plane and real files, is as its schema says."""

import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubectl_ns_tools.errors import ExitCode
from tests.builders import Kubeconfig
from tests.commands.deletion_worlds import with_secret
from tests.controlplane.waiting import wait_until
from tests.deletion.world import World
from tests.output.schemas import validator

Run = Callable[..., Any]
Written = Callable[..., Any]
READERS = {"json": json.loads, "yaml": yaml.safe_load}


@pytest.fixture(params=READERS)
def written(run: Run, request: pytest.FixtureRequest) -> Written:
    """written(stem, command, *arguments, code=0): the document, checked, in both notations."""
    form: str = request.param

    def read(stem: str, *words: object, code: int = 0) -> Any:
        at = words.index("--") if "--" in words else len(words)
        found = READERS[form](run(*words[:at], "-o", form, *words[at:], code=code).stdout)
        validator(stem).validate(found)
        return found

    return read


@pytest.fixture
def world(reachable: World) -> World:
    return with_secret(reachable)


@pytest.fixture
def files(scratch_home: Path, tmp_path: Path) -> Path:
    """A kubeconfig with something wrong in it, and another one to import; the path of that."""
    builder = Kubeconfig().context("a").context("b", user="nobody").current("a").user("nobody", token="t")
    builder.write(scratch_home / ".kube" / "config").chmod(0o644)
    return Kubeconfig().context("new", cluster="theirs").context("a", cluster="c-2").write(tmp_path / "k")


def test_contexts(written: Written, run: Run, files: Path) -> None:
    steps = written("import-result", "ctx-import", files, "--on-conflict", "rename")["items"]
    assert {each["action"] for each in steps} == {"added", "unchanged"}
    run("ctx-switch", "b")
    switch, imported = written("undo-list", "ctx-undo", "--list")["items"]
    assert switch["id"] > imported["id"]
    found = written("lint-report", "ctx-lint", code=ExitCode.FAILED)["items"]
    assert {each["line"] is None for each in found} == {True, False}
    assert {each["name"] is None for each in found} == {True, False}


def test_runs(written: Written, files: Path) -> None:
    script = 'case "$KUBECTL_NS_TOOLS_CONTEXT" in a) kill -9 $$;; esac; echo x'
    found = written("context-run-list", "ctx-exec", "a", "b", "--", "sh", "-c", script, code=ExitCode.FAILED)
    assert [each["exitCode"] for each in found["items"]] == [None, 0]


def test_templates(written: Written, files: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("kind: Template\nobjects: [{kind: Pod, metadata: {name: '${A}'}}]\n")
    listed = written("template-list", "ns-template", "list")["items"]
    assert {each["origin"] for each in listed} == {"built-in"}
    assert any(each["parameters"] for each in listed)
    words = ("ns-template", "lint", "--offline", broken)
    report = written("template-lint-report", *words, code=ExitCode.FAILED)
    assert report["items"]
    assert report["unchecked"]


def test_the_suite(written: Written, files: Path) -> None:
    assert written("setting-list", "ns-tools", "config")["items"]
    assert written("versions", "ns-tools", "version", "--client")["serverVersion"] is None
    checks = written("doctor-report", "ns-tools", "doctor", code=ExitCode.FAILED)["items"]
    assert {each["level"] for each in checks} >= {"error"}


@pytest.mark.integration
def test_the_suite_and_its_cluster(written: Written, use: Callable[..., None], kubeconfig: Path) -> None:
    use(kubeconfig)
    assert written("versions", "ns-tools", "version")["serverVersion"]["gitVersion"].startswith("v1.")


@pytest.mark.integration
def test_namespaces(written: Written, world: World) -> None:
    group = world.custom_kind("Widget")
    world.custom(group, "Widget", "held", finalizers=["example.com/held"])
    found = written("namespace-status", "ns-status", world.namespace)
    assert (found["stuck"], found["complete"]) == (None, True)
    world.delete_namespace()
    wait_until(lambda: written("namespace-status", "ns-status", world.namespace)["stuck"]["conditions"])
    items = written("namespace-list", "ns-list")["items"]
    assert world.namespace in [each["metadata"]["name"] for each in items]
    by_context = written("namespace-list", "ns-list", "--contexts", "*")["items"]
    assert all(each["summary"]["context"] for each in by_context)


@pytest.mark.integration
@pytest.mark.usefixtures("admitted_whatever_it_takes")
def test_a_namespace_from_its_template_to_its_backup_and_back(
    written: Written, run: Run, use: Callable[..., None], kubeconfig: Path, namespace_name: str
) -> None:
    use(kubeconfig)
    plan = kubeconfig.with_name("plan.json")
    run("ns-create", namespace_name, "-t", "sandbox")
    (listed,) = written("namespace-list", "ns-list", "-l", f"kubernetes.io/metadata.name={namespace_name}")[
        "items"
    ]
    assert listed["summary"].keys() == {"template", "drift", "owner", "quota", "expires", "expired"}
    run("ns-delete", namespace_name, "--plan", plan)
    validator("deletion-plan").validate(json.loads(plan.read_text()))
    saved = written("namespace-backup-report", "ns-backup", namespace_name)
    with tarfile.open(saved["path"]) as archive:
        head, *_, index = archive.getnames()
        members = {name: json.load(archive.extractfile(name) or archive) for name in (head, index)}
    validator("namespace-backup").validate(members["backup.json"])
    validator("namespace-backup-index").validate(members["index.json"])
    deleted = written("deletion-preview", "ns-delete", namespace_name, "--yes", "--no-backup")
    assert deleted["namespace"]["name"] == namespace_name
    assert written("restore-report", "ns-restore", namespace_name, "--dry-run")["dryRun"] == "client"
    assert written("restore-report", "ns-restore", namespace_name)["dryRun"] is None
    Path(saved["path"]).with_name(f"{namespace_name}-cut.tar.gz").write_bytes(b"cut")
    problems = [each["problem"] for each in written("backup-list", "ns-restore", "--list")["backups"]]
    assert sorted(map(bool, problems)) == [False, True]
