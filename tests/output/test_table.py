"""The two ways to draw a table."""

import pytest

from kubectl_ns_tools.output.table import columns, table

HEADERS = ["CURRENT", "NAME", "WHY"]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [["*", "default", ""], [" ", "kube-system", ""]],
        [["", "", ""]],
        [["1", "0x10", "1e3"], ["12345678", "a b  c", "-1.50"]],
        [["a\x1b[2J", "b\nc", "d\te"]],
        [["é", "ü" * 20, "…"]],
    ],
    ids=["no rows", "usual", "empty cells", "numbers", "other people's text", "not ASCII"],
)
def test_columns_are_drawn_as_by_tabulate(rows: list[list[str]]) -> None:
    assert columns(rows, HEADERS) == table(rows, HEADERS)


def test_wide_characters_take_the_room_that_a_terminal_gives_them() -> None:
    lines = columns([["日本", "x"], ["a", "y"]], ["NAME", "B"]).splitlines()
    assert lines == ["NAME   B", "日本   x", "a      y"]
