"""Who made and who uses the cluster-scoped objects of several creations that go on at the same time.

Two namespaces of one template may bring the same ClusterRole: the one that fails must not take it from the
other.
"""

import threading
from dataclasses import dataclass

from kubectl_ns_tools.cluster.resources import Resource


@dataclass(frozen=True)
class Made:
    """A cluster-scoped object that was created here; what is in a Namespace goes with it."""

    resource: Resource
    name: str
    uid: str
    reference: str


class Ledger:
    """One for all creations of a run; thread-safe. Who is about to send a request is a user already."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[str, Made] = {}
        self._users: dict[str, set[str]] = {}

    def use(self, reference: str, namespace: str) -> None:
        with self._lock:
            self._users.setdefault(reference, set()).add(namespace)

    def made(self, made: Made) -> None:
        with self._lock:
            self._made[made.reference] = made

    def leave(self, reference: str, namespace: str) -> tuple[Made | None, list[str]]:
        """The namespace does not need it any more: the object, if it was created here, and who still uses
        it. When that is nobody, the caller is to delete it."""
        with self._lock:
            users = self._users.get(reference, set())
            users.discard(namespace)
            made = self._made.get(reference) if users else self._made.pop(reference, None)
            return made, sorted(users)
