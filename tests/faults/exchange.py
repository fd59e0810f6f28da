"""One request on its way from client to API server, and the ways to answer it."""

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple

_OF_ONE_HOP = {"host", "connection", "keep-alive", "transfer-encoding", "content-length"}
# Faults in a compressed body would show the decompression's errors; the proxy has credentials of its own.
_NOT_PASSED_ON = {*_OF_ONE_HOP, "accept-encoding", "authorization"}


class Answer(NamedTuple):
    """What the API server said, complete."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Exchange:
    """One request, and the ways to answer it."""

    def __init__(
        self,
        handler: BaseHTTPRequestHandler,
        body: bytes,
        upstream: http.client.HTTPSConnection,
        finished: threading.Event,
    ) -> None:
        self.target = handler.path
        self._handler = handler
        self._body = body
        self._upstream = upstream
        self._finished = finished

    def ask(self) -> Answer:
        """Has the API server do it, and keeps the whole answer from the client."""
        with self._asked() as response:
            return Answer(response.status, _kept(response.headers), response.read())

    def pass_on(self) -> None:
        """Has the API server do it, and gives the answer piece by piece, as it comes: it may be a watch."""
        with self._asked() as response:
            self.head(response.status, [*_kept(response.headers), ("Transfer-Encoding", "chunked")])
            while piece := response.read1(1 << 16):
                self.send(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.send(b"0\r\n\r\n")

    def head(self, status: int, headers: list[tuple[str, str]]) -> None:
        self._handler.send_response_only(status)
        for name, value in headers:
            self._handler.send_header(name, value)
        self._handler.end_headers()

    def send(self, data: bytes) -> None:
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def whole(self, status: int, body: bytes, headers: list[tuple[str, str]]) -> None:
        self.head(status, [*headers, ("Content-Length", str(len(body)))])
        self.send(body)

    def wait(self, seconds: float) -> bool:
        """Whether the test is over already."""
        return self._finished.wait(seconds)

    def hang_up(self) -> None:
        """Ends the connection, whatever was sent of the answer."""
        self._handler.close_connection = True
        self._handler.connection.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def _asked(self) -> Iterator[http.client.HTTPResponse]:
        headers = dict(_kept(self._handler.headers)) | {"Accept-Encoding": "identity"}
        with closing(self._upstream) as upstream:
            upstream.request(self._handler.command, self.target, self._body or None, headers)
            yield upstream.getresponse()


def _kept(headers: Message) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers.items() if name.lower() not in _NOT_PASSED_ON]
