"""Every name that can be mistyped: the one that was probably meant is told, and nothing is done."""

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import ExitCode
from kubectl_ns_tools.templates.annotations import TEMPLATE_ANNOTATION, TEMPLATE_LABEL
from tests.builders import Kubeconfig
from tests.deletion.world import World

USAGE, NOT_FOUND, REFUSED = ExitCode.USAGE, ExitCode.NOT_FOUND, ExitCode.REFUSED

FLAGS = {
    "ns-list --conext a": "--context",
    "ns-create b --dryrun": "--dry-run",
    "ns-delete --wiat=false b": "--wait",
    "ctx-exec --job 3 a -- true": "--jobs",
    "ctx-shell --flaten a": "--flatten",
    "ns-template list --ouput json": "--output",
    "ns-template --versoin": "--version",
    "ns-tools doctor --request-timout 3s": "--request-timeout",
    "ns-list -o jsn": "json",
    "ctx-list --output=yml": "yaml",
    "ns-create b --dry-run=sever": "server",
    "ctx-set a --dry-run=clint": "client",
    "ctx-import x --on-conflict=renam": "rename",
    "ns-list --sort-by nmae": "name",
    "ns-list --sort-by .metadata.nmae": ".metadata.name",
    "ctx-set green --unset namspace": "namespace",
    "ns-template lst": "list",
    "ns-tools docter": "doctor",
    "ns-tools completion instal": "install",
}
CONTEXTS = {
    "ctx-switch geen": (NOT_FOUND, "green"),
    "ctx-list geen": (NOT_FOUND, "green"),
    "ctx-list 'grean*'": (NOT_FOUND, "green"),
    "ctx-delete geen --yes": (NOT_FOUND, "green"),
    "ctx-rename geen x": (NOT_FOUND, "green"),
    "ctx-export geen": (NOT_FOUND, "green"),
    "ctx-exec geen -- true": (NOT_FOUND, "green"),
    "ctx-shell geen -- true": (NOT_FOUND, "green"),
    "ctx-set geen --namespace x": (REFUSED, "green"),
    "ctx-set x --cluster kubernets --user admin": (REFUSED, "kubernetes"),
    "ctx-set x --cluster kubernetes --user admn": (REFUSED, "admin"),
    "ctx-current --template {contxt}": (REFUSED, "context"),
    "ctx-import green.conf --rename gren=x": (NOT_FOUND, "green"),
    "ctx-import green.conf --only gren": (NOT_FOUND, "green"),
    "ns-list --context geen": (NOT_FOUND, "green"),
    "ns-list --contexts geen": (NOT_FOUND, "green"),
    "ns-switch x --context geen": (NOT_FOUND, "green"),
    "ns-delete x --contexts geen": (NOT_FOUND, "green"),
    "ns-tools version --context geen": (NOT_FOUND, "green"),
    "ns-create x -t temm --dry-run": (NOT_FOUND, "team"),
    "ns-create x -t team -p ADMN_GROUP=x --dry-run": (REFUSED, "ADMIN_GROUP"),
    "ns-template show temm": (NOT_FOUND, "team"),
    "ns-template render temm -n x": (NOT_FOUND, "team"),
    "ns-template lint temm --offline": (NOT_FOUND, "team"),
}
# {near}: the namespace's name without its last letter.
NAMESPACES = {
    "ns-switch {near}": (NOT_FOUND, "{name}"),
    "ns-status {near}": (NOT_FOUND, "{name}"),
    "ns-backup {near}": (NOT_FOUND, "{name}"),
    "ns-delete {near} --yes": (NOT_FOUND, "{name}"),
    "ns-delete '{near}x*' --yes": (NOT_FOUND, "{name}"),
    "ns-create {near} --update --yes": (NOT_FOUND, "{name}"),
    "ns-template capture {near}": (NOT_FOUND, "{name}"),
    "ns-restore {near}": (NOT_FOUND, "{name}"),
    "ns-restore --list {near}": (ExitCode.OK, "{name}"),
    "ns-restore {name} --only secrt": (NOT_FOUND, "secrets"),
    "ns-restore {name} --only configmap/setings": (NOT_FOUND, "settings"),
    "ns-delete {name} --only deploymnt": (NOT_FOUND, "deployments"),
    "ns-delete {name} --except configmp": (NOT_FOUND, "configmaps"),
    "ns-delete {near} --force-finalize --give-up metrics.k8s.io": (NOT_FOUND, "{name}"),
    "ns-create --update --all-from {name}x": (NOT_FOUND, "{name}"),
    "ns-template publish temm": (NOT_FOUND, "team"),
    "ns-template publish {name}x --namespace {name} --delete --yes": (NOT_FOUND, "{name}"),
}


def meant(text: str) -> str:
    """The suggestion on stderr, "" for none."""
    return text.partition("did you mean ")[2].split("?")[0].strip("'")


@pytest.mark.parametrize(("line", "name"), FLAGS.items(), ids=FLAGS)
def test_a_mistyped_flag_value_or_command(line: str, name: str, run: Callable[..., object]) -> None:
    failed = run(*shlex.split(line), code=USAGE)
    assert meant(failed.stderr) == name
    assert failed.stdout == ""


@pytest.mark.parametrize(("line", "expected"), CONTEXTS.items(), ids=CONTEXTS)
def test_a_mistyped_name_in_files(
    line: str,
    expected: tuple[ExitCode, str],
    run: Callable[..., object],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = Kubeconfig().context("green", "kubernetes", "admin").context("blue", "kubernetes", "admin")
    config.current("blue").write(tmp_path / "config")
    config.write(tmp_path / "green.conf")
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    before = (tmp_path / "config").read_bytes()
    code, name = expected
    assert meant(run(*shlex.split(line), code=code).stderr) == name
    assert (tmp_path / "config").read_bytes() == before


@pytest.mark.integration
@pytest.mark.parametrize(("line", "expected"), NAMESPACES.items(), ids=NAMESPACES)
def test_a_mistyped_name_in_the_cluster(
    line: str, expected: tuple[ExitCode, str], reachable: World, run: Callable[..., object], tmp_path: Path
) -> None:
    name = reachable.namespace
    names = {"name": name, "near": name[:-1]}
    reachable.configmap("settings")
    if "restore" in line:
        run("ns-backup", name)
    elif "--all-from" in line:
        made = {"labels": {TEMPLATE_LABEL: name}, "annotations": {TEMPLATE_ANNOTATION: name}}
        path = f"/api/v1/namespaces/{name}"
        reachable.api.call("PATCH", path, {"metadata": made}, "application/merge-patch+json")
    elif "publish" in line:
        run("ns-template", "publish", "team", "--name", name, "--namespace", name)
    code, name = expected
    failed = run(*shlex.split(line.format(**names)), code=code)
    assert meant(failed.stderr) == name.format(**names)
