"""The text of an error: the message, what else is wrong, the next step."""

from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.output.escape import escape

# kubectl prints these as they are, without "error:" before them.
_KUBECTL_OPENINGS = ("Error from server", "Unable to connect", "The connection to the server", "error: ")


def failure(error: NsToolsError) -> str:
    """The lines for stderr; other people's text in them is escaped."""
    opening = "" if error.message.startswith(_KUBECTL_OPENINGS) else "error: "
    lines = [opening + _escaped(error.message)]
    lines += [f"  {_escaped(problem)}" for problem in error.problems]
    if error.hint:
        lines.append(f"hint: {_escaped(error.hint)}")
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return "\n".join(escape(line) for line in text.split("\n"))
