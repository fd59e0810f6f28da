"""Answers as bytes: what is in them, where they end, and what kubectl says of those that are wrong."""

import gzip
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kubectl_ns_tools.cluster import http1
from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.cluster.faults import WireError
from kubectl_ns_tools.errors import NsToolsError

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
DOCUMENT = b'{"a": "' + b"x" * 300 + b'"}'


class Pieces:
    """A source of bytes that come a few at a time."""

    def __init__(self, data: bytes, size: int) -> None:
        self.rest = data
        self._size = size

    def line(self, most: int) -> bytes:
        line, end, self.rest = self.rest.partition(b"\n")
        if not end or len(line) > most:
            raise WireError("no line")
        return line.removesuffix(b"\r")

    def some(self, most: int) -> bytes:
        size = min(most, self._size)
        piece, self.rest = self.rest[:size], self.rest[size:]
        return piece


def chunks(body: bytes, size: int) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;ext=1\r\n%s\r\n" % (len(part), part) for part in [*parts, b""])


def sized(body: bytes, head: bytes = b"") -> bytes:
    return OK + head + b"Content-Length: %d\r\n\r\n" % len(body) + body


GZIP = b"Content-Encoding: gzip\r\n"
WHOLE = {
    "with a length": sized(DOCUMENT),
    "the length twice": OK + b"Content-Length: 309\r\ncontent-length: 309\r\n\r\n" + DOCUMENT,
    "in chunks": CHUNKED + chunks(DOCUMENT, 7),
    "in chunks, with a trailer": CHUNKED + chunks(DOCUMENT, 100)[:-2] + b"X-Sum: 1\r\n\r\n",
    "up to the end": OK + b"\r\n" + DOCUMENT,
    "of the old version": b"HTTP/1.0 200 OK\r\n\r\n" + DOCUMENT,
    "after interim ones": b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n" * 2 + sized(DOCUMENT),
    "without a reason": b"HTTP/1.1 200\r\nContent-Length: 309\r\n\r\n" + DOCUMENT,
    "with bare line feeds": b"HTTP/1.1 200 OK\nContent-Length: 309\n\n" + DOCUMENT,
    "compressed": sized(gzip.compress(DOCUMENT), GZIP),
    "compressed in two members": sized(gzip.compress(DOCUMENT[:9]) + gzip.compress(DOCUMENT[9:]), GZIP),
    "compressed in chunks": OK
    + GZIP
    + b"Transfer-Encoding: chunked\r\n\r\n"
    + chunks(gzip.compress(DOCUMENT), 5),
}


@pytest.mark.parametrize("size", [1, 3, 1 << 16])
@pytest.mark.parametrize("answer", WHOLE.values(), ids=WHOLE.keys())
def test_a_body_is_read_to_its_end_and_no_further(answer: bytes, size: int) -> None:
    has_an_end = b"Length" in answer or b"chunked" in answer
    source = Pieces(answer + (b"NEXT" if has_an_end else b""), size)
    head = http1.read_head(source)
    pieces = list(http1.body_of(head, "GET", source))
    assert b"".join(pieces) == DOCUMENT
    assert all(pieces)
    assert source.rest == (b"NEXT" if has_an_end else b"")
    assert head.keeps_alive == has_an_end


@pytest.mark.parametrize(
    ("method", "answer"),
    [("HEAD", sized(b"")), ("GET", b"HTTP/1.1 204 No Content\r\n\r\n"), ("GET", b"HTTP/1.1 304 Not\r\n\r\n")],
)
def test_some_answers_have_no_body(method: str, answer: bytes) -> None:
    source = Pieces(answer + b"NEXT", 9)
    head = http1.read_head(source)
    assert list(http1.body_of(head, method, source)) == []
    assert (source.rest, head.keeps_alive) == (b"NEXT", True)


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n",
        OK + b"Connection: Close\r\nContent-Length: 2\r\n\r\n",
        OK + b"\r\n",
        OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
    ids=["old", "said so", "no end", "two ends"],
)
def test_a_connection_is_not_used_again_after(head: bytes) -> None:
    assert not http1.read_head(Pieces(head, 9)).keeps_alive


def test_headers_are_found_by_any_spelling_and_joined() -> None:
    text = OK + b'warning: 299 - "a"\r\nWARNING: 299 - "b\r\n  c"\r\nX-Empty:\r\n\r\n'
    headers = http1.read_head(Pieces(text, 9)).headers
    assert headers["Warning"] == headers["wARNING"] == '299 - "a", 299 - "b c"'
    assert "X-Empty" in headers
    assert headers.get("X-None") is None
    assert (len(headers), sorted(headers)) == (2, ["warning", "x-empty"])


