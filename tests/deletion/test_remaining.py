from typing import Any

import pytest
from pytest_mock import MockerFixture

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiError, ApiForbidden, ApiNotFound, ApiUnauthorized
from kubectl_ns_tools.cluster.lists import Listing
from kubectl_ns_tools.deletion.remaining import PODS, Counter, count_objects
from tests.deletion.builders import resource
from tests.deletion.world import World

CONFIGMAPS = resource("configmaps", "ConfigMap")
THREE = Listing([{}, {}, {}])


class Server:
    """Answers the GETs of a Counter, by path."""

    def __init__(self, **answers: dict[str, Any] | Exception) -> None:
        self.answers = answers

    def get(self, path: str, **_: object) -> dict[str, Any]:
        answer = self.answers[path.rpartition("/")[2]]
        if isinstance(answer, Exception):
            raise answer
        return answer


def page(number: int, **metadata: Any) -> dict[str, Any]:
    return {"metadata": metadata, "items": [{}] * number or None}


def counted(server: Server) -> tuple[dict[str, int], tuple[str, ...]]:
    left = Counter(server, "blue", [CONFIGMAPS]).count()  # type: ignore[arg-type]
    return {count.resource.name: count.number for count in left.counts}, left.unknown


PAGES = {
    "none": (page(0), 0),
    "one": (page(1), 1),
    "the server says how many": (page(1, **{"continue": "t"}, remainingItemCount=41), 42),
    "the server does not say how many": (page(1, **{"continue": "t"}), 3),
    "the server knows no metadata lists": (ApiError("no", status=406), 3),
}


@pytest.mark.parametrize(("answer", "number"), PAGES.values(), ids=PAGES)
def test_objects_are_counted_without_reading_them(
    mocker: MockerFixture, answer: dict[str, Any] | Exception, number: int
) -> None:
    mocker.patch("kubectl_ns_tools.deletion.remaining.list_metadata", return_value=THREE)
    assert count_objects(Server(pods=answer), PODS, "blue") == number  # type: ignore[arg-type]


def test_pods_are_counted_even_if_there_were_none() -> None:
    assert counted(Server(pods=page(1), configmaps=page(0))) == ({"pods": 1}, ())


@pytest.mark.parametrize(
    "error", [ApiForbidden("no", status=403), ApiError("ill", status=500)], ids=["403", "500"]
)
def test_a_kind_that_cannot_be_counted_is_unknown_and_not_zero(error: ApiError) -> None:
    assert counted(Server(pods=page(0), configmaps=error)) == ({}, ("configmaps",))


def test_a_kind_that_went_with_its_definition_is_empty() -> None:
    assert counted(Server(pods=page(0), configmaps=ApiNotFound("gone", status=404))) == ({}, ())


def test_credentials_that_are_not_accepted_are_an_error() -> None:
    with pytest.raises(ApiUnauthorized):
        counted(Server(pods=page(0), configmaps=ApiUnauthorized("who", status=401)))


def test_a_kind_once_empty_is_not_asked_for_again() -> None:
    server = Server(pods=page(0), configmaps=page(2))
    counter = Counter(server, "blue", [CONFIGMAPS])  # type: ignore[arg-type]
    counter.count()
    del server.answers["pods"]
    assert counter.count().counts[0].number == 2


@pytest.mark.integration
def test_the_real_server_says_how_many_there_are(connection: Connection, world: World) -> None:
    world.configmaps(7)
    assert count_objects(connection, CONFIGMAPS, world.namespace) == 8  # with kube-root-ca.crt
