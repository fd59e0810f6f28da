"""The deletion of contexts as text: what goes, and what comes of it."""

from collections.abc import Iterator

from kubectl_ns_tools.kubeconfig.deleting import Deletion
from kubectl_ns_tools.output.escape import escape
from kubectl_ns_tools.output.table import columns


def deletion_table(plan: Deletion) -> str:
    """An entry a line."""
    return columns([[item.kind, item.name, item.path] for item in plan.gone], ["KIND", "NAME", "FILE"])


def deleted(plan: Deletion) -> str:
    """What was done, in kubectl's words; safe to print."""
    return "\n".join(escape(f"deleted {item.kind} {item.name} from {item.path}") for item in plan.gone)


def consequences(plan: Deletion) -> Iterator[str]:
    """What the person might not expect, a sentence each; names are not escaped."""
    for item, context in plan.kept:
        yield f'{item.kind} "{item.name}" stays: context "{context}" refers to it'
    for item in plan.uncovered:
        yield f'{item.kind} "{item.name}" of {item.path}, hidden until now, comes into effect'
    for path in plan.cleared:
        yield f"current-context is cleared in {path}"
    before, after = plan.current
    if before in plan.contexts and after != before:
        yield (
            f'the current context is then "{after}"'
            if after
            else ("there is no current context then; choose one: kubectl ctx-switch NAME")
        )
    elif before in plan.contexts:
        yield f'the current context "{before}" is then another one'
