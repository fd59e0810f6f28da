"""The tests' own client: connections are kept, and one that the server has closed since costs nothing."""

import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.controlplane.api import Api
from tests.controlplane.certificates import Authority
from tests.controlplane.loopback import LoopbackServer


class Server(LoopbackServer):
    """Counts its connections. `closing` closes each after one answer, without a word to the client."""

    def __init__(self, tls: ssl.SSLContext, closing: bool) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.tls = tls
        self.closing = closing
        self.connections: set[object] = set()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.server.connections.add(self.client_address)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.server.closing

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    authority = Authority.create()
    authority.credentials.write(tmp_path / "ca")
    authority.issue("admin").write(tmp_path / "admin")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*authority.issue("server", hosts=["127.0.0.1"]).write(tmp_path / "server"))
    with Server(tls, closing=request.param) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.05,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def api(server: Server, tmp_path: Path) -> Api:
    address = f"https://127.0.0.1:{server.server_address[1]}"
    return Api(address, tmp_path / "ca.crt", tmp_path / "admin.crt", tmp_path / "admin.key", timeout=10)


@pytest.mark.parametrize(("server", "connections"), [(False, 1), (True, 5)], indirect=["server"])
def test_each_call_is_answered_whether_its_connection_was_kept_or_not(
    api: Api, server: Server, connections: int
) -> None:
    assert [api.create("/", {"number": number}) for number in range(5)] == [{"number": n} for n in range(5)]
    assert len(server.connections) == connections


@pytest.mark.parametrize("server", [False], indirect=True)
def test_each_thread_gets_its_own_answer(api: Api, server: Server) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda number: api.create("/", number), range(200))) == list(range(200))
    assert len(server.connections) <= 8


@pytest.mark.parametrize("server", [True], indirect=True)
def test_without_a_server_there_is_an_error(api: Api, server: Server) -> None:
    api.create("/", {})
    server.shutdown()
    server.server_close()
    with pytest.raises(ConnectionRefusedError):
        api.create("/", {})
