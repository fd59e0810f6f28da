import json
import subprocess
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import ExitCode
from tests.builders import Kubeconfig
from tests.commands.conftest import BIN
from tests.commands.imports import KUBEADM, Seen, behind, kubeadm, stamp


@pytest.fixture
def config(scratch_home: Path) -> Path:
    """The user's own file, of a kubeadm cluster too."""
    return kubeadm(scratch_home / ".kube" / "config", "ours")


STYLES = {
    "block": f"""\
# head
apiVersion: v1
kind: Config
clusters:
- cluster: {{server: 'https://ours:6443'}}
  name: kubernetes  # c
contexts:
- context:
    cluster: kubernetes
    user: kubernetes-admin
  name: {KUBEADM}
users:
  - name: kubernetes-admin
    user:
      token: |
        token-of-ours
current-context: {KUBEADM}
# foot
""",
    "flow": (
        "{kind: Config, clusters: [{name: kubernetes, cluster: {server: 'https://ours:6443'}}],\n"
        f" contexts: [{{name: {KUBEADM}, context: {{cluster: kubernetes, user: kubernetes-admin}}}}],\n"
        " users: [{name: kubernetes-admin, user: {token: token-of-ours}}]}\n"
    ),
    "json": json.dumps(
        {
            "users": [{"name": "kubernetes-admin", "user": {"token": "token-of-ours"}}],
            "clusters": [{"name": "kubernetes", "cluster": {"server": "https://ours:6443"}}],
            "contexts": [{"name": KUBEADM, "context": {"cluster": "kubernetes", "user": "kubernetes-admin"}}],
        }
    ),
}


@pytest.mark.parametrize("style", STYLES)
def test_clusters_of_kubeadm_live_side_by_side_and_are_never_crossed(
    style: str, config: Path, tmp_path: Path, run, seen: Seen
) -> None:
    config.write_text(STYLES[style])
    one, two = kubeadm(tmp_path / "one.conf", "one"), kubeadm(tmp_path / "two.conf", "two")
    before = seen(config)
    result = run("ctx-import", one, two, "--on-conflict=rename")
    after = seen(config)
    assert behind(after, KUBEADM) == behind(before, KUBEADM)
    assert behind(after, f"{KUBEADM}-2") == behind(seen(one), KUBEADM)
    assert behind(after, f"{KUBEADM}-3") == behind(seen(two), KUBEADM)
    assert after["current-context"] == before["current-context"]
    assert {section: len(after[section]) for section in ("contexts", "clusters", "users")} == {
        "contexts": 3,
        "clusters": 3,
        "users": 3,
    }
    assert result.stderr.splitlines() == [
        f'context "{KUBEADM}" added as "{KUBEADM}-2"',
        'cluster "kubernetes" added as "kubernetes-2"',
        'user "kubernetes-admin" added as "kubernetes-admin-2"',
        f'context "{KUBEADM}" added as "{KUBEADM}-3"',
        'cluster "kubernetes" added as "kubernetes-3"',
        'user "kubernetes-admin" added as "kubernetes-admin-3"',
        "Switch to one with: kubectl ctx-switch NAME",
    ]
    if style == "json":
        json.loads(config.read_text())
    elif style == "block":
        assert config.read_text().startswith("# head\n")
        assert config.read_text().endswith("# foot\n")


@pytest.mark.parametrize("policy", ["fail", "rename", "replace", "skip"])
def test_what_is_there_already_is_not_added_again(policy: str, config: Path, tmp_path: Path, run) -> None:
    one = kubeadm(tmp_path / "one.conf", "one")
    run("ctx-import", one, "--on-conflict=rename")
    untouched = stamp(config)
    again = kubeadm(tmp_path / "again.conf", "ours")
    assert run("ctx-import", again, f"--on-conflict={policy}").stderr == f'context "{KUBEADM}" unchanged\n'
    result = run("ctx-import", one, "--on-conflict=rename")
    assert result.stderr == f'context "{KUBEADM}" unchanged as "{KUBEADM}-2"\n'
    assert stamp(config) == untouched


def test_a_context_is_the_same_when_what_it_stands_for_is(config: Path, tmp_path: Path, run) -> None:
    one = kubeadm(tmp_path / "one.conf", "one")
    run("ctx-import", one, "--rename", f"{KUBEADM}=one")  # its cluster is kubernetes-2 here
    untouched = stamp(config)
    assert run("ctx-import", one, "--rename", f"{KUBEADM}=one").stderr == (
        f'context "{KUBEADM}" unchanged as "one"\n'
    )
    assert stamp(config) == untouched


