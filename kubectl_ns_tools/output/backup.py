"""What a backup holds and what it does not, for people and for programs."""

from collections.abc import Iterable, Iterator
from typing import Any

from kubectl_ns_tools.deletion.backup.contents import Skipped, Volume
from kubectl_ns_tools.deletion.backup.saving import BackupResult, Saved
from kubectl_ns_tools.output.contents import gaps_data, gaps_text
from kubectl_ns_tools.output.document import document
from kubectl_ns_tools.output.escape import escape
from kubectl_ns_tools.output.table import columns

_SECRETS = "secrets"
_KIB = 1024


def backup_text(result: BackupResult) -> str:
    return "\n\n".join(_sections(result))


def backup_document(result: BackupResult) -> dict[str, Any]:
    """`complete` is false when something in the namespace could not be seen; `unseen` then names it."""
    return document(
        "NamespaceBackupReport",
        {
            "path": result.path,
            "bytes": result.bytes,
            "namespace": {"name": result.head.namespace, "uid": result.head.uid},
            "context": result.head.context,
            "server": result.head.server,
            "time": result.head.time,
            "complete": not result.gaps,
            "saved": list(map(_saved_data, result.counts)),
            "skipped": [skipped.data() for skipped in result.skipped],
            "volumes": list(map(_volume_data, result.volumes)),
            "unseen": gaps_data(result.gaps),
        },
    )


def backup_warnings(result: BackupResult) -> Iterator[str]:
    """What to know of it before one relies on it, or gives the file to somebody."""
    if result.gaps:
        names = ", ".join(gap.what for gap in result.gaps)
        yield f"the backup is incomplete, not visible: {names}"
    if any(saved.resource == _SECRETS for saved in result.counts):
        yield "the backup holds Secrets in clear; the file is yours alone (mode 0600), keep it so"
    if result.volumes:
        yield f"the data of volumes are NOT in the backup: {', '.join(map(_volume, result.volumes))}"


def size_text(number: int) -> str:
    """`512 B`, `1.5 KiB`, `12.0 MiB`."""
    if number < _KIB:
        return f"{number} B"
    if number < _KIB**2:
        return f"{number / _KIB:.1f} KiB"
    return f"{number / _KIB**2:.1f} MiB"


def _sections(result: BackupResult) -> Iterator[str]:
    head = result.head
    lines = (
        f"Namespace:  {head.namespace}",
        f"Context:    {head.context}",
        f"Server:     {head.server}",
        f"File:       {result.path} ({size_text(result.bytes)})",
    )
    yield "\n".join(map(escape, lines))
    if result.counts:
        rows = [[saved.resource, str(saved.number), _kept(saved)] for saved in result.counts]
        yield columns(rows, ["KIND", "SAVED", "SAVED, BUT NOT RESTORED"])
    else:
        yield "Nothing is in it but the namespace itself."
    if result.skipped:
        yield "Not saved:\n" + _skipped_text(result.skipped)
    if result.gaps:
        yield "NOT VISIBLE, and not saved:\n" + gaps_text(result.gaps)


def _kept(saved: Saved) -> str:
    """One reason is told, as that of a custom resource names its owner, and there may be many of these."""
    if not saved.kept_only:
        return ""
    (reason, few), *more = saved.kept_only
    rest = sum(number for _, number in more)
    return f"{few} ({reason})" + (f" and {rest} for other reasons" if rest else "")


def _skipped_text(skipped: Iterable[Skipped]) -> str:
    lines = (f"{each.number} {each.resource}: {each.reason}" for each in skipped)
    return "\n".join("  " + escape(line) for line in lines)


def _volume(volume: Volume) -> str:
    """`pvc-1 (claim data, Delete: they go with the claim)`."""
    fate = "they go with the claim" if volume.policy == "Delete" else "they stay in the volume"
    return f"{volume.name} (claim {volume.claim}, {volume.policy}: {fate})"


def _saved_data(saved: Saved) -> dict[str, Any]:
    kept = [{"reason": reason, "count": number} for reason, number in saved.kept_only]
    return {"resource": saved.resource, "count": saved.number, "notRestored": kept}


def _volume_data(volume: Volume) -> dict[str, Any]:
    return {"name": volume.name, "claim": volume.claim, "reclaimPolicy": volume.policy}
