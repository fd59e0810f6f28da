"""What an entry is made of, and what it stands for, is the same after ctx-import."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kubectl_ns_tools.errors import ExitCode
from kubectl_ns_tools.goyaml import construct, parse_first
from tests.builders import Kubeconfig
from tests.commands.conftest import BIN
from tests.commands.imports import KUBEADM, Seen, behind, kubeadm, stamp


@pytest.fixture
def config(scratch_home: Path) -> Path:
    """The user's own file, of a kubeadm cluster too."""
    return kubeadm(scratch_home / ".kube" / "config", "ours")


def test_a_context_whose_cluster_is_elsewhere_is_not_given_ours(config: Path, tmp_path: Path, run) -> None:
    value = kubeadm(tmp_path / "x", "x")
    text = {**json.loads(value.read_text()), "clusters": []}
    value.write_text(json.dumps(text))
    untouched = stamp(config)
    result = run("ctx-import", value, "--rename", f"{KUBEADM}=x", code=ExitCode.REFUSED)
    assert f'context "{KUBEADM}" ({value}): cluster "kubernetes" is not in this file' in result.stderr
    assert stamp(config) == untouched
    run("ctx-import", value, "--only", "other*", code=ExitCode.NOT_FOUND)


def test_a_dangling_context_of_ours_is_not_given_a_newcomer_s_cluster(
    config: Path, tmp_path: Path, run, seen: Seen
) -> None:
    """It would send our token there."""
    ours = {**json.loads(config.read_text()), "clusters": []}
    config.write_text(json.dumps(ours))
    one = kubeadm(tmp_path / "one.conf", "one")
    run("ctx-import", one, "--rename", f"{KUBEADM}=one")
    after = seen(config)
    assert set(after["clusters"]) == {"kubernetes-2"}
    assert behind(after, "one") == behind(seen(one), KUBEADM)
    run("ctx-import", one, "--on-conflict=replace")  # now it is to have it
    assert behind(seen(config), KUBEADM) == behind(seen(one), KUBEADM)


