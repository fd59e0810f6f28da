"""Requests to one API server: what every other module of this room goes through.

A Connection knows paths, JSON and errors; the Transport below it knows sockets and credentials, and can be
exchanged for another.
"""

import threading
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from kubectl_ns_tools import __version__
from kubectl_ns_tools.cluster.credentials import credentials_of
from kubectl_ns_tools.cluster.endpoint import endpoint_of
from kubectl_ns_tools.cluster.errors import error_from_answer
from kubectl_ns_tools.cluster.exchange import Answer, Clock, Dropped, Headers
from kubectl_ns_tools.cluster.pod import config_of_pod, namespace_of_pod
from kubectl_ns_tools.cluster.retries import RetryBudget
from kubectl_ns_tools.cluster.transport import Transport
from kubectl_ns_tools.cluster.wire import decoded, encoded, split_lines, target, warning_texts
from kubectl_ns_tools.errors import Interrupted, NotFound, Unreachable

__all__ = ["Connection", "Response", "connect", "connect_in_cluster", "namespace_of_pod"]

CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 70.0  # the API server ends a request after 60 s itself, and says why
TOTAL_SECONDS = 300.0


class Response(NamedTuple):
    """A complete answer with a code of success; `source` names the request in errors."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    source: str = ""

    def json(self) -> dict[str, Any]:
        """The decoded body; Unreachable when it is no JSON object (cut off, or not the API server's)."""
        return decoded(self.body, self.source)


class _Call(NamedTuple):
    method: str
    target: str
    headers: Headers
    data: bytes | None
    clock: Clock


class Connection:
    """One API server and our credentials for it; thread-safe.

    server: "https://host:port"; warnings: the texts of Warning headers seen so far, each once.
    """

    def __init__(
        self,
        server: str,
        transport: Transport,
        *,
        request_timeout: float | None = None,
        compression: bool = True,
    ) -> None:
        self.server = server
        self.warnings: list[str] = []
        self._transport = transport
        self._request_timeout = request_timeout
        self._compression = compression
        self._lock = threading.Lock()
        self._closed = threading.Event()

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        content_type: str = "application/json",
        accept: str = "application/json",
        timeout: float | None = None,
    ) -> Response:
        """Send it and read the whole answer; `timeout` bounds it in seconds, waiting for retries included.

        Raises the ApiError family for an answer that is an error, and Unreachable without an answer.
        """
        headers = [("Accept", accept), ("Accept-Encoding", "gzip" if self._compression else "identity")]
        if body is not None:
            headers.append(("Content-Type", content_type))
        data = None if body is None else encoded(body)
        call = _Call(method, target(path, query), headers, data, self._clock(timeout))
        budget = RetryBudget(method)
        while True:
            try:
                answer = self._open(call, budget)
                whole = b"".join(answer.pieces())
            except Dropped as drop:
                if not budget.after_drop():
                    raise broken_off(drop, method) from drop
                continue
            return Response(answer.status, answer.headers, whole, f"{method} {self.server}{path}")

    def get(
        self,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        accept: str = "application/json",
        timeout: float | None = None,
    ) -> dict[str, Any]:
        """The JSON object at a path."""
        return self.request("GET", path, query=query, accept=accept, timeout=timeout).json()

    def lines(self, path: str, *, query: Mapping[str, str], timeout: float) -> Iterator[dict[str, Any]]:
        """A watch: one JSON object per line, until the server ends it.

        Unreachable when it breaks off, and after `timeout` seconds, however silent or slow the server is.
        """
        clock = Clock(CONNECT_SECONDS, timeout, timeout)
        call = _Call(
            "GET",
            target(path, query),
            [("Accept", "application/json"), ("Accept-Encoding", "identity")],
            None,
            clock,
        )
        try:
            answer = self._open(call, RetryBudget("GET", drops=0))
            try:
                for line in split_lines(answer.pieces()):
                    yield decoded(line, f"GET {self.server}{path}")
            finally:
                answer.close()
        except Dropped as drop:
            raise drop.as_error from drop

    def close(self) -> None:
        """Drop the idle connections and end the waiting of requests that are to be sent again."""
        self._closed.set()
        self._transport.close()

    def _open(self, call: _Call, budget: RetryBudget) -> Answer:
        """The head of an answer with a code of success, asking again where the server wants that."""
        headers = [("User-Agent", f"kubectl-ns-tools/{__version__}"), *call.headers]
        while True:
            answer = self._transport.open(call.method, call.target, headers, call.data, call.clock)
            self._note_warnings(answer.headers)
            if answer.status < 300:
                return answer
            body = b"".join(answer.pieces())
            if answer.status == 401 and budget.may_renew() and self._transport.renew(answer.authorization):
                continue
            pause = budget.pause(answer.status, answer.headers)
            if pause is None or pause >= call.clock.remaining():
                raise error_from_answer(answer.status, body, answer.headers.get("Content-Type", ""))
            if self._closed.wait(pause):
                raise Interrupted("the request was given up")

    def _clock(self, timeout: float | None) -> Clock:
        limits = [limit for limit in (timeout, self._request_timeout) if limit]
        return Clock(
            CONNECT_SECONDS, self._request_timeout or SILENCE_SECONDS, min(limits, default=TOTAL_SECONDS)
        )

    def _note_warnings(self, headers: Mapping[str, str]) -> None:
        if "Warning" not in headers:
            return
        with self._lock:
            self.warnings += [text for text in warning_texts(headers["Warning"]) if text not in self.warnings]


def connect(
    config: Mapping[str, Any],
    *,
    request_timeout: float | None = None,
    cache: str = "",
    plugin_patience: float | None = None,
) -> Connection:
    """The connection of a self-contained kubeconfig: one context, cluster and user, absolute paths.

    request_timeout: seconds for each whole request, instead of the defaults above; cache: a folder in which
    the token of an exec plugin may be kept until it expires, and found by another process; plugin_patience:
    seconds for such a plugin to answer, None for no limit. Reads the certificate files, but asks the server
    nothing yet. Raises Refused for entries that cannot be used.
    """
    context = _named(config, "context", str(config.get("current-context") or ""))
    cluster_name, user_name = str(context.get("cluster") or ""), str(context.get("user") or "")
    cluster = _named(config, "cluster", cluster_name)
    user = _named(config, "user", user_name) if user_name else {}
    endpoint = endpoint_of(cluster_name, cluster)
    extensions = cluster.get("extensions") or ()
    credentials = credentials_of(user_name, user, endpoint, extensions, cache=cache, patience=plugin_patience)
    return Connection(
        endpoint.server,
        Transport(endpoint, credentials),
        request_timeout=request_timeout,
        compression=endpoint.compression,
    )


def connect_in_cluster(*, request_timeout: float | None = None) -> Connection:
    """The connection of the pod we run in, by its service account; NotFound if we do not run in one."""
    return connect(config_of_pod(), request_timeout=request_timeout)


def broken_off(drop: Dropped, method: str) -> Unreachable:
    """The error for a broken connection; after a write nobody knows whether it was done."""
    if method in ("GET", "HEAD"):
        return drop.as_error
    return Unreachable(
        drop.as_error.message, f"the connection broke during the {method}: check whether it was carried out"
    )


def _named(config: Mapping[str, Any], what: str, name: str) -> Mapping[str, Any]:
    for entry in config.get(f"{what}s") or ():
        if entry.get("name") == name:
            found: Mapping[str, Any] = entry.get(what) or {}
            return found
    raise NotFound(f'{what} "{name}" does not exist')
