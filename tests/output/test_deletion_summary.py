from kubectl_ns_tools.deletion.inventory import Gap, Reason
from kubectl_ns_tools.output.deletion_summary import Row, summary_table, unbacked
from tests.deletion.builders import configmap, plan

SECRETS = Gap("secrets", Reason.FORBIDDEN, "no")


def test_a_row_tells_what_is_worth_a_look() -> None:
    rows = [
        Row(plan(configmap("a"), gaps=(SECRETS,)), 1),
        Row(plan(namespace="red", terminating_since="2026-05-17T12:00:00Z"), 0),
    ]
    assert summary_table(rows, contexts=False).splitlines() == [
        "NAMESPACE   STATUS        OBJECTS   NOT VISIBLE   HAZARDS",
        "blue        Active        1         secrets       none found",
        "red         Terminating   0         <none>        none found",
    ]


def test_the_context_is_told_where_there_are_several() -> None:
    header, row = summary_table([Row(plan(context="a\x1b"), 0)], contexts=True).splitlines()
    assert header.split()[:2] == ["NAMESPACE", "CONTEXT"]
    assert row.split()[:2] == ["blue", "a\\x1b"]


def test_what_no_backup_holds_is_named_by_namespace() -> None:
    assert unbacked([plan(configmap("a"))]) == ""
    assert unbacked([plan(gaps=(SECRETS,)), plan(namespace="red")]).splitlines() == [
        "NOT IN THE BACKUP, and gone for good:",
        "  blue: secrets",
    ]
