"""Requests that meet faults: what is sent again, what becomes which error, and when it ends."""

import re
import threading
import time
from collections.abc import Iterator

import pytest

from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.cluster.errors import ApiError, ApiNotFound
from kubectl_ns_tools.errors import Interrupted, NotFound, Refused, Unreachable
from tests.cluster.scripted import Scripted

pytestmark = pytest.mark.usefixtures("each_client")

BUSY = {"kind": "Status", "code": 429, "reason": "TooManyRequests", "message": "busy"}


@pytest.fixture
def server() -> Iterator[Scripted]:
    with Scripted() as scripted:
        yield scripted


def methods(server: Scripted) -> list[str]:
    return [request.method for request in server.requests]


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_429_is_obeyed_by_every_method(server: Scripted, method: str) -> None:
    server.answer(BUSY, 429, Retry_After="0").answer(BUSY, 429, Retry_After="0").answer({"a": 1})
    assert server.connection().request(method, "/x").json() == {"a": 1}
    assert methods(server) == [method] * 3


def test_429_waits_as_long_as_the_server_asks(server: Scripted) -> None:
    server.answer(BUSY, 429, Retry_After="1").answer({})
    before = time.monotonic()
    server.connection().get("/x")
    assert time.monotonic() - before >= 1


def test_429_without_end_is_an_error(server: Scripted) -> None:
    for _ in range(12):
        server.answer(BUSY, 429, Retry_After="0")
    with pytest.raises(ApiError) as caught:
        server.connection().get("/x")
    assert caught.value.message == "Error from server (TooManyRequests): busy"
    assert len(server.requests) == 10


@pytest.mark.parametrize("asked", ["31", "3600"])
def test_a_server_that_asks_for_a_long_wait_is_not_waited_for(server: Scripted, asked: str) -> None:
    server.answer(BUSY, 429, Retry_After=asked)
    with pytest.raises(ApiError):
        server.connection().get("/x")


def test_no_retry_outlasts_the_timeout(server: Scripted) -> None:
    server.answer(BUSY, 429, Retry_After="30")
    before = time.monotonic()
    with pytest.raises(ApiError):
        server.connection(request_timeout=20).get("/x")
    assert time.monotonic() - before < 20


def test_503_with_retry_after_is_obeyed_by_get(server: Scripted) -> None:
    server.text("down", 503, Retry_After="0").answer({"a": 1})
    assert server.connection().get("/x") == {"a": 1}


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        pytest.param("PATCH", {"Retry_After": "0"}, id="a write"),
        pytest.param("DELETE", {"Retry_After": "0"}, id="a delete"),
        pytest.param("GET", {}, id="no Retry-After"),
    ],
)
def test_other_503_are_errors_at_once(server: Scripted, method: str, headers: dict[str, str]) -> None:
    server.text("down", 503, **headers)
    with pytest.raises(ApiError, match="currently unable to handle the request"):
        server.connection().request(method, "/x")
    assert len(server.requests) == 1


def test_a_get_survives_one_dropped_connection(server: Scripted) -> None:
    server.answer({}).drop().answer({"a": 1})
    connection = server.connection()
    connection.get("/x")
    assert connection.get("/x") == {"a": 1}


def test_a_get_survives_one_answer_that_is_cut_off(server: Scripted) -> None:
    server.cut({"a": 1}).answer({"a": 1})
    assert server.connection().get("/x") == {"a": 1}


def test_a_second_drop_is_an_error(server: Scripted) -> None:
    server.drop().drop()
    with pytest.raises(Unreachable, match="Unable to connect to the server: EOF"):
        server.connection().get("/x")


def test_a_second_answer_that_is_cut_off_is_an_error(server: Scripted) -> None:
    server.cut({"a": 1}).cut({"a": 1})
    with pytest.raises(Unreachable, match="Unable to connect to the server: unexpected EOF"):
        server.connection().get("/x")


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_a_write_is_never_sent_twice(server: Scripted, method: str) -> None:
    server.drop().answer({})
    with pytest.raises(Unreachable) as caught:
        server.connection().request(method, "/x")
    assert methods(server) == [method]
    assert caught.value.hint == f"the connection broke during the {method}: check whether it was carried out"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param('{"items": [{"data": {"password": "hunter2"', id="cut off inside"),
        pytest.param("<html>welcome</html>", id="a page"),
        pytest.param("[1]", id="no object"),
        pytest.param("", id="empty"),
    ],
)
def test_an_answer_that_is_no_json_object_names_the_request(server: Scripted, body: str) -> None:
    server.text(body)
    with pytest.raises(Unreachable) as caught:
        server.connection().get("/api/v1/secrets")
    expected = (
        f"Unable to connect to the server: the answer to GET {server.url}/api/v1/secrets"
        f" ({len(body)} bytes) is not a JSON object"
    )
    assert caught.value.message == expected
    assert "hunter2" not in repr((caught.value.__cause__, caught.value.__context__))


