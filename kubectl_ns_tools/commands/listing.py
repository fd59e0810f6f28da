"""The namespaces of one context, or of several at a time."""

import copy
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.output.namespaces import Listed

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection
    from kubectl_ns_tools.templates.update.drift import Drifts

_AT_A_TIME = 32
# For an answer of one cluster of several, and of its exec plugin: a login is for a command of its own.
_PATIENCE_SECONDS = 10.0  # unless --request-timeout says otherwise


class Wanted(NamedTuple):
    """selector: of labels; quotas, drift: whether to ask for them too."""

    selector: str = ""
    quotas: bool = False
    drift: bool = False


class Gathered(NamedTuple):
    """failures: why a context could not be listed, by its name."""

    rows: list[Listed]
    failures: Mapping[str, NsToolsError]


class _Place(NamedTuple):
    """One context that can be asked. name: "" where it need not be shown."""

    name: str
    namespace: str
    connection: "Connection"
    drifts: "Drifts | None"


class OneContext:
    """The namespaces of the context in use. Raises what goes wrong there."""

    def __init__(self, session: Session, wanted: Wanted) -> None:
        self._place = _place(session, wanted, "")
        self._wanted = wanted

    def gather(self) -> Gathered:
        """As they are now."""
        return Gathered(_rows(self._place, self._wanted), {})


class SeveralContexts:
    """The namespaces of several contexts, asked at a time; what goes wrong in one leaves the others alone."""

    def __init__(self, session: Session, contexts: Sequence[str], wanted: Wanted) -> None:
        """Raises what is wrong with the user's own templates, where they are wanted."""
        if wanted.drift:
            from kubectl_ns_tools.templates.library.library import open_library

            open_library(session.environ)
        self._wanted = wanted
        self._places: list[_Place] = []
        self._unusable: dict[str, NsToolsError] = {}
        for context in contexts:
            try:
                self._places.append(_place(_session_of(session, context), wanted, context))
            except NsToolsError as error:
                self._unusable[context] = error

    def gather(self) -> Gathered:
        """As they are now, context after context."""
        from kubectl_ns_tools.cluster.parallel import in_parallel

        results = in_parallel(self._asked, self._places, workers=_AT_A_TIME)
        failures = {
            place.name: result
            for place, result in zip(self._places, results, strict=True)
            if isinstance(result, NsToolsError)
        }
        rows = [row for result in results if not isinstance(result, NsToolsError) for row in result]
        return Gathered(rows, {**self._unusable, **failures})

    def _asked(self, place: _Place) -> list[Listed] | NsToolsError:
        try:
            return _rows(place, self._wanted)
        except NsToolsError as error:
            return error


def not_listed(context: str, error: NsToolsError) -> str:
    """The warning about a context; without a name, about the only one."""
    return f'context "{context}" is not listed: {error.message}' if context else error.message


def _session_of(session: Session, context: str) -> Session:
    """The same for another context; the kubeconfig that was read is shared."""
    other = copy.copy(session)
    other.context = context
    other.request_timeout = other.plugin_patience = session.request_timeout or _PATIENCE_SECONDS
    return other


def _place(session: Session, wanted: Wanted, name: str) -> _Place:
    connection = session.connect(to_read=True)
    drifts = _drifts(connection, session.environ) if wanted.drift else None
    return _Place(name, session.namespace, connection, drifts)


def _drifts(connection: "Connection", environ: Mapping[str, str]) -> "Drifts":
    from kubectl_ns_tools.templates.library.library import open_library
    from kubectl_ns_tools.templates.library.published import ClusterShelf, published_namespaces
    from kubectl_ns_tools.templates.update.drift import Drifts

    shelf = ClusterShelf(lambda: connection, published_namespaces(environ))
    return Drifts(open_library(environ, shelf))


def _rows(place: _Place, wanted: Wanted) -> list[Listed]:
    from kubectl_ns_tools.cluster.namespaces import list_namespaces

    namespaces = list_namespaces(place.connection, wanted.selector)
    quotas = _quotas(place.connection) if wanted.quotas and namespaces else {}
    return [_row(namespace, place, quotas) for namespace in namespaces]


def _row(namespace: dict[str, Any], place: _Place, quotas: dict[str, list[dict[str, Any]]] | None) -> Listed:
    name = namespace["metadata"]["name"]
    used = None if quotas is None else quotas.get(name, ())
    row = Listed(namespace, place.name, name == place.namespace, used)
    if place.drifts and row.template:
        return row._replace(drift=place.drifts.of(namespace).value)
    return row


def _quotas(connection: "Connection") -> dict[str, list[dict[str, Any]]] | None:
    """The quotas by namespace; None, shown as such, for those who may not list them."""
    from kubectl_ns_tools.cluster.errors import ApiForbidden
    from kubectl_ns_tools.cluster.quotas import list_quotas

    try:
        return list_quotas(connection)
    except ApiForbidden:
        return None
