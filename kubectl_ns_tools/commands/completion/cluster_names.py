"""Names that only the cluster knows; each is kept for a moment, and waited for no longer than a second."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.commands.completion.asking import REQUEST_SECONDS, answer_to
from kubectl_ns_tools.errors import NsToolsError

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection
    from kubectl_ns_tools.commands.session import Session


def namespaces(session: "Session") -> list[str]:
    """The namespaces of the context in use; [] where nobody knows them in time."""
    from kubectl_ns_tools.cluster.namespaces import list_names

    return ask_cluster(session, "namespaces", list_names) or []


def kinds(session: "Session") -> list[str]:
    """Its namespaced kinds of objects, as kubectl writes them, and their short names."""
    found = ask_cluster(session, "kinds", _kinds) or {}
    return [name for names in found.values() for name in names]


def groups(session: "Session") -> list[str]:
    """The API groups that it serves."""
    return [group for group in ask_cluster(session, "kinds", _kinds) or {} if group]


def ask_cluster(session: "Session", what: str, ask: "Callable[[Connection], Any]") -> Any:
    """What `ask` finds out, or None. Kept for this server, context and user."""
    who = identity(session)
    if not who:
        return None
    session.request_timeout = session.plugin_patience = REQUEST_SECONDS
    return answer_to([what, *who], lambda: ask(session.connect(to_read=True)))


def identity(session: "Session") -> list[str]:
    """Which cluster it is, and who we are to it, without any credentials; [] where there is none."""
    try:
        context = session.view.context(session.context_name)
    except NsToolsError:
        pod = os.environ.get("KUBERNETES_SERVICE_HOST", "")
        return ["pod", pod] if pod and session.view.is_empty else []
    cluster, user = (
        entries.get(context.get(kind))
        for kind, entries in (("cluster", session.view.clusters), ("user", session.view.users))
    )
    server = cluster.get("server") if cluster else ""
    return (
        [server, context.name, context.path, user.name, user.path]
        if user
        else [server, context.name, context.path]
    )


def _kinds(connection: "Connection") -> dict[str, list[str]]:
    """Names of kinds by their API group."""
    from kubectl_ns_tools.cluster.discovery import discover

    found: dict[str, list[str]] = {}
    for resource in discover(connection).preferred():
        if resource.namespaced and "delete" in resource.verbs:
            found.setdefault(resource.group, []).extend([resource.group_resource, *resource.short_names])
    return found
