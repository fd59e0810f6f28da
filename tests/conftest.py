"""Fixtures for all tests: a scratch home for each of them, and the real control plane for those that ask.

The control plane is started when the first test needs it, once per run, and shared by all pytest-xdist
workers. It belongs to the process that was started as `pytest`: it ends with that one, however that ends.
"""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.controlplane import tools
from tests.controlplane.build import assets
from tests.controlplane.keeper import Keeper, KeeperFailure
from tests.controlplane.newer_apis import lacking
from tests.controlplane.servers import ControlPlane

_USERS_OWN = dict(os.environ)  # caches of go and pip stay where the user has them
_KEEPER = pytest.StashKey[Keeper]()
_CLEANUP = pytest.StashKey[ExitStack]()
_UNWANTED = ("KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT", "NO_COLOR")
_homes = itertools.count()


def pytest_configure(config: pytest.Config) -> None:
    """Makes the process that the user started the owner of the control plane."""
    worker: dict[str, Any] | None = getattr(config, "workerinput", None)
    if worker:
        config.stash[_KEEPER] = Keeper(Path(worker["controlplane"]), _USERS_OWN)
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up as after a Ctrl-C
    stack = config.stash[_CLEANUP] = ExitStack()
    folder = Path(tempfile.mkdtemp(prefix="kubectl-ns-tools-"))
    stack.callback(shutil.rmtree, folder)
    keeper = config.stash[_KEEPER] = Keeper(folder, _USERS_OWN)
    stack.enter_context(keeper.owned())
    stack.enter_context(keeper.progress(lambda line: _say(config, line)))


def _say(config: pytest.Config, line: str) -> None:
    """On the terminal, also while the output of a test that waits for the control plane is captured."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    capture = config.pluginmanager.get_plugin("capturemanager")
    if reporter and capture:
        with capture.global_and_fixture_disabled():
            reporter.write_line(line)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells a pytest-xdist worker where the run's control plane is."""
    node.workerinput["controlplane"] = str(node.config.stash[_KEEPER].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _CLEANUP in config.stash:
        config.stash[_CLEANUP].close()


@pytest.fixture(scope="session")
def _homes_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def scratch_home(_homes_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home directory; nothing that a test runs finds the user's own files."""
    home = _homes_root / str(next(_homes))
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("KUBECONFIG", str(home / ".kube" / "config"))
    for name, folder in (
        ("CACHE", ".cache"),
        ("CONFIG", ".config"),
        ("DATA", ".local/share"),
        ("STATE", ".local/state"),
    ):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / folder))
    for name in os.environ:
        if name in _UNWANTED or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    return home


@pytest.fixture(scope="session")
def users_environ() -> dict[str, str]:
    """The environment that pytest was started in."""
    return _USERS_OWN


@pytest.fixture(scope="session")
def controlplane(request: pytest.FixtureRequest) -> ControlPlane:
    """The run's control plane. Its namespaces are shared: use `namespace` or `namespace_name`."""
    try:
        return request.config.stash[_KEEPER].cluster()
    except KeeperFailure as failure:
        raise pytest.fail.Exception(str(failure), pytrace=False) from None


@pytest.fixture(autouse=True)
def _newer_api(request: pytest.FixtureRequest) -> None:
    """Skips a test that is marked as one of an API which the server is too old for."""
    if mark := request.node.get_closest_marker("api"):
        controlplane: ControlPlane = request.getfixturevalue("controlplane")
        if reason := lacking(controlplane.api, *mark.args, **mark.kwargs):
            pytest.skip(reason)


@pytest.fixture(scope="session")
def binaries(users_environ: dict[str, str]) -> Path:
    """The folder of the control plane's programs."""
    return assets(users_environ)


@pytest.fixture
def private_controlplane(tmp_path: Path, binaries: Path) -> Iterator[ControlPlane]:
    """A control plane for this test alone, for what disturbs all namespaces of a cluster; takes 5 seconds."""
    with ControlPlane.start(tmp_path / "controlplane", binaries) as cluster:
        yield cluster


@pytest.fixture
def kubeconfig(controlplane: ControlPlane, tmp_path: Path) -> Path:
    """A copy of the admin's kubeconfig that the test may change."""
    return Path(shutil.copy(controlplane.kubeconfig, tmp_path / "kubeconfig"))


@pytest.fixture
def connection(controlplane: ControlPlane) -> Iterator[Any]:
    """The product's own connection, as admin."""
    from kubectl_ns_tools.cluster.connection import connect

    admin = connect(controlplane.kubeconfig_dict())
    yield admin
    admin.close()  # not left to the collector: errors that a test keeps refer to it


@pytest.fixture
def namespace_name(controlplane: ControlPlane) -> Iterator[str]:
    """A name that no namespace has; one that the test creates under it is deleted afterwards."""
    name = f"t-{uuid.uuid4().hex[:10]}"
    yield name
    controlplane.api.call("DELETE", f"/api/v1/namespaces/{name}")


@pytest.fixture
def namespace(controlplane: ControlPlane, namespace_name: str) -> str:
    """The name of a new namespace in which pods may be created."""
    controlplane.create_namespace(namespace_name)
    return namespace_name


@pytest.fixture(scope="session")
def kubectl_path(users_environ: dict[str, str]) -> Path:
    """The real kubectl."""
    return tools.kubectl(users_environ)


@pytest.fixture
def kubectl(kubectl_path: Path, kubeconfig: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the real kubectl on the `kubeconfig` fixture; a failure fails the test unless check=False."""

    def run(
        *arguments: str | Path, input: str | None = None, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        environ = {**os.environ, "KUBECONFIG": str(kubeconfig), "PATH": path}
        done = subprocess.run(
            [kubectl_path, *arguments],
            input=input or "",
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not (check and done.returncode), (
            f"kubectl {arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        )
        return done

    return run
