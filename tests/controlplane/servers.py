"""The control plane: etcd, kube-apiserver and kube-controller-manager on free loopback ports.

The three run with the admission plug-ins, RBAC, aggregation and controllers of a kubeadm cluster; what needs
nodes or a cloud is left out (no scheduler, no kubelet: pods stay Pending). All that they write stays in one
scratch folder.
"""

import atexit
import http.client
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.controlplane import flags, kubeconfigs
from tests.controlplane.api import Api
from tests.controlplane.certificates import Authority, Credentials
from tests.controlplane.flags import LOOPBACK, Ports
from tests.controlplane.processes import Program, end
from tests.controlplane.waiting import wait_until

ADMIN = "kubernetes-admin"
SERVER_NAMES = (LOOPBACK, "localhost", "kubernetes.default.svc")
PATIENCE = 120.0  # seconds for a start that takes 3 on an idle machine
PROBE_TIMEOUT = 2.0  # short, as the one who listens may be a stranger that got the port first
ATTEMPTS = 3
_NEW_CLUSTER = (
    "/api/v1/namespaces/default/serviceaccounts/default",
    "/api/v1/namespaces/default/configmaps/kube-root-ca.crt",
    "/api/v1/namespaces/kube-system/serviceaccounts/default",
    "/api/v1/namespaces/kube-public/serviceaccounts/default",
    "/api/v1/namespaces/kube-node-lease/serviceaccounts/default",
)


class StartFailure(Exception):
    """A server ended, or was not ready in time; the text has the last lines of each log."""

    def __init__(self, what: str, programs: Sequence[Program]) -> None:
        logs = [f"--- {program.log}\n{program.tail()}" for program in programs]
        super().__init__("\n".join([what, *logs]))

    @property
    def lost_a_port(self) -> bool:
        """Somebody took a port between our looking for it and the server's listening on it."""
        return "address already in use" in str(self)


class ControlPlane:
    """A running control plane, as any process of this machine sees it that knows its scratch folder."""

    def __init__(self, workdir: Path) -> None:
        self.workdir = workdir
        self.kubeconfig = workdir / "admin.conf"
        self.server = (workdir / "server-url").read_text()

    @classmethod
    @contextmanager
    def start(cls, workdir: Path, binaries: Path) -> "Iterator[ControlPlane]":
        """Starts the servers in an empty or new folder, and ends them when the context is left.

        binaries: the folder of the three programs (see build.py). Raises StartFailure.
        """
        launch = _launched(binaries, workdir)
        try:
            yield cls(workdir)
        finally:
            launch.stop()

    @cached_property
    def authority(self) -> Authority:
        """Signs further certificates, for example for a webhook that the API server is to call."""
        return Authority(Credentials.read(self.workdir / "ca"))

    @cached_property
    def api(self) -> Api:
        """The API server as the admin sees it, without any code of the product."""
        return _admin(self.workdir, self.server)

    def create_namespace(self, name: str) -> None:
        """Creates a namespace and waits for what Kubernetes puts into each; then pods may be created too."""
        self.api.create("/api/v1/namespaces", {"metadata": {"name": name}})
        for path in ("serviceaccounts/default", "configmaps/kube-root-ca.crt"):
            wait_until(lambda path=path: self.api.exists(f"/api/v1/namespaces/{name}/{path}"))

    def kubeconfig_dict(self, user: str | None = None, groups: Sequence[str] = ()) -> dict[str, Any]:
        """A self-contained kubeconfig of the admin, or of a user (see `user`)."""
        if user is None:
            credentials = Credentials.read(self.workdir / "admin")
        else:
            credentials = self.authority.issue(user, groups)
        return kubeconfigs.kubeconfig(self.server, self.authority.certificate, user or ADMIN, credentials)

    def user(self, name: str, groups: Sequence[str] = ()) -> Path:
        """A new kubeconfig of a user who holds no rights beyond those of every authenticated user.

        The credentials are real: a client certificate, whose common name is the user's name and whose
        organizations are the groups, as the API server reads them. It may be asked for at any time.
        """
        path = self.workdir / f"user-{uuid.uuid4().hex}.conf"
        return kubeconfigs.write(path, self.kubeconfig_dict(name, groups))


