"""What is told while namespaces are created: every object of one, a line for each of several."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING

from kubectl_ns_tools.commands.status_line import StatusLine
from kubectl_ns_tools.commands.terminal import out, say
from kubectl_ns_tools.output.escape import escape

if TYPE_CHECKING:
    from kubectl_ns_tools.templates.creation.manner import Created, Listener
    from kubectl_ns_tools.templates.planning.plan import CreatePlan


class Telling:
    """with Telling(total, output): the words are kubectl's. A count is shown on the terminal, unless the
    lines for each namespace appear on the same one."""

    def __init__(self, total: int, output: str) -> None:
        self._total = total
        self._output = output
        self._done = self._failed = 0
        shown = total > 1 and sys.stderr.isatty() and not (output in ("text", "name") and sys.stdout.isatty())
        self._line = StatusLine() if shown else None

    def __enter__(self) -> "Telling":
        if self._line:
            self._line.__enter__()
            self._line.show(self._count)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._line:
            self._line.__exit__(kind, error, trace)

    def listener(self, plan: "CreatePlan") -> "Listener":
        """For one of the namespaces; of several, only their ends are told."""
        from kubectl_ns_tools.templates.creation.manner import Listener

        if self._total > 1:
            return Listener(lambda created: None, lambda text: None)
        return Listener(self._object, say)

    def ended(self, namespace: str, *, failed: bool) -> None:
        """One of the namespaces is done."""
        self._done += 1
        self._failed += failed
        if self._total > 1 and not failed and self._output in ("text", "name"):
            out(f"namespace/{namespace}{' created' if self._output == 'text' else ''}")
        if self._line:
            self._line.show(self._count)

    @property
    def _count(self) -> str:
        failed = f", {self._failed} of them failed" if self._failed else ""
        return f"{self._done} of {self._total} namespaces done{failed}"

    def _object(self, created: "Created") -> None:
        if self._output == "text":
            done = "created" if created.created else "serverside-applied"
            out(escape(f"{created.manifest.reference} {done}"))
