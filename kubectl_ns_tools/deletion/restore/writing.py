"""One object at a time, as the plan has it: created, or added to; never changed otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiConflict, ApiError, ApiNotFound
from kubectl_ns_tools.cluster.namespaces import NAMESPACES
from kubectl_ns_tools.cluster.objects import FIELD_MANAGER
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.deletion.restore.comparing import differences
from kubectl_ns_tools.deletion.restore.live import VOLUMES, cleaned, look_at_volume
from kubectl_ns_tools.deletion.restore.merging import merge
from kubectl_ns_tools.deletion.restore.plan import Action, RestorePlan, Step
from kubectl_ns_tools.deletion.restore.races import StillThere
from kubectl_ns_tools.deletion.restore.report import Outcome
from kubectl_ns_tools.errors import Refused, Unreachable

Ending = tuple[Outcome, str]
_MERGE_PATCH = "application/merge-patch+json"


@dataclass
class Writer:
    """dry_run: have the server check everything, and change nothing. unanswered: the paths of what was asked
    for without a clear answer: what is there then is ours."""

    connection: Connection
    plan: RestorePlan
    dry_run: bool = False
    unanswered: set[str] = field(default_factory=set)

    def namespace(self) -> None:
        """Raises Refused when somebody has made it since the plan was."""
        if not self.plan.live:
            self._create_namespace()
        elif self.plan.patch:
            self._merge(NAMESPACES, self.plan.manifest)

    def step(self, step: Step, wanted: Mapping[str, Any]) -> Ending:
        """wanted: what is to be there. Raises the ApiError family and Unreachable."""
        if step.action is Action.MERGE:
            return self._merge(step.target, wanted)
        if step.fate and step.fate.patch:
            self._free_volume(step, wanted)
        return self._create(step.target, wanted)

    def _create(self, resource: Resource, wanted: Mapping[str, Any]) -> Ending:
        path = resource.path(self.plan.namespace)
        ours = f"{path}/{wanted['metadata']['name']}"
        try:
            self._send("POST", path, wanted, ours=ours, fieldValidation="Strict")
        except ApiConflict as error:
            if error.reason != "AlreadyExists":
                raise
            return self._found(resource, wanted, error, ours in self.unanswered)
        return Outcome.RESTORED, ""

    def _found(self, resource: Resource, wanted: Mapping[str, Any], error: ApiConflict, ours: bool) -> Ending:
        """It is there already: in the way, the same, or put there by a request whose answer was lost."""
        path = resource.path(self.plan.namespace, wanted["metadata"]["name"])
        try:
            live = self.connection.get(path)
        except ApiNotFound:
            raise _still_there(error) from error
        if live["metadata"].get("deletionTimestamp"):
            raise _still_there(error)
        different = differences(wanted, cleaned(live, wanted))
        if different:
            return Outcome.SKIPPED, f"exists and differs ({', '.join(different)})"
        return (Outcome.RESTORED if ours else Outcome.UNCHANGED), ""

    def _merge(self, resource: Resource, wanted: Mapping[str, Any]) -> Ending:
        path = resource.path(wanted["metadata"].get("namespace"), wanted["metadata"]["name"])
        try:
            live = self.connection.get(path)
        except ApiNotFound:
            ending = self._create(resource, wanted)
            # made by its controller since that look
            return self._merge(resource, wanted) if ending[0] is Outcome.SKIPPED else ending
        patch = merge(wanted, live).patch
        if not patch:
            return Outcome.UNCHANGED, ""
        self._send("PATCH", path, patch, content_type=_MERGE_PATCH)
        return Outcome.RESTORED, "added to what was there"

    def _free_volume(self, step: Step, claim: Mapping[str, Any]) -> None:
        """The look at it is anew: the volume controller may have marked it as Released since the plan.

        A claim that is there (made by a request whose answer was lost, or by somebody) holds it rightly. If
        one comes after the look at the volume, the volume changes, and the patch is a conflict.
        """
        assert step.fate
        found = look_at_volume(self.connection, step.fate.name, claim, self.plan.head.namespace)
        if found.lost:
            raise Refused(f"not created, as {found.lost} since the plan was made")
        if found.patch and not self._exists(step, claim):
            self._send("PATCH", VOLUMES.path(name=found.name), found.patch, content_type=_MERGE_PATCH)

    def _exists(self, step: Step, wanted: Mapping[str, Any]) -> bool:
        try:
            self.connection.get(step.target.path(self.plan.namespace, wanted["metadata"]["name"]))
        except ApiNotFound:
            return False
        return True

    def _create_namespace(self) -> None:
        path = NAMESPACES.path()
        try:
            self._send("POST", path, self.plan.manifest, ours=path)
        except ApiConflict as error:
            if error.reason != "AlreadyExists":
                raise
            if path in self.unanswered:
                self._merge(NAMESPACES, self.plan.manifest)  # nothing, where it is ours
                return
            raise Refused(
                f'namespace "{self.plan.namespace}" was created since the plan was made; nothing was written',
                "run it again to see what there is in it",
            ) from error

    def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any],
        *,
        ours: str = "",
        content_type: str = "application/json",
        **query: str,
    ) -> None:
        query["fieldManager"] = FIELD_MANAGER
        if self.dry_run:
            query["dryRun"] = "All"
        try:
            self.connection.request(method, path, query=query, body=body, content_type=content_type)
        except (ApiError, Unreachable) as error:
            if ours and (not isinstance(error, ApiError) or error.status >= 500):
                self.unanswered.add(ours)
            raise


def _still_there(error: ApiConflict) -> StillThere:
    return StillThere(error.message, status=error.status, server_message=error.server_message)
