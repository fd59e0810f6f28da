import functools
import json
import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubectl_ns_tools.errors import ExitCode
from kubectl_ns_tools.kubeconfig.transfer import exporting
from tests.builders import Kubeconfig
from tests.commands.conftest import BIN
from tests.commands.imports import Seen, behind, stamp
from tests.commands.terminal import Terminal


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two contexts on one cluster, one on another; certificates in files of relative paths."""
    folder = tmp_path / "kube"
    folder.mkdir()
    for name in ("ca.pem", "key.pem"):
        (folder / name).write_text(name)
    builder = Kubeconfig().cluster(
        "c", server="https://c", certificate_authority="ca.pem", proxy_url="http://p"
    )
    builder.user("u", client_key="key.pem", token="s3cret")
    builder.user("v", exec={"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "./login"})
    builder.context("a", namespace="n").context("b", user="v").context("z", "d", "w").current("b")
    path = builder.write(folder / "config")
    monkeypatch.setenv("KUBECONFIG", str(path))
    return path


def by_kubectl(kubectl: Path, *flags: str) -> dict[str, Any]:
    """What `kubectl config view` makes of the same context."""
    command = [kubectl, "config", "view", "--raw", "--minify", *flags, "-o", "json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


@pytest.mark.parametrize(("name", "form"), [("a", "json"), ("b", "json"), ("b", "yaml"), ("z", "yaml")])
def test_a_flattened_export_is_what_kubectl_makes(
    config: Path, run, kubectl_path: Path, name: str, form: str
) -> None:
    path = config.parent / "made"
    path.write_text(run("ctx-export", name, "--flatten", "-o", form).stdout)
    want = by_kubectl(kubectl_path, "--flatten", "--context", name)
    assert {"preferences", *want} == {"preferences", *yaml.safe_load(path.read_text())}
    for user in want["users"]:
        if "exec" in user["user"]:
            user["user"]["exec"]["command"] = f"{config.parent}/login"
    assert by_kubectl(kubectl_path, "--kubeconfig", str(path)) == want


def test_paths_become_absolute_on_standard_output(config: Path, run) -> None:
    made = json.loads(run("ctx-export", "a", "-o", "json").stdout)
    assert made == {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": "c",
                "cluster": {
                    "server": "https://c",
                    "certificate-authority": f"{config.parent}/ca.pem",
                    "proxy-url": "http://p",
                },
            }
        ],
        "contexts": [{"name": "a", "context": {"cluster": "c", "user": "u", "namespace": "n"}}],
        "current-context": "a",
        "users": [{"name": "u", "user": {"client-key": f"{config.parent}/key.pem", "token": "s3cret"}}],
    }


@pytest.mark.parametrize(
    ("place", "authority", "command"),
    [
        ("elsewhere/new", "{}/kube/ca.pem", "{}/kube/login"),
        ("kube/new", "ca.pem", "./login"),
        ("new", "kube/ca.pem", "kube/login"),
    ],
)
def test_paths_are_relative_to_the_file_where_they_can_be(
    config: Path, run, place: str, authority: str, command: str
) -> None:
    top = config.parents[1]
    run("ctx-export", "b", "--into", top / place)
    made = yaml.safe_load((top / place).read_text())
    assert made["clusters"][0]["cluster"]["certificate-authority"] == authority.format(top)
    assert made["users"][0]["user"]["exec"]["command"] == command.format(top)


@pytest.mark.parametrize(
    ("patterns", "current"), [(["a"], "a"), (["a", "z"], ""), (["*"], "b"), (["a", "b"], "b"), (["[az]"], "")]
)
def test_the_current_context_of_the_export(config: Path, run, patterns: list[str], current: str) -> None:
    assert yaml.safe_load(run("ctx-export", *patterns).stdout)["current-context"] == current


def test_several_contexts_share_what_they_shared(config: Path, tmp_path: Path, run, seen: Seen) -> None:
    run("ctx-export", "*", "--into", tmp_path / "kube" / "new")
    assert seen(tmp_path / "kube" / "new") == seen(config)


def test_a_file_is_made_for_its_owner_only(config: Path, tmp_path: Path, run) -> None:
    path = tmp_path / "folder" / "new"
    before = os.umask(0o000)
    try:
        result = run("ctx-export", "a", "--into", path)
    finally:
        os.umask(before)
    assert result.stderr == f"1 context exported to {path}.\n"
    assert result.stdout == ""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["new"]


def test_a_file_that_exists_is_replaced_only_by_force(config: Path, tmp_path: Path, run) -> None:
    path = tmp_path / "there"
    path.write_text("precious\n")
    path.chmod(0o644)
    untouched = stamp(path)
    result = run("ctx-export", "a", "--into", path, code=ExitCode.REFUSED)
    assert result.stderr.splitlines()[0] == f"error: {path} exists; nothing was written"
    assert "--force" in result.stderr
    assert stamp(path) == untouched
    run("ctx-export", "a", "--into", path, "--force")
    assert yaml.safe_load(path.read_text())["current-context"] == "a"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    written = stamp(path)
    run("ctx-export", "a", "--into", path, "--force")
    assert stamp(path) == written
    run("ctx-undo", "--kubeconfig", path)
    assert path.read_text() == "precious\n"


def test_our_own_kubeconfig_is_never_replaced(config: Path, tmp_path: Path, run) -> None:
    (tmp_path / "link").symlink_to(config)
    untouched = stamp(config)
    result = run("ctx-export", "a", "--into", tmp_path / "link", "--force", code=ExitCode.REFUSED)
    assert "is one of your kubeconfig files" in result.stderr
    assert "ctx-import" in result.stderr
    assert stamp(config) == untouched


def test_what_is_no_file_is_refused(config: Path, tmp_path: Path, run) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        result = run("ctx-export", "a", "--into", tmp_path / name, "--force", code=ExitCode.REFUSED)
        assert result.stderr.splitlines()[0] == f"error: {tmp_path / name} is not a regular file"


def test_what_is_locked_is_not_written(config: Path, tmp_path: Path, run, monkeypatch) -> None:
    monkeypatch.setattr(exporting, "locked", functools.partial(exporting.locked, wait=0.1))
    (tmp_path / "new.lock").touch()
    result = run("ctx-export", "a", "--into", tmp_path / "new", code=ExitCode.LOCKED)
    assert "new.lock: file exists" in result.stderr
    assert not (tmp_path / "new").exists()


def test_a_dry_run_writes_nothing_and_hides_the_secrets(config: Path, tmp_path: Path, run) -> None:
    path = tmp_path / "folder" / "new"
    result = run("ctx-export", "a", "--into", path, "--dry-run")
    assert result.stdout.splitlines()[:2] == ["--- /dev/null", f"+++ {path}"]
    assert "+    token: REDACTED" in result.stdout
    assert "s3cret" not in result.stdout + result.stderr
    assert not path.parent.exists()


def change(config: Path, **entries: Any) -> None:
    value = json.loads(config.read_text())
    config.write_text(json.dumps({**value, **entries}))


@pytest.mark.parametrize(
    ("missing", "message"),
    [("clusters", 'cluster "c" does not exist'), ("users", 'user "u" does not exist')],
)
def test_a_dangling_reference_is_named(config: Path, run, missing: str, message: str) -> None:
    change(config, **{missing: []})
    result = run("ctx-export", "a", "z", code=ExitCode.NOT_FOUND)
    assert result.stderr.startswith(f'error: context "a" ({config}): {message}\n')
    assert result.stdout == ""


def test_an_unknown_context_is_named(config: Path, run) -> None:
    assert 'no context matches "q*"' in run("ctx-export", "q*", code=ExitCode.NOT_FOUND).stderr


def test_a_context_without_a_user_has_none(config: Path, run) -> None:
    change(config, contexts=[{"name": "a", "context": {"cluster": "c"}}])
    assert yaml.safe_load(run("ctx-export", "a").stdout)["users"] == []


def test_what_cannot_be_flattened_is_named(config: Path, tmp_path: Path, run, kubectl_path: Path) -> None:
    (config.parent / "key.pem").unlink()
    result = run("ctx-export", "a", "--flatten", "--into", tmp_path / "x", code=ExitCode.NOT_FOUND)
    path = config.parent / "key.pem"
    assert result.stderr == (
        f'error: user "u": cannot read the client-key {path}: no such file or directory\n'
    )
    change(config, users=[{"name": "u", "user": {"client-key": "key.pem", "client-key-data": "YQ=="}}])
    path.write_text("k")
    result = run("ctx-export", "a", "--flatten", "--into", tmp_path / "x", code=ExitCode.REFUSED)
    assert 'user "u": client-key and client-key-data are both set' in result.stderr
    with pytest.raises(subprocess.CalledProcessError):
        by_kubectl(kubectl_path, "--flatten", "--context", "a")
    assert not (tmp_path / "x").exists()


def test_a_token_file_stays_a_file(config: Path, run, kubectl_path: Path) -> None:
    change(config, users=[{"name": "u", "user": {"tokenFile": "token\x1b"}}])
    result = run("ctx-export", "a", "--flatten", "-o", "json")
    assert result.stderr == (
        f'Warning: the token of user "u" stays in a file of its own: {config.parent}/token\\x1b\n'
    )
    assert json.loads(result.stdout)["users"][0]["user"] == {"tokenFile": f"{config.parent}/token\x1b"}


def test_a_terminal_is_warned_of_the_credentials(
    config: Path, tmp_path: Path, run, plugin_environ: dict[str, str]
) -> None:
    environ = {**plugin_environ, "KUBECONFIG": str(config)}
    terminal = Terminal(BIN / "kubectl-ctx_export", ["a"], environ, tmp_path)
    terminal.child.expect_exact("this kubeconfig holds credentials")
    terminal.child.expect_exact("s3cret")
    assert terminal.ended() == 0
    assert run("ctx-export", "a").stderr == ""


def test_force_is_for_a_file(config: Path, run) -> None:
    run("ctx-export", "a", "--force", code=ExitCode.USAGE)


def test_unknown_fields_come_along(config: Path, run) -> None:
    value = {
        "server": "https://c",
        "x-unknown": {"n": 1.5},
        "extensions": [{"name": "e", "extension": [True]}],
    }
    change(config, clusters=[{"name": "c", "cluster": value}])
    assert yaml.safe_load(run("ctx-export", "a").stdout)["clusters"][0]["cluster"] == value


@pytest.mark.integration
@pytest.mark.usefixtures("scratch_home")
def test_what_was_exported_works_where_it_is_imported(
    kubeconfig: Path, tmp_path: Path, kubectl_path: Path, run, seen: Seen
) -> None:
    name = "kubernetes-admin@kubernetes"
    run("ctx-export", name, "--flatten", "--kubeconfig", kubeconfig, "--into", tmp_path / "flat")
    run("ctx-import", tmp_path / "flat")
    home = Path.home() / ".kube" / "config"
    assert behind(seen(home), name) == behind(seen(kubeconfig), name)
    command = [kubectl_path, "get", "namespace", "default", "-o", "name", "--context", name]
    environ = {key: value for key, value in os.environ.items() if key != "KUBECONFIG"}
    done = subprocess.run(command, env=environ, check=True, capture_output=True, text=True)
    assert done.stdout == "namespace/default\n"
