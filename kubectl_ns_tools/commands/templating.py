"""Where a command's templates come from, and what is filled into them."""

import functools
import sys
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from kubectl_ns_tools.commands.parameters import asker
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.terminal import say, warn
from kubectl_ns_tools.errors import NotFound
from kubectl_ns_tools.output.escape import escape

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection
    from kubectl_ns_tools.templates.library.draft import Source
    from kubectl_ns_tools.templates.library.library import Library, TemplateInfo
    from kubectl_ns_tools.templates.parameters.filled import Surroundings
    from kubectl_ns_tools.templates.rendering.request import ParameterInput, Preparation

_OFFLINE_SECONDS = 5.0  # for the answer of a cluster that is not needed


class Templating:
    """The templates of the user and of the context's cluster, and the one connection that a command makes.

    offline: whether the cluster may be out of reach, as for --dry-run=client; it is asked all the same, so
    that a dry run finds the template that the real run will find. alone: no cluster is asked at all.
    """

    def __init__(self, session: Session, *, offline: bool = False, alone: bool = False) -> None:
        self._session = session
        self._offline = offline
        self._alone = alone
        # Not a method of ours: in a cycle of references the collector would close the connection, some day.
        self._connect = functools.cache(functools.partial(session.connect, to_read=offline))
        if offline:
            session.request_timeout = session.request_timeout or _OFFLINE_SECONDS

    @property
    def connection(self) -> "Connection":
        return self._connect()

    @cached_property
    def library(self) -> "Library":
        """All the templates there are. Raises NotFound for a folder in the environment that is not there."""
        from kubectl_ns_tools.templates.library.library import open_library
        from kubectl_ns_tools.templates.library.published import ClusterShelf, published_namespaces

        environ = self._session.environ
        namespaces = published_namespaces(environ) if not self._alone and self._has_cluster() else ()
        if not namespaces:
            return open_library(environ)
        return open_library(environ, ClusterShelf(self._connect, namespaces, offline=self._offline))

    @cached_property
    def surroundings(self) -> "Surroundings":
        """What is filled in here and now."""
        from datetime import datetime, timezone

        from kubectl_ns_tools.templates.parameters.filled import Surroundings, requester_of

        requester = requester_of(self._connect, offline=self._offline)
        return Surroundings(
            datetime.now(timezone.utc), functools.partial(_context_of, self._session), requester
        )

    def prepare(
        self,
        templates: Sequence[str],
        files: Sequence[str],
        parameters: "ParameterInput",
        *,
        asks: bool = True,
    ) -> "Preparation":
        """Read them, ask for what is missing, and tell what is worth knowing about where they are from.

        asks: False where a namespace remembers what it was made with.
        """
        from kubectl_ns_tools.templates.rendering.request import Reader

        prepared = Reader(self.library, _read_stdin).prepare(
            templates=templates,
            files=files,
            parameters=parameters,
            surroundings=self.surroundings,
            environ=self._session.environ,
            ask=asker() if asks else None,
        )
        self.warn_of_trouble()
        for note in prepared.notes:
            say(escape(note))
        return prepared

    def find(self, name: str) -> "tuple[TemplateInfo, list[Source]]":
        """One template by its name, or a file, a folder or `-`, and its texts. A problem with its texts is
        left to whoever reads them."""
        from kubectl_ns_tools.templates.library.find import find_template
        from kubectl_ns_tools.templates.library.library import TemplateInfo

        info, sources = find_template(name, self.library, _read_stdin() if name == "-" else "")
        self.warn_of_trouble()
        return info or TemplateInfo(name, "file", sources[0].whole), sources

    @property
    def out_of_reach(self) -> str:
        """Why there is no use in asking the cluster, "" as long as that is not known."""
        if self._alone:
            return "--offline"
        return self.library.cluster.trouble if self.library.cluster else ""

    def warn_of_trouble(self) -> None:
        """Say why the cluster's templates are not known, if they are not."""
        if self.library.cluster and self.library.cluster.trouble:
            warn(f"no template was looked for in the cluster: {self.library.cluster.trouble}")

    def _has_cluster(self) -> bool:
        try:
            return bool(self._session.context_name)
        except NotFound:
            return "KUBERNETES_SERVICE_HOST" in self._session.environ


def _context_of(session: Session) -> str:
    from kubectl_ns_tools.templates.parameters.filled import NotKnown

    try:
        return session.context_name
    except NotFound as error:
        raise NotKnown(error.message) from error


def _read_stdin() -> str:
    from kubectl_ns_tools.templates.library.texts import decoded

    return decoded(sys.stdin.buffer.read(), "STDIN")