def with_files(folder: Path, host: str) -> Path:
    """A kubeconfig that names all its files by relative paths; they exist."""
    for name in ("ca.crt", "tls/cert.pem", "tls/key.pem"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{name} of {host}")
    builder = Kubeconfig().cluster("c", server=f"https://{host}", certificate_authority="ca.crt")
    user = {
        "client-certificate": "tls/cert.pem",
        "client-key": "./tls/../tls/key.pem",
        "tokenFile": "../token",
        "exec": {"command": "./login", "args": ["./x"], "apiVersion": "client.authentication.k8s.io/v1beta1"},
    }
    value = builder.context(host).value()
    value["users"][0]["user"] = user
    path = folder / "config"
    path.write_text(json.dumps(value))
    return path


def flattened(kubectl: Path, path: Path, context: str, folder: Path) -> Any:
    command = [kubectl, "config", "view", "--kubeconfig", str(path), "--raw", "--minify", "--flatten"]
    command += ["--context", context, "-o", "json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
    config = json.loads(done.stdout)
    return [config["clusters"][0]["cluster"], config["users"][0]["user"]]


@pytest.mark.parametrize("target", ["other/config", "in/new", "config", "in/deeper/new"])
def test_relative_paths_keep_their_meaning(
    tmp_path: Path, run, kubectl_path: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = with_files(tmp_path / "in", "host")
    monkeypatch.chdir(tmp_path / "in" / "tls")
    run("ctx-import", "../config", "--into", tmp_path / target)
    want = flattened(kubectl_path, source, "host", tmp_path)
    got = flattened(kubectl_path, tmp_path / target, "host", tmp_path)
    for config, folder in ((want, source.parent), (got, (tmp_path / target).parent)):
        config[1]["tokenFile"] = os.path.normpath(folder / config[1]["tokenFile"])
        command = config[1]["exec"]["command"]
        assert "/" in command  # else it would be looked for in $PATH
        config[1]["exec"]["command"] = os.path.normpath(folder / command)
    assert got == want


def test_paths_are_relative_where_they_can_be(tmp_path: Path, run) -> None:
    with_files(tmp_path / "in", "host")
    run("ctx-import", tmp_path / "in" / "config", "--into", tmp_path / "in" / "new")
    text = (tmp_path / "in" / "new").read_text()
    assert "certificate-authority: ca.crt\n" in text
    assert "client-key: tls/key.pem\n" in text
    assert "command: ./login\n" in text
    assert f"tokenFile: {tmp_path}/token\n" in text


def test_standard_input_is_read_once_and_its_paths_are_from_here(
    config: Path, tmp_path: Path, seen: Seen
) -> None:
    source = with_files(tmp_path / "in", "host")
    command = [sys.executable, BIN / "kubectl-ctx_import", "-"]
    done = subprocess.run(
        command, input=source.read_text(), cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert 'Warning: cluster "c": certificate-authority ca.crt is relative, and was taken from' in done.stderr
    assert seen(config)["clusters"]["c"]["certificate-authority"] == f"{tmp_path}/ca.crt"
    substituted = f"{sys.executable} {BIN}/kubectl-ctx_import <(cat {source}) --prefix x-"
    done = subprocess.run(
        ["bash", "-c", substituted], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert 'Warning: cluster "x-c": certificate-authority ca.crt is relative' in done.stderr
    assert seen(config)["clusters"]["x-c"]["certificate-authority"] == f"{tmp_path}/ca.crt"
    done = subprocess.run(command, input="", cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.splitlines()[0]) == (4, "error: standard input is empty")


def test_unknown_fields_and_extensions_come_along(config: Path, tmp_path: Path, run) -> None:
    text = """\
clusters:
- name: c
  x-item: [1, {deep: yes}]
  cluster:
    server: https://c
    x-unknown: &a {n: 1.5, "0x1F": "0x1F"}
    x-again: *a
    extensions:
    - {name: e, extension: {lines: "a\\n\\nb\\n", none: null, t: true, big: 18446744073709551615}}
users:
- name: u
  user:
    exec: {command: sh, args: [-c, "a\\n b\\n\\n"], env: [{name: A, value: "1"}]}
contexts:
- {name: a, context: {cluster: c, user: u, x: [on, "on"]}}
"""
    path = tmp_path / "file"
    path.write_text(text)
    for target in (config, tmp_path / "new"):
        run("ctx-import", path, "--into", target)
        there = construct(parse_first(target.read_text(), "t").root, "t")
        wanted = construct(parse_first(text, "t").root, "t")
        for section in ("clusters", "users", "contexts"):
            assert json.dumps(there[section][-1], sort_keys=True) == json.dumps(
                wanted[section][0], sort_keys=True
            )


def test_programs_that_would_be_run_are_named(config: Path, tmp_path: Path, run) -> None:
    builder = Kubeconfig().context("a\x1b[31m", "c", "u\x1b").context("b", "c", "v").context("d", "c", "w")
    builder.user(
        "u\x1b", exec={"command": "evil\x1b]0;\x07", "args": ["--secret=s3cret", "y"], "apiVersion": "v1"}
    )
    builder.user(
        "v", auth_provider={"name": "gcp", "config": {"cmd-path": "/bin/evil", "access-token": "s3cret"}}
    )
    path = builder.user("w", token="s3cret").write(tmp_path / "file")
    result = run("ctx-import", path)
    assert (
        'Warning: user "u\\x1b" runs a program when it is used: evil\\x1b]0;\\x07, with 2 arguments'
        in result.stderr
    )
    assert 'Warning: user "v" uses the auth provider "gcp", which runs /bin/evil' in result.stderr
    assert 'context "a\\x1b[31m" added' in result.stderr
    assert "\x1b" not in result.stderr
    assert "s3cret" not in result.stdout + result.stderr
    again = run("ctx-import", path)
    assert "Warning" not in again.stderr


def test_imports_at_the_same_time_lose_nothing(config: Path, tmp_path: Path, seen: Seen) -> None:
    hosts = [f"host-{number}" for number in range(8)]
    files = [kubeadm(tmp_path / f"{host}.conf", host) for host in hosts]
    running = [
        subprocess.Popen([sys.executable, BIN / "kubectl-ctx_import", path, "--rename", f"{KUBEADM}={host}"])
        for path, host in zip(files, hosts, strict=True)
    ]
    assert [process.wait(120) for process in running] == [0] * len(hosts)
    after = seen(config)
    for path, host in zip(files, hosts, strict=True):
        assert behind(after, host) == behind(seen(path), KUBEADM)


@pytest.fixture(params=range(4))
def heap(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Two files of ours, and one of theirs, whose names are drawn from a small heap, so that they meet."""
    chance = random.Random(request.param)
    files = [chance_file(chance, tmp_path / name) for name in ("ours-1", "ours-2", "theirs")]
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join(map(str, files[:2])))
    return files


@pytest.mark.parametrize("policy", ["rename", "replace", "skip"])
def test_every_context_keeps_what_it_stands_for(heap: list[Path], run, seen: Seen, policy: str) -> None:
    *ours, theirs = heap
    before, source = seen(*ours), seen(theirs)
    items = json.loads(run("ctx-import", theirs, f"--on-conflict={policy}", "-o", "json").stdout)["items"]
    after = seen(*ours)
    steps = {item["sourceName"]: item for item in items if item["kind"] == "context"}
    assert set(steps) == set(source["contexts"])
    for name, step in steps.items():
        if step["action"] != "skipped":
            assert behind(after, step["name"]) == behind(source, name)
    replaced = {step["name"] for step in steps.values() if step["action"] == "replaced"}
    assert policy == "replace" or not replaced
    for name in set(before["contexts"]) - replaced:
        assert behind(after, name) == behind(before, name)


def chance_file(chance: random.Random, path: Path) -> Path:
    builder = Kubeconfig()
    for name in "abc":
        builder.cluster(name, server=f"https://{chance.choice('xyz')}")
        builder.user(name, token=chance.choice("xyz"))
    for name in chance.sample("pqrst", 3):
        builder.context(name, chance.choice("abc"), chance.choice("abc"), chance.choice(["", "n"]))
    return builder.write(path)
