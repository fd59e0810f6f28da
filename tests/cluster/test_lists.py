"""Whole lists from pages that expire, are empty, or are not what was asked for."""

from typing import Any

import pytest

from kubectl_ns_tools.cluster.errors import ApiForbidden, ApiGone
from kubectl_ns_tools.cluster.lists import (
    METADATA_ONLY,
    PLAIN,
    Listing,
    iterate_objects,
    list_metadata,
    list_objects,
)
from kubectl_ns_tools.cluster.resources import Resource
from tests.cluster.scripted import Scripted

WIDGETS = Resource("example.com", "v1", "widgets", "Widget", True)


def page(*names: str, token: str = "") -> dict[str, Any]:
    metadata = {"resourceVersion": "1", **({"continue": token} if token else {})}
    items = [{"kind": "PartialObjectMetadata", "metadata": {"name": name}} for name in names]
    return {"kind": "PartialObjectMetadataList", "metadata": metadata, "items": items}


def expired(token: str = "") -> dict[str, Any]:
    metadata = {"continue": token} if token else {}
    return {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old", "metadata": metadata}


def names(listing: Listing) -> list[str]:
    return [item["metadata"]["name"] for item in listing]


def test_pages_are_read_to_the_end() -> None:
    script = Scripted().answer(page("a", "b", token="t1")).answer(page("c", token="t2")).answer(page("d"))
    with script as server:
        listing = list_metadata(server.connection(), WIDGETS, "n", limit=2, label_selector="x=y")
    assert names(listing) == ["a", "b", "c", "d"]
    assert (len(listing), listing.inconsistent) == (4, False)
    queries = [request.query for request in server.requests]
    same = {"limit": "2", "labelSelector": "x=y"}
    assert queries == [same, {**same, "continue": "t1"}, {**same, "continue": "t2"}]
    assert server.requests[0].headers["accept"] == [METADATA_ONLY]
    assert server.requests[0].path == "/apis/example.com/v1/namespaces/n/widgets"


def test_a_server_that_ignores_the_limit_is_believed() -> None:
    with Scripted().answer(page("a", "b", "c")) as server:
        assert names(list_metadata(server.connection(), WIDGETS, limit=1)) == ["a", "b", "c"]


@pytest.mark.parametrize("items", [None, []], ids=["null", "empty"])
def test_an_empty_list_is_empty(items: list[Any] | None) -> None:
    with Scripted().answer({"metadata": {}, "items": items}) as server:
        assert list_metadata(server.connection(), WIDGETS).items == []


def test_metadata_is_slim_even_when_the_server_sends_all() -> None:
    full = {
        "metadata": {"name": "a", "uid": "u", "managedFields": [{"manager": "m"}]},
        "spec": {"large": "x"},
        "status": {},
    }
    with Scripted().answer({"kind": "WidgetList", "metadata": {}, "items": [full]}) as server:
        listing = list_metadata(server.connection(), WIDGETS)
    metadata = {"name": "a", "uid": "u"}
    assert listing.items == [{"apiVersion": "example.com/v1", "kind": "Widget", "metadata": metadata}]


def test_a_server_that_knows_no_metadata_lists_is_asked_for_all() -> None:
    script = Scripted().text("only json", 406).answer(page("a", token="t")).answer(page("b"))
    with script as server:
        assert names(list_metadata(server.connection(), WIDGETS)) == ["a", "b"]
    assert [request.headers["accept"] for request in server.requests] == [[METADATA_ONLY], [PLAIN], [PLAIN]]


def test_objects_come_whole_with_their_kind() -> None:
    item = {"metadata": {"name": "a", "managedFields": []}, "spec": {"x": 1}}
    with Scripted().answer({"metadata": {}, "items": [item]}) as server:
        listing = list_objects(server.connection(), WIDGETS, "n", field_selector="metadata.name=a")
    assert listing.items == [{**item, "apiVersion": "example.com/v1", "kind": "Widget"}]
    assert server.requests[0].query == {"limit": "500", "fieldSelector": "metadata.name=a"}


def test_only_what_is_wanted_of_objects_is_kept() -> None:
    item = {"metadata": {"name": "a"}, "spec": {"large": "x"}}
    with Scripted().answer({"metadata": {}, "items": [item]}) as server:
        listing = list_objects(
            server.connection(), WIDGETS, keep=lambda obj: {key: obj[key] for key in ("kind", "metadata")}
        )
    assert listing.items == [{"kind": "Widget", "metadata": {"name": "a"}}]


def test_an_expired_list_starts_again() -> None:
    script = Scripted().answer(page("a", "b", token="t1")).answer(expired("rest"), 410)
    script.answer(page("b", "c"))
    with script as server:
        listing = list_metadata(server.connection(), WIDGETS)
    assert names(listing) == ["b", "c"]
    assert not listing.inconsistent
    assert "continue" not in server.requests[2].query


def test_a_list_that_expires_three_times_takes_the_rest_and_says_so() -> None:
    script = Scripted()
    for _ in range(3):
        script.answer(page("a", token="t")).answer(expired("rest"), 410)
    script.answer(page("z"))
    with script as server:
        listing = list_metadata(server.connection(), WIDGETS)
    assert names(listing) == ["a", "z"]
    assert listing.inconsistent
    assert server.requests[-1].query["continue"] == "rest"


def test_a_list_that_expires_without_an_offer_is_an_error() -> None:
    script = Scripted()
    for _ in range(3):
        script.answer(page("a", token="t")).answer(expired(), 410)
    with script as server, pytest.raises(ApiGone):
        list_metadata(server.connection(), WIDGETS)


def test_a_forbidden_second_page_is_an_error_not_a_short_list() -> None:
    script = Scripted().answer(page("a", token="t")).text("no", 403)
    with script as server, pytest.raises(ApiForbidden):
        list_metadata(server.connection(), WIDGETS)


def given(server: Scripted) -> list[str]:
    return [item["metadata"]["name"] for item in iterate_objects(server.connection(), WIDGETS, "n", limit=2)]


def test_objects_come_a_page_at_a_time() -> None:
    script = Scripted().answer(page("a", "b", token="t1")).answer(page("c"))
    with script as server:
        objects = iterate_objects(server.connection(), WIDGETS, "n", limit=2)
        assert next(objects) == {"kind": "Widget", "apiVersion": "example.com/v1", "metadata": {"name": "a"}}
        assert len(server.requests) == 1
        assert [item["metadata"]["name"] for item in objects] == ["b", "c"]
        assert [request.query for request in server.requests] == [
            {"limit": "2"},
            {"limit": "2", "continue": "t1"},
        ]
        assert server.requests[0].headers["accept"] == [PLAIN]


def test_an_expired_token_is_exchanged_for_the_one_that_is_offered() -> None:
    script = Scripted().answer(page("a", token="t1")).answer(expired("rest"), 410).answer(page("b"))
    with script as server:
        assert given(server) == ["a", "b"]
        assert server.requests[-1].query["continue"] == "rest"


def test_where_none_is_offered_the_objects_come_once_more() -> None:
    script = Scripted().answer(page("a", token="t1")).answer(expired(), 410).answer(page("a", "b"))
    with script as server:
        assert given(server) == ["a", "a", "b"]


def test_objects_that_cannot_be_given_to_the_end_are_an_error() -> None:
    script = Scripted()
    for _ in range(3):
        script.answer(page("a", token="t1")).answer(expired(), 410)
    with script as server, pytest.raises(ApiGone):
        given(server)
