"""The archives' commands at work, on a machine without Python."""

import json
import os
import re
import subprocess
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from kubectl_ns_tools import __version__
from kubectl_ns_tools.main import COMMANDS
from tests.builders import Kubeconfig
from tests.cluster.tunnel import Tunnel
from tests.commands.screen import Screen
from tests.controlplane.loopback import LoopbackServer
from tests.controlplane.servers import ControlPlane
from tests.controlplane.waiting import wait_until
from tests.release.unpacked import FAMILIES, Unpacked

pytestmark = pytest.mark.e2e

# Each would change what Python does, or which libraries a program gets.
TAMPERING = {
    "PYTHONPATH": "elsewhere",
    "PYTHONHOME": "/nowhere",
    "PYTHONSTARTUP": "elsewhere/sitecustomize.py",
    "PYTHONOPTIMIZE": "2",
    "PYTHONWARNINGS": "error",
    "LD_LIBRARY_PATH": "elsewhere",
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home of a user who has the contexts a (the current one) and b."""
    Kubeconfig().context("a").context("b").current("a").write(tmp_path / "config")
    return tmp_path


@pytest.fixture
def cluster_home(tmp_path: Path, kubeconfig: Path) -> Path:
    """The home of the control plane's administrator."""
    kubeconfig.rename(tmp_path / "config")
    return tmp_path


def current(home: Path) -> str:
    return str(yaml.safe_load((home / "config").read_text())["current-context"])


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_starts_from_krews_link(unpacked: Unpacked, home: Path, command: str) -> None:
    assert unpacked.kubectl(home, command, "--version").stdout == f"kubectl-ns-tools {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_its_help(unpacked: Unpacked, home: Path, command: str) -> None:
    said = unpacked.kubectl(home, command, "--help").stdout
    assert f"kubectl {command}" in said
    assert "Examples:" in said  # which stands in the docstring


def test_contexts_are_switched_shown_and_undone(unpacked: Unpacked, home: Path) -> None:
    unpacked.kubectl(home, "ctx-switch", "b")
    assert current(home) == "b"
    assert unpacked.kubectl(home, "ctx-current").stdout == "b\n"
    unpacked.kubectl(home, "ctx-rename", "b", "c")
    unpacked.kubectl(home, "ctx-undo")
    assert unpacked.kubectl(home, "ctx-list", "-o", "name").stdout == "a\nb\n"


def test_contexts_are_exported_imported_and_linted(unpacked: Unpacked, home: Path) -> None:
    exported = unpacked.kubectl(home, "ctx-export", "a").stdout
    (home / "other").write_text(exported)
    unpacked.kubectl(home, "ctx-import", "other", "--prefix", "x-")
    assert unpacked.kubectl(home, "ctx-list", "-o", "name").stdout == "a\nb\nx-a\n"
    assert "other users may read the credentials in it" in unpacked.kubectl(home, "ctx-lint", code=1).stdout


@pytest.mark.parametrize("command", ["ctx-exec", "ctx-shell"])
def test_a_program_that_is_started_gets_the_users_environment(
    unpacked: Unpacked, home: Path, command: str
) -> None:
    given = unpacked.environ(home, **TAMPERING)
    said = unpacked.kubectl(home, command, "b", "--", "/usr/bin/env", **TAMPERING).stdout
    got = dict(re.findall(r"(\w+)=(.*)", said))
    assert given.keys() <= got.keys()
    # of the command, of a shell, of PEP 538
    own = ("KUBE", "NS_TOOLS", "PWD", "OLDPWD", "SHLVL", "_", "LC_CTYPE")
    assert [name for name in got if got[name] != given.get(name) and not name.startswith(own)] == []


def test_nothing_of_the_users_python_comes_in(unpacked: Unpacked, home: Path) -> None:
    for folder in (home / "elsewhere", home / ".local" / "lib" / "python3" / "site-packages"):
        folder.mkdir(parents=True)
        for name in ("sitecustomize", "usercustomize", "kubectl_ns_tools", "yaml", "json"):
            (folder / f"{name}.py").write_text("raise SystemExit('not ours')\n")
        (folder / "libpython3.so").write_text("no library")
    assert unpacked.kubectl(home, "ctx-list", "-o", "json", **TAMPERING).stdout
    assert not list(home.rglob("__pycache__"))


@pytest.mark.parametrize("link", ["relative", "absolute", "none"])
def test_a_launcher_finds_its_archive_from_anywhere(unpacked: Unpacked, home: Path, link: str) -> None:
    launcher = unpacked.store("ctx") / "kubectl-ctx_current"
    target = {"relative": os.path.relpath(launcher, home), "absolute": str(launcher)}.get(link)
    folder = home if target else launcher.parent
    if target:
        (home / "kubectl-ctx_current").symlink_to("to the next")
        (home / "to the next").symlink_to(target)
    for words in (["./kubectl-ctx_current"], ["sh", "kubectl-ctx_current"]):
        done = subprocess.run(
            words, cwd=folder, env={**unpacked.environ(home), "PATH": "/bin"}, capture_output=True, check=True
        )
        assert done.stdout == b"a\n"


def test_where_its_c_library_is_missing_a_launcher_says_so(unpacked: Unpacked, tmp_path: Path) -> None:
    text = (unpacked.store("ctx") / "kubectl-ctx_current").read_text()
    (tmp_path / "launcher").write_text(text.replace("/lib64/ld-linux", "/lib64/no-ld-linux"))
    done = subprocess.run(["sh", tmp_path / "launcher"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "with glibc" in done.stderr
    assert "pip install kubectl-ns-tools" in done.stderr


def test_the_picker_opens(unpacked: Unpacked, home: Path) -> None:
    environ = unpacked.environ(home, TERM="xterm-256color", LANG="C.UTF-8")
    # pexpect would split the path, which has a space
    screen = Screen(Path("/usr/bin/env"), [str(unpacked.bin / "kubectl-ctx_switch")], environ)
    assert screen.shows("context>").press("b").points_at("  b").press("\r").ended() == 0
    assert current(home) == "b"


def test_text_of_the_encodings_of_koreas_locales_is_read(unpacked: Unpacked) -> None:
    code = "for name in ('euc_kr', 'cp949', 'shift_jis', 'big5', 'gb18030'): '한日'.encode(name, 'replace')"
    for name in FAMILIES:
        subprocess.run([unpacked.python(name), "-I", "-S", "-c", code], env={}, check=True)


@pytest.mark.integration
def test_a_namespace_is_created_listed_and_deleted(
    unpacked: Unpacked, cluster_home: Path, namespace_name: str
) -> None:
    unpacked.kubectl(
        cluster_home, "ns-create", namespace_name, "-t", "team", "-p", "ADMIN_GROUP=blue", "--yes"
    )
    listed = json.loads(unpacked.kubectl(cluster_home, "ns-list", "-o", "json").stdout)
    assert namespace_name in json.dumps(listed)
    assert namespace_name in unpacked.kubectl(cluster_home, "ns-list").stdout
    page = unpacked.kubectl(cluster_home, "ns-delete", namespace_name, "--dry-run", "-o", "html").stdout
    assert page.startswith("<!DOCTYPE html>")
    assert namespace_name in page
    unpacked.kubectl(cluster_home, "ns-delete", namespace_name, "--yes", "--wait=false")


@pytest.mark.integration
def test_a_namespace_is_completed(unpacked: Unpacked, cluster_home: Path, namespace: str) -> None:
    def completed(command: str, *words: str) -> str:
        completer = unpacked.bin / f"kubectl_complete-{command.replace('-', '_')}"
        environ = unpacked.environ(cluster_home)
        done = subprocess.run(
            [completer, *words, namespace[:6]], env=environ, capture_output=True, text=True, check=True
        )
        return done.stdout

    for call in (("ctx-set", "--namespace"), ("ns-switch",)):
        # As often as a person would: when the answer is late, it is there for the next Tab.
        wait_until(lambda call=call: namespace in completed(*call))


@pytest.mark.integration
def test_without_a_cas_certificate_the_systems_authorities_count(
    unpacked: Unpacked, cluster_home: Path, controlplane: ControlPlane, tmp_path: Path
) -> None:
    config = controlplane.kubeconfig_dict()
    authority = config["clusters"][0]["cluster"].pop("certificate-authority-data")
    (cluster_home / "config").write_text(yaml.safe_dump(config))
    (tmp_path / "authority.pem").write_bytes(__import__("base64").b64decode(authority))
    refused = unpacked.kubectl(cluster_home, "ns-list", code=5)
    assert "certificate" in refused.stderr
    trusted = unpacked.kubectl(cluster_home, "ns-list", SSL_CERT_FILE=str(tmp_path / "authority.pem"))
    assert "kube-system" in trusted.stdout


@pytest.mark.integration
def test_a_proxy_is_used(unpacked: Unpacked, cluster_home: Path, controlplane: ControlPlane) -> None:
    config = controlplane.kubeconfig_dict()
    with Tunnel() as tunnel:
        config["clusters"][0]["cluster"]["proxy-url"] = tunnel.url
        (cluster_home / "config").write_text(yaml.safe_dump(config))
        assert "kube-system" in unpacked.kubectl(cluster_home, "ns-list").stdout
        assert tunnel.requested


class _Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps({"authorization": self.headers.get("authorization")}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def test_the_librarys_own_client_sends_requests_without_its_models(unpacked: Unpacked) -> None:
    code = """
import os, sys
sys.path.append(os.path.join(os.path.dirname(sys.prefix), "app"))
from kubernetes.config import kube_config
client = kube_config.ApiClient(configuration=kube_config.Configuration())
answer = client.request(method="GET", url=sys.argv[1], headers={"authorization": "Bearer x"})
print(answer.status, answer.data)
"""
    with LoopbackServer(("127.0.0.1", 0), _Answering) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        done = subprocess.run(
            [unpacked.python("ns"), "-I", "-S", "-c", code, url],
            env={},
            capture_output=True,
            text=True,
            check=False,
        )
        server.shutdown()
    assert done.returncode == 0, done.stderr
    assert "200" in done.stdout
    assert "Bearer x" in done.stdout
