"""What an update of a namespace would change, as a unified diff of YAML without secrets, and as a table."""

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.output.escape import escape
from kubectl_ns_tools.templates.rendering.secrecy import MASK

if TYPE_CHECKING:
    from kubectl_ns_tools.templates.update.changes import Change
    from kubectl_ns_tools.templates.update.update_plan import UpdatePlan

_NOTHING = "/dev/null"
_SHORTEST = 6  # shorter values are no secrets, and stand in other words by chance


def update_diff(plan: "UpdatePlan") -> str:
    """The diff of everything that would change or go; "" when nothing would."""
    from kubectl_ns_tools.templates.update.changes import shown

    lines: list[str] = []
    for change in plan.changes:
        if change.differs:
            lines += _diff(f"{plan.namespace}/{change.manifest.reference}", change.before, change.after)
    for prune in plan.prunes:
        lines += _diff(f"{plan.namespace}/{prune.reference}", shown(prune.live), None)
    return "\n".join(escape(_masked(line, plan.secrets)) for line in lines)


def update_rows(plans: "Sequence[UpdatePlan]") -> list[list[str]]:
    """NAMESPACE, OBJECT, CHANGE: one row for each object that something would happen to."""
    rows = []
    for plan in plans:
        for change in plan.changes:
            if change.differs:
                rows.append([plan.namespace, change.manifest.reference, _word(change)])
        rows += [[plan.namespace, prune.reference, "prune"] for prune in plan.prunes]
    return rows


def _word(change: "Change") -> str:
    if change.conflicts:
        return f"configure, in conflict with {', '.join(sorted({each.manager for each in change.conflicts}))}"
    return "create" if change.is_new else "configure"


def _diff(name: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Iterator[str]:
    old, new = _without_data(before, after)
    one, other = (_NOTHING if each is None else name for each in (before, after))
    return difflib.unified_diff(_lines(old), _lines(new), one, other, lineterm="")


def _without_data(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
    """The values of a Secret masked, so that one can see which of them change, as kubectl diff does it."""
    if (before or after or {}).get("kind") != "Secret":
        return before, after
    old, new = ((each or {}).get("data") or {} for each in (before, after))
    changed = {key for key in old.keys() & new.keys() if old[key] != new[key]}
    return _hidden(before, changed, "before"), _hidden(after, changed, "after")


def _hidden(secret: Mapping[str, Any] | None, changed: set[str], word: str) -> Mapping[str, Any] | None:
    if secret is None:
        return None
    data = secret.get("data") or {}
    masked = {key: f"{MASK} ({word})" if key in changed else MASK for key in data}
    return {**secret, "data": masked} if data else secret


def _lines(value: Mapping[str, Any] | None) -> list[str]:
    from kubectl_ns_tools.goyaml import dump

    return [] if value is None else dump(value).splitlines()


def _masked(line: str, secrets: Collection[str]) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            line = line.replace(secret, MASK)
    return line
