"""The writes of kubeconfigs that can be undone, as text."""

from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from kubectl_ns_tools.deletion.clock import span
from kubectl_ns_tools.kubeconfig.undo.journal import Record
from kubectl_ns_tools.output.document import document, document_text
from kubectl_ns_tools.output.table import columns


def render_writes(records: Sequence[Record], output: str, at: float) -> str:
    """output: "table", "wide", "name" (an id a line), "json" or "yaml"; at: the present, for ages."""
    if output == "name":
        return "\n".join(record.id for record in records)
    if output in ("json", "yaml"):
        return document_text(document("UndoList", {"items": list(map(_data, records))}), output)
    return _table(records, at, wide=output == "wide") if records else ""


def _table(records: Sequence[Record], at: float, wide: bool) -> str:
    headers = ["AGE", "CHANGE", "FILES"] + (["TIME", "ID"] if wide else [])
    rows = [
        [span(max(0, at - record.time)), record.title, ",".join(record.paths)]
        + ([_time(record), record.id] if wide else [])
        for record in records
    ]
    return columns(rows, headers)


def _data(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "time": _time(record),
        "title": record.title,
        "files": list(record.paths),
    }


def _time(record: Record) -> str:
    """As Kubernetes writes it."""
    return datetime.fromtimestamp(record.time, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
