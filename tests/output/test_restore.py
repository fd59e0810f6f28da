import json

from kubectl_ns_tools.deletion.backup.contents import Head
from kubectl_ns_tools.deletion.backup.shelf import BackupInfo
from kubectl_ns_tools.deletion.restore.plan import Note
from kubectl_ns_tools.deletion.restore.report import Outcome, RestoreReport, Result
from kubectl_ns_tools.output.restore import (
    backups_document,
    backups_names,
    backups_table,
    report_document,
    report_names,
    report_text,
)
from tests.deletion.builders import NOW, ago

HEAD = Head("blue", "u1", "https://c:6443", "blue@c", "k1", ago(300), "0.1.0")


def result(name: str, outcome: Outcome = Outcome.RESTORED, reason: str = "", kind: str = "Secret") -> Result:
    if kind == "Namespace":
        return Result("v1", kind, "namespaces", name, outcome, reason)
    if kind == "Job":
        return Result("batch/v1", kind, "jobs.batch", name, outcome, reason)
    return Result("v1", kind, f"{kind.lower()}s", name, outcome, reason)


def report(*results: Result, **fields: object) -> RestoreReport:
    facts = {"path": "/b/blue.tar.gz", "head": HEAD, "namespace": "blue", **fields}
    return RestoreReport(results=results, **facts)  # type: ignore[arg-type]


def test_a_report_for_people() -> None:
    finished, words = "finished: it would run again", "admission webhook said no"
    text = report_text(
        report(
            result("blue", kind="Namespace"),
            result("a"),
            result("default", reason="added to what was there", kind="ServiceAccount"),
            result("b", Outcome.UNCHANGED),
            result("c", Outcome.FAILED, words),
            *(result(name, Outcome.SKIPPED, finished, "Job") for name in "pqrstuv"),
            lost=(Note("persistentvolumeclaim/data", "persistentvolume/pv is gone"),),
            notes=(Note("configmap/x", "data.url may still mean namespace red"),),
        ),
        NOW,
    )
    assert text == (
        "Namespace:   blue\n"
        "Backup:      /b/blue.tar.gz (5m old)\n"
        "\n"
        "KIND              RESTORED   UNCHANGED   SKIPPED   FAILED\n"
        "namespaces        1          0           0         0\n"
        "secrets           1          1           0         1\n"
        "serviceaccounts   1          0           0         0\n"
        "jobs.batch        0          0           7         0\n"
        "\n"
        "Failed:\n"
        "  secret/c: admission webhook said no\n"
        "\n"
        "Skipped:\n"
        "  job.batch/p, job.batch/q, job.batch/r, job.batch/s, job.batch/t and 2 more: "
        "finished: it would run again\n"
        "\n"
        "Remarks:\n"
        "  serviceaccount/default: added to what was there\n"
        "\n"
        "DATA NOT BACK:\n"
        "  persistentvolumeclaim/data: persistentvolume/pv is gone\n"
        "\n"
        "To look after:\n"
        "  configmap/x: data.url may still mean namespace red"
    )


def test_a_dry_run_and_another_name_are_told() -> None:
    text = report_text(report(result("a"), namespace="red", dry_run="client"), NOW)
    assert text.startswith(
        "Namespace:   red (client dry run: nothing was changed)\n"
        "Backup:      /b/blue.tar.gz (5m old, of namespace blue)\n"
    )
    assert "KIND      TO RESTORE   UNCHANGED   SKIPPED   FAILED" in text


def test_long_sections_are_cut() -> None:
    notes = tuple(Note(f"configmap/{n}", "…") for n in range(25))
    text = report_text(report(result("a"), notes=notes), NOW)
    assert "configmap/19" in text
    assert "configmap/20" not in text
    assert text.endswith("\n  and 5 more: -o json has them all")


def test_other_peoples_text_is_escaped() -> None:
    hostile = result("a", Outcome.FAILED, "no\x1b[31m\nreally")
    text = report_text(report(hostile, notes=(Note("x\x1b", "y\x07"),), path="/b/\x1b.tar.gz"), NOW)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "secret/a: no\\x1b[31m\\nreally" in text
    assert report_names(report(result("a\x1b"))) == "secret/a\\x1b"


def test_names_are_of_what_was_restored() -> None:
    found = report(result("a"), result("b", Outcome.UNCHANGED), result("c", kind="Job"))
    assert report_names(found) == "secret/a\njob.batch/c"
    assert report_names(report()) == ""


def test_a_report_for_programs() -> None:
    found = report(
        result("a"), result("c", Outcome.FAILED, "no"), lost=(Note("pvc/d", "gone"),), dry_run="server"
    )
    assert json.loads(json.dumps(report_document(found))) == {
        "apiVersion": "kubectl-ns-tools/v1",
        "kind": "RestoreReport",
        "namespace": "blue",
        "dryRun": "server",
        "backup": {
            "path": "/b/blue.tar.gz", "namespace": "blue", "uid": "u1", "server": "https://c:6443",
            "time": ago(300),
        },
        "counts": {"restored": 1, "unchanged": 0, "skipped": 0, "failed": 1},
        "objects": [
            {
                "apiVersion": "v1", "kind": "Secret", "resource": "secrets", "name": "a",
                "outcome": "restored", "reason": None,
            },
            {
                "apiVersion": "v1", "kind": "Secret", "resource": "secrets", "name": "c",
                "outcome": "failed", "reason": "no",
            },
        ],
        "dataLost": [{"object": "pvc/d", "text": "gone"}],
        "notes": [],
    }  # fmt: skip


GOOD = BackupInfo("/b/blue.tar.gz", HEAD, 12, 2048)
BAD = BackupInfo("/b/\x1b.tar.gz", None, 0, 5, "it is cut off")


def test_backups_for_people() -> None:
    assert backups_table([GOOD], NOW) == (
        "NAMESPACE   AGE   OBJECTS   SIZE   CLUSTER          FILE\n"
        "blue        5m    12        2.0K   https://c:6443   /b/blue.tar.gz"
    )
    lines = backups_table([GOOD, BAD], NOW).splitlines()
    assert lines[0].split() == ["NAMESPACE", "AGE", "OBJECTS", "SIZE", "CLUSTER", "FILE", "PROBLEM"]
    assert lines[1].split()[-1] == "<none>"
    assert lines[2].split() == [
        "<none>", "<none>", "<none>", "5", "<none>", "/b/\\x1b.tar.gz", "it", "is", "cut", "off",
    ]  # fmt: skip


def test_backups_for_programs() -> None:
    assert backups_names([GOOD, BAD]) == "/b/blue.tar.gz"
    found = backups_document([GOOD, BAD])
    assert found["kind"] == "BackupList"
    assert found["backups"][0] == {
        "path": "/b/blue.tar.gz", "namespace": "blue", "uid": "u1", "server": "https://c:6443",
        "time": ago(300), "objects": 12, "bytes": 2048, "problem": None,
    }  # fmt: skip
    assert found["backups"][1]["problem"] == "it is cut off"
    assert found["backups"][1]["namespace"] is None
