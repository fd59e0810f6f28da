"""Requests by the connection pool of the client library (urllib3's): for what the light client leaves out.

The library is used for its proxies and its pool; the TLS context and the timing are ours. Its import costs
more than kubectl's whole `get namespaces`.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from kubectl_ns_tools.cluster.endpoint import Endpoint
from kubectl_ns_tools.cluster.exchange import Answer, Clock, Dropped, Headers
from kubectl_ns_tools.cluster.faults import is_drop, root_cause, timed_out, unreachable
from kubectl_ns_tools.cluster.tls import Identity, client_context
from kubectl_ns_tools.errors import Refused

POOL_SIZE = 32  # connections kept, not a limit
CHUNK = 1 << 16


class LibraryClient:
    """The pool for one cluster and client certificate. proxy: its URL, "" for none."""

    def __init__(self, endpoint: Endpoint, identity: Identity | None, proxy: str = "") -> None:
        self._server = endpoint.server
        self._pool = new_pool(endpoint, identity, proxy)

    def send(self, method: str, target: str, headers: Headers, body: bytes | None, clock: Clock) -> Answer:
        from urllib3 import Timeout

        with translated(self._server, clock):
            raw = self._pool.urlopen(
                method,
                self._server + target,
                body=body,
                headers=header_dict(headers),
                timeout=Timeout(connect=clock.to_connect(), read=clock.next_wait()),
                retries=False,
                redirect=False,
                preload_content=False,
            )
        return Answer(self._server, raw.status, raw.headers, _Body(self._server, raw, clock), clock)

    def close(self) -> None:
        self._pool.clear()


class _Body:
    def __init__(self, server: str, raw: Any, clock: Clock) -> None:
        self._server = server
        self._raw = raw
        self._clock = clock

    def read(self) -> bytes:
        self._set_timeout(self._clock.next_wait())
        with translated(self._server, self._clock):
            return bytes(self._raw.read1(CHUNK))

    def close(self) -> None:
        self._raw.close()

    def _set_timeout(self, seconds: float) -> None:
        """So that a slow answer ends on time: the pool sets one timeout for the whole of it."""
        sock = getattr(getattr(self._raw, "connection", None), "sock", None)
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.settimeout(seconds)


def header_dict(headers: Headers) -> Any:
    """The headers as the pool takes them: several of one name, and UTF-8 in spite of Python's Latin-1."""
    from urllib3 import HTTPHeaderDict

    found = HTTPHeaderDict()
    for name, value in headers:
        found.add(name, value.encode().decode("latin-1"))  # Impersonate-Group comes once per group
    return found


@contextlib.contextmanager
def translated(server: str, clock: Clock) -> Iterator[None]:
    """Turn the library's exceptions into ours."""
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


def new_pool(endpoint: Endpoint, identity: Identity | None, proxy: str) -> Any:
    """The client library's pool manager, with our TLS context."""
    import kubernetes.client.configuration
    import kubernetes.client.rest
    import urllib3

    configuration = kubernetes.client.configuration.Configuration()
    configuration.host = endpoint.server
    configuration.connection_pool_maxsize = POOL_SIZE
    configuration.verify_ssl = not endpoint.insecure
    if endpoint.tls_server_name:
        configuration.tls_server_name = endpoint.tls_server_name
    _set_proxy(configuration, proxy)
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
