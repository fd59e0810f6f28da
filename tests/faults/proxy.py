"""A proxy between client and API server. It lets requests through as the admin, but for those with a fault.

The client comes by plain HTTP, or, with an authority, by TLS; it needs no credentials.
"""

import http.client
import re
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.controlplane import kubeconfigs
from tests.controlplane.certificates import Authority
from tests.controlplane.flags import LOOPBACK
from tests.controlplane.loopback import LoopbackServer
from tests.controlplane.servers import ControlPlane
from tests.faults.exchange import Exchange

ALWAYS = 10**9
_NOT_PASSED_ON = {
    "host",
    "connection",
    "accept-encoding",
    "transfer-encoding",
    "content-length",
    "keep-alive",
}
Fault = Callable[["Exchange"], None]


class Seen(NamedTuple):
    """A request that came; fault: the name of what was done to it, "" where it was let through."""

    method: str
    path: str
    query: str
    fault: str


@dataclass
class _Rule:
    """Which requests a fault is for: those that match, after the first `after`, `times` of them."""

    method: str
    path: re.Pattern[str]
    query: re.Pattern[str]
    fault: Fault
    after: int
    times: int
    matched: int = 0

    def takes(self, method: str, path: str, query: str) -> bool:
        if method != self.method or not self.path.fullmatch(path) or not self.query.search(query):
            return False
        self.matched += 1
        return self.after < self.matched <= self.after + self.times


@dataclass
class FaultProxy:
    """Used as a context; from then on `url` is where the API server seems to be."""

    far: str
    trust: Path
    certificate: Path
    key: Path
    authority: Authority | None = None
    folder: Path | None = None
    seen: list[Seen] = field(default_factory=list)
    finished: threading.Event = field(default_factory=threading.Event)
    _rules: list[_Rule] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def before(cls, cluster: ControlPlane, *, tls: Path | None = None) -> "FaultProxy":
        """One before a control plane. tls: a folder for its certificate, if it is to speak TLS."""
        trust, certificate, key = (cluster.workdir / name for name in ("ca.crt", "admin.crt", "admin.key"))
        return cls(cluster.server, trust, certificate, key, cluster.authority if tls else None, tls)

    def on(
        self, method: str, path: str, *, then: Fault, query: str = "", after: int = 0, times: int = 1
    ) -> "FaultProxy":
        """A fault for requests of a method whose whole path matches, and whose query has a match, a regular
        expression each: for the first of them, or `times` of them after the first `after`."""
        with self._lock:
            rule = _Rule(method, re.compile(path), re.compile(query), then, after, times)
            self._rules.append(rule)
        return self

    def without_faults(self) -> None:
        """From now on everything is let through; what came so far is forgotten."""
        with self._lock:
            self._rules.clear()
            self.seen.clear()

    def faults(self) -> list[Seen]:
        """The requests that met one."""
        return [each for each in self.seen if each.fault]

    def writes(self) -> list[Seen]:
        """The requests that may have changed something; reviews only ask."""
        return [each for each in self.seen if each.method != "GET" and not each.path.endswith("reviews")]

    @property
    def url(self) -> str:
        scheme = "https" if self.authority else "http"
        return f"{scheme}://{LOOPBACK}:{self._server.server_address[1]}"

    def config(self) -> dict[str, Any]:
        """A kubeconfig that leads here, in the terms of connection.connect."""
        cluster: dict[str, Any] = {"server": self.url}
        if self.authority:
            cluster["certificate-authority"] = str(self.trust)
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "faulty",
            "contexts": [{"name": "faulty", "context": {"cluster": "faulty", "user": "nobody"}}],
            "clusters": [{"name": "faulty", "cluster": cluster}],
            "users": [
                {"name": "nobody", "user": {"token": "not-passed-on"}}
            ],  # else kubectl asks for a password
        }

    def kubeconfig(self, folder: Path) -> Path:
        """The same as a file."""
        return kubeconfigs.write(folder / "faulty.yaml", self.config())

    def __enter__(self) -> "FaultProxy":
        self._upstream = ssl.create_default_context(cafile=str(self.trust))
        self._upstream.load_cert_chain(self.certificate, self.key)
        self._server = _Server((LOOPBACK, 0), _Handler)
        self._server.proxy = self
        if self.authority and self.folder:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            own = self.authority.issue("faulty", hosts=[LOOPBACK]).write(self.folder / "faulty")
            tls.load_cert_chain(*own)
            self._server.tls = tls
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.finished.set()
        self._server.shutdown()
        self._server.server_close()

    def take(self, method: str, target: str) -> Fault | None:
        """The fault for a request, which is remembered."""
        parts = urlsplit(target)
        with self._lock:
            taking = [rule for rule in self._rules if rule.takes(method, parts.path, parts.query)]
            fault = taking[0].fault if taking else None
            self.seen.append(Seen(method, parts.path, parts.query, fault.__name__ if fault else ""))
        return fault

    def upstream(self) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection(urlsplit(self.far).netloc, context=self._upstream, timeout=120)


class _Server(LoopbackServer):
    proxy: FaultProxy

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Quiet: clients that hang up are what this is about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        proxy = self.server.proxy
        exchange = Exchange(self, body, proxy.upstream(), proxy.finished)
        (proxy.take(self.command, self.path) or Exchange.pass_on)(exchange)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

    def log_message(self, *_: object) -> None:
        """Quiet: pytest shows what matters."""
