"""One connection to a server: opened, written to, and read against the clock of the request under way."""

import socket
import ssl
import time
from typing import Any

from kubectl_ns_tools.cluster.exchange import Clock
from kubectl_ns_tools.cluster.faults import WireError
from kubectl_ns_tools.cluster.http1 import CHUNK

LEAST_SECONDS = 2.0  # for each of a host's addresses, as in Go's net package (partialDeadline)


class Channel:
    """A connection that carries one request at a time; `clock` is that one's. A http1.Source."""

    def __init__(self, sock: socket.socket, clock: Clock) -> None:
        self.clock = clock
        self._socket = sock
        self._unread = bytearray()
        self._answered = False  # whether anything came since the last request went out

    def send(self, data: bytes) -> None:
        """Send a whole request."""
        self._answered = False
        self._socket.settimeout(self.clock.next_wait())
        self._socket.sendall(data)

    def line(self, most: int) -> bytes:
        while (end := self._unread.find(b"\n")) < 0:
            if len(self._unread) > most:
                raise WireError("bufio: buffer full")
            if not (piece := self._receive()):
                raise WireError("unexpected EOF" if self._answered else "EOF")
            self._unread += piece
        line = bytes(self._unread[:end]).removesuffix(b"\r")
        del self._unread[: end + 1]
        return line

    def some(self, most: int) -> bytes:
        if not self._unread:
            self._unread += self._receive()
        piece = bytes(self._unread[:most])
        del self._unread[:most]
        return piece

    def is_fresh(self) -> bool:
        """Whether an idle connection can carry another request: open, and nothing in it that nobody asked
        for. Looking reads what TLS sends unasked (session tickets)."""
        if self._unread:
            return False
        self._socket.settimeout(0)
        try:
            self._socket.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            pass
        return False

    def close(self) -> None:
        self._socket.close()

    def _receive(self) -> bytes:
        if self.clock.remaining() <= 0:
            raise TimeoutError
        self._socket.settimeout(self.clock.next_wait())
        piece = self._socket.recv(CHUNK)
        self._answered = self._answered or bool(piece)
        return piece


def dial(host: str, port: int, clock: Clock) -> socket.socket:
    """A TCP connection to the first of the host's addresses that takes one; else the first one's OSError."""
    addresses = _addresses(host, port)
    first: OSError = socket.gaierror(socket.EAI_NONAME, "no address")
    end = time.monotonic() + clock.to_connect()
    for number, address in enumerate(addresses):
        left = max(0.001, end - time.monotonic())
        share = max(LEAST_SECONDS, left / (len(addresses) - number))
        try:
            return _connected(*address, timeout=min(share, left))
        except OSError as error:
            first = first if number else error
    raise first


def encrypted(sock: socket.socket, context: ssl.SSLContext, name: str, clock: Clock) -> ssl.SSLSocket:
    """TLS over a new connection, which is closed if that fails. name: what the certificate must be for."""
    try:
        sock.settimeout(clock.to_connect())
        return context.wrap_socket(sock, server_hostname=_ascii(name))
    except BaseException:
        sock.close()
        raise


def _addresses(host: str, port: int) -> list[Any]:
    try:
        return socket.getaddrinfo(_ascii(host), port, type=socket.SOCK_STREAM)
    except UnicodeError:  # a label that DNS cannot hold
        raise socket.gaierror(socket.EAI_NONAME, "no such host") from None


def _ascii(name: str) -> bytes:
    """A host's name as DNS has it. Python would take text too, but loads its IDNA codec for any."""
    return name.encode("ascii" if name.isascii() else "idna")


def _connected(
    family: int, kind: int, protocol: int, _: str, address: Any, *, timeout: float
) -> socket.socket:
    sock = socket.socket(family, kind, protocol)
    try:
        sock.settimeout(timeout)
        sock.connect(address)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        sock.close()
        raise
    return sock
