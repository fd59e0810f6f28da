"""A server dry run of a plan: what the server says of each object, without creating it."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiError, ApiNotFound, ApiUnauthorized
from kubectl_ns_tools.cluster.lag import ADMISSION
from kubectl_ns_tools.cluster.parallel import in_parallel
from kubectl_ns_tools.deletion.backup.archive import Archive
from kubectl_ns_tools.deletion.backup.contents import Entry
from kubectl_ns_tools.deletion.inventory import WORKERS
from kubectl_ns_tools.deletion.restore.plan import RestorePlan, Step
from kubectl_ns_tools.deletion.restore.planning import BATCH
from kubectl_ns_tools.deletion.restore.report import (
    Outcome,
    RestoreReport,
    Result,
    namespace_result,
    report,
    result_of,
    untouched,
)
from kubectl_ns_tools.deletion.restore.weighing import as_created
from kubectl_ns_tools.deletion.restore.writing import Writer

# Kubernetes 1.36: a webhook whose sideEffects are not None, and what is restored before it in earnest
_NOT_CHECKABLE = ("does not support dry run", *ADMISSION)
NO_NAMESPACE = "not checked: the server checks nothing in a namespace that does not exist"


def rehearse(connection: Connection, archive: Archive, plan: RestorePlan) -> RestoreReport:
    """What would fail is FAILED; what the server cannot check beforehand is RESTORED, with the reason."""
    writer = Writer(connection, plan, dry_run=True)
    results = [*_namespace(writer), *untouched(plan)]
    steps = {step.entry.member: step for step in plan.writing}
    if not plan.live:
        results += [result_of(step, Outcome.RESTORED, NO_NAMESPACE) for step in plan.writing]
        return report(plan, results, dry_run="server")
    manifests = archive.manifests(lambda entry: entry.member in steps)

    def ask(pair: tuple[Entry, Mapping[str, Any]]) -> Result:
        return _asked(writer, steps[pair[0].member], pair[1])

    while batch := list(islice(manifests, BATCH)):
        results += in_parallel(ask, batch, workers=WORKERS)
    return report(plan, results, dry_run="server")


def _namespace(writer: Writer) -> list[Result]:
    plan = writer.plan
    if plan.live and not plan.patch:
        return []
    outcome, reason = Outcome.RESTORED, ""
    try:
        writer.namespace()
    except ApiUnauthorized:
        raise
    except ApiError as error:
        outcome, reason = Outcome.FAILED, error.server_message
    return [namespace_result(plan.namespace, outcome, reason)]


def _asked(writer: Writer, step: Step, manifest: Mapping[str, Any]) -> Result:
    wanted = as_created(step, manifest, writer.plan.head.namespace, writer.plan.namespace)
    try:
        outcome, reason = writer.step(step, wanted)
    except ApiUnauthorized:
        raise
    except ApiError as error:
        # what it refers to (the Role of a RoleBinding) would be there in earnest
        if isinstance(error, ApiNotFound) or any(words in error.message for words in _NOT_CHECKABLE):
            return result_of(step, Outcome.RESTORED, f"not checked: {error.server_message}")
        return result_of(step, Outcome.FAILED, error.server_message)
    return result_of(step, outcome, reason or step.reason)