class _Launch:
    """One start of the three servers in a folder, from nothing to readiness."""

    def __init__(self, binaries: Path, workdir: Path) -> None:
        self._binaries = binaries
        self._workdir = workdir
        self._ports = Ports.free()
        self._programs: list[Program] = []

    def start(self) -> None:
        """Returns when the cluster is as complete as a new one of kubeadm; raises StartFailure."""
        atexit.register(self.stop)
        try:
            self._write_credentials()
            self._start_servers()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends the servers, those first that would complain about the others' end."""
        end(self._programs[::-1])
        atexit.unregister(self.stop)

    def _write_credentials(self) -> None:
        authority = Authority.create()
        authority.credentials.write(self._workdir / "ca")
        authority.issue("kube-apiserver", hosts=SERVER_NAMES).write(self._workdir / "server")
        authority.issue(flags.FRONT_PROXY).write(self._workdir / "front-proxy")
        authority.issue("service-accounts").write(self._workdir / "service-account")
        authority.issue(ADMIN, ["system:masters"]).write(self._workdir / "admin")
        (self._workdir / "server-url").write_text(f"https://{LOOPBACK}:{self._ports.apiserver}")
        cluster = ControlPlane(self._workdir)
        kubeconfigs.write(cluster.kubeconfig, cluster.kubeconfig_dict())
        manager = cluster.kubeconfig_dict("system:kube-controller-manager")
        kubeconfigs.write(self._workdir / "controller-manager.conf", manager)

    def _start_servers(self) -> None:
        etcd, api, manager = (
            _admin(self._workdir, f"https://{LOOPBACK}:{port}", PROBE_TIMEOUT)
            for port in (self._ports.etcd, self._ports.apiserver, self._ports.controller_manager)
        )
        self._run("etcd", flags.etcd)
        self._wait("etcd", lambda: etcd.exists("/health"))
        self._run("kube-apiserver", flags.apiserver)
        self._wait("kube-apiserver", lambda: api.exists("/readyz"))
        self._run("kube-controller-manager", flags.controller_manager)
        self._wait("kube-controller-manager", lambda: manager.exists("/healthz"))
        self._wait("a new cluster's namespaces", lambda: all(map(api.exists, _NEW_CLUSTER)))

    def _run(self, name: str, arguments: Callable[[Path, Ports], list[str]]) -> None:
        command: list[str | Path] = [self._binaries / name, *arguments(self._workdir, self._ports)]
        self._programs.append(Program(command, self._workdir / f"{name}.log"))

    def _wait(self, what: str, is_ready: Callable[[], bool]) -> None:
        try:
            wait_until(lambda: self._all_run() and _without_error(is_ready), PATIENCE)
        except TimeoutError as error:
            raise StartFailure(f"{what} not ready after {PATIENCE:.0f} s", self._programs) from error

    def _all_run(self) -> bool:
        for program in self._programs:
            if program.exit_code is not None:
                raise StartFailure(f"{program.name} ended with {program.exit_code}", self._programs)
        return True


def _admin(workdir: Path, server: str, timeout: float = 30.0) -> Api:
    """The admin's way to a server whose certificates are of the authority in the folder."""
    return Api(server, workdir / "ca.crt", workdir / "admin.crt", workdir / "admin.key", timeout)


def _launched(binaries: Path, workdir: Path) -> _Launch:
    """Started servers; starts them anew on other ports when the race for a port was lost."""
    workdir.mkdir(parents=True, exist_ok=True)
    for remaining in reversed(range(ATTEMPTS)):
        launch = _Launch(binaries, workdir)
        try:
            launch.start()
            break
        except StartFailure as failure:
            if not (remaining and failure.lost_a_port):
                raise
            shutil.rmtree(workdir / "etcd", ignore_errors=True)
    return launch


def _without_error(is_ready: Callable[[], bool]) -> bool:
    try:
        return is_ready()
    except (OSError, http.client.HTTPException):  # the latter from a stranger on our port
        return False
