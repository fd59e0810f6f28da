"""Builders for what hazard checks give.

plan(pod("a"), hazards=report(danger("volumes", "data goes", "pod/a"), forbidden("volumes", "secrets")))
"""

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, HazardReport, Severity, Unchecked


def danger(
    check: str, summary: str, *objects: str, effect: Effect = Effect.DESTROYS, remedy: str = ""
) -> Hazard:
    return Hazard(check, Severity.DANGER, effect, summary, objects, remedy)


def warning(
    check: str, summary: str, *objects: str, effect: Effect = Effect.LEAVES, remedy: str = ""
) -> Hazard:
    return Hazard(check, Severity.WARNING, effect, summary, objects, remedy)


def note(check: str, summary: str, *objects: str, effect: Effect = Effect.NOTES, remedy: str = "") -> Hazard:
    return Hazard(check, Severity.INFO, effect, summary, objects, remedy)


def forbidden(check: str, what: str) -> Unchecked:
    return Unchecked(check, what, "forbidden")


def report(*found: Hazard | Unchecked) -> HazardReport:
    return HazardReport(
        tuple(each for each in found if isinstance(each, Hazard)),
        tuple(each for each in found if isinstance(each, Unchecked)),
    )
