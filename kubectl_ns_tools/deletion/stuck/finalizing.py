"""`ns-delete --force-finalize`: the last resort for a Terminating namespace that a broken API group holds.

    examine(connection, name, uid, groups) -> FinalizePlan       looks only, at everything, afresh
    finalize(connection, finalize_plan, dry_run=False) -> None
        Refused where the plan has a refusal, or somebody wrote to the namespace in between.

What is left in a namespace that is finalized stays in the store out of everybody's reach, and shows up again
in the next namespace of that name (cluster facts 3.8 and 6). So nothing that can be seen may be left, and
what cannot be seen only where its groups are named. New content cannot come: a Terminating namespace takes
none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from shlex import quote
from typing import Any

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiConflict, ApiNotFound, ApiUnauthorized
from kubectl_ns_tools.cluster.namespaces import NAMESPACES, get_namespace
from kubectl_ns_tools.deletion.inventory import Gap, Inventory, Reason, take_inventory
from kubectl_ns_tools.deletion.items import Item
from kubectl_ns_tools.deletion.plan import refuse_protected
from kubectl_ns_tools.deletion.stuck.holds import named_with_more
from kubectl_ns_tools.errors import NsToolsError, Refused, Unreachable, did_you_mean

_OWN = "kubernetes"  # the namespace controller's finalizer (core/v1 FinalizerKubernetes)


@dataclass(frozen=True, slots=True)
class FinalizePlan:
    """namespace: the object as it was before the look. leaks: the objects that are still there. given_up: the
    broken groups that the caller names; what they hold would leak. refusal: why it may not be done, "" where
    it may; hint: the next step then."""

    namespace: Mapping[str, Any]
    leaks: tuple[Item, ...] = ()
    given_up: tuple[Gap, ...] = ()
    refusal: str = ""
    hint: str = ""

    @property
    def name(self) -> str:
        return str(self.namespace["metadata"]["name"])


def examine(connection: Connection, name: str, uid: str, groups: Sequence[str] = ()) -> FinalizePlan:
    """Whether the namespace with this uid may be finalized. groups: broken ones whose content is given up, as
    `metrics.k8s.io` or `metrics.k8s.io/v1beta1`. Raises ApiNotFound when the namespace is gone."""
    refuse_protected(name)
    namespace = get_namespace(connection, name)
    inventory = take_inventory(connection, name)
    return judge(namespace, uid, inventory, groups)


def judge(
    namespace: Mapping[str, Any], uid: str, inventory: Inventory, groups: Sequence[str]
) -> FinalizePlan:
    """inventory: taken after the namespace was read. Pure."""
    broken = [gap for gap in inventory.gaps if gap.reason is Reason.BROKEN_GROUP]
    refusal, hint = next(_refusals(namespace, uid, inventory, groups), ("", ""))
    return FinalizePlan(
        namespace=namespace,
        leaks=tuple(item for item in inventory.items if item.deletable),
        given_up=tuple(gap for gap in broken if _is_among(gap, groups)),
        refusal=refusal,
        hint=hint,
    )


def finalize(connection: Connection, plan: FinalizePlan, *, dry_run: bool = False) -> None:
    """Takes the namespace controller's finalizer off, and looks whether the namespace is gone."""
    if plan.refusal:
        raise Refused(plan.refusal, plan.hint)
    spec = {**(plan.namespace.get("spec") or {}), "finalizers": []}
    try:
        connection.request(
            "PUT",
            NAMESPACES.path(name=plan.name, subresource="finalize"),
            query={"dryRun": "All"} if dry_run else {},
            body={**plan.namespace, "apiVersion": "v1", "kind": "Namespace", "spec": spec},
        )
    except ApiConflict as error:
        if _uid(connection, plan.name) is None:
            return  # it went by itself, which Kubernetes 1.33 calls a conflict
        raise Refused(
            f'namespace "{plan.name}" was changed since it was looked at; nothing was done', "look again"
        ) from error
    except ApiNotFound:
        return  # it went by itself
    except ApiUnauthorized:
        raise
    except Unreachable:
        if dry_run or not _is_gone(connection, plan):
            raise
    if not (dry_run or _is_gone(connection, plan)):
        raise NsToolsError(
            f'namespace "{plan.name}" is finalized, but not gone',
            f"kubectl ns-status {quote(plan.name)} shows what holds it",
        )


