"""The namespaces that a run of ns-delete is about, each with its plan."""

import copy
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from kubectl_ns_tools.commands.deletion.attempts import AT_A_TIME, all_or_none
from kubectl_ns_tools.commands.deletion.measures import Measures, find_measures
from kubectl_ns_tools.commands.deletion.wish import DeletionWish
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.errors import NotFound, NsToolsError

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection
    from kubectl_ns_tools.cluster.discovery import Discovery
    from kubectl_ns_tools.deletion.items import Item
    from kubectl_ns_tools.deletion.plan import DeletionPlan
    from kubectl_ns_tools.deletion.selection import Selection

_IN_CLUSTER = "in-cluster"  # a pod without a kubeconfig has a cluster, but no context


@dataclass
class Place:
    """A context that can be asked. siblings: (context, its default namespace) of the user's contexts for the
    same cluster, this one among them."""

    context: str
    connection: "Connection"
    siblings: Sequence[tuple[str, str]]

    _discovery: "Discovery | None" = None
    _lock: Any = field(default_factory=Lock)

    @property
    def discovery(self) -> "Discovery":
        """Asked for once, by whoever comes first."""
        from kubectl_ns_tools.cluster.discovery import discover

        with self._lock:
            self._discovery = self._discovery or discover(self.connection)
            return self._discovery


@dataclass(frozen=True)
class Case:
    """One namespace. namespace: the object; contexts: by which it was asked for, one as a rule."""

    place: Place
    namespace: Mapping[str, Any]
    plan: "DeletionPlan"
    contexts: Sequence[str]
    measures: Measures

    @property
    def name(self) -> str:
        return self.plan.namespace

    @property
    def connection(self) -> "Connection":
        return self.place.connection

    @property
    def items(self) -> "Sequence[Item]":
        """What goes."""
        return self.measures.part.going if self.measures.part else self.plan.doomed

    @property
    def subject(self) -> str:
        """`namespace "blue"`, `1 object of namespace "blue"`."""
        if self.measures.part is None:
            return f'namespace "{self.name}"'
        number = len(self.items)
        return f'{number} object{"s" * (number != 1)} of namespace "{self.name}"'

    def titled(self, several_contexts: bool) -> str:
        """Its name, and where it is if that needs to be said."""
        return f"{self.name} ({self.plan.context})" if several_contexts else self.name


class Target(NamedTuple):
    """A namespace that is asked for, before it is looked into."""

    place: Place
    namespace: Mapping[str, Any]
    contexts: list[str]


def gather(session: Session, wish: DeletionWish, opened: ExitStack) -> list[Case]:
    """Looks for the namespaces and into each of them; changes nothing. opened: closes the connections.

    Raises what goes wrong in any context or namespace, NotFound for a name that is nowhere.
    """
    from kubectl_ns_tools.deletion.selection import select

    wanted = wish.wanted()
    places = _places(session, wish, opened)
    selections = all_or_none(
        lambda place: select(place.connection, wanted), places,
        name=lambda place: f'context "{place.context}"',
        failed="contexts could not be asked; nothing was deleted",
    )  # fmt: skip
    _refuse_missing(selections)
    return looked_into(_targets(places, selections), wish)


def looked_into(targets: "Sequence[Target]", wish: DeletionWish) -> list[Case]:
    """Each with its plan, as it is now."""
    return all_or_none(
        lambda target: _case(target, wish), targets,
        name=lambda target: f"{target.namespace['metadata']['name']} ({target.place.context})",
        failed="namespaces could not be looked at; nothing was deleted",
        workers=AT_A_TIME,
    )  # fmt: skip


def place_of(session: Session, opened: ExitStack) -> Place:
    """The context in use. opened: closes the connection."""
    connection = session.connect()
    opened.callback(connection.close)
    try:
        context = session.context_name
    except NotFound:
        return Place(_IN_CLUSTER, connection, ())
    return Place(context, connection, _siblings(session, context))


def in_context(session: Session, context: str) -> Session:
    """The same for another context; the kubeconfig that was read is shared."""
    other = copy.copy(session)
    other.context = context
    return other


def _places(session: Session, wish: DeletionWish, opened: ExitStack) -> list[Place]:
    if not wish.contexts:
        return [place_of(session, opened)]
    from kubectl_ns_tools.kubeconfig.patterns import matching

    contexts = matching(wish.contexts, session.view.contexts)
    return [place_of(in_context(session, context), opened) for context in contexts]


def _siblings(session: Session, context: str) -> list[tuple[str, str]]:
    view = session.view

    def server(name: str) -> object:
        cluster = view.clusters.get(view.contexts[name].get("cluster") or "")
        return cluster.get("server") if cluster else None

    if context not in view.contexts:
        return []
    ours = server(context)
    return [(name, view.namespace_of(name)) for name in view.contexts if ours and server(name) == ours]


def _refuse_missing(selections: "Sequence[Selection]") -> None:
    """A word is missing where it stands for nothing in any of the contexts."""
    nowhere = dict(selections[0].missing)
    for selection in selections[1:]:
        nowhere = {word: error for word, error in nowhere.items() if word in selection.missing}
    if len(nowhere) == 1:
        raise next(iter(nowhere.values()))
    if nowhere:
        problems = [_with_hint(error) for error in nowhere.values()]
        raise NotFound(f"{len(nowhere)} names stand for no namespace; nothing was deleted", "", problems)


def _with_hint(error: NsToolsError) -> str:
    return f"{error.message}: {error.hint}" if error.hint else error.message


def _targets(places: Sequence[Place], selections: "Sequence[Selection]") -> list[Target]:
    """Each namespace once, also where two contexts lead to one cluster."""
    found: dict[str, Target] = {}
    for place, selection in zip(places, selections, strict=True):
        for namespace in selection.namespaces:
            known = found.setdefault(namespace["metadata"]["uid"], Target(place, namespace, []))
            known.contexts.append(place.context)
    return list(found.values())


def _case(target: Target, wish: DeletionWish) -> Case:
    from kubectl_ns_tools.deletion.preview import preview

    place, namespace, contexts = target
    plan = preview(
        place.connection,
        namespace["metadata"]["name"],
        context=place.context,
        contexts=place.siblings,
        namespace=namespace,
        discovery=place.discovery,
    )
    return Case(
        place, namespace, plan, contexts, find_measures(place.connection, place.discovery, plan, wish)
    )
