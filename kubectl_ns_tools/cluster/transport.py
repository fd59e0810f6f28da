"""Requests with our credentials, by the HTTP client that the cluster needs."""

import os
import re
import threading

from kubectl_ns_tools.cluster.credentials import Credentials
from kubectl_ns_tools.cluster.endpoint import Endpoint
from kubectl_ns_tools.cluster.exchange import Answer, Client, Clock, Headers
from kubectl_ns_tools.cluster.proxies import proxy_for
from kubectl_ns_tools.cluster.tls import Identity
from kubectl_ns_tools.errors import Refused

NOT_IN_HEADERS = r"[\x00-\x08\x0a-\x1f\x7f]"  # Go's httpguts.ValidHeaderFieldValue


class Transport:
    """The client for one cluster, made at the first request and again for a new identity; thread-safe."""

    def __init__(self, endpoint: Endpoint, credentials: Credentials) -> None:
        self._endpoint = endpoint
        self._credentials = credentials
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._identity: Identity | None = None

    def open(self, method: str, target: str, headers: Headers, body: bytes | None, clock: Clock) -> Answer:
        """Send a request (target: path and query) and wait for the head of the answer.

        Raises Unreachable, or Dropped when the connection broke after the request went out.
        """
        client = self._current_client()
        authorization, extra = self._credentials.headers()
        sent = [*headers, *extra]
        if authorization:
            sent.append(("Authorization", authorization))
        _check(sent)
        answer = client.send(method, self._endpoint.base_path + target, sent, body, clock)
        answer.authorization = authorization
        return answer

    def renew(self, spent: str) -> bool:
        """After a 401 to this authorization: whether there are other credentials to try."""
        return self._credentials.renew(spent)

    def close(self) -> None:
        """Close the idle connections."""
        with self._lock:
            if self._client is not None:
                self._client.close()

    def _current_client(self) -> Client:
        identity = self._credentials.identity()
        with self._lock:
            if self._client is None or identity != self._identity:
                self._client, self._identity = new_client(self._endpoint, identity), identity
            return self._client


def new_client(endpoint: Endpoint, identity: Identity | None) -> Client:
    """The light client; the client library's for a cluster behind a proxy."""
    proxy = proxy_for(endpoint, os.environ)
    if needs_library(proxy):
        from kubectl_ns_tools.cluster.library_client import LibraryClient

        return LibraryClient(endpoint, identity, proxy)
    from kubectl_ns_tools.cluster.light_client import LightClient

    return LightClient(endpoint, identity)


def needs_library(proxy: str) -> bool:
    """Whether a cluster is beyond the light client, which knows no proxies."""
    return bool(proxy)


def _check(headers: Headers) -> None:
    """Refuse what would end a header, or the whole head, early; without the value, which may be a token."""
    for name, value in headers:
        if not value.isprintable() and re.search(NOT_IN_HEADERS, value):
            raise Refused(
                f'net/http: invalid header field value for "{name}"',
                "the user's credentials or impersonation in the kubeconfig have a line break or control"
                " character in them",
            )
