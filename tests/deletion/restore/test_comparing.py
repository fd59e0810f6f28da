from typing import Any

import pytest

from kubectl_ns_tools.deletion.restore.comparing import differences


@pytest.mark.parametrize(
    ("wanted", "live", "paths"),
    [
        ({"a": 1}, {"a": 1}, ()),
        ({"a": {"b": [1, {"c": 2}]}}, {"a": {"b": [1, {"c": 3}]}}, ("a.b[1].c",)),
        ({"a": 1}, {"b": 1}, ("a", "b")),
        ({"a": [1]}, {"a": [1, 2]}, ("a",)),
        ({"a": {}}, {"a": None}, ("a",)),
        ({"a": 1}, {"a": True}, ("a",)),
        ({"a": 1}, {"a": 1.0}, ()),
        (1, 2, ("everything",)),
        (dict.fromkeys("abcdefg", 1), {}, ("a", "b", "c", "d", "e", "…")),
    ],
)
def test_the_paths_that_differ_are_named(wanted: Any, live: Any, paths: tuple[str, ...]) -> None:
    assert differences(wanted, live) == paths


def test_depth_is_no_way_to_hide_a_difference() -> None:
    wanted: Any = 1
    live: Any = 2
    for _ in range(5000):
        wanted, live = {"a": wanted}, {"a": live}
    assert len(differences(wanted, live)) == 1
    wanted, live = 1, 2
    for _ in range(5000):
        wanted, live = [wanted], [live]
    assert len(differences(wanted, live)) == 1
