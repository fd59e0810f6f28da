"""The names of contexts, for the calls that people type all day, without click, as in plain.py."""

import os
from collections.abc import Sequence

from kubectl_ns_tools.commands.completion.protocol import Suggestions, of_names
from kubectl_ns_tools.kubeconfig.locations import locate
from kubectl_ns_tools.kubeconfig.view import load_view

# Commands whose first arguments are names of contexts, and how many they take.
_MANY = 1 << 30
TAKES = {
    "ctx-delete": _MANY,
    "ctx-exec": _MANY,
    "ctx-export": _MANY,
    "ctx-list": _MANY,
    "ctx-rename": 1,
    "ctx-set": 1,
    "ctx-shell": 1,
    "ctx-switch": 1,
}


def suggest_quickly(name: str, words: Sequence[str]) -> Suggestions | None:
    """The contexts that may be meant by the last word; None where more than such names is on the line."""
    if len(words) > TAKES.get(name, 0) or any(word.startswith("-") for word in words):
        return None
    *before, incomplete = words or [""]
    names = load_view(locate(None, os.environ)).contexts
    return of_names((name for name in names if name not in before), incomplete)
