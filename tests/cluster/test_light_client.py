"""What the light client alone must get right: its connections, the addresses of a host, the clock."""

import gc
import socket
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from kubectl_ns_tools.cluster import channel, light_client
from kubectl_ns_tools.cluster.channel import Channel, dial
from kubectl_ns_tools.cluster.endpoint import Endpoint
from kubectl_ns_tools.cluster.exchange import Clock
from kubectl_ns_tools.cluster.light_client import LightClient
from kubectl_ns_tools.cluster.tls import Identity
from kubectl_ns_tools.errors import Refused, Unreachable
from tests.cluster.scripted import Scripted

HEAVY = {"kubernetes", "urllib3", "http.client", "email", "urllib.parse", "tempfile", "dataclasses"}


@pytest.fixture
def server() -> Iterator[Scripted]:
    with Scripted() as scripted:
        yield scripted


@pytest.fixture
def resolves(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes every name mean these addresses."""

    def to(*addresses: tuple[str, int]) -> None:
        kind = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
        found = [(*kind, address) for address in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    return to


def clock(seconds: float) -> Clock:
    return Clock(seconds, seconds, seconds)


def address_of(server: Scripted) -> tuple[str, int]:
    host, _, port = server.url.removeprefix("http://").partition(":")
    return host, int(port)


def test_a_head_that_trickles_in_ends_with_the_timeout(server: Scripted) -> None:
    def trickle(handler) -> None:  # type: ignore[no-untyped-def]
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not server.finished.wait(0.05):
            handler.wfile.write(b"y")

    server.do(trickle)
    before = time.monotonic()
    with pytest.raises(Unreachable, match="no complete answer within"):
        server.connection().request("GET", "/x", timeout=0.5)
    assert time.monotonic() - before < 15


def test_the_next_address_is_tried_when_one_refuses(server: Scripted, resolves: Callable[..., None]) -> None:
    with Scripted() as gone:
        refusing = address_of(gone)
    resolves(refusing, address_of(server))
    with dial("api.example.com", 1, clock(5)) as sock:
        assert sock.getpeername() == address_of(server)


def test_of_many_faults_the_first_address_is_told(resolves: Callable[..., None]) -> None:
    with Scripted() as gone:
        refusing = address_of(gone)
    resolves(refusing, ("256.0.0.1", 1))
    with pytest.raises(ConnectionRefusedError):
        dial("api.example.com", 1, clock(5))


def test_an_address_that_does_not_answer_leaves_time_for_the_next(
    server: Scripted, resolves: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "LEAST_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        waiting = [socket.socket() for _ in range(3)]
        for sock in waiting:  # nobody takes them, so that the next one is not answered
            sock.setblocking(False)
            sock.connect_ex(full.getsockname())
        resolves(full.getsockname(), address_of(server))
        before = time.monotonic()
        with dial("api.example.com", 1, clock(6)) as sock:
            assert sock.getpeername() == address_of(server)
        assert 2.9 < time.monotonic() - before < 6
        for sock in waiting:
            sock.close()


@pytest.mark.parametrize("host", ["a..b", "ä" * 80])
def test_a_name_that_dns_cannot_hold_is_not_there(host: str) -> None:
    with pytest.raises(socket.gaierror):
        dial(host, 1, clock(5))


@pytest.mark.parametrize(
    ("server", "host", "port", "header", "certified"),
    [
        ("https://[::1]:6443", "::1", 6443, "[::1]:6443", "::1"),
        ("https://[fe80::1%25eth0]", "fe80::1%eth0", 443, "[fe80::1]", "fe80::1"),
        ("http://münchen.example", "münchen.example", 80, "xn--mnchen-3ya.example", "münchen.example"),
        ("https://api.example.com.:1", "api.example.com.", 1, "api.example.com.:1", "api.example.com"),
    ],
)
def test_an_endpoint_is_addressed_as_by_go(
    server: str, host: str, port: int, header: str, certified: str
) -> None:
    endpoint = Endpoint(server)
    assert (endpoint.host, endpoint.port, endpoint.host_header) == (host, port, header)
    assert endpoint.certified_name == certified


def test_no_more_connections_are_kept_than_the_pool_holds(
    server: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(light_client, "POOL_SIZE", 2)

    together = threading.Barrier(4, timeout=60)

    def answer_at_once_with_others(handler: Any) -> None:
        together.wait()
        handler.whole(200, b"{}", "application/json", {})

    for _ in range(8):
        server.do(answer_at_once_with_others)
    connection = server.connection()
    for _ in range(2):
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(connection.get, ["/x"] * 4))
    assert server.connections == 6


def test_a_closed_client_keeps_no_connection(server: Scripted) -> None:
    server.answer({}).answer({}).answer({})
    connection = server.connection()
    connection.get("/x")
    connection.close()
    connection.get("/x")
    connection.get("/x")
    assert server.connections == 3


def test_what_is_dropped_leaves_no_open_socket(server: Scripted) -> None:
    server.answer({}).stream({"a": 1}, then="silence")
    gc.collect()  # what others have left is not looked at here
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        connection = server.connection()
        connection.get("/x")
        stream = connection.lines("/x", query={}, timeout=5)
        next(stream)
        del stream, connection
        gc.collect()
    assert [str(warning.message) for warning in caught] == []


def test_a_client_in_a_cycle_closes_sockets_older_than_itself(server: Scripted) -> None:
    """As an exception's frames hold them; the garbage collector finalizes what is older first."""
    endpoint = Endpoint(server.url)
    gc.collect()  # what others have left is not looked at here
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        idle = Channel(dial(endpoint.host, endpoint.port, clock(5)), clock(5))
        client = LightClient(endpoint, None)
        client.give_back(idle)
        client.itself = client  # type: ignore[attr-defined]
        del client, idle
        gc.collect()
    assert [str(warning.message) for warning in caught] == []


def test_an_identity_that_cannot_be_used_is_refused_cleanly() -> None:
    with pytest.raises(Refused):
        LightClient(Endpoint("https://a"), Identity("no certificate", "no key"))


def test_the_library_is_not_loaded_for_it(server: Scripted) -> None:
    import subprocess
    import sys

    server.answer({"a": 1})
    code = (
        "import sys; from kubectl_ns_tools.cluster.connection import connect;"
        f"print(connect({server.config({'token': 't'})!r}).get('/x'));"
        f"print({HEAVY!r} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "{'a': 1}\nset()\n"
