"""Whether we may create what a plan has, by the server's own word, before anything is written.

A server-side apply of an object that is not there needs `patch` and `create` (k8s.io/apiserver
pkg/endpoints/handlers/patch.go). Whoever may do everything is asked about once; a right in all namespaces is
asked for before the one in the namespace, so that a hundred namespaces cost what one does.
"""

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kubectl_ns_tools.cluster.errors import ApiError, ApiForbidden, ApiNotFound
from kubectl_ns_tools.cluster.permissions import EVERYTHING, Access, is_allowed
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.planning.check import ServedKinds
from kubectl_ns_tools.templates.planning.plan import CreatePlan, is_namespace

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

CREATE, PATCH = "create", "patch"


class NotAnswered(Exception):
    """The server does not say what we may do; the text says why."""


class Rights:
    """Answers of the server, each asked for once; thread-safe."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._answers: dict[Access, bool] = {}
        self._locks: dict[Access, threading.Lock] = {}
        self._lock = threading.Lock()

    @property
    def unlimited(self) -> bool:
        """Whether we may do everything. Raises NotAnswered, as the others do."""
        return self._ask(EVERYTHING)

    def has(self, access: Access) -> bool:
        """Whether we may do it, from the widest question to the narrowest."""
        return self.unlimited or any(map(self._ask, dict.fromkeys(_wider(access))))

    def _ask(self, access: Access) -> bool:
        with self._lock:
            lock = self._locks.setdefault(access, threading.Lock())
        with lock:
            if access not in self._answers:
                self._answers[access] = self._answer(access)
            return self._answers[access]

    def _answer(self, access: Access) -> bool:
        try:
            return is_allowed(self._connection, access)
        except (ApiForbidden, ApiNotFound) as error:
            raise NotAnswered(error.message) from error
        except ApiError as error:
            if error.status < 500:
                raise
            raise NotAnswered(error.message) from error


def needed(manifest: Manifest, plan: CreatePlan, kinds: ServedKinds) -> list[Access]:
    """What creating the object takes."""
    resource = kinds.resource(manifest)
    if is_namespace(manifest):
        return [Access(CREATE, resource.group, resource.name)]
    namespace = plan.namespace if resource.namespaced else ""
    return [Access(verb, resource.group, resource.name, namespace, manifest.name) for verb in (PATCH, CREATE)]


def lacking(rights: Rights, manifest: Manifest, plan: CreatePlan, kinds: ServedKinds) -> str:
    """`you may not create resourcequotas in namespace "blue"`, "" when nothing is. Raises NotAnswered."""
    missing = [access for access in needed(manifest, plan, kinds) if not rights.has(access)]
    if not missing:
        return ""
    first = missing[0]
    group = f".{first.group}" if first.group else ""
    where = f' in namespace "{first.namespace}"' if first.namespace else ""
    verbs = " and ".join(access.verb for access in missing)
    return f"you may not {verbs} {first.resource}{group}{where}"


def _wider(access: Access) -> Iterator[Access]:
    """The same in all namespaces and for all names, down to what was asked for."""
    yield access._replace(namespace="", name="")
    yield access._replace(name="")
    yield access
