"""What came of a restore, or would come of it: for people and for programs; and the list of backups."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from kubectl_ns_tools.deletion.backup.shelf import BackupInfo
from kubectl_ns_tools.deletion.restore.plan import Note, shortened
from kubectl_ns_tools.deletion.restore.report import Outcome, RestoreReport, Result
from kubectl_ns_tools.output.age import age
from kubectl_ns_tools.output.document import document
from kubectl_ns_tools.output.escape import escape
from kubectl_ns_tools.output.table import table

_MOST_NOTES = 20  # lines of a section for people; a program gets them all


def report_text(report: RestoreReport, at: datetime) -> str:
    """at: the present, for the backup's age."""
    return "\n\n".join(_sections(report, at))


def report_names(report: RestoreReport) -> str:
    """What was restored, as kubectl's `-o name` would print it."""
    return "\n".join(escape(result.label) for result in report.of(Outcome.RESTORED))


def report_document(report: RestoreReport) -> dict[str, Any]:
    """`dryRun` is null when it was done in earnest."""
    head = report.head
    return document(
        "RestoreReport",
        {
            "namespace": report.namespace,
            "dryRun": report.dry_run or None,
            "backup": {
                "path": report.path,
                "namespace": head.namespace,
                "uid": head.uid,
                "server": head.server,
                "time": head.time,
            },
            "counts": {outcome.value: len(report.of(outcome)) for outcome in Outcome},
            "objects": [_object(result) for result in report.results],
            "dataLost": _notes(report.lost),
            "notes": _notes(report.notes),
        },
    )


def backups_table(backups: Sequence[BackupInfo], at: datetime) -> str:
    rows = [
        [
            info.namespace,
            age(info.time, at) if info.time else "",
            str(info.objects) if info.head else "",
            _size(info.bytes),
            info.server,
            info.path,
            info.problem,
        ]
        for info in backups
    ]
    broken = any(info.problem for info in backups)
    headers = ["NAMESPACE", "AGE", "OBJECTS", "SIZE", "CLUSTER", "FILE", "PROBLEM"]
    return table(rows, headers) if broken else table([row[:-1] for row in rows], headers[:-1])


def backups_names(backups: Iterable[BackupInfo]) -> str:
    """The files, to be given to a restore."""
    return "\n".join(escape(info.path) for info in backups if info.head)


def backups_document(backups: Iterable[BackupInfo]) -> dict[str, Any]:
    return document(
        "BackupList",
        {
            "backups": [
                {
                    "path": info.path,
                    "namespace": info.namespace or None,
                    "uid": info.head.uid if info.head else None,
                    "server": info.server or None,
                    "time": info.time or None,
                    "objects": info.objects,
                    "bytes": info.bytes,
                    "problem": info.problem or None,
                }
                for info in backups
            ]
        },
    )


def _sections(report: RestoreReport, at: datetime) -> Iterator[str]:
    yield _header(report, at)
    yield _counts(report)
    yield from _by_reason("Failed", report.of(Outcome.FAILED))
    yield from _by_reason("Skipped", report.of(Outcome.SKIPPED))
    yield from _by_reason("Remarks", [each for each in report.of(Outcome.RESTORED) if each.reason])
    yield from _noted("DATA NOT BACK", report.lost)
    yield from _noted("To look after", report.notes)


def _header(report: RestoreReport, at: datetime) -> str:
    origin = f"{age(report.head.time, at)} old"
    if report.namespace != report.head.namespace:
        origin += f", of namespace {report.head.namespace}"
    mode = f" ({report.dry_run} dry run: nothing was changed)" if report.dry_run else ""
    lines = [f"Namespace:   {report.namespace}{mode}", f"Backup:      {report.path} ({origin})"]
    return "\n".join(escape(line) for line in lines)


def _counts(report: RestoreReport) -> str:
    numbers: dict[str, dict[Outcome, int]] = {}
    for result in report.results:
        row = numbers.setdefault(result.resource, dict.fromkeys(Outcome, 0))
        row[result.outcome] += 1
    headers = [outcome.value.upper() for outcome in Outcome]
    if report.dry_run:
        headers[0] = "TO RESTORE"
    rows = [[name, *(str(number) for number in row.values())] for name, row in numbers.items()]
    return table(rows, ["KIND", *headers])


def _by_reason(title: str, results: Sequence[Result]) -> Iterator[str]:
    found: dict[str, list[str]] = {}
    for result in results:
        found.setdefault(result.reason, []).append(result.label)
    lines = [f"{shortened(labels)}: {reason}" for reason, labels in found.items()]
    yield from _section(title, lines)


def _noted(title: str, notes: Sequence[Note]) -> Iterator[str]:
    yield from _section(title, [f"{note.label}: {note.text}" for note in notes])


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if not lines:
        return
    shown = [f"  {escape(line)}" for line in lines[:_MOST_NOTES]]
    if len(lines) > _MOST_NOTES:
        shown.append(f"  and {len(lines) - _MOST_NOTES} more: -o json has them all")
    yield "\n".join([f"{title}:", *shown])


def _object(result: Result) -> dict[str, Any]:
    return {
        "apiVersion": result.api_version,
        "kind": result.kind,
        "resource": result.resource,
        "name": result.name,
        "outcome": result.outcome.value,
        "reason": result.reason or None,
    }


def _notes(notes: Iterable[Note]) -> list[dict[str, str]]:
    return [{"object": note.label, "text": note.text} for note in notes]


def _size(number: int) -> str:
    """Of a file, as `ls -h` has it."""
    size, units = float(number), iter("KMGT")
    unit = ""
    while size >= 1024 and (following := next(units, "")):
        size, unit = size / 1024, following
    return f"{size:.1f}{unit}" if unit else str(number)