def test_a_silent_server_ends_with_the_timeout(server: Scripted) -> None:
    server.silence()
    before = time.monotonic()
    with pytest.raises(Unreachable) as caught:
        server.connection(request_timeout=0.4).get("/x")
    assert 0.3 < time.monotonic() - before < 15
    assert server.url in caught.value.message
    assert re.search(r"within \d+(\.\d)?s$", caught.value.message)


def test_a_requests_own_timeout_does_not_lengthen_the_users(server: Scripted) -> None:
    server.silence()
    before = time.monotonic()
    with pytest.raises(Unreachable):
        server.connection(request_timeout=0.3).request("GET", "/x", timeout=20)
    assert time.monotonic() - before < 15


def test_a_slow_body_ends_with_the_timeout(server: Scripted) -> None:
    def trickle(handler) -> None:  # type: ignore[no-untyped-def]
        handler.head(200, Content_Length="1000")
        while not server.finished.wait(0.05):
            handler.wfile.write(b" ")

    server.do(trickle)
    before = time.monotonic()
    with pytest.raises(Unreachable, match="no complete answer within"):
        server.connection().request("GET", "/x", timeout=0.5)
    assert time.monotonic() - before < 15


def test_a_refused_connection_is_in_kubectls_words() -> None:
    with Scripted() as gone:
        connection = gone.connection()
        host = gone.url.removeprefix("http://")
    with pytest.raises(Unreachable) as caught:
        connection.get("/x")
    assert caught.value.message == (
        f"The connection to the server {host} was refused - did you specify the right host or port?"
    )


def test_tls_to_a_server_without_tls_says_so(server: Scripted) -> None:
    connection = connect(server.config(server=server.url.replace("http:", "https:")))
    with pytest.raises(Unreachable) as caught:
        connection.get("/x")
    assert caught.value.message == (
        "Unable to connect to the server: http: server gave HTTP response to HTTPS client"
    )


def test_an_unknown_host_is_in_kubectls_words() -> None:
    with Scripted() as server:
        connection = connect(server.config(server="https://nope.invalid:6443"))
    with pytest.raises(Unreachable) as caught:
        connection.get("/x")
    assert caught.value.message == (
        "Unable to connect to the server: dial tcp: lookup nope.invalid: no such host"
    )


def test_redirects_are_not_followed_with_credentials(server: Scripted) -> None:
    server.text("", 302, Location="http://127.0.0.1:1/login")
    with pytest.raises(ApiError, match="status code 302"):
        connect(server.config({"token": "secret"})).get("/x")


def test_a_path_prefix_of_the_server_is_kept(server: Scripted) -> None:
    server.answer({})
    connection = connect(server.config(server=f"{server.url}/k8s/clusters/c-1/"))
    connection.get("/api/v1/namespaces", query={"limit": "1"})
    assert server.requests[0].path == "/k8s/clusters/c-1/api/v1/namespaces"
    assert server.requests[0].query == {"limit": "1"}
    assert connection.server == server.url


def test_warnings_are_collected_once(server: Scripted) -> None:
    two = '299 - "would violate \\"restricted\\"", 299 - "deprecated, use v1"'
    server.answer({}, Warning=two).answer({}, Warning=two)
    connection = server.connection()
    connection.get("/x")
    connection.get("/x")
    assert connection.warnings == ['would violate "restricted"', "deprecated, use v1"]


def test_bodies_are_compressed_unless_the_cluster_says_not(server: Scripted) -> None:
    server.answer({}).answer({})
    server.connection().get("/x")
    connect(server.config(**{"disable-compression": True})).get("/x")
    sent = [request.headers.get("accept-encoding") for request in server.requests]
    assert sent == [["gzip"], ["identity"]]


def test_many_threads_share_a_connection(server: Scripted) -> None:
    from concurrent.futures import ThreadPoolExecutor

    for number in range(64):
        server.on(f"/{number}").answer({"number": number})
    connection = server.connection()
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda number: connection.get(f"/{number}")["number"], range(64)))
    assert answers == list(range(64))


def test_closing_ends_the_wait_for_a_retry(server: Scripted) -> None:
    server.answer(BUSY, 429, Retry_After="20")
    connection = server.connection()
    timer = threading.Timer(0.3, connection.close)
    timer.start()
    before = time.monotonic()
    with pytest.raises(Interrupted):
        connection.get("/x")
    assert time.monotonic() - before < 15
    timer.join()


def test_a_stream_yields_lines_across_pieces(server: Scripted) -> None:
    server.stream({"a": 1}, '{"b"', ': 2}\n\n{"c": 3}\n', '{"d": 4}')
    assert list(lines(server.connection(), 5)) == [{"a": 1}, {"b": 2}, {"c": 3}, {"d": 4}]


def test_a_stream_that_breaks_off_says_so(server: Scripted) -> None:
    server.stream({"a": 1}, then="drop")
    stream = lines(server.connection(), 5)
    assert next(stream) == {"a": 1}
    with pytest.raises(Unreachable, match="unexpected EOF"):
        next(stream)


def test_a_silent_stream_ends_with_its_timeout(server: Scripted) -> None:
    server.stream({"a": 1}, then="silence")
    stream = lines(server.connection(), 2.5)
    before = time.monotonic()
    assert next(stream) == {"a": 1}
    with pytest.raises(Unreachable, match="no complete answer within"):
        next(stream)
    assert 2.4 < time.monotonic() - before < 15


