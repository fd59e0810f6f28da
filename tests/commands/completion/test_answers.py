"""What the completers answer, without a shell."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.builders import Kubeconfig
from tests.commands.completion.conftest import ARN, Answer

NO_SPACE, NO_FILES, FILES, FOLDERS = 2, 4, 0, 16
Complete = Callable[..., Answer]
PLAIN = ["blue@kubernetes", "green@kubernetes", ARN, "예시"]


@pytest.mark.parametrize(
    "command",
    ["ctx-switch", "ctx-delete", "ctx-list", "ctx-exec", "ctx-export", "ctx-set", "ctx-shell", "ctx-rename"],
)
def test_contexts_come_first(command: str, contexts: Path, complete: Complete) -> None:
    assert complete(command, "") == Answer(dict.fromkeys(PLAIN, ""), NO_FILES)
    assert complete(command, "--debug", "") == complete(command, "")  # the same by click's reading
    assert complete(command, "arn:") == Answer({ARN: ""}, NO_FILES)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("ctx-switch kubernetes", ["blue@kubernetes", "green@kubernetes"]),  # some shells take the middle
        ("ctx-switch KUBE", ["blue@kubernetes", "green@kubernetes"]),
        ("ctx-switch blue@kubernetes ", []),
        ("ctx-delete blue@kubernetes ", PLAIN[1:]),
        ("ctx-delete --yes blue@kubernetes ", PLAIN[1:]),
        ("ctx-rename blue@kubernetes ", []),
        ("ctx-set blue@kubernetes --cluster ", ["c", "d"]),
        ("ctx-set blue@kubernetes --user=", ["u", "v"]),
        ("ctx-set x --unset c", ["cluster"]),
        ("ctx-set x --unset cluster,", ["cluster,user", "cluster,namespace"]),
        ("ctx-set --current ", PLAIN),
        ("ns-list --context gr", ["green@kubernetes"]),
        ("ns-list --contexts blue@kubernetes --contexts b", []),
        ("ns-list -o w", ["wide"]),
        ("ns-list -o ", ["table", "wide", "name", "json", "yaml"]),
        ("ns-list --sort-by a", ["age"]),
        ("ns-delete --dry-run=", ["none", "client", "server"]),
        ("ns-create x --no-w", ["--no-wait"]),
        ("ns-create x --wait=false --diff --timeout ", []),
        ("ns-template sh", ["show"]),
        ("ns-template show re", ["restricted"]),
        ("ns-template render --debug te", ["team"]),
        ("ns-create x -t team -t t", []),
        ("ns-tools do", ["doctor"]),
        ("ns-tools completion ", ["install", "uninstall", "bash", "fish", "zsh"]),
        ("ns-template nonsense ", []),
        ("ctx-switch --nonsense ", PLAIN),
        ("ctx-exec -n", ["-n"]),
        ("ctx-import --on-conflict r", ["rename", "replace"]),
    ],
)  # fmt: skip
def test_what_may_come_next(line: str, names: list[str], contexts: Path, complete: Complete) -> None:
    command, *words = line.split(" ")
    assert complete(command, *words).names == names


@pytest.mark.parametrize(
    ("line", "directive"),
    [
        ("ctx-switch --kubeconfig ", FILES),
        ("ctx-import ", FILES),
        ("ns-create -f ", FILES),
        ("ns-create -t ", FILES),
        ("ns-restore ", FILES),
        ("ctx-exec x -- ", FILES),
        ("ctx-shell x -- ls ", FILES),
        ("ns-backup --dir ", FOLDERS),
        ("ns-delete --backup=", FOLDERS),
        ("ns-create ", NO_FILES),
        ("ns-create -t team -p ", NO_FILES | NO_SPACE),
        ("ns-create --ttl ", NO_FILES),
    ],
)
def test_where_files_may_come(line: str, directive: int, contexts: Path, complete: Complete) -> None:
    command, *words = line.split(" ")
    assert complete(command, *words).directive == directive


def test_flags_come_with_their_help(contexts: Path, complete: Complete) -> None:
    found = complete("ctx-switch", "--").values
    assert "default namespace" in found["--namespace"]
    assert "--dry-run" not in complete("ctx-switch", "--dry-run", "--").values


def test_a_broken_or_missing_kubeconfig_suggests_nothing(scratch_home: Path, complete: Complete) -> None:
    for text in (None, "contexts: [", "[1, 2]", "contexts: {a: b}\n"):
        path = scratch_home / ".kube" / "config"
        if text is not None:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        assert complete("ctx-switch", "") == Answer({}, NO_FILES)
        assert complete("ns-switch", "--context", "a", "") == Answer({}, NO_FILES)


def test_the_kubeconfig_of_the_line_counts(tmp_path: Path, contexts: Path, complete: Complete) -> None:
    other = Kubeconfig().context("other").write(tmp_path / "other")
    assert complete("ctx-switch", "--kubeconfig", str(other), "").names == ["other"]
    os.rename(other, Path(os.environ["HOME"]) / "other")
    assert complete("ctx-switch", "--kubeconfig=~/other", "").names == ["other"]


def test_contexts_of_what_is_imported(tmp_path: Path, contexts: Path, complete: Complete) -> None:
    Kubeconfig().context("theirs").write(tmp_path / "theirs.yaml")
    assert complete("ctx-import", "theirs.yaml", "--only", "", cwd=tmp_path).names == ["theirs"]
    found = complete("ctx-import", "theirs.yaml", "--rename", "", cwd=tmp_path)
    assert found == Answer({"theirs=": ""}, NO_FILES | NO_SPACE)


def test_parameters_of_all_the_templates_on_the_line(
    tmp_path: Path, contexts: Path, complete: Complete
) -> None:
    parameters = [
        {"name": "SIZE", "description": "how\tlarge\n", "enum": ["s", "m", "a b"]},
        {"name": "OPEN", "type": "boolean"},
    ]
    template = {
        "apiVersion": "template.openshift.io/v1",
        "kind": "Template",
        "parameters": parameters,
        "objects": [],
    }
    (tmp_path / "own.yaml").write_text(yaml.safe_dump(template))
    line = ["x", "-t", "./own.yaml", "-t", "team", "-p"]
    found = complete("ns-create", *line, "", cwd=tmp_path)
    assert found.values["SIZE="] == "how\\tlarge\\n"
    assert {"OPEN=", "ADMIN_GROUP="} < set(found.values)
    assert complete("ns-create", *line, "SIZE=", cwd=tmp_path).names == ["SIZE=s", "SIZE=m"]
    assert complete("ns-create", *line, "OPEN=t", cwd=tmp_path).names == ["OPEN=true"]
    assert "SIZE=" not in complete("ns-create", *line, "SIZE=s", "-p", "", cwd=tmp_path).names
    assert complete("ns-create", "-f", "own.yaml", "-p", "", cwd=tmp_path).names == ["SIZE=", "OPEN="]
    assert complete("ns-create", "-t", "missing.yaml", "-p", "", cwd=tmp_path).names == []


def test_templates_of_the_users_folders(tmp_path: Path, contexts: Path, complete: Complete) -> None:
    (tmp_path / "web.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '${WHAT}'}\n")
    variables = {"KUBECTL_NS_TOOLS_TEMPLATES": str(tmp_path)}
    assert complete("ns-create", "-t", "w", **variables).names == ["web"]
    assert complete("ns-create", "-t", "web", "-p", "", **variables).names == ["WHAT="]
    assert complete("ns-create", "-t", "", KUBECTL_NS_TOOLS_TEMPLATES="/nowhere") == Answer({}, NO_FILES)


def test_backups_by_their_namespace(scratch_home: Path, contexts: Path, complete: Complete) -> None:
    folder = scratch_home / ".local/state/kubectl-ns-tools/backups"
    folder.mkdir(parents=True)
    for name in (
        "blue-x-20261124T195312Z-1f0c3b2a.tar.gz",
        "blue-x-20261125T195312Z-2f0c3b2a.tar.gz",
        "note",
    ):
        (folder / name).touch()
    assert complete("ns-restore", "") == Answer({"blue-x": ""}, FILES)


def test_nothing_is_written(contexts: Path, complete: Complete, scratch_home: Path) -> None:
    before = contexts.read_bytes(), contexts.stat().st_mtime_ns, contexts.stat().st_ino
    for words in ([""], ["--dry-run", ""], ["-n", ""]):
        complete("ctx-switch", *words)
    assert (contexts.read_bytes(), contexts.stat().st_mtime_ns, contexts.stat().st_ino) == before
    assert not (scratch_home / ".local/state").exists()
    assert sorted(path.name for path in contexts.parent.iterdir()) == ["config"]


def test_a_kubeconfig_that_is_a_pipe_does_not_hold_the_shell(tmp_path: Path, complete: Complete) -> None:
    os.mkfifo(tmp_path / "pipe")
    begun = time.monotonic()
    assert complete("ctx-switch", "", KUBECONFIG=str(tmp_path / "pipe")) == Answer({}, NO_FILES)
    assert time.monotonic() - begun < 15


def test_the_hidden_words_are_no_commands_of_their_own(contexts: Path, plugin: Callable[..., object]) -> None:
    plugin("ctx-switch", "__completely", code=3)
