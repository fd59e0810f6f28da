"""A watch through clean ends, expiry, broken connections, silence and missing rights."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from kubectl_ns_tools.cluster import watch
from kubectl_ns_tools.cluster.errors import ApiError, ApiForbidden, ApiUnauthorized
from kubectl_ns_tools.cluster.namespaces import NAMESPACES
from kubectl_ns_tools.cluster.watch import watch_object
from kubectl_ns_tools.errors import Unreachable
from tests.cluster.scripted import Scripted

pytestmark = pytest.mark.usefixtures("each_client")

ONE = "/api/v1/namespaces/x"
ALL = "/api/v1/namespaces"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(watch, "FAULT_SECONDS", 0.01)


def live(version: int, uid: str = "u1") -> dict[str, Any]:
    return {"kind": "Namespace", "metadata": {"name": "x", "uid": uid, "resourceVersion": str(version)}}


def event(kind: str, version: int, uid: str = "u1") -> dict[str, Any]:
    return {"type": kind, "object": live(version, uid)}


def error_event(code: int) -> dict[str, Any]:
    return {"type": "ERROR", "object": {"kind": "Status", "code": code, "message": "sorry"}}


def absent(script: Scripted) -> Scripted:
    status = {"kind": "Status", "code": 404, "reason": "NotFound", "message": 'namespaces "x" not found'}
    return script.on(ONE).answer(status, 404)


def told(server: Scripted, seconds: float = 30.0, since: str = "") -> Iterator[tuple[str, str]]:
    """Each event as its type and revision."""
    deadline = time.monotonic() + seconds
    for seen in watch_object(server.connection(), NAMESPACES, "x", deadline=deadline, resource_version=since):
        metadata = seen.object.get("metadata") or {}
        yield seen.type, metadata.get("resourceVersion", "")


def test_it_begins_with_the_present_and_ends_when_the_object_is_gone() -> None:
    script = Scripted().on(ONE).answer(live(1))
    script.on(ALL).stream(event("MODIFIED", 2), event("DELETED", 3), event("ADDED", 4))
    with script as server:
        assert list(told(server)) == [("ADDED", "1"), ("MODIFIED", "2"), ("DELETED", "3")]
    query = server.requests[1].query
    assert 20 < int(query.pop("timeoutSeconds")) <= 30  # what is left of it
    assert query == {
        "watch": "1",
        "fieldSelector": "metadata.name=x",
        "resourceVersion": "1",
        "allowWatchBookmarks": "true",
    }


def test_an_absent_object_is_gone_at_once() -> None:
    with absent(Scripted()) as server:
        assert list(told(server)) == [("DELETED", "")]


def test_a_known_revision_needs_no_first_look() -> None:
    with Scripted().on(ALL).stream(event("DELETED", 8)) as server:
        assert list(told(server, since="7")) == [("DELETED", "8")]
    assert server.requests[0].query["resourceVersion"] == "7"


@pytest.mark.parametrize("then", ["end", "drop"])
def test_it_resumes_from_the_last_revision_bookmarks_included(then: str) -> None:
    script = Scripted().on(ALL)
    script.stream(event("MODIFIED", 8), event("BOOKMARK", 9), then=then).stream(event("DELETED", 10))
    with script as server:
        assert list(told(server, since="7")) == [("MODIFIED", "8"), ("DELETED", "10")]
    assert [request.query["resourceVersion"] for request in server.requests] == ["7", "9"]


@pytest.mark.parametrize("form", ["http", "event"])
def test_an_expired_revision_is_looked_up_again(form: str) -> None:
    script = Scripted().on(ALL)
    if form == "http":
        script.answer({"kind": "Status", "code": 410, "reason": "Expired", "message": "too old"}, 410)
    else:
        script.stream(error_event(410))
    script.stream(event("DELETED", 12)).on(ONE).answer(live(11))
    with script as server:
        assert list(told(server, since="7")) == [("ADDED", "11"), ("DELETED", "12")]
    assert server.requests[-1].query["resourceVersion"] == "11"


def test_what_went_while_the_watch_was_away_is_gone() -> None:
    script = Scripted().on(ALL).stream(event("MODIFIED", 8), error_event(410))
    with absent(script) as server:
        assert list(told(server, since="7")) == [("MODIFIED", "8"), ("DELETED", "8")]


def test_what_was_made_again_while_the_watch_was_away_is_added() -> None:
    script = Scripted().on(ALL).stream(event("MODIFIED", 8), error_event(410))
    script.stream(event("DELETED", 21, "u2")).on(ONE).answer(live(20, "u2"))
    with script as server:
        assert list(told(server, since="7")) == [("MODIFIED", "8"), ("ADDED", "20"), ("DELETED", "21")]


@pytest.mark.parametrize("code", [403, 405])
def test_without_the_right_to_watch_it_polls(code: int) -> None:
    script = Scripted().on(ALL).text("no watch", code)
    script.on(ONE).answer(live(8)).answer(live(8)).answer(live(9)).answer(live(10, "u2"))
    with absent(script) as server:
        assert list(told(server, since="7")) == [
            ("ADDED", "8"),
            ("MODIFIED", "9"),
            ("ADDED", "10"),
            ("DELETED", "10"),
        ]


def test_a_silent_server_does_not_outlive_the_deadline() -> None:
    script = Scripted().on(ALL).stream(event("MODIFIED", 8), then="silence")
    before = time.monotonic()
    with script as server:
        assert list(told(server, 2.5, since="7")) == [("MODIFIED", "8")]
        assert 2.4 < time.monotonic() - before < 15


def test_polling_ends_at_the_deadline() -> None:
    script = Scripted().on(ALL).text("no watch", 403).on(ONE)
    for _ in range(400):  # for 20 seconds
        script.answer(live(8))
    with script as server:
        assert list(told(server, 2.5, since="7")) == [("ADDED", "8")]


def test_a_silent_answer_to_a_poll_does_not_outlive_the_deadline() -> None:
    script = Scripted().on(ONE).answer(live(8)).silence().on(ALL).text("no watch", 403)
    before = time.monotonic()
    with script as server:
        assert list(told(server, 2.5)) == [("ADDED", "8")]
        assert 2.4 < time.monotonic() - before < 15


def test_a_passed_deadline_asks_nothing() -> None:
    with Scripted() as server:
        assert list(told(server, -1)) == []
    assert server.requests == []


def test_a_server_that_stays_away_is_unreachable() -> None:
    script = Scripted().on(ALL)
    for _ in range(20):
        script.drop()
    with script as server, pytest.raises(Unreachable):
        list(told(server, since="7"))


def test_a_failure_that_passes_is_survived() -> None:
    script = Scripted().on(ALL).text("restarting", 503).stream(error_event(500), then="end")
    script.drop().stream(event("DELETED", 8))
    with script as server:
        assert list(told(server, since="7")) == [("DELETED", "8")]


@pytest.mark.parametrize(
    ("code", "kind", "asked"),
    [(500, ApiError, 6), (401, ApiUnauthorized, 1), (400, ApiError, 1)],
    ids=["a lasting failure", "not logged in", "our fault"],
)
def test_other_errors_are_raised(code: int, kind: type[ApiError], asked: int) -> None:
    script = Scripted().on(ALL)
    for _ in range(20):
        script.text("no", code)
    with script as server, pytest.raises(kind):
        list(told(server, since="7"))
    assert len(server.requests) == asked


def test_a_server_that_ends_every_watch_at_once_is_not_asked_in_a_tight_loop() -> None:
    script = Scripted().on(ALL)
    for _ in range(100):
        script.stream()
    with script as server:
        assert list(told(server, 0.5, since="7")) == []
    assert len(server.requests) < 15


def test_losing_the_right_to_look_is_an_error() -> None:
    script = Scripted().on(ALL).text("no", 403).on(ONE).text("no", 403)
    with script as server, pytest.raises(ApiForbidden):
        list(told(server, since="7"))


def test_leaving_early_leaves_no_thread_behind() -> None:
    with Scripted().on(ALL).stream(event("MODIFIED", 8), then="silence") as server:
        threads = threading.active_count()
        assert next(told(server, since="7")) == ("MODIFIED", "8")
        assert threading.active_count() <= threads + 1  # the server's own, for our connection
