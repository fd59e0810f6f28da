"""What a deletion would destroy, be held up by, leave behind or break elsewhere: as text and as data."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, HazardReport, Severity, Unchecked
from kubectl_ns_tools.output.escape import escape

# More objects of one hazard than these are shown as the first ones and a number.
OBJECTS = 5
_NOUNS = {Severity.DANGER: "danger", Severity.WARNING: "warning", Severity.INFO: "note"}
# What to know before saying yes, in this order; NOTES has no place among them.
VERDICTS = {
    Effect.DESTROYS: "LOST FOR GOOD",
    Effect.BLOCKS: "WILL BE STUCK",
    Effect.DELAYS: "TAKES LONGER",
    Effect.LEAVES: "LEFT BEHIND",
    Effect.BREAKS: "HURTS OTHERS",
    Effect.RETURNS: "COMES BACK",
}


def hazards_text(hazards: Sequence[Hazard], *, everything: bool = False) -> str:
    """By severity, the worst first, each with its objects and what to do. everything: all objects."""
    return "\n".join(_lines(hazards, None if everything else OBJECTS))


def unchecked_text(unchecked: Iterable[Unchecked]) -> str:
    """A line for each thing that could not be looked at, with the checks that needed it."""
    checks: dict[str, list[str]] = {}
    for gap in unchecked:
        needed_by = checks.setdefault(unchecked_label(gap), [])
        if gap.check != gap.what:
            needed_by.append(gap.check)
    return "\n".join(escape(f"NOT CHECKED: {label}{_for(names)}") for label, names in checks.items())


def unchecked_label(gap: Unchecked) -> str:
    """`persistentvolumes (forbidden)`; not escaped."""
    return f"{gap.what} ({gap.reason})"


def hazards_phrase(report: HazardReport) -> str:
    """How many there are of each severity: `1 danger, 2 notes; 1 not checked`, `none found`."""
    counts = (
        (severity, sum(hazard.severity is severity for hazard in report.hazards)) for severity in Severity
    )
    told = [f"{number} {_NOUNS[severity]}{'s' * (number > 1)}" for severity, number in counts if number]
    found = ", ".join(told) or "none found"
    return f"{found}; {len(report.unchecked)} not checked" if report.unchecked else found


def objects_to_show(hazard: Hazard) -> Sequence[str]:
    """Its objects, unless the summary names them all."""
    named = (re.search(rf"(?<!\S){re.escape(name)}(?![\w./-])", hazard.summary) for name in hazard.objects)
    return () if all(named) else hazard.objects


def verdicts(report: HazardReport) -> Iterator[tuple[str, str]]:
    """What it comes to: for each effect that is to be expected its words and the objects; not escaped."""
    for effect, words in VERDICTS.items():
        if found := report.of(effect):
            yield words, _subjects(found)


def hazards_data(hazards: Iterable[Hazard]) -> list[dict[str, Any]]:
    return [
        {
            "check": hazard.check,
            "severity": hazard.severity.value,
            "effect": hazard.effect.value,
            "summary": hazard.summary,
            "objects": list(hazard.objects),
            "remedy": hazard.remedy or None,
        }
        for hazard in hazards
    ]


def unchecked_data(unchecked: Iterable[Unchecked]) -> list[dict[str, Any]]:
    return [{"check": gap.check, "what": gap.what, "reason": gap.reason} for gap in unchecked]


def _for(checks: Sequence[str]) -> str:
    return f", needed for: {', '.join(checks)}" if checks else ""


def _lines(hazards: Sequence[Hazard], most: int | None) -> Iterator[str]:
    for severity in Severity:
        found = [hazard for hazard in hazards if hazard.severity is severity]
        if found:
            yield severity.name
        for hazard in found:
            yield escape(f"  {hazard.summary}")
            yield from (f"    {line}" for line in _objects(objects_to_show(hazard), most))
            if hazard.remedy:
                yield escape(f"    to do: {hazard.remedy}")


def _objects(objects: Sequence[str], most: int | None) -> Iterator[str]:
    shown = objects[:most]
    yield from map(escape, shown)
    if len(shown) < len(objects):
        yield f"and {len(objects) - len(shown)} more"


def _subjects(hazards: Iterable[Hazard]) -> str:
    """The objects of some hazards, each once, the first of every hazard before the second of any: it is what
    the hazard is about. A hazard about no object in particular gives its sentence."""
    rows = [hazard.objects or (hazard.summary,) for hazard in hazards]
    named = list(dict.fromkeys(name for column in zip_longest(*rows) for name in column if name is not None))
    more = f" and {len(named) - OBJECTS} more" if len(named) > OBJECTS else ""
    return ", ".join(named[:OBJECTS]) + more
