"""Credentials from a program: the `exec` entry of a kubeconfig (client.authentication.k8s.io).

Rules from client-go (plugin/pkg/client/auth/exec/exec.go): the plugin's stderr is the user's to see, its
stdin is the terminal unless interactiveMode says never, and its answer lasts until expirationTimestamp or
a 401; unlike there, also beyond the process, in the cache that the caller may name. Texts are client-go's;
what the plugin printed on stdout is never shown, it may hold the token.
"""

import os
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from kubectl_ns_tools.cluster.endpoint import Endpoint
from kubectl_ns_tools.cluster.exec_cache import ExecCache
from kubectl_ns_tools.cluster.tls import Identity
from kubectl_ns_tools.errors import Refused, Unreachable

API_GROUP = "client.authentication.k8s.io"
VERSIONS = (f"{API_GROUP}/v1", f"{API_GROUP}/v1beta1")
MARGIN_SECONDS = 60.0  # an answer of another process that expires so soon is not begun with


class ExecPlugin:
    """Runs the plugin when credentials are needed and the last ones are spent; one thread at a time.

    name: of the kubeconfig's user; cache: the folder for what other processes may use, "" for none;
    patience: how many seconds it may take, None for as long as it does, as somebody may have to log in.
    """

    def __init__(
        self,
        entry: Mapping[str, Any],
        endpoint: Endpoint,
        extensions: Sequence[Any] = (),
        *,
        name: str = "",
        cache: str = "",
        patience: float | None = None,
    ) -> None:
        self._command = [str(entry.get("command") or ""), *map(str, entry.get("args") or ())]
        self._version = str(entry.get("apiVersion") or "")
        self._mode = str(entry.get("interactiveMode") or "IfAvailable")
        self._hint = str(entry.get("installHint") or "").strip()
        self._variables = {str(item["name"]): str(item["value"]) for item in entry.get("env") or ()}
        cluster = cluster_info(endpoint, extensions)
        self._cluster = cluster if entry.get("provideClusterInfo") else None
        self._cache = ExecCache(cache, [name, cluster, dict(entry)])
        self._patience = patience
        self._lock = threading.Lock()
        self._status: dict[str, Any] = {}
        if self._version not in VERSIONS:
            raise Refused(f'exec plugin: invalid apiVersion "{self._version}"', f"use {VERSIONS[0]}")

    def authorization(self) -> str:
        """The token of an answer that is still good; "" when the plugin gave a certificate alone."""
        return _bearer(self._current())

    def identity(self) -> Identity | None:
        """The certificate of an answer that is still good, if it has one."""
        status = self._current()
        certificate = status.get("clientCertificateData")
        return Identity(certificate, status["clientKeyData"]) if certificate else None

    def renew(self, spent: str) -> bool:
        """Run the plugin again, unless another thread has; False when it gives the same as before."""
        with self._lock:
            before = self._status
            if _bearer(before) == spent:
                self._status = self._obtain(spent)
            return _bearer(self._status) != spent or self._status != before

    def _current(self) -> dict[str, Any]:
        with self._lock:
            if not self._status or expired(self._status):
                self._check_policy()
                self._status = self._kept("") or self._obtain("")
            return self._status

    def _check_policy(self) -> None:
        """Before an answer that is kept, too: what may not run has no say."""
        from kubectl_ns_tools.cluster.plugin_policy import program_of, read_policy

        command = self._command[0]
        read_policy(os.environ).check(command, program_of(command) or command)

    def _kept(self, spent: str) -> dict[str, Any]:
        """What another process has got, if it is good for a while and not what the server did not take."""
        status = self._cache.read()
        good = status and not expired(status, MARGIN_SECONDS) and _bearer(status) != spent
        return status if good else {}

    def _obtain(self, spent: str) -> dict[str, Any]:
        """Run the plugin, unless another process is doing so: then what that one gets."""
        with self._cache.held(self._patience):
            if status := self._kept(spent):
                return status
            if spent:
                self._cache.drop()
            status = self._run()
            if _bearer(status) != spent:
                self._cache.write(status)
            return status

    def _run(self) -> dict[str, Any]:
        import subprocess

        from kubectl_ns_tools.cluster.plugin_policy import program_of

        program = program_of(self._command[0])
        try:
            if not program and os.sep not in self._command[0]:
                raise FileNotFoundError
            done = subprocess.run(
                self._command,
                executable=program or None,
                env=self._environment(),
                stdin=None if self._interactive() else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                check=False,
                timeout=self._patience,
            )
        except subprocess.TimeoutExpired:
            raise _failed(f"exec: {self._command[0]} gave no answer within {self._patience:g}s") from None
        except FileNotFoundError as error:
            hint = self._hint or "install the program that the context's user names under exec.command"
            raise _failed(f"exec: executable {self._command[0]} not found", hint) from error
        except OSError as error:
            raise _failed(f"exec: {error.strerror or error}: {self._command[0]}") from error
        if done.returncode:
            raise _failed(f"exec: executable {self._command[0]} failed with exit code {done.returncode}")
        return self._status_in(done.stdout)

    def _environment(self) -> dict[str, str]:
        import json

        spec: dict[str, Any] = {"interactive": self._interactive()}
        if self._cluster:
            spec["cluster"] = self._cluster
        info = {"apiVersion": self._version, "kind": "ExecCredential", "spec": spec}
        return {**os.environ, **self._variables, "KUBERNETES_EXEC_INFO": json.dumps(info)}

    def _interactive(self) -> bool:
        terminal = sys.stdin is not None and sys.stdin.isatty()
        if self._mode == "Always" and not terminal:
            raise _failed("exec plugin cannot support interactive mode: standard input is not a terminal")
        return terminal and self._mode != "Never"

    def _status_in(self, output: bytes) -> dict[str, Any]:
        import json

        try:
            answer = json.loads(output)
        except ValueError:
            # not chained: the decoder's error carries the output
            raise _failed("decoding stdout: it is not a JSON ExecCredential") from None
        if not isinstance(answer, dict) or answer.get("kind") != "ExecCredential":
            raise _failed("decoding stdout: it is not a JSON ExecCredential")
        if answer.get("apiVersion") != self._version:
            raise _failed(
                f"exec plugin is configured to use API version {self._version},"
                f" plugin returned version {answer.get('apiVersion')}"
            )
        status: dict[str, Any] = answer.get("status") or {}
        pair = [bool(status.get(key)) for key in ("clientCertificateData", "clientKeyData")]
        if any(pair) != all(pair):
            raise _failed("exec plugin returned only certificate or key, not both")
        if not status.get("token") and not all(pair):
            raise _failed("exec plugin didn't return a token or cert/key pair")
        return status


