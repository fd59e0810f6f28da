"""The wire: one connection pool of the client library, and answers read against the clock.

The library's pool is used for what it does well (keep-alive, threads, proxies); the TLS context, the
credentials and the timing are ours. Another HTTP client can take its place by offering `open` and `close`.
"""

import contextlib
import os
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_ns_tools.cluster.credentials import Credentials, Headers
from kubectl_ns_tools.cluster.endpoint import Endpoint
from kubectl_ns_tools.cluster.faults import is_drop, root_cause, timed_out, unreachable
from kubectl_ns_tools.cluster.proxies import proxy_for
from kubectl_ns_tools.cluster.tls import Identity
from kubectl_ns_tools.errors import Refused, Unreachable

POOL_SIZE = 32  # connections kept, not a limit
CHUNK = 1 << 16


class Clock:
    """The time limits of one request: to connect, between two pieces of the answer, and in all."""

    def __init__(self, connect: float, silence: float, total: float) -> None:
        self.connect = min(connect, total)
        self.silence = min(silence, total)
        self.total = total
        self._end = time.monotonic() + total

    def remaining(self) -> float:
        return self._end - time.monotonic()

    def elapsed(self) -> float:
        return self.total - self.remaining()

    def next_wait(self) -> float:
        """How long the next piece may take."""
        return max(0.001, min(self.silence, self.remaining()))


class Dropped(Exception):
    """The connection broke before the answer was complete; `as_error` is what to raise if it stays so."""

    def __init__(self, as_error: Unreachable) -> None:
        super().__init__(as_error.message)
        self.as_error = as_error


class Answer:
    """An answer whose head is here and whose body comes in pieces."""

    def __init__(self, server: str, raw: Any, clock: Clock, authorization: str) -> None:
        self.authorization = authorization  # what it answers to
        self._server = server
        self._raw = raw
        self._clock = clock
        self.status: int = raw.status
        self.headers: Mapping[str, str] = raw.headers

    def pieces(self) -> Iterator[bytes]:
        """The body as it arrives, decompressed. Unreachable at the end of the clock, Dropped if cut off."""
        try:
            while piece := self._piece():
                yield piece
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Drop the connection unless the body was read to its end."""
        self._raw.close()

    def _piece(self) -> bytes:
        if self._clock.remaining() <= 0:
            raise timed_out(self._server, self._clock.elapsed())
        self._set_timeout(self._clock.next_wait())
        with translated(self._server, self._clock):
            return bytes(self._raw.read1(CHUNK))

    def _set_timeout(self, seconds: float) -> None:
        """So that a slow answer ends on time: the pool sets one timeout for the whole of it."""
        sock = getattr(getattr(self._raw, "connection", None), "sock", None)
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.settimeout(seconds)


class Transport:
    """The pool for one cluster, made at the first request and again for a new identity; thread-safe."""

    def __init__(self, endpoint: Endpoint, credentials: Credentials) -> None:
        self._endpoint = endpoint
        self._credentials = credentials
        self._lock = threading.Lock()
        self._pool: Any = None
        self._identity: Identity | None = None

    def open(self, method: str, target: str, headers: Headers, body: bytes | None, clock: Clock) -> Answer:
        """Send a request (target: path and query) and wait for the head of the answer.

        Raises Unreachable, or Dropped when the connection broke after the request went out.
        """
        pool = self._current_pool()
        authorization, extra = self._credentials.headers()
        head = self._header_dict([*headers, *extra])
        if authorization:
            head["Authorization"] = authorization
        with translated(self._endpoint.server, clock):
            raw = pool.urlopen(
                method,
                self._endpoint.server + self._endpoint.base_path + target,
                body=body,
                headers=head,
                timeout=self._timeout(clock),
                retries=False,
                redirect=False,
                preload_content=False,
            )
        return Answer(self._endpoint.server, raw, clock, authorization)

    def renew(self, spent: str) -> bool:
        """After a 401 to this authorization: whether there are other credentials to try."""
        return self._credentials.renew(spent)

    def close(self) -> None:
        """Close the idle connections."""
        with self._lock:
            if self._pool is not None:
                self._pool.clear()

    def _current_pool(self) -> Any:
        identity = self._credentials.identity()
        with self._lock:
            if self._pool is None or identity != self._identity:
                self._pool, self._identity = new_pool(self._endpoint, identity), identity
            return self._pool

    @staticmethod
    def _header_dict(headers: Headers) -> Any:
        from urllib3 import HTTPHeaderDict

        found = HTTPHeaderDict()
        for name, value in headers:
            found.add(name, value)  # Impersonate-Group comes once per group
        return found

    @staticmethod
    def _timeout(clock: Clock) -> Any:
        from urllib3 import Timeout

        return Timeout(connect=min(clock.connect, clock.next_wait()), read=clock.next_wait())


@contextlib.contextmanager
def translated(server: str, clock: Clock) -> Iterator[None]:
    """Turn the HTTP client's exceptions into ours."""
    import http.client

    from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ProxyError

    try:
        yield
    except (HTTPError, OSError, http.client.HTTPException) as error:
        cause = root_cause(error)
        if isinstance(error, ProxyError):
            raise unreachable(server, error, "proxyconnect tcp") from error
        if isinstance(error, NewConnectionError) or not is_drop(cause):
            raise unreachable(server, error) from error
        if isinstance(error, ConnectTimeoutError) or isinstance(cause, TimeoutError):
            raise timed_out(server, clock.elapsed()) from error
        raise Dropped(unreachable(server, error)) from error


def new_pool(endpoint: Endpoint, identity: Identity | None) -> Any:
    """The client library's pool manager (urllib3's), with our TLS context."""
    import kubernetes.client.configuration
    import kubernetes.client.rest
    import urllib3

    from kubectl_ns_tools.cluster.tls import client_context

    configuration = kubernetes.client.configuration.Configuration()
    configuration.host = endpoint.server
    configuration.connection_pool_maxsize = POOL_SIZE
    configuration.verify_ssl = not endpoint.insecure
    if endpoint.tls_server_name:
        configuration.tls_server_name = endpoint.tls_server_name
    _set_proxy(configuration, proxy_for(endpoint, os.environ))
    manager = kubernetes.client.rest.RESTClientObject(configuration).pool_manager
    if endpoint.server.startswith("https:"):
        context = client_context(endpoint.authority, insecure=endpoint.insecure, identity=identity)
        # older versions put Mozilla's CAs here, beside the cluster's own
        manager.connection_pool_kw.pop("ca_certs", None)
        manager.connection_pool_kw["ssl_context"] = context
    if endpoint.insecure:
        # the kubeconfig says so; kubectl does not remind of it at every request either
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    return manager


def _set_proxy(configuration: Any, proxy: str) -> None:
    from urllib.parse import unquote, urlsplit

    from urllib3 import make_headers

    configuration.proxy, configuration.no_proxy = proxy or None, ""
    parts = urlsplit(proxy)
    if parts.username:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        configuration.proxy_headers = make_headers(proxy_basic_auth=pair)
    if parts.scheme == "socks5":
        _require_socks()


def _require_socks() -> None:
    import importlib.util

    if importlib.util.find_spec("socks") is None:
        raise Refused("a socks5 proxy needs the Python package PySocks", "pip install PySocks")
