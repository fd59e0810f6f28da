"""A server of the tests' own, in threads of this process: before, behind or instead of a cluster."""

import ssl
import sys
from http.server import ThreadingHTTPServer
from typing import Any


class LoopbackServer(ThreadingHTTPServer):
    """Takes as many connections as come at once, and says nothing of clients that hang up. tls: set it to
    speak TLS; the handshake takes place in the connection's own thread, where it holds no other one."""

    request_queue_size = 128  # where five wait already, the next one has to knock again a second later
    tls: ssl.SSLContext | None = None

    def finish_request(self, request: Any, client_address: Any) -> None:
        with self.tls.wrap_socket(request, server_side=True) if self.tls else request as sock:
            super().finish_request(sock, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Quiet about an end that hung up: stderr may belong to the next test by then."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)