def cluster_info(endpoint: Endpoint, extensions: Sequence[Any]) -> dict[str, Any]:
    """ExecCredential's spec.cluster, with the plugin's own configuration out of the cluster's extensions."""
    import base64

    found: dict[str, Any] = {"server": endpoint.server + endpoint.base_path}
    optional = {
        "tls-server-name": endpoint.tls_server_name,
        "insecure-skip-tls-verify": endpoint.insecure,
        "certificate-authority-data": base64.b64encode(endpoint.authority.encode()).decode(),
        "proxy-url": endpoint.proxy,
        "disable-compression": not endpoint.compression,
    }
    found.update({name: value for name, value in optional.items() if value})
    for extension in extensions:
        if extension.get("name") == f"{API_GROUP}/exec":
            found["config"] = extension.get("extension")
    return found


def expired(status: Mapping[str, Any], margin: float = 0.0) -> bool:
    """Whether an answer has passed its expirationTimestamp, or will in `margin` seconds; without one it lasts
    as long as the process."""
    import datetime

    stamp = status.get("expirationTimestamp")
    if not stamp:
        return False
    try:
        # Python 3.10 reads no "Z"
        expiry = datetime.datetime.fromisoformat(str(stamp).replace("Z", "+00:00"))
    except ValueError:
        return True
    return expiry - datetime.timedelta(seconds=margin) <= datetime.datetime.now(datetime.timezone.utc)


def _bearer(status: Mapping[str, Any]) -> str:
    token = status.get("token")
    return f"Bearer {token}" if token else ""


def _failed(what: str, hint: str = "") -> Unreachable:
    return Unreachable(f"Unable to connect to the server: getting credentials: {what}", hint)
