"""Texts as they must stand in a template to come out as they are: rendering/substitution.py reversed."""

import re
from collections.abc import Callable
from typing import Any

_REFERENCE = re.compile(r"\$\{[a-zA-Z0-9_]+\}")
_WHOLE = re.compile(r"(\$?)\$\{\{[a-zA-Z0-9_]+\}\}\Z")

Literal = Callable[[str], str]


def escaped(value: Any, literal: Literal) -> Any:
    """A new structure with `$${NAME}` for every `${NAME}` in it.

    literal: makes a parameter of a text that cannot be written otherwise, and gives the reference to it.
    """
    if isinstance(value, dict):
        return {_REFERENCE.sub(r"$\g<0>", key): escaped(item, literal) for key, item in value.items()}
    if isinstance(value, list):
        return [escaped(item, literal) for item in value]
    return _text(value, literal) if isinstance(value, str) else value


def _text(text: str, literal: Literal) -> str:
    whole = _WHOLE.match(text)
    if whole and whole[1]:
        return literal(text)  # `$${{NAME}}` loses a dollar, `$$${{NAME}}` none
    return f"${text}" if whole else _REFERENCE.sub(r"$\g<0>", text)