def test_a_request_is_text_in_utf_8_with_the_length_of_its_body() -> None:
    made = http1.request("PATCH", "/a?b=c", "h:1", [("Impersonate-User", "jäneł")], b"{}")
    assert (
        made
        == (
            "PATCH /a?b=c HTTP/1.1\r\nHost: h:1\r\nImpersonate-User: jäneł\r\nContent-Length: 2\r\n\r\n{}"
        ).encode()
    )
    assert b"Content-Length: 0\r\n" in http1.request("POST", "/", "h", [], None)
    assert b"Content-Length" not in http1.request("GET", "/", "h", [], None)


BROKEN = {
    "nothing": b"",
    "another protocol": b"SSH-2.0-OpenSSH_9.6\r\n",
    "no header": OK + b"no colon here\r\n\r\n",
    "a header without a name": OK + b": x\r\n\r\n",
    "a length that is none": OK + b"Content-Length: x\r\n\r\n{}",
    "an unknown coding": OK + b"Transfer-Encoding: zip\r\n\r\n{}",
}
CUT_OFF = {
    "the body": OK + b"Content-Length: 20\r\n\r\n{}",
    "a chunk": CHUNKED + b"20\r\n{}",
    "after a chunk": CHUNKED + b"2\r\n{}\r\n",
    "a compressed body": sized(gzip.compress(b"{}")[:12], GZIP),
    "no size of a chunk": CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n",
    "no end of a chunk": CHUNKED + b"2\r\n{}XX\r\n0\r\n\r\n",
}


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """The URL of a server that gives everybody the same bytes, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        threading.Thread(target=_serve, args=(listener, answer), daemon=True).start()
        yield url
        listener.shutdown(socket.SHUT_RDWR)


def _serve(listener: socket.socket, answer: bytes) -> None:
    while True:
        try:
            taken, _ = listener.accept()
        except OSError:
            return
        with taken:
            taken.recv(1 << 16)
            taken.sendall(answer)


def connection_to(url: str) -> Connection:
    context = {"name": "a", "context": {"cluster": "a"}}
    cluster = {"name": "a", "cluster": {"server": url}}
    return connect({"current-context": "a", "contexts": [context], "clusters": [cluster]})


def ours_and_kubectls(url: str, kubectl: Path) -> tuple[str, str]:
    with pytest.raises(NsToolsError) as caught:
        connection_to(url).get("/api")
    arguments = ["--kubeconfig=/dev/null", f"--server={url}", "--token=t", "get", "--raw=/api"]
    done = subprocess.run([kubectl, *arguments], capture_output=True, text=True, check=False)
    last = [line for line in done.stderr.splitlines() if not re.match(r"[EWI]\d{4} ", line)][-1]
    return str(caught.value), last


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_answer_is_told_as_by_kubectl(answer: bytes, kubectl_path: Path) -> None:
    with answering(answer) as url:
        ours, theirs = ours_and_kubectls(url, kubectl_path)
    assert ours == theirs


@pytest.mark.parametrize("answer", CUT_OFF.values(), ids=CUT_OFF.keys())
def test_an_answer_that_goes_wrong_is_told_as_by_kubectl(answer: bytes, kubectl_path: Path) -> None:
    with answering(answer) as url:
        ours, theirs = ours_and_kubectls(url, kubectl_path)
    assert ours == theirs.replace("error: ", "Unable to connect to the server: ")


@pytest.mark.parametrize("answer", WHOLE.values(), ids=WHOLE.keys())
def test_each_client_reads_them(answer: bytes, each_client: str) -> None:
    with answering(answer) as url:
        assert connection_to(url).get("/x") == {"a": "x" * 300}


def test_hints_before_the_answer_are_passed_over() -> None:
    # http.client takes them for the answer, the client library with it
    with answering(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + sized(b"{}")) as url:
        assert connection_to(url).get("/x") == {}


def test_a_stranger_cannot_steer_the_terminal() -> None:
    with answering(b"\x1b]0;evil\x07\xff\r\n\r\n") as url, pytest.raises(NsToolsError) as caught:
        connection_to(url).get("/x")
    assert str(caught.value).endswith(r'malformed HTTP response "\x1b]0;evil\x07\xff"')


def test_endless_headers_are_given_up() -> None:
    with pytest.raises(WireError, match="exceeded the limit"):
        http1.read_head(Pieces(OK + b"X: y\r\n" * 2000 + b"\r\n", 9))
