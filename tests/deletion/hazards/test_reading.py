from typing import Any

import pytest

from kubectl_ns_tools.deletion.hazards.reading import Hidden, field, mapping, maps, text, texts
from kubectl_ns_tools.deletion.hazards.scene import CannotSee

OBJ = {"a": {"b": "c", "n": None, "l": ["x", None, {"k": 1}, 3]}}


@pytest.mark.parametrize(
    "odd", [None, "a", 7, [], {"a": None}, {"a": "b"}, {"a": {"b": None}}, {"a": {"b": 7}}]
)
def test_what_is_not_as_expected_reads_as_empty(odd: Any) -> None:
    assert text(odd, "a", "b") == ""
    assert texts(odd, "a", "b") == maps(odd, "a", "b") == []
    assert mapping(odd, "a", "b") == {}
    assert field(odd, "a", "b", "c") is None


def test_what_is_there_is_read() -> None:
    assert text(OBJ, "a", "b") == "c"
    assert texts(OBJ, "a", "l") == ["x"]
    assert maps(OBJ, "a", "l") == [{"k": 1}]
    assert mapping(OBJ, "a") == OBJ["a"]


def test_what_is_hidden_is_told_together_in_the_end() -> None:
    hidden = Hidden()
    for what in ("pods", "nodes", "pods"):
        with hidden:
            raise CannotSee(what, "forbidden")
    with pytest.raises(CannotSee, match=r"^pods, nodes: forbidden$"):
        hidden.tell()


def test_where_nothing_is_hidden_nothing_is_told() -> None:
    hidden = Hidden()
    with hidden:
        pass
    hidden.tell()


def test_other_errors_are_not_hidden() -> None:
    with pytest.raises(ValueError, match="x"), Hidden():
        raise ValueError("x")
