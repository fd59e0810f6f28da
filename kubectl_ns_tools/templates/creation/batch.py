"""Several creations at the same time: one that fails does not stop the others."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.templates.cancellation import Cancellation
from kubectl_ns_tools.templates.creation.creation import create
from kubectl_ns_tools.templates.creation.ledger import Ledger
from kubectl_ns_tools.templates.creation.manner import Listener, Manner, Outcome
from kubectl_ns_tools.templates.crew import Crew
from kubectl_ns_tools.templates.planning.check import ServedKinds
from kubectl_ns_tools.templates.planning.plan import CreatePlan

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

PATIENCE_SECONDS = 60.0  # for the roll-backs after an interruption


def create_each(
    connection: "Connection",
    plans: Sequence[CreatePlan],
    kinds: ServedKinds,
    *,
    manner: Manner,
    listener: Callable[[CreatePlan], Listener],
    cancellation: Cancellation,
    workers: int,
) -> Iterator[tuple[int, Outcome | NsToolsError]]:
    """What became of each namespace, by its index, as it is known; those that were not begun when the
    cancellation was set are missing. The listeners are called from several threads."""
    ledger = Ledger()

    def one(plan: CreatePlan) -> Outcome:
        return create(
            connection, plan, kinds,
            manner=manner, listener=listener(plan), cancellation=cancellation, ledger=ledger,
        )  # fmt: skip

    if len(plans) == 1:
        try:
            yield 0, one(plans[0])
        except NsToolsError as error:
            yield 0, error
        return
    crew = Crew(one, plans, workers=workers, cancellation=cancellation, patience=PATIENCE_SECONDS)
    for index, outcome in crew.outcomes():
        if isinstance(outcome, BaseException) and not isinstance(outcome, NsToolsError):
            cancellation.cancel()
            list(crew.outcomes())
            raise outcome
        yield index, outcome
