"""The values that checks give."""

import enum
from dataclasses import dataclass


class Severity(enum.Enum):
    """How much it matters; the values are part of the JSON output. Worst first."""

    DANGER = "danger"  # data is lost, somebody else is hurt, or the namespace will never go
    WARNING = "warning"  # something is left behind, comes back, or takes long
    INFO = "info"  # worth knowing before saying yes


class Effect(enum.Enum):
    """What will be seen of it after the deletion; the values are part of the JSON output."""

    DESTROYS = "destroys"  # what no backup of manifests brings back
    BLOCKS = "blocks"  # the namespace stays Terminating until somebody acts
    DELAYS = "delays"  # it goes, but later
    LEAVES = "leaves-behind"  # something outside stays, orphaned
    BREAKS = "breaks"  # something outside stops working
    RETURNS = "returns"  # somebody will make it again
    NOTES = "notes"


@dataclass(frozen=True, slots=True)
class Hazard:
    """check: the name of the check that found it; summary: one sentence, without a full stop; objects: what
    it is about, as `kind.group/name`, with `-n NAMESPACE` after it where that is another one; remedy: what to
    do about it, a command where there is one."""

    check: str
    severity: Severity
    effect: Effect
    summary: str
    objects: tuple[str, ...] = ()
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A check, or a part of one, that could not be made. what: `persistentvolumes`; reason: `forbidden`."""

    check: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class HazardReport:
    """hazards: the worst first."""

    hazards: tuple[Hazard, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()

    def of(self, effect: Effect) -> tuple[Hazard, ...]:
        return tuple(hazard for hazard in self.hazards if hazard.effect is effect)


NO_HAZARDS = HazardReport()
