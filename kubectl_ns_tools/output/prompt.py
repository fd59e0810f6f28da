"""A line for a shell's prompt, from a template with placeholders in braces."""

import re
from collections.abc import Callable, Mapping

from kubectl_ns_tools.errors import NsToolsError, Refused, did_you_mean
from kubectl_ns_tools.output.escape import escape

# Not str.format, whose placeholders reach into attributes and indexes.
_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def filled(template: str, values: Mapping[str, Callable[[], str]]) -> str:
    """The template with its placeholders replaced, escaped for a terminal; `{{` and `}}` are braces.

    values: what gives the value of a placeholder, asked only for those that are there. Raises Refused for
    another placeholder, or a brace alone.
    """
    return _PIECE.sub(lambda match: _replaced(match, values), template)


def _replaced(match: re.Match[str], values: Mapping[str, Callable[[], str]]) -> str:
    piece, name = match[0], match[1]
    if piece in ("{{", "}}"):
        return piece[0]
    if name in values:
        return escape(values[name]())
    raise _wrong(piece, name, values)


def _wrong(piece: str, name: str | None, values: Mapping[str, Callable[[], str]]) -> NsToolsError:
    if name is None:
        return Refused(f'a single "{piece}" in the template', f'write it twice: "{piece * 2}"')
    return Refused(f'unknown placeholder "{piece}"', did_you_mean(name, values, "placeholders there are"))