def test_a_stream_that_falls_silent_late_ends_no_later(server: Scripted) -> None:
    def speak_once(handler) -> None:  # type: ignore[no-untyped-def]
        handler.head(200, Transfer_Encoding="chunked")
        server.finished.wait(2.5)
        handler.chunk('{"a": 1}\n')
        handler.sleep()

    server.do(speak_once)
    before = time.monotonic()
    with pytest.raises(Unreachable):
        list(lines(server.connection(), 3.0))
    assert 2.9 < time.monotonic() - before < 5.4  # and not at 5.5


def test_a_stream_that_is_an_error_says_so(server: Scripted) -> None:
    server.text("404 page not found", 404)
    with pytest.raises(ApiNotFound):
        next(lines(server.connection(), 5))


def lines(connection: Connection, timeout: float) -> Iterator[dict[str, object]]:
    return connection.lines("/x", query={"watch": "1"}, timeout=timeout)


def test_names_are_sent_as_utf_8(server: Scripted) -> None:
    server.answer({})
    connect(server.config({"as": "jäneł"})).get("/x")
    (name,) = server.requests[0].headers["impersonate-user"]
    assert name.encode("latin-1").decode() == "jäneł"


@pytest.mark.parametrize("end", ["\n", "\r\nX-Evil: 1", "\x00"])
def test_a_token_that_would_end_its_header_is_refused_unseen(server: Scripted, end: str) -> None:
    with pytest.raises(Refused) as caught:
        connect(server.config({"token": f"hunter2{end}"})).get("/x")
    assert caught.value.message == 'net/http: invalid header field value for "Authorization"'
    assert "hunter2" not in repr((caught.value.args, caught.value.__cause__, caught.value.__context__))
    assert server.requests == []


def test_a_path_prefix_may_have_any_characters(server: Scripted) -> None:
    server.answer({})
    connect(server.config(server=f"{server.url}/a b/ä%2F")).get("/api")
    assert server.requests[0].path == "/a%20b/%C3%A4%2F/api"


def test_warnings_of_several_headers_are_all_collected(server: Scripted) -> None:
    def warn(handler) -> None:  # type: ignore[no-untyped-def]
        handler.send_response(200)
        for text in ("one", "two"):
            handler.send_header("Warning", f'299 - "{text}"')
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"{}")

    server.do(warn)
    connection = server.connection()
    connection.get("/x")
    assert connection.warnings == ["one", "two"]


def test_requests_in_a_row_share_a_connection(server: Scripted) -> None:
    server.answer({}).stream({"a": 1}).text("no", 404).answer({})
    connection = server.connection()
    connection.get("/x")
    assert list(lines(connection, 5)) == [{"a": 1}]
    with pytest.raises(ApiNotFound):
        connection.get("/x")
    connection.get("/x")
    assert server.connections == 1


def test_a_watch_that_is_left_leaves_its_connection(server: Scripted) -> None:
    server.stream({"a": 1}, {"a": 2}, then="silence").answer({"b": 1})
    connection = server.connection()
    stream = lines(connection, 5)
    assert next(stream) == {"a": 1}
    stream.close()  # type: ignore[attr-defined]
    assert connection.get("/x") == {"b": 1}
    assert server.connections == 2


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_a_connection_that_the_server_closed_meanwhile_is_not_used_again(
    server: Scripted, method: str
) -> None:
    left = threading.Event()

    def answer_and_leave(handler) -> None:  # type: ignore[no-untyped-def]
        handler.whole(200, b"{}", "application/json", {})
        handler.hang_up()
        left.set()

    server.do(answer_and_leave).answer({"a": 1})
    connection = server.connection()
    connection.get("/x")
    assert left.wait(60)
    assert connection.request(method, "/x").json() == {"a": 1}
    assert methods(server) == ["GET", method]


@pytest.mark.parametrize(
    ("config", "kind", "message"),
    [
        pytest.param({"current-context": "a"}, NotFound, 'context "a" does not exist', id="no context"),
        pytest.param(
            {"current-context": "a", "contexts": [{"name": "a", "context": {"cluster": "c"}}]},
            NotFound,
            'cluster "c" does not exist',
            id="no cluster",
        ),
        pytest.param(
            {
                "current-context": "a",
                "contexts": [{"name": "a", "context": {"cluster": "c", "user": "u"}}],
                "clusters": [{"name": "c", "cluster": {"server": "https://x"}}],
            },
            NotFound,
            'user "u" does not exist',
            id="no user",
        ),
        pytest.param(
            {
                "current-context": "a",
                "contexts": [{"name": "a", "context": {"cluster": "c"}}],
                "clusters": [{"name": "c", "cluster": {}}],
            },
            Refused,
            'invalid configuration: no server found for cluster "c"',
            id="no server",
        ),
    ],
)
def test_a_kubeconfig_that_leads_nowhere_is_refused(
    config: dict[str, object], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind) as caught:
        connect(config)
    assert str(caught.value) == message
