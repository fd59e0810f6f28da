"""How bad a finding of a linter is, and what to do about it; what there is to find is for each linter."""

import enum
from dataclasses import dataclass


class Severity(enum.Enum):
    """error: it is refused, or does what nobody meant; warning: it works, and should not stay so; info: good
    to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Rule:
    """What all findings of a kind have in common. remedy: what to do."""

    severity: Severity
    remedy: str


def rules(severity: Severity, **remedies: str) -> dict[str, Rule]:
    """By name, which is written with dashes."""
    return {name.replace("_", "-"): Rule(severity, remedy) for name, remedy in remedies.items()}
