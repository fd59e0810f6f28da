"""What is remembered of a deletion that was planned: enough to tell whether it is still the same one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiError
from kubectl_ns_tools.cluster.namespaces import get_namespace
from kubectl_ns_tools.deletion.hazards.hazard import Hazard, Severity
from kubectl_ns_tools.deletion.plan_files.drift import Trace


@dataclass(frozen=True, slots=True)
class Cluster:
    """Which cluster it is. uid: of kube-system, which lives as long as the cluster does; "" for those who may
    not read it, who then have only the server's URL to go by."""

    server: str
    uid: str = ""

    def is_same(self, other: "Cluster") -> bool:
        if self.uid and other.uid:
            return self.uid == other.uid
        return self.server == other.server


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """What the file says of one namespace. traces: of the objects that count (see drift); dangers: the check
    and the objects of each hazard of that severity."""

    context: str
    cluster: Cluster
    namespace: str
    uid: str
    traces: tuple[Trace, ...]
    dangers: frozenset[tuple[str, ...]] = frozenset()

    def new_dangers(self, hazards: Iterable[Hazard]) -> list[Hazard]:
        """Those that nobody knew of when the plan was made."""
        dangers = [hazard for hazard in hazards if hazard.severity is Severity.DANGER]
        return [hazard for hazard in dangers if (hazard.check, *hazard.objects) not in self.dangers]


@dataclass(frozen=True, slots=True)
class PlanFile:
    """made: the moment, as a timestamp. options: how the deletion is to be made, by the command's words."""

    made: str
    plans: tuple[SavedPlan, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


def cluster_of(connection: Connection) -> Cluster:
    try:
        uid = str(get_namespace(connection, "kube-system")["metadata"]["uid"])
    except ApiError:
        uid = ""
    return Cluster(connection.server, uid)
