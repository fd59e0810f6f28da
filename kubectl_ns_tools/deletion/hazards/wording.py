"""How the summaries of hazards name objects."""

from collections.abc import Mapping, Sequence
from typing import Any

SHOWN = 3


def label(obj: Mapping[str, Any]) -> str:
    """kubectl's `-o name` of a whole object: `service/a`, `deployment.apps/web`."""
    group, slash, _ = str(obj["apiVersion"]).rpartition("/")
    kind = str(obj["kind"]).lower()
    return f"{kind}.{group}/{obj['metadata']['name']}" if slash else f"{kind}/{obj['metadata']['name']}"


def some(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b, c and 5 more`."""
    shown, rest = list(names[:SHOWN]), len(names) - SHOWN
    last = f"{rest} more" if rest > 0 else shown.pop()
    return f"{', '.join(shown)} and {last}" if shown else last


def form(things: Sequence[object], one: str, many: str) -> str:
    """The form of a word that goes with so many."""
    return one if len(things) == 1 else many


def doing(names: Sequence[str], one: str, many: str) -> str:
    """`pod/a waits`, `pod/a and pod/b wait`."""
    return f"{some(names)} {form(names, one, many)}"
