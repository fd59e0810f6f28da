"""Updates of several namespaces: which they are, what each would change, and all of it done."""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.cluster.errors import ApiNotFound
from kubectl_ns_tools.cluster.namespaces import get_namespace, list_namespaces
from kubectl_ns_tools.cluster.parallel import in_parallel
from kubectl_ns_tools.errors import NotFound, NsToolsError, did_you_mean
from kubectl_ns_tools.templates.annotations import TEMPLATE_ANNOTATION, TEMPLATE_LABEL
from kubectl_ns_tools.templates.cancellation import Cancellation
from kubectl_ns_tools.templates.creation.batch import PATIENCE_SECONDS
from kubectl_ns_tools.templates.crew import Crew
from kubectl_ns_tools.templates.planning.provenance import label_value
from kubectl_ns_tools.templates.update.update_plan import UpdatePlan
from kubectl_ns_tools.templates.update.updating import Done, update

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

Live = Mapping[str, Any]
_LOOKS = 8


def made_from(connection: "Connection", template: str) -> list[Live]:
    """The namespaces that were made from a template. Raises NotFound when there are none."""
    label = label_value(template)
    selector = f"{TEMPLATE_LABEL}={label}" if label else TEMPLATE_LABEL
    found: list[Live] = [
        live
        for live in list_namespaces(connection, selector)
        if _template(live) == template and not live["metadata"].get("deletionTimestamp")
    ]
    if not found:
        there = filter(None, map(_template, list_namespaces(connection, TEMPLATE_LABEL)))
        hint = did_you_mean(template, there, "templates that namespaces were made from")
        raise NotFound(f"no namespace was made from template {template!r}", hint)
    return found


def _template(live: Live) -> str:
    return str((live["metadata"].get("annotations") or {}).get(TEMPLATE_ANNOTATION) or "")


def live_namespaces(connection: "Connection", names: Sequence[str]) -> list[Live | None]:
    """Those of these names, None for one that does not exist."""

    def look(name: str) -> Live | None:
        try:
            return get_namespace(connection, name)
        except ApiNotFound:
            return None

    return in_parallel(look, names, workers=_LOOKS)


def plan_each(
    plan: Callable[[Live], UpdatePlan], lives: Sequence[Live], *, workers: int
) -> list[UpdatePlan | NsToolsError]:
    """The plan for each namespace, or why there is none."""

    def one(live: Live) -> UpdatePlan | NsToolsError:
        try:
            return plan(live)
        except NsToolsError as error:
            return error

    return in_parallel(one, lives, workers=workers)


def update_each(
    connection: "Connection",
    plans: Sequence[UpdatePlan],
    *,
    force: bool,
    listener: Callable[[UpdatePlan, Done], None],
    cancellation: Cancellation,
    workers: int,
) -> Iterator[tuple[int, NsToolsError | None]]:
    """What became of each, by its index: None when it is done. Those that were not begun when the
    cancellation was set are missing. The listener is called from several threads."""

    def one(plan: UpdatePlan) -> None:
        tell = functools.partial(listener, plan)
        update(connection, plan, force=force, listener=tell, cancellation=cancellation)

    crew = Crew(one, plans, workers=workers, cancellation=cancellation, patience=PATIENCE_SECONDS)
    for index, outcome in crew.outcomes():
        if isinstance(outcome, NsToolsError):
            plans[index].clean(outcome)
            yield index, outcome
        elif isinstance(outcome, BaseException):
            cancellation.cancel()
            list(crew.outcomes())
            raise outcome
        else:
            yield index, None
