import base64
from typing import Any

import pytest

from kubectl_ns_tools.templates.update.kept_values import Found, find_values, places_of, with_values

TOKEN, OTHER = "kept-0123456789", "kept-abcdefghij"


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("wanted", "live", "value"),
    [
        (TOKEN, "hunter2", "hunter2"),
        (f"u:{TOKEN}@db", "u:hunter2@db", "hunter2"),
        (f"{TOKEN}-{TOKEN}", "a-a", "a"),
        (b64(f"u:{TOKEN}"), b64("u:hunter2"), "hunter2"),
        (f"({TOKEN}.*)", "(a+b.*)", "a+b"),
        (f"x\n{TOKEN}\ny", "x\na\nb\ny", "a\nb"),
    ],
)
@pytest.mark.parametrize("around", [lambda text: {"a": [{"b": text}]}, lambda text: text])
def test_a_value_is_found_where_the_live_object_fits(wanted: str, live: str, value: str, around: Any) -> None:
    assert find_values([(around(wanted), around(live))], [TOKEN]) == Found({TOKEN: value})


@pytest.mark.parametrize(
    ("wanted", "live"),
    [
        (TOKEN, None),
        (TOKEN, ""),
        (TOKEN, 5),
        (f"u:{TOKEN}", "user:hunter2"),
        (f"{TOKEN}-{TOKEN}", "a-b"),
        ({"a": TOKEN}, {"b": "hunter2"}),
        ({"a": TOKEN}, None),
        ([TOKEN], []),
        (f"u:{TOKEN}", b64("u:hunter2")),
    ],
)
def test_it_is_not_where_something_else_stands(wanted: Any, live: Any) -> None:
    assert find_values([(wanted, live)], [TOKEN]) == Found()


def test_several_values_in_one_text() -> None:
    found = find_values([(f"{TOKEN}:{OTHER}", "anna:hunter2")], [TOKEN, OTHER])
    assert found == Found({TOKEN: "anna", OTHER: "hunter2"})


def test_places_that_disagree_are_told() -> None:
    found = find_values([(TOKEN, "one"), ({"a": TOKEN}, {"a": "other"})], [TOKEN])
    assert found.contradictory == {TOKEN}


def test_items_of_lists_are_found_by_name() -> None:
    wanted = {"env": [{"name": "A", "value": "1"}, {"name": "B", "value": TOKEN}]}
    live = {"env": [{"name": "B", "value": "hunter2"}]}
    assert find_values([(wanted, live)], [TOKEN]) == Found({TOKEN: "hunter2"})


def test_a_short_one_must_be_the_whole_value() -> None:
    assert find_values([({"a": "x12y", "b": "12"}, {"a": "x34y", "b": "56"})], ["12"]) == Found({"12": "56"})
    assert with_values({"a": "x12y", "b": "12"}, {"12": "56"}) == {"a": "x12y", "b": "56"}


def test_values_are_put_in_text_and_in_base64() -> None:
    data = {"a": f"u:{TOKEN}", "b": [b64(f"u:{TOKEN}"), 5, None], TOKEN: "x"}
    assert with_values(data, {TOKEN: "ä"}) == {"a": "u:ä", "b": [b64("u:ä"), 5, None], TOKEN: "x"}
    assert with_values(data, {}) == data


def test_where_a_token_stands() -> None:
    data = {"a": f"u:{TOKEN}", "b": [{"c": b64(TOKEN)}, "x"]}
    assert list(places_of(data, TOKEN)) == [("a",), ("b", 0, "c")]
