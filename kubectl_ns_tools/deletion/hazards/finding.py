"""All checks over one scene."""

from kubectl_ns_tools.cluster.errors import ApiUnauthorized
from kubectl_ns_tools.cluster.parallel import in_parallel
from kubectl_ns_tools.deletion.hazards.hazard import Hazard, HazardReport, Severity, Unchecked
from kubectl_ns_tools.deletion.hazards.scene import CannotSee, Check, Scene
from kubectl_ns_tools.errors import NsToolsError

# By name, as it stands in the output. One line per check, in the order of the report.
CHECKS: dict[str, Check] = {}
_WORKERS = 6
_WORST_FIRST = list(Severity)


def find_hazards(scene: Scene) -> HazardReport:
    """Raises ApiUnauthorized only; a check that fails is in the report by its name."""
    found = in_parallel(lambda name: _made(name, scene), tuple(CHECKS), workers=_WORKERS)
    hazards = [hazard for each, _ in found for hazard in each]
    hazards.sort(key=lambda hazard: _WORST_FIRST.index(hazard.severity))
    return HazardReport(tuple(hazards), tuple(gap for _, gap in found if gap))


def _made(name: str, scene: Scene) -> tuple[list[Hazard], Unchecked | None]:
    hazards: list[Hazard] = []
    try:
        hazards.extend(CHECKS[name](scene))
    except CannotSee as error:
        return hazards, Unchecked(name, error.what, error.reason)
    except ApiUnauthorized:
        raise
    except NsToolsError as error:
        return hazards, Unchecked(name, name, error.message)
    return hazards, None
