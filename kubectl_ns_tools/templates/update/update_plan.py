"""What an update of a namespace would do: the value that a preview shows and an update carries out."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.cluster.discovery import Discovery
from kubectl_ns_tools.cluster.errors import ApiError
from kubectl_ns_tools.cluster.namespaces import PROTECTED
from kubectl_ns_tools.cluster.parallel import in_parallel
from kubectl_ns_tools.errors import NsToolsError, Refused
from kubectl_ns_tools.templates.annotations import OBJECTS_ANNOTATION
from kubectl_ns_tools.templates.inventory import decoded
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.planning.check import ServedKinds
from kubectl_ns_tools.templates.planning.order import level_of
from kubectl_ns_tools.templates.planning.places import located
from kubectl_ns_tools.templates.planning.plan import CreatePlan, plan_creation
from kubectl_ns_tools.templates.planning.planning import stamp_of
from kubectl_ns_tools.templates.planning.problems import refuse
from kubectl_ns_tools.templates.planning.provenance import Extras
from kubectl_ns_tools.templates.sending import as_sent
from kubectl_ns_tools.templates.update.changes import Change, change_of, live_of, shown
from kubectl_ns_tools.templates.update.memory import merged, recall, remembered
from kubectl_ns_tools.templates.update.pruning import Left, Prune, to_prune
from kubectl_ns_tools.templates.update.recovery import (
    generated,
    named_by_chance,
    object_key,
    secrecy_of,
    with_known_values,
)

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection
    from kubectl_ns_tools.templates.rendering.request import Preparation, Request

WORKERS = 8


@dataclass(frozen=True)
class UpdatePlan:
    """live: the Namespace as it is; prunes: what goes; left: what would go, but stays; secrets: what is to be
    masked wherever it stands."""

    namespace: str
    live: Mapping[str, Any]
    kinds: ServedKinds
    changes: tuple[Change, ...]
    prunes: tuple[Prune, ...] = ()
    left: tuple[Left, ...] = ()
    secrets: frozenset[str] = frozenset()
    request: "Request | None" = None

    def clean(self, error: NsToolsError) -> None:
        """Take the secrets out of an error."""
        secrecy_of(self.secrets).clean(error)

    @property
    def differs(self) -> bool:
        """Whether anything would change."""
        return bool(self.prunes) or any(change.differs for change in self.changes)

    @property
    def conflicts(self) -> list[Change]:
        return [change for change in self.changes if change.conflicts]

    @property
    def levels(self) -> list[list[Change]]:
        """What is to be sent, by level."""
        found: dict[int, list[Change]] = {}
        for change in self.changes:
            if change.is_due:
                found.setdefault(level_of(change.manifest), []).append(change)
        return [found[level] for level in sorted(found)]


def plan_update(
    connection: "Connection",
    live: Mapping[str, Any],
    preparation: "Preparation",
    discovery: Discovery,
    extras: Extras,
) -> UpdatePlan:
    """What applying a template to the live Namespace would do.

    Parameters that are not given now are those that the namespace remembers; generated values, and those that
    it was not to remember, stay as they are in the cluster. Raises Refused with everything that is wrong,
    what the server refuses in its dry run included.
    """
    name = live["metadata"]["name"]
    _check_may_be_updated(live)
    memory = remembered(live)
    recalled = recall(preparation, memory)
    request = recalled.preparation.request(name)
    values = request.expansion.values
    kinds = ServedKinds(discovery, request.expansion.objects)
    stamp = stamp_of(recalled.preparation, request, merged(extras, memory), recalled.tokens.keys())
    plan = _with_record(plan_creation(request.expansion.objects, kinds, name, stamp), live)
    tokens = {**generated(values), **recalled.tokens}
    refuse(named_by_chance(plan, tokens))
    lives = _lives(connection, plan, kinds)
    plan, known = with_known_values(plan, lives, tokens, recalled.tokens)
    secrets = frozenset({value.text for value in values.values() if value.secret} | known)
    try:
        changes = _changes(connection, plan, lives, kinds)
    except NsToolsError as error:
        secrecy_of(secrets).clean(error)
        raise
    fates = list(to_prune(connection, decoded(live), plan, memory.label, discovery))
    return UpdatePlan(
        name,
        live,
        kinds,
        changes,
        tuple(fate for fate in fates if isinstance(fate, Prune)),
        tuple(fate for fate in fates if isinstance(fate, Left) and fate.why),
        secrets,
        request,
    )


def plan_of_new(plan: CreatePlan, kinds: ServedKinds, request: "Request") -> UpdatePlan:
    """The same for a namespace that does not exist: everything in it is new."""
    changes = []
    for manifest in plan.objects:
        data = as_sent(manifest.data)
        changes.append(Change(manifest, data, None, shown(data)))
    values = request.expansion.values.values()
    secrets = frozenset(value.text for value in values if value.secret)
    return UpdatePlan(plan.namespace, {}, kinds, tuple(changes), secrets=secrets, request=request)


def _check_may_be_updated(live: Mapping[str, Any]) -> None:
    metadata = live["metadata"]
    name, since = metadata["name"], metadata.get("deletionTimestamp")
    if name in PROTECTED:
        raise Refused(f'namespace "{name}" is the cluster\'s own', "templates are for namespaces of your own")
    if since:
        hint = f"kubectl ns-status {name} shows what is left"
        raise Refused(f'namespace "{name}" is being deleted since {since}', hint)


def _with_record(plan: CreatePlan, live: Mapping[str, Any]) -> CreatePlan:
    """With the record of the objects on the Namespace as it is; a new one is written when all is done."""
    record = (live["metadata"].get("annotations") or {}).get(OBJECTS_ANNOTATION)
    if not record:
        return plan
    namespace = plan.namespace_object
    metadata = namespace.metadata
    annotations = {**(metadata.get("annotations") or {}), OBJECTS_ANNOTATION: record}
    completed = namespace.with_data({**namespace.data, "metadata": {**metadata, "annotations": annotations}})
    return dataclasses.replace(plan, levels=((completed,), *plan.levels[1:]))


def _lives(
    connection: "Connection", plan: CreatePlan, kinds: ServedKinds
) -> dict[tuple[str, str], dict[str, Any] | None]:
    """All objects of the plan as they are, by apiVersion and reference."""
    found = in_parallel(lambda each: live_of(connection, each, kinds), plan.objects, workers=WORKERS)
    return {object_key(manifest): live for manifest, live in zip(plan.objects, found, strict=True)}


def _changes(
    connection: "Connection",
    plan: CreatePlan,
    lives: Mapping[tuple[str, str], Any],
    kinds: ServedKinds,
) -> tuple[Change, ...]:
    """Of all objects. Raises Refused with everything that the server refuses."""

    def look(manifest: Manifest) -> Change | str:
        try:
            return change_of(connection, manifest, lives[object_key(manifest)], kinds)
        except ApiError as error:
            return located(manifest, error)

    found = in_parallel(look, plan.objects, workers=WORKERS)
    refuse([each for each in found if isinstance(each, str)])
    return tuple(each for each in found if isinstance(each, Change))
