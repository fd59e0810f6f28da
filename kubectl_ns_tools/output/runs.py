"""What came of a command that was run in several contexts."""

from collections.abc import Mapping, Sequence
from typing import Any

from kubectl_ns_tools.kubeconfig.isolation.crowd import Outcome
from kubectl_ns_tools.output.document import document
from kubectl_ns_tools.output.escape import escape
from kubectl_ns_tools.output.table import columns


def label(context: str, stream: str = "") -> str:
    """The line above the output of a context, as head and tail write it."""
    return f"==> {escape(context)}{f' ({stream})' if stream else ''} <=="


def summary(outcomes: Sequence[Outcome]) -> str:
    """A table of how each ended, and the count."""
    rows = [[each.task.context, result(each), f"{each.seconds:.1f}s"] for each in outcomes]
    failed = sum(each.failed for each in outcomes)
    count = f"{len(outcomes)} context{'s' if len(outcomes) != 1 else ''}, {failed or 'none'} failed"
    return f"{columns(rows, ['CONTEXT', 'RESULT', 'TIME'])}\n{count}"


def result(outcome: Outcome) -> str:
    """How it ended, in words."""
    if outcome.problem:
        return outcome.problem
    if outcome.signal:
        return f"ended by {outcome.signal}"
    return f"exit code {outcome.exit_code}" if outcome.failed else "ok"


def runs_document(outcomes: Sequence[Outcome], texts: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """texts: stdout and stderr, by context."""
    items = [
        {
            "context": each.task.context,
            "exitCode": each.exit_code,
            "signal": each.signal or None,
            "problem": each.problem or None,
            "seconds": round(each.seconds, 3),
            "stdout": texts[each.task.context][0],
            "stderr": texts[each.task.context][1],
        }
        for each in outcomes
    ]
    return document("ContextRunList", {"items": items})
