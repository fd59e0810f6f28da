"""What changed in a namespace since its plan was saved, as a short diff."""

from collections.abc import Sequence

from kubectl_ns_tools.deletion.plan_files.drift import Drift

_SHOWN = 20


def drift_lines(drift: Drift) -> list[str]:
    """`+ configmap/new`, `- configmap/old`, `~ deployment.apps/web (…)`; of many, the first. Not escaped."""
    lines = [
        *_marked("+", drift.added),
        *_marked("-", drift.removed),
        *_marked("~", drift.changed),
    ]
    if len(lines) > _SHOWN:
        return [*lines[:_SHOWN], f"and {len(lines) - _SHOWN} more"]
    return lines


def _marked(sign: str, texts: Sequence[str]) -> list[str]:
    return [f"{sign} {text}" for text in texts]
