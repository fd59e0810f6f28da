"""The text of an error: the message, what else is wrong, the next step."""

from kubectl_ns_tools.cluster.errors import ApiError
from kubectl_ns_tools.errors import NsToolsError, Unreachable
from kubectl_ns_tools.output.escape import escape


def failure(error: NsToolsError) -> str:
    """The lines for stderr; other people's text in them is escaped."""
    # What the server said, or why it said nothing, is in kubectl's words, complete with their opening.
    opening = "" if isinstance(error, (ApiError, Unreachable)) else "error: "
    lines = [opening + _escaped(error.message)]
    lines += [f"  {_escaped(problem)}" for problem in error.problems]
    if error.hint:
        lines.append(f"hint: {_escaped(error.hint)}")
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return "\n".join(escape(line) for line in text.split("\n"))
