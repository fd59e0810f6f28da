"""A look at a deletion on its way, as one line."""

from kubectl_ns_tools.deletion.progress import Progress, State
from kubectl_ns_tools.deletion.stuck.conditions import CONTENT, DISCOVERY, PARSING
from kubectl_ns_tools.output.contents import amounts
from kubectl_ns_tools.output.escape import escape

# Left out: what remains is counted here, and the condition about it is not to be trusted.
_TOLD = (DISCOVERY, PARSING, CONTENT)
_LAST_WORDS = {
    State.GONE: 'namespace "{}" is gone',
    State.RECREATED: 'namespace "{}" is gone; another one of the same name has been created since',
}


def progress_line(namespace: str, progress: Progress) -> str:
    """`waiting for namespace "blue": 2 configmaps, 1 pods left`, and what the namespace controller says."""
    if progress.state in _LAST_WORDS:
        return escape(_LAST_WORDS[progress.state].format(namespace))
    line = f'waiting for namespace "{namespace}": {_left(progress)}'
    complaints = [condition.sentence for condition in progress.conditions if condition.type in _TOLD]
    return escape("; ".join([line, *complaints]))


def _left(progress: Progress) -> str:
    if progress.state is State.OUT_OF_SIGHT:
        return f"no answer at present ({progress.problem})"
    left = amounts(progress.remaining.counts)
    unknown = ", ".join(progress.remaining.unknown)
    if unknown:
        return f"{left or 'nothing'} left, not counted: {unknown}"
    return f"{left} left" if left else "nothing left, the namespace itself is to go"
