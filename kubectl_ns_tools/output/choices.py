"""The rows that a person chooses from, and what is told of the highlighted one."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kubectl_ns_tools.kubeconfig.config import Config
from kubectl_ns_tools.kubeconfig.view import View
from kubectl_ns_tools.output.contexts import reference
from kubectl_ns_tools.output.escape import escape

Detail = tuple[str, str]


@dataclass(frozen=True)
class Choice:
    """One row. name: what is chosen; current: the one in use; notes: what to know before choosing it;
    details: gives a fixed number of facts, asked for only when they are to be seen."""

    name: str
    details: Callable[[], Sequence[Detail]]
    current: bool = False
    notes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The name as it may go to a terminal."""
        return escape(self.name)

    @property
    def remarks(self) -> str:
        """The notes as they may go to a terminal."""
        return escape(", ".join(self.notes))

    def preview(self) -> list[str]:
        """The details as they may go to a terminal, one a line."""
        details = self.details()
        room = max((len(key) for key, _ in details), default=0)
        return [f"{key:<{room}}   {escape(value) or '<none>'}" for key, value in details]


def context_choices(view: View, names: Iterable[str], config: Config) -> list[Choice]:
    """The contexts of these names, sorted as in lists."""
    return [_context_choice(view, name, config) for name in sorted(names)]


def _context_choice(view: View, name: str, config: Config) -> Choice:
    context = view.contexts[name]
    notes = ["protected"] if config.is_protected(name) else []
    for kind, entries in (("cluster", view.clusters), ("user", view.users)):
        if context.get(kind) not in entries:
            notes.append(f"{kind} missing")

    def details() -> list[Detail]:
        server = view.clusters.get(context.get("cluster"))
        return [
            ("cluster", reference(context, "cluster", view.clusters)),
            ("user", reference(context, "user", view.users)),
            ("namespace", context.get("namespace")),
            ("server", server.get("server") if server else ""),
        ]

    return Choice(name, details, name == view.current_context, tuple(notes))
