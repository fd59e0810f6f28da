"""The kubeconfig after a creation: --switch and --add-context."""

import shlex

from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.terminal import say
from kubectl_ns_tools.errors import NsToolsError, Refused
from kubectl_ns_tools.kubeconfig.changes import set_context, set_namespace, use_context
from kubectl_ns_tools.kubeconfig.undo.history import History
from kubectl_ns_tools.kubeconfig.view import load_view
from kubectl_ns_tools.output.escape import escape


class Follower:
    """Makes the context follow to a new namespace. switch: the context in use; added: the name of a new
    context like it, which is then what --switch makes the current one."""

    def __init__(self, session: Session, *, switch: bool, added: str | None) -> None:
        """Raises Refused, before anything is created, where that will not be possible."""
        self._session = session
        self._switch = switch
        self._added = added
        if switch or added is not None:
            self._context = session.context_name
            session.view.context(self._context)
        if added == "":
            raise Refused("the name of the new context is empty")
        if added is not None and added in session.view.contexts:
            raise Refused(
                f'context "{added}" exists already',
                f"name another one, or change that one: kubectl ctx-set {shlex.quote(added)} --namespace …",
            )

    def follow(self, namespace: str) -> None:
        """Change the kubeconfig; the namespace stays, whatever happens here."""
        try:
            if self._added is not None:
                self._add(self._added, namespace)
            elif self._switch:
                self._set(namespace)
        except NsToolsError as error:
            error.message = (
                f'namespace "{namespace}" is created, but the kubeconfig not changed: {error.message}'
            )
            raise

    def _set(self, namespace: str) -> None:
        session = self._session
        before = session.namespace
        set_namespace(session.view, session.writer(), self._context, namespace)
        if before != namespace:
            History(session.locations, session.environ).left_namespace(self._context, before)
        say(f'Context "{escape(self._context)}" now uses namespace "{namespace}".')

    def _add(self, name: str, namespace: str) -> None:
        session = self._session
        context = session.view.context(self._context)
        fields = {"cluster": context.get("cluster"), "user": context.get("user"), "namespace": namespace}
        set_context(load_view(session.locations.outside), session.writer(), name, fields)
        say(f'Context "{escape(name)}" created.')
        if self._switch:
            view = load_view(session.locations)
            use_context(view, session.writer(), name)
            History(session.locations, session.environ).left_context(view.current_context)
            say(f'Switched to context "{escape(name)}".')
