"""A small HTTP proxy that opens tunnels (CONNECT), and remembers where to."""

import shutil
import socket
import threading
from http.server import BaseHTTPRequestHandler
from typing import BinaryIO

from tests.controlplane.loopback import LoopbackServer


class Tunnel:
    """with Tunnel() as tunnel: … tunnel.url, tunnel.requested (host:port of each tunnel)."""

    def __init__(self) -> None:
        self.requested: list[str] = []

    def __enter__(self) -> "Tunnel":
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.requested = self.requested
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(LoopbackServer):
    requested: list[str]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_CONNECT(self) -> None:
        self.server.requested.append(self.path)
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port))) as far:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=copy, args=(far.makefile("rb", 0), self.wfile), daemon=True)
            back.start()
            copy(self.connection.makefile("rb", 0), far.makefile("wb", 0))
            far.shutdown(socket.SHUT_WR)
            back.join()

    def log_message(self, *_: object) -> None:
        """Quiet."""


def copy(source: BinaryIO, sink: BinaryIO) -> None:
    """Until either end is closed."""
    with source:
        try:
            shutil.copyfileobj(source, sink, 1 << 16)
        except OSError:
            return
