import re
import time
from typing import Any

import pytest
from pytest_mock import MockerFixture

from kubectl_ns_tools.cluster.errors import ApiError, ApiForbidden, ApiNotFound, ApiUnauthorized
from kubectl_ns_tools.cluster.lists import Listing
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.deletion.measures import departure as module
from kubectl_ns_tools.deletion.measures.departure import Departure, depart
from kubectl_ns_tools.errors import NsToolsError, TimedOut, Unreachable
from tests.deletion.builders import Thing, configmap, pod

FORBIDDEN = ApiForbidden("no", status=403)
DOWN = Unreachable("no route")
ILL = ApiError("ill", status=503)
GONE = ApiNotFound("gone", status=404)


def found(*things: Thing, inconsistent: bool = False, **metadata: Any) -> Listing:
    items = [{"metadata": {"name": thing.item.name, "uid": thing.item.uid, **metadata}} for thing in things]
    return Listing(items, inconsistent)


class Server:
    """What it answers to the lists of each kind, one after the other; an exception is raised. The last
    answer holds for ever."""

    def __init__(self, mocker: MockerFixture, **answers: list[Any]) -> None:
        self._answers = answers
        mocker.patch.object(module, "list_metadata", self._list)

    def _list(self, _: object, kind: Resource, namespace: str) -> Listing:
        assert namespace == "blue"
        answers = self._answers[kind.name]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if callable(answer):
            answer = answer()
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    def depart(self, *things: Thing, timeout: float | None = 5) -> list[Departure]:
        items = [thing.item for thing in things]
        waits = depart(self, "blue", items, late="it stays", timeout=timeout, interval=0.01)  # type: ignore[arg-type]
        return list(waits)


A, B, P = configmap("a"), configmap("b"), pod("p")


def names(departures: list[Departure]) -> list[str]:
    return ["".join(item.name for item in departure.remaining) for departure in departures]


def test_each_object_goes_in_its_time(mocker: MockerFixture) -> None:
    server = Server(mocker, configmaps=[found(A, B), found(B), found()], pods=[found(P), found()])
    departures = server.depart(A, B, P)
    assert names(departures) == ["abp", "b", ""]
    assert [count.number for count in departures[0].counts] == [2, 1]
    assert [departure.ended for departure in departures] == [False, False, True]


def test_another_object_of_the_same_name_is_not_waited_for(mocker: MockerFixture) -> None:
    assert names(Server(mocker, configmaps=[found(configmap("a").uid("new"))]).depart(A)) == [""]


@pytest.mark.parametrize(
    "answer", [GONE, ApiError("going", status=405)], ids=["no such kind", "a kind that goes"]
)
def test_a_kind_that_is_not_served_any_more_is_gone(mocker: MockerFixture, answer: ApiError) -> None:
    assert names(Server(mocker, configmaps=[answer]).depart(A)) == [""]


@pytest.mark.parametrize(
    "answer",
    [FORBIDDEN, ILL, DOWN, found(inconsistent=True)],
    ids=["forbidden", "server error", "no answer", "in parts of different moments"],
)
def test_what_was_not_seen_is_not_gone(mocker: MockerFixture, answer: Exception | Listing) -> None:
    server = Server(mocker, configmaps=[answer, found()], pods=[found()])
    departures = server.depart(A, P)
    assert names(departures) == ["a", ""]
    assert departures[0].unknown == ("configmaps",)


def test_a_server_out_of_reach_is_waited_for(mocker: MockerFixture) -> None:
    departures = Server(mocker, configmaps=[found(A), DOWN, ILL, found()]).depart(A)
    assert names(departures) == ["a", "a", "a", ""]
    assert [departure.problem for departure in departures] == ["", "no route", "ill", ""]


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        (FORBIDDEN, NsToolsError, "your rights went with the role bindings"),
        (ApiUnauthorized("who", status=401), ApiUnauthorized, "who"),
        (ApiError("no such thing", status=400), ApiError, "no such thing"),
    ],
    ids=["rights that went", "credentials not accepted", "an answer"],
)
def test_what_does_not_pass_is_raised(
    mocker: MockerFixture, answer: ApiError, error: type[NsToolsError], message: str
) -> None:
    with pytest.raises(error, match=message):
        Server(mocker, configmaps=[found(A), answer]).depart(A, timeout=None)


def test_a_server_that_stays_away_is_given_up(mocker: MockerFixture) -> None:
    mocker.patch.object(module, "PATIENCE", 0.05)
    with pytest.raises(Unreachable, match="no route"):
        Server(mocker, configmaps=[DOWN]).depart(A, timeout=None)


def test_a_silent_server_does_not_hold_us_beyond_the_time(mocker: MockerFixture) -> None:
    def silence() -> Listing:
        time.sleep(30)
        return found()

    began = time.monotonic()
    with pytest.raises(TimedOut, match="it stays: the server has not answered within 1s"):
        Server(mocker, configmaps=[silence]).depart(A, timeout=0.1)
    assert time.monotonic() - began < 10


def late(mocker: MockerFixture, listing: Listing, *things: Thing) -> TimedOut:
    with pytest.raises(TimedOut) as error:
        Server(mocker, configmaps=[listing]).depart(*things, timeout=0)
    return error.value


def told(error: TimedOut) -> str:
    """Without the time that has passed, which is the machine's."""
    return re.sub(r"^timed out after \d+s: ", "", error.message)


def test_what_remains_is_told_when_the_time_is_up(mocker: MockerFixture) -> None:
    error = late(mocker, found(A, B), A, B)
    assert told(error) == "it stays: nobody has begun to delete configmap/a (and 1 more)"
    assert error.hint == ""


def test_what_is_just_going_is_told_too(mocker: MockerFixture) -> None:
    error = late(mocker, found(A, deletionTimestamp="2026-05-17T12:00:00Z"), A)
    assert told(error) == "it stays: configmap/a is just going"


def test_not_more_reasons_are_told_than_anybody_reads(mocker: MockerFixture) -> None:
    held = {"deletionTimestamp": "2026-05-17T12:00:00Z", "finalizers": [f"x.io/{each}" for each in "abcde"]}
    error = late(mocker, found(A, **held), A)
    assert error.message.count(" to be removed") == 3
    assert error.message.endswith("; and 2 reasons more")
    assert error.hint.startswith("kubectl get configmap/a -n blue -o yaml")