def test_what_kubectl_wrote_of_an_entry_is_the_same_entry(
    config: Path, tmp_path: Path, run, kubectl_path: Path
) -> None:
    plugin = {"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "login"}
    kubeadm(config, "ours", exec=plugin)
    command = [kubectl_path, "config", "view", "--raw"]  # args: null, interactiveMode: IfAvailable and more
    copy = tmp_path / "copy"
    copy.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
    assert b"interactiveMode" in copy.read_bytes()
    assert run("ctx-import", copy).stderr == f'context "{KUBEADM}" unchanged\n'


def test_by_default_a_taken_name_is_refused_and_nothing_written(config: Path, tmp_path: Path, run) -> None:
    files = [kubeadm(tmp_path / f"{host}.conf", host) for host in ("one", "two")]
    free = Kubeconfig().context("free").write(tmp_path / "free")
    untouched = stamp(config)
    result = run("ctx-import", free, *files, code=ExitCode.REFUSED)
    assert result.stderr.splitlines()[:3] == [
        "error: nothing was imported: 2 names are taken by another context",
        *(f'  context "{KUBEADM}" of {path}: {config} has another' for path in files),
    ]
    assert "--on-conflict=rename" in result.stderr
    assert stamp(config) == untouched
    alone = run("ctx-import", *files, "--into", tmp_path / "new", code=ExitCode.REFUSED)
    assert f'context "{KUBEADM}" of {files[1]}: what is imported with it has another' in alone.stderr
    assert not (tmp_path / "new").exists()


def test_skip_leaves_such_a_context_out_with_its_cluster_and_user(
    config: Path, tmp_path: Path, run, seen: Seen
) -> None:
    one = kubeadm(tmp_path / "one.conf", "one")
    free = Kubeconfig().context("free", "c", "u").write(tmp_path / "free")
    before = seen(config)
    result = run("ctx-import", one, free, "--on-conflict=skip")
    assert result.stderr.splitlines()[0] == f'context "{KUBEADM}" skipped'
    after = seen(config)
    assert set(after["contexts"]) == {KUBEADM, "free"}
    assert set(after["clusters"]) == {"kubernetes", "c"}
    assert behind(after, KUBEADM) == behind(before, KUBEADM)


def test_replace_renews_the_cluster_and_the_user_that_nobody_else_uses(
    config: Path, tmp_path: Path, run, seen: Seen
) -> None:
    config.write_text(STYLES["block"])
    one = kubeadm(tmp_path / "one.conf", "one")
    result = run("ctx-import", one, "--on-conflict=replace")
    assert [line.rpartition(" ")[2] for line in result.stderr.splitlines()[:3]] == ["replaced"] * 3
    assert seen(config) == {**seen(one), "current-context": KUBEADM}
    assert "name: kubernetes  # c\n" in config.read_text()


def test_replace_does_not_touch_what_another_context_uses(
    config: Path, tmp_path: Path, run, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Kubeconfig().context("other", "kubernetes", "someone").write(tmp_path / "other")
    value = json.loads(other.read_text())
    other.write_text(json.dumps({**value, "clusters": []}))  # it uses the cluster of the first file
    one = kubeadm(tmp_path / "one.conf", "one")
    monkeypatch.setenv("KUBECONFIG", f"{config}:{other}")
    before = seen(config, other)
    run("ctx-import", one, "--on-conflict=replace")
    after = seen(config, other)
    assert behind(after, "other") == behind(before, "other")
    assert behind(after, KUBEADM) == behind(seen(one), KUBEADM)
    assert after["contexts"][KUBEADM] == {"cluster": "kubernetes-2", "user": "kubernetes-admin"}


def test_replace_writes_to_the_file_where_the_context_is(
    config: Path, tmp_path: Path, run, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Kubeconfig().context("first").write(tmp_path / "first")
    monkeypatch.setenv("KUBECONFIG", f"{first}:{config}")
    untouched = stamp(first)
    one = kubeadm(tmp_path / "one.conf", "one", exec={"command": "login", "apiVersion": "v1"})
    run("ctx-import", one, "--on-conflict=replace")
    assert stamp(first) == untouched
    assert behind(seen(first, config), KUBEADM) == behind(seen(one), KUBEADM)


def test_a_context_shared_by_a_newcomer_is_not_replaced(
    config: Path, tmp_path: Path, run, seen: Seen
) -> None:
    """The first file's context shares our cluster; the second one's would put another in its place."""
    builder = Kubeconfig().cluster("kubernetes", server="https://ours:6443")
    sharer = builder.context("sharer", "kubernetes", "x").write(tmp_path / "sharer")
    one = kubeadm(tmp_path / "one.conf", "one")
    for files in ((sharer, one), (one, sharer)):
        kubeadm(config, "ours")
        run("ctx-import", *files, "--on-conflict=replace")
        after = seen(config)
        assert behind(after, "sharer") == behind(seen(sharer), "sharer")
        assert behind(after, KUBEADM) == behind(seen(one), KUBEADM)


def test_two_newcomers_cannot_both_replace(config: Path, tmp_path: Path, run) -> None:
    files = [kubeadm(tmp_path / f"{host}.conf", host) for host in ("one", "two")]
    untouched = stamp(config)
    result = run("ctx-import", *files, "--on-conflict=replace", code=ExitCode.REFUSED)
    assert "what is imported with it has another" in result.stderr
    assert stamp(config) == untouched


def test_a_prefix_goes_before_every_name(config: Path, tmp_path: Path, run, seen: Seen) -> None:
    one = kubeadm(tmp_path / "one.conf", "one")
    run("ctx-import", one, "--prefix", "one-")
    after = seen(config)
    assert after["contexts"][f"one-{KUBEADM}"] == {
        "cluster": "one-kubernetes",
        "user": "one-kubernetes-admin",
    }
    assert behind(after, f"one-{KUBEADM}") == behind(seen(one), KUBEADM)


@pytest.mark.parametrize(("old", "new"), [("a", "b"), ("a=b", "c"), ("a", "b=c"), ("=x", "y")])
def test_rename(config: Path, run, seen: Seen, old: str, new: str) -> None:
    run("ctx-import", Kubeconfig().context(old).write(config.parent / "file"), "--rename", f"{old}={new}")
    assert set(seen(config)["contexts"]) == {KUBEADM, new}


def test_rename_of_an_unknown_context(config: Path, tmp_path: Path, run) -> None:
    path = Kubeconfig().context("blue").write(tmp_path / "file")
    result = run("ctx-import", path, "--rename", "bleu=x", code=ExitCode.NOT_FOUND)
    assert result.stderr == (
        "error: no context to import has the name: \"bleu\"\nhint: did you mean 'blue'?\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [["--rename", "a"], ["--rename", "a="], ["--rename", "a=b", "--prefix", "x"], ["--on-conflict=maybe"]],
)
def test_flags_that_say_nothing_clear_are_refused(config: Path, run, arguments: list[str]) -> None:
    untouched = stamp(config)
    run("ctx-import", Kubeconfig().context("a").write(config.parent / "a"), *arguments, code=ExitCode.USAGE)
    assert stamp(config) == untouched


BAD = {
    "broken": ("contexts:\n- name: a\n- name: a\n", "bad:3: "),
    "tab": ("contexts:\n\t- name: a\n", "bad:2: "),
    "empty": ("", "bad is empty"),
    "blank": (" \n", "bad is empty"),
    "no entries": ("kind: Config\n", "bad has no contexts, clusters or users"),
    "no names": ("contexts: [null]\n", "bad has no contexts"),
    "another kind": ("kind: Pod\napiVersion: v1\n", "bad:1: "),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_one_bad_file_and_nothing_is_imported(config: Path, run, text: str, message: str) -> None:
    good, bad = Kubeconfig().context("good").write(config.parent / "good"), config.parent / "bad"
    bad.write_text(text)
    untouched = stamp(config)
    result = run("ctx-import", good, bad, code=ExitCode.REFUSED)
    assert f"error: {config.parent}/{message}" in result.stderr
    assert stamp(config) == untouched


def test_files_that_are_not_there(config: Path, tmp_path: Path, run) -> None:
    result = run("ctx-import", tmp_path / "gone", code=ExitCode.NOT_FOUND)
    assert result.stderr == f"error: stat {tmp_path}/gone: no such file or directory\n"
    assert "is a directory" in run("ctx-import", tmp_path, code=ExitCode.FAILED).stderr


def test_only_takes_contexts_with_what_is_theirs(config: Path, tmp_path: Path, run, seen: Seen) -> None:
    builder = Kubeconfig().context("dev-a", "ca", "ua").context("dev-b", "ca", "ub").context("p", "cp", "up")
    path = builder.cluster("lone", server="https://lone").write(tmp_path / "file")
    run("ctx-import", path, "--only", "dev-*", "--into", tmp_path / "some")
    some = seen(tmp_path / "some")
    assert [set(some[section]) for section in ("contexts", "clusters", "users")] == [
        {"dev-a", "dev-b"},
        {"ca"},
        {"ua", "ub"},
    ]
    run("ctx-import", path, "--into", tmp_path / "all")
    assert seen(tmp_path / "all") == seen(path)


def test_names_are_taken_by_all_of_our_files(
    config: Path, tmp_path: Path, run, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Kubeconfig().context("first").write(tmp_path / "first")
    monkeypatch.setenv("KUBECONFIG", f"{first}:{config}")
    before = seen(first, config)
    builder = (
        Kubeconfig().cluster("kubernetes", server="https://ours:6443").user("kubernetes-admin", token="x")
    )
    path = builder.context("new", "kubernetes", "kubernetes-admin").write(tmp_path / "file")
    result = run("ctx-import", path)
    assert 'cluster "kubernetes" unchanged\n' in result.stderr
    assert 'user "kubernetes-admin" added as "kubernetes-admin-2"\n' in result.stderr
    after = seen(first, config)
    assert behind(after, "new") == behind(seen(path), "new")
    for name in before["contexts"]:
        assert behind(after, name) == behind(before, name)
    assert "new" in seen(first)["contexts"]


def test_into_a_new_file_of_its_own(config: Path, tmp_path: Path, run, seen: Seen) -> None:
    one, target = kubeadm(tmp_path / "one.conf", "one"), tmp_path / "folder" / "new"
    result = run("ctx-import", one, "--into", target)
    assert "Switch to" not in result.stderr
    assert seen(target) == {**seen(one), "current-context": ""}
    assert target.stat().st_mode & 0o777 == 0o600
    assert target.parent.stat().st_mode & 0o777 == 0o700


def test_into_one_of_our_files(
    config: Path, tmp_path: Path, run, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = Kubeconfig().context("second").write(tmp_path / "second")
    monkeypatch.setenv("KUBECONFIG", f"{config}:{second}")
    monkeypatch.chdir(tmp_path)
    untouched = stamp(config)
    one = kubeadm(tmp_path / "one.conf", "one")
    run("ctx-import", one, "--into", "./second", "--on-conflict=rename")
    assert stamp(config) == untouched
    assert behind(seen(config, second), f"{KUBEADM}-2") == behind(seen(one), KUBEADM)
    assert f"{KUBEADM}-2" in seen(second)["contexts"]


def test_a_home_without_a_kubeconfig(scratch_home: Path, tmp_path: Path, run, seen: Seen) -> None:
    run("ctx-import", kubeadm(tmp_path / "one.conf", "one"))
    made = scratch_home / ".kube" / "config"
    assert made.stat().st_mode & 0o777 == 0o600
    assert made.parent.stat().st_mode & 0o777 == 0o700
    assert made.read_text().startswith("apiVersion: v1\nkind: Config\nclusters:\n- cluster:\n")


def test_a_dry_run_shows_the_difference_without_secrets(config: Path, tmp_path: Path, run) -> None:
    one = kubeadm(tmp_path / "one.conf", "one")
    untouched = stamp(config)
    result = run("ctx-import", one, "--on-conflict=rename", "--dry-run")
    assert result.stderr.splitlines()[0] == f'context "{KUBEADM}" added as "{KUBEADM}-2" (dry run)'
    assert "kubernetes-admin-2" in result.stdout
    assert result.stdout.startswith(f"--- {config}\n")
    assert "token-of" not in result.stdout + result.stderr
    assert stamp(config) == untouched
    run("ctx-import", one, "--into", tmp_path / "folder" / "new", "--dry-run=client")
    assert not (tmp_path / "folder").exists()


def test_data_for_programs(config: Path, tmp_path: Path, run) -> None:
    one = kubeadm(tmp_path / "one.conf", "one")
    assert run("ctx-import", one, "--on-conflict=rename", "-o", "name").stdout == f"{KUBEADM}-2\n"
    items = json.loads(run("ctx-import", one, "--prefix", "p-", "-o", "json").stdout)["items"]
    assert items[1] == {
        "kind": "cluster",
        "name": "p-kubernetes",
        "action": "added",
        "source": str(one),
        "sourceName": "kubernetes",
    }


def test_an_import_can_be_undone(config: Path, tmp_path: Path, run) -> None:
    before = config.read_bytes()
    run("ctx-import", kubeadm(tmp_path / "one.conf", "one"), "--on-conflict=replace")
    assert config.read_bytes() != before
    run("ctx-undo")
    assert config.read_bytes() == before


def test_in_a_shell_of_its_own_context_the_import_is_for_all(
    config: Path, tmp_path: Path, plugin_environ: dict[str, str], seen: Seen
) -> None:
    one = kubeadm(tmp_path / "one.conf", "one")
    command = [BIN / "kubectl-ctx_shell", KUBEADM, "--", "kubectl", "ctx-import", one, "--prefix", "x-"]
    subprocess.run(command, env=plugin_environ, check=True, capture_output=True)
    assert set(seen(config)["contexts"]) == {KUBEADM, f"x-{KUBEADM}"}


def test_a_broken_file_of_ours_is_not_written(config: Path, tmp_path: Path, run) -> None:
    config.write_text("contexts:\n\t- a\n")
    result = run("ctx-import", kubeadm(tmp_path / "one.conf", "one"), code=ExitCode.REFUSED)
    assert f"{config}:2: " in result.stderr
    assert config.read_text() == "contexts:\n\t- a\n"
