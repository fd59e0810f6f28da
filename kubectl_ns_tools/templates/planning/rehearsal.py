"""`--dry-run=server`: what the server can say about a plan before the namespace exists.

A namespaced object cannot be tried: the server answers 404 for its namespace, also in a dry run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kubectl_ns_tools.cluster.errors import ApiError
from kubectl_ns_tools.cluster.objects import apply_object
from kubectl_ns_tools.templates.creation.claim import NamespaceTaken, rehearse_claim
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.planning.check import ServedKinds
from kubectl_ns_tools.templates.planning.places import located
from kubectl_ns_tools.templates.planning.plan import CreatePlan
from kubectl_ns_tools.templates.planning.problems import refuse

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection


@dataclass(frozen=True)
class Rehearsal:
    """unchecked: for each object that the server could not be asked about, why; by place in the plan."""

    unchecked: dict[Manifest, str]


def rehearse(connection: "Connection", plan: CreatePlan, kinds: ServedKinds) -> Rehearsal:
    """Send what can be sent, as dry runs. Raises Refused with every object that the server refuses, and
    NamespaceTaken when the namespace exists."""
    unchecked: dict[Manifest, str] = {}
    problems: list[str] = []
    for manifest in plan.objects:
        reason = _cannot_be_asked(manifest, plan, kinds)
        try:
            if not reason:
                reason = _ask(connection, manifest, plan, kinds)
        except NamespaceTaken:
            raise
        except ApiError as error:
            problems.append(located(manifest, error))
        if reason:
            unchecked[manifest] = reason
    refuse(problems)
    return Rehearsal(unchecked)


def unchecked_lines(rehearsal: Rehearsal) -> Iterator[str]:
    """One line per reason, naming the objects."""
    for reason in dict.fromkeys(rehearsal.unchecked.values()):
        named = (manifest.reference for manifest, why in rehearsal.unchecked.items() if why == reason)
        yield f"not validated, because {reason}: {', '.join(named)}"


def _cannot_be_asked(manifest: Manifest, plan: CreatePlan, kinds: ServedKinds) -> str:
    if kinds.is_new(manifest):
        return "its kind is not served yet"
    if kinds.resource(manifest).namespaced:
        return f'namespace "{plan.namespace}" does not exist yet'
    return ""


def _ask(connection: "Connection", manifest: Manifest, plan: CreatePlan, kinds: ServedKinds) -> str:
    """ "" when the server agrees, else why it could not be asked. Raises ApiError when it refuses."""
    try:
        if manifest is plan.namespace_object:
            rehearse_claim(connection, manifest.data)
        else:
            apply_object(connection, kinds.resource(manifest), manifest.data, dry_run=True)
    except ApiError as error:
        if error.status == 400 and "does not support dry run" in error.message:
            return "a webhook does not support dry runs"
        raise
    return ""