def _is_gone(connection: Connection, plan: FinalizePlan) -> bool:
    """Whether the namespace of the plan is; another one of that name may be there."""
    return _uid(connection, plan.name) != str(plan.namespace["metadata"]["uid"])


def _uid(connection: Connection, name: str) -> str | None:
    """Of the namespace that has this name now, None if none has."""
    try:
        return str(get_namespace(connection, name)["metadata"]["uid"])
    except ApiNotFound:
        return None


def _refusals(
    namespace: Mapping[str, Any], uid: str, inventory: Inventory, groups: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Each with a hint; the weightiest first."""
    yield from _of_another(namespace, uid)
    yield from _of_finalizers(namespace)
    yield from _of_leaks(inventory, quote(namespace["metadata"]["name"]))
    yield from _of_gaps(inventory)
    broken = [gap for gap in inventory.gaps if gap.reason is Reason.BROKEN_GROUP]
    yield from _of_groups(broken, groups, quote(namespace["metadata"]["name"]))


def _of_another(namespace: Mapping[str, Any], uid: str) -> Iterator[tuple[str, str]]:
    name, metadata = namespace["metadata"]["name"], namespace["metadata"]
    if metadata["uid"] != uid:
        yield (
            f'namespace "{name}" is another one now: it was deleted and made again',
            f"that was uid {uid}, now there is {metadata['uid']}: look again",
        )
    if not metadata.get("deletionTimestamp"):
        yield f'namespace "{name}" is not being deleted', f"kubectl ns-delete {quote(name)} deletes it"


def _of_finalizers(namespace: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Finalizers of others are theirs to remove, and those of the metadata are not touched by /finalize."""
    name = namespace["metadata"]["name"]
    others = [each for each in (namespace.get("spec") or {}).get("finalizers") or () if each != _OWN]
    others += namespace["metadata"].get("finalizers") or ()
    if others:
        yield (
            f'namespace "{name}" itself waits for {", ".join(others)}: finalizing it would skip that',
            "the controller that set the finalizer has to remove it",
        )


def _of_leaks(inventory: Inventory, name: str) -> Iterator[tuple[str, str]]:
    left = [item for item in inventory.items if item.deletable]
    if left:
        yield (
            f"there is something left: {named_with_more(left)}; it would stay in the store, out of reach, "
            "and show up again in the next namespace of that name",
            f"kubectl ns-status {name} -o wide shows all of it, and what holds it",
        )


def _of_gaps(inventory: Inventory) -> Iterator[tuple[str, str]]:
    hidden = [gap for gap in inventory.gaps if gap.deletable and gap.reason is not Reason.BROKEN_GROUP]
    if hidden:
        yield (
            f"it is not certain that nothing is left: {', '.join(gap.what for gap in hidden)} cannot be seen "
            f"({hidden[0].message})",
            "somebody who may list all kinds can look",
        )


def _of_groups(broken: Sequence[Gap], groups: Sequence[str], name: str) -> Iterator[tuple[str, str]]:
    names = [gap.what for gap in broken]
    for group in groups:
        if not any(_is_among(gap, (group,)) for gap in broken):
            yield f'"{group}" is not a broken API group', did_you_mean(group, names, "broken groups")
    unnamed = [gap.what for gap in broken if not _is_among(gap, groups)]
    if unnamed:
        yield (
            f"what {', '.join(unnamed)} may have left cannot be seen, and would leak",
            "repair the service behind it, or delete the APIService; to give up what it may have here: "
            f"kubectl ns-delete {name} --force-finalize {' '.join(_give_up(names))}",
        )


def _give_up(groups: Sequence[str]) -> Iterator[str]:
    return (f"--give-up {quote(group)}" for group in groups)


def _is_among(gap: Gap, groups: Sequence[str]) -> bool:
    return gap.what in groups or gap.what.rpartition("/")[0] in groups
