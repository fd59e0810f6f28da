"""A switch to another context, and what this shell remembers of it."""

from collections.abc import Sequence

from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.kubeconfig.changes import use_context
from kubectl_ns_tools.kubeconfig.undo.history import History
from kubectl_ns_tools.kubeconfig.undo.journal import FileChange
from kubectl_ns_tools.kubeconfig.view import View
from kubectl_ns_tools.output.escape import escape


def switch(
    session: Session, view: View, target: str, namespace: str = "", *, dry_run: bool = False
) -> Sequence[FileChange]:
    """Make `target` the current context, with that default namespace if one is given.

    Raises NotFound when no file has such a context.
    """
    before, namespace_before = view.current_context, view.namespace_of(target)
    changes = use_context(view, session.writer(dry_run), target, namespace)
    if not dry_run:
        history = History(session.locations, session.environ)
        if before != target:
            history.left_context(before)
        if namespace and namespace != namespace_before:
            history.left_namespace(target, namespace_before)
    return changes


def switched(target: str, namespace: str = "") -> str:
    """What to say of it, in kubectl's words."""
    more = f', namespace "{namespace}"' if namespace else ""
    return f'Switched to context "{escape(target)}"{more}.'
