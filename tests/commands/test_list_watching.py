"""What is shown of one look at the namespaces after another."""

from typing import Any

from kubectl_ns_tools.commands.list_watching import Rows
from kubectl_ns_tools.errors import Unreachable
from kubectl_ns_tools.output.namespaces import Listed


def row(name: str, context: str = "", **notes: Any) -> Listed:
    annotations = {f"kubectl-ns-tools/{key}": value for key, value in notes.items()}
    return Listed(
        {"metadata": {"name": name, "annotations": annotations}, "status": {"phase": "Active"}}, context
    )


def test_only_what_has_changed_is_shown_again() -> None:
    rows = Rows("table")
    first = rows.news([row("a"), row("b")], {})
    assert [line.split()[0] for line in first] == ["CURRENT", "a", "b"]
    assert rows.news([row("a"), row("b")], {}) == []
    (told,) = rows.news([row("a"), row("b", template="t")], {})
    assert told.split() == ["b", "Active", "<unknown>", "t", "<none>"]
    assert told.index("Active") == first[2].index("Active")


def test_another_column_brings_another_header() -> None:
    rows = Rows("table")
    rows.news([row("a")], {})
    header, told = rows.news([row("a", expires="2030-01-01")], {})
    assert header.split()[-1] == "EXPIRES"
    assert told.split()[-1] == "2030-01-01"


def test_one_that_is_no_longer_there_is_gone_once() -> None:
    rows = Rows("table")
    rows.news([row("a"), row("b")], {})
    (told,) = rows.news([row("b")], {})
    assert told.split()[:2] == ["a", "Gone"]
    assert rows.news([row("b")], {}) == []


def test_what_a_silent_cluster_had_is_not_gone() -> None:
    rows = Rows("table")
    rows.news([row("a", "x"), row("a", "y")], {})
    assert rows.news([row("a", "y")], {"x": Unreachable("no answer")}) == []
    assert rows.news([row("a", "x"), row("a", "y")], {}) == []


def test_names_have_no_header() -> None:
    rows = Rows("name")
    assert rows.news([row("a")], {}) == ["namespace/a"]
    assert rows.news([row("a"), row("b")], {}) == ["namespace/b"]
