"""A small HTTP server that does what a test tells it: the faults that the real API server does not show.

with Scripted().answer({"kind": "Status"}, 429).answer({"items": []}) as server:
    server.connection().get("/api")
"""

import json
import socket
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from kubectl_ns_tools.cluster.connection import Connection, connect
from tests.controlplane.loopback import LoopbackServer

Step = Callable[["_Handler"], None]
ANY = "*"


class Request(NamedTuple):
    """What the server was sent; `query` keeps the last value of each name."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, list[str]]
    body: Any


class Scripted:
    """Answers requests by steps, those for a path first, each once and in order; then with 599."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self.finished = threading.Event()
        self._steps: dict[str, list[Step]] = defaultdict(list)
        self._path = ANY
        self._lock = threading.Lock()

    def on(self, path: str) -> "Scripted":
        """The steps that follow are for this path alone."""
        self._path = path
        return self

    def do(self, step: Step) -> "Scripted":
        """Any step, for what the methods below cannot say."""
        self._steps[self._path].append(step)
        return self

    def answer(self, document: Any, status: int = 200, **headers: str) -> "Scripted":
        """A complete JSON answer; header names are written with underscores."""
        return self.text(json.dumps(document), status, "application/json", **headers)

    def text(self, body: str, status: int = 200, kind: str = "text/plain", **headers: str) -> "Scripted":
        """A complete answer of any type."""
        return self.do(lambda handler: handler.whole(status, body.encode(), kind, headers))

    def drop(self) -> "Scripted":
        """The connection ends without an answer."""
        return self.do(lambda handler: handler.hang_up())

    def cut(self, document: Any) -> "Scripted":
        """Half of the body, then the end of the connection."""
        return self.do(lambda handler: handler.half(json.dumps(document).encode()))

    def silence(self) -> "Scripted":
        """No answer until the test is over."""
        return self.do(lambda handler: handler.sleep())

    def stream(self, *events: Any, then: str = "end") -> "Scripted":
        """A watch: one line per event (text is sent as it is), and then "end", "drop", or "silence"."""
        return self.do(lambda handler: handler.stream(events, then))

    def take(self, request: Request) -> Step:
        """The step for a request, which is remembered."""
        with self._lock:
            self.requests.append(request)
            for steps in (self._steps.get(request.path), self._steps[ANY]):
                if steps:
                    return steps.pop(0)
        return lambda handler: handler.whole(599, b"no step left", "text/plain", {})

    def connection(self, **options: Any) -> Connection:
        """A connection to it, without credentials."""
        return connect(self.config(), **options)

    def config(self, user: Mapping[str, Any] | None = None, **cluster: Any) -> dict[str, Any]:
        """A kubeconfig that leads here, with more fields of the user and the cluster."""
        return {
            "current-context": "scripted",
            "contexts": [{"name": "scripted", "context": {"cluster": "scripted", "user": "scripted"}}],
            "clusters": [{"name": "scripted", "cluster": {"server": self.url, **cluster}}],
            "users": [{"name": "scripted", "user": dict(user or {})}],
        }

    @property
    def url(self) -> str:
        """http://127.0.0.1:PORT"""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "Scripted":
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.script = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.finished.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(LoopbackServer):
    script: Scripted

    def get_request(self) -> Any:
        self.script.connections += 1
        return super().get_request()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def handle_any(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        headers = {name.lower(): self.headers.get_all(name) or [] for name in self.headers}
        self.server.script.take(Request(self.command, parts.path, query, headers, body))(self)

    do_GET = do_POST = do_PATCH = do_DELETE = handle_any

    def whole(self, status: int, body: bytes, kind: str, headers: Mapping[str, str]) -> None:
        self.head(status, **{"Content-Type": kind, "Content-Length": str(len(body)), **headers})
        self.wfile.write(body)

    def head(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def half(self, body: bytes) -> None:
        self.head(200, Content_Length=str(len(body)))
        self.wfile.write(body[: len(body) // 2])
        self.hang_up()

    def stream(self, events: tuple[Any, ...], then: str) -> None:
        self.head(200, Transfer_Encoding="chunked")
        for event in events:
            self.chunk(event if isinstance(event, str) else json.dumps(event) + "\n")
        if then == "silence":
            self.sleep()
        elif then == "drop":
            self.hang_up()
        else:
            self.wfile.write(b"0\r\n\r\n")

    def chunk(self, text: str) -> None:
        self.wfile.write(f"{len(text.encode()):x}\r\n{text}\r\n".encode())

    def sleep(self, seconds: float = 30.0) -> None:
        self.server.script.finished.wait(seconds)
        self.hang_up()

    def hang_up(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: object) -> None:
        """Quiet: pytest shows what matters."""
