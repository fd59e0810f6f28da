"""Namespaces again and again: what is new, what is no longer as before, and what has gone.

Not by a watch of the API: quotas and moments that pass are to be seen too, in several clusters at a time.
"""

import time
from collections.abc import Callable, Mapping
from typing import NoReturn

from kubectl_ns_tools.commands.listing import Gathered, OneContext, SeveralContexts, not_listed
from kubectl_ns_tools.commands.terminal import out, warn
from kubectl_ns_tools.deletion.clock import now
from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.output.namespaces import Listed, render_namespaces, state_of

_PAUSE_SECONDS = 2.0


def watch(
    source: OneContext | SeveralContexts, choose: Callable[[list[Listed]], list[Listed]], output: str
) -> NoReturn:
    """Write rows until Ctrl-C. choose: which of them, in which order; output: "table", "wide" or "name".

    Raises what goes wrong the first time; later it is a warning, and what was known of that cluster stays.
    """
    told: Mapping[str, NsToolsError] = {}
    shown = Rows(output)
    gathered = source.gather()
    while True:
        lines = shown.news(choose(gathered.rows), gathered.failures)
        if lines:
            out("\n".join(lines))
        for context, error in gathered.failures.items():
            if context not in told:
                warn(not_listed(context, error))
        told = gathered.failures
        time.sleep(_PAUSE_SECONDS)
        gathered = _again(source)


def _again(source: OneContext | SeveralContexts) -> Gathered:
    try:
        return source.gather()
    except NsToolsError as error:
        return Gathered([], {"": error})


class Rows:
    """The rows that were shown so far, and what is to be shown next."""

    def __init__(self, output: str) -> None:
        self._output = output
        self._known: dict[tuple[str, str], Listed] = {}
        self._header = ""

    def news(self, rows: list[Listed], failures: Mapping[str, NsToolsError]) -> list[str]:
        """The lines that tell what has changed; below a header where the columns are not as before."""
        now_there = {_key(row): row for row in rows}
        silent = {key: row for key, row in self._known.items() if row.context in failures}
        gone = [_gone(row) for key, row in self._known.items() if key not in now_there | silent]
        changed = [row for key, row in now_there.items() if self._is_news(key, row)]
        self._known = silent | now_there
        return self._lines([*now_there.values(), *gone], [*changed, *gone])

    def _is_news(self, key: tuple[str, str], row: Listed) -> bool:
        return key not in self._known or state_of(self._known[key]) != state_of(row)

    def _lines(self, rows: list[Listed], news: list[Listed]) -> list[str]:
        """Drawn among all the rows, so that the columns stay where they are."""
        if not news:
            return []
        lines = render_namespaces(rows, self._output, now()).splitlines()
        header = [] if self._output == "name" else [lines.pop(0)]
        keys = {_key(row) for row in news}
        told = [line for row, line in zip(rows, lines, strict=True) if _key(row) in keys]
        if header == [self._header]:
            return told
        self._header = "".join(header)
        return [*header, *told]


def _key(row: Listed) -> tuple[str, str]:
    return row.context, row.name


def _gone(row: Listed) -> Listed:
    return row._replace(namespace={**row.namespace, "status": {"phase": "Gone"}})
