import pytest

from kubectl_ns_tools.deletion.backup.contents import Head, Skipped, Volume
from kubectl_ns_tools.deletion.backup.saving import BackupResult, Saved
from kubectl_ns_tools.deletion.inventory import Gap, Reason
from kubectl_ns_tools.output.backup import backup_document, backup_text, backup_warnings, size_text

HEAD = Head("blue", "u1", "https://c:6443", "blue@c", "k", "2026-11-24T19:53:12Z", "0.1.0")


def result(**values: object) -> BackupResult:
    nothing = {"counts": (), "skipped": (), "gaps": (), "volumes": ()}
    return BackupResult(path="/b/blue.tar.gz", bytes=2048, head=HEAD, **{**nothing, **values})  # type: ignore[arg-type]


FULL = result(
    counts=(Saved("configmaps", 3), Saved("jobs.batch", 2, (("finished", 1),))),
    skipped=(Skipped("events", "they tell of what has been", 12),),
    gaps=(Gap("secrets", Reason.FORBIDDEN, "no"),),
    volumes=(Volume("volumes/pv-1.yaml", "pv-1", "u", "data", "Delete", "s"),),
)


def test_the_whole_text() -> None:
    assert (
        backup_text(FULL)
        == """\
Namespace:  blue
Context:    blue@c
Server:     https://c:6443
File:       /b/blue.tar.gz (2.0 KiB)

KIND         SAVED   SAVED, BUT NOT RESTORED
configmaps   3       <none>
jobs.batch   2       1 (finished)

Not saved:
  12 events: they tell of what has been

NOT VISIBLE, and not saved:
  you may not list: secrets"""
    )


def test_nothing_in_it() -> None:
    assert backup_text(result()).endswith("\n\nNothing is in it but the namespace itself.")
    assert list(backup_warnings(result())) == []


def test_one_reason_stands_for_many() -> None:
    kept = tuple((f"Widget/w{number} makes it", 1) for number in range(100))
    text = backup_text(result(counts=(Saved("secrets", 100, kept),)))
    assert text.endswith("secrets   100     1 (Widget/w0 makes it) and 99 for other reasons")


def test_the_warnings() -> None:
    volumes = (*FULL.volumes, Volume("volumes/pv-2.yaml", "pv-2", "u", "more", "Retain", "s"))
    assert list(backup_warnings(result(counts=(Saved("secrets", 1),), gaps=FULL.gaps, volumes=volumes))) == [
        "the backup is incomplete, not visible: secrets",
        "the backup holds Secrets in clear; the file is yours alone (mode 0600), keep it so",
        "the data of volumes are NOT in the backup: pv-1 (claim data, Delete: they go with the claim),"
        " pv-2 (claim more, Retain: they stay in the volume)",
    ]


def test_the_document() -> None:
    document = backup_document(FULL)
    assert document["complete"] is False
    assert document["saved"][1] == {
        "resource": "jobs.batch", "count": 2, "notRestored": [{"reason": "finished", "count": 1}]
    }  # fmt: skip
    assert document["skipped"] == [
        {"resource": "events", "reason": "they tell of what has been", "count": 12}
    ]
    assert document["volumes"] == [{"name": "pv-1", "claim": "data", "reclaimPolicy": "Delete"}]


@pytest.mark.parametrize(("number", "text"), [(0, "0 B"), (1536, "1.5 KiB"), (3 * 2**20, "3.0 MiB")])
def test_sizes(number: int, text: str) -> None:
    assert size_text(number) == text
