"""How a creation is to go, what it tells on its way, and what comes of it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kubectl_ns_tools.templates.objects import Manifest


@dataclass(frozen=True)
class Created:
    """An object as the server has it now. created: False for a cluster-scoped one that was there before."""

    manifest: Manifest
    object: Mapping[str, Any]
    created: bool


@dataclass(frozen=True)
class Listener:
    """What a creation tells while it goes on: each object, and what it is about to do."""

    created: Callable[[Created], None]
    status: Callable[[str], None]


@dataclass(frozen=True)
class Manner:
    """How to create. timeout: seconds until pods must be admitted, math.inf for ever; wait: whether that is
    waited for at all; keep: whether what was created stays after a failure; rights_may_come: whether a
    controller is trusted to give us rights in the new namespace."""

    timeout: float = math.inf
    wait: bool = True
    keep: bool = False
    rights_may_come: bool = False


@dataclass(frozen=True)
class Outcome:
    """objects: all of them, in their order; late: what keeps pods from being admitted after the timeout;
    unchecked: what could not be looked at."""

    objects: list[Created]
    late: list[str]
    unchecked: list[str]
