"""`--custom-resources-first`: custom resources go, and their controllers clean up, before all the rest.

    find_custom(connection, plan) -> CustomResources        looks only. Refused for a Terminating namespace
    delete_custom(connection, custom, timeout=None) -> Iterator[Departure]
        deletes by uid and waits until all are gone. NsToolsError (some were not deleted) or TimedOut (they do
        not go): nothing else may be deleted then.
    rehearse_custom(connection, custom)                     the server's dry run; NsToolsError

The namespace controller takes kinds in random order: the configuration or the operator itself goes before the
resources that need it, whose finalizers then nobody removes (cluster facts 2.14).
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.discovery import Resource
from kubectl_ns_tools.cluster.errors import ApiError, ApiUnauthorized
from kubectl_ns_tools.cluster.lists import list_metadata
from kubectl_ns_tools.deletion.inventory import Count, Gap, count_by_kind
from kubectl_ns_tools.deletion.items import Item
from kubectl_ns_tools.deletion.measures.cascade import Kinship, cascade
from kubectl_ns_tools.deletion.measures.departure import INTERVAL, Departure, depart
from kubectl_ns_tools.deletion.measures.removal import Outcome, Removal, refuse_terminating, remove
from kubectl_ns_tools.deletion.plan import DeletionPlan
from kubectl_ns_tools.errors import NsToolsError, Refused

_DEFINITIONS = Resource(
    "apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", False
)
# The groups of Kubernetes itself that have a dot (k8s.io/api, kube-aggregator, apiextensions, metrics).
_BUILT_IN = frozenset(
    f"{name}.k8s.io"
    for name in (
        "admissionregistration apiextensions apiregistration authentication authorization certificates "
        "coordination custom.metrics discovery events external.metrics flowcontrol.apiserver "
        "internal.apiserver metrics networking node rbac.authorization resource scheduling storage "
        "storagemigration"
    ).split()
)


@dataclass(frozen=True, slots=True)
class CustomResources:
    """items: the custom resources of the plan. requested: those that are deleted by a request each; the
    others are owned by them, and follow. assumed: whether the definitions could not be read, so that the
    kinds are guessed by their groups; then the objects of an aggregated API may be among them. unseen: the
    custom kinds that could not be looked at, and so do not go first."""

    namespace: str
    items: tuple[Item, ...]
    requested: tuple[Item, ...]
    assumed: bool = False
    unseen: tuple[Gap, ...] = ()

    @property
    def counts(self) -> tuple[Count, ...]:
        return count_by_kind(self.items)


def find_custom(connection: Connection, plan: DeletionPlan) -> CustomResources:
    """Which objects of the plan are of a kind that a CustomResourceDefinition defines."""
    refuse_terminating(plan, "--custom-resources-first")
    try:
        defined = {found["metadata"]["name"] for found in list_metadata(connection, _DEFINITIONS)}
    except ApiUnauthorized:
        raise
    except ApiError:
        return _custom(plan, _seems_custom, assumed=True)
    return _custom(plan, defined.__contains__, assumed=False)  # a definition is called as its kind


def rehearse_custom(connection: Connection, custom: CustomResources) -> None:
    """Asks admission what it would say to the deletions. Raises NsToolsError for the first refusal."""
    _raise_failures(remove(connection, custom.namespace, custom.requested, dry_run=True), "would be")


def delete_custom(
    connection: Connection,
    custom: CustomResources,
    *,
    timeout: float | None = None,
    interval: float = INTERVAL,
) -> Iterator[Departure]:
    """Deletes them and waits until their controllers have let all of them go; the last value has `ended`."""
    deadline = float("inf") if timeout is None else time.monotonic() + timeout
    _raise_failures(remove(connection, custom.namespace, custom.requested, deadline=deadline), "were")
    yield from depart(
        connection,
        custom.namespace,
        custom.items,
        late="not all custom resources are gone, and nothing else was deleted",
        timeout=None if timeout is None else deadline - time.monotonic(),
        interval=interval,
    )


def _custom(plan: DeletionPlan, is_custom: Callable[[str], bool], *, assumed: bool) -> CustomResources:
    """is_custom: of a kind as `widgets.example.com`."""
    items = [item for item in plan.doomed if item.uid and is_custom(item.resource.group_resource)]
    return CustomResources(
        namespace=plan.namespace,
        items=tuple(items),
        requested=cascade(Kinship(items), {item.uid for item in items}).requested,
        assumed=assumed,
        unseen=tuple(gap for gap in plan.unseen if is_custom(gap.what)),
    )


def _seems_custom(kind: str) -> bool:
    """The groups of Kubernetes have no dot (apps, batch), or end in k8s.io and are known."""
    group = kind.partition(".")[2]
    return "." in group and group not in _BUILT_IN


def _raise_failures(removals: Iterable[Removal], verb: str) -> None:
    failed = [removal for removal in removals if not removal.done]
    if not failed:
        return
    problems = [f"{removal.item.label}: {removal.message}" for removal in failed]
    message = f"not all custom resources {verb} deleted, so nothing else is"
    if all(removal.outcome is Outcome.REPLACED for removal in failed):
        raise Refused(message, "look again, then decide", problems)
    raise NsToolsError(message, "remove what is in the way, then try again", problems)
