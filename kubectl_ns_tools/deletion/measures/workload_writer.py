"""The changes of `--scale-down-first`, one object after the other."""

from collections.abc import Iterator, Mapping
from shlex import quote
from typing import Any

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiError, ApiNotFound, ApiUnauthorized
from kubectl_ns_tools.cluster.objects import get_object
from kubectl_ns_tools.deletion.items import Item
from kubectl_ns_tools.deletion.measures.stopping import stopped
from kubectl_ns_tools.errors import NsToolsError, Refused, Unreachable

_MERGE = "application/merge-patch+json"


class WorkloadWriter:
    """Changes one object after the other, and remembers what was done."""

    def __init__(self, connection: Connection, namespace: str, dry_run: bool) -> None:
        self._connection = connection
        self._namespace = namespace
        self._query = {"dryRun": "All"} if dry_run else {}
        self.done: list[str] = []
        self.undo: list[str] = []

    def scale(self, item: Item, replicas: int) -> None:
        """replicas: how many it is to have until now, for the way back."""
        if self._patch(item, {"replicas": 0}, "scale"):
            self.done.append(f"{item.label} scaled from {replicas} to 0")
            self.undo.append(f"kubectl scale {self._where(item)} --replicas={replicas}")

    def suspend(self, item: Item) -> None:
        if self._patch(item, {"suspend": True}):
            self.done.append(f"{item.label} suspended")
            patch = '{"spec":{"suspend":false}}'
            self.undo.append(f"kubectl patch {self._where(item)} -p {quote(patch)}")

    def _patch(self, item: Item, spec: Mapping[str, Any], subresource: str = "") -> bool:
        """Whether there was something to change; a uid in a patch is a precondition."""
        try:
            self._send(item, spec, subresource)
        except ApiNotFound:
            return False
        except NsToolsError as error:
            told = self._told(item, error)
            cause = None if told is error else error
            raise stopped(told, f"{item.label} is not scaled down", self._all_done()) from cause
        return True

    def _send(self, item: Item, spec: Mapping[str, Any], subresource: str, attempts: int = 2) -> None:
        """After a lost answer once more: what was carried out is not changed by it."""
        try:
            self._connection.request(
                "PATCH",
                item.resource.path(self._namespace, item.name, subresource),
                query=self._query,
                body={"metadata": {"uid": item.uid}, "spec": spec},
                content_type=_MERGE,
            )
        except ApiUnauthorized:
            raise
        except Unreachable:
            if attempts == 1:
                raise
            self._send(item, spec, subresource, attempts - 1)

    def _told(self, item: Item, error: NsToolsError) -> NsToolsError:
        """Another uid is a 409 of a scale, and a 422 of an object (metadata.uid is immutable)."""
        if not isinstance(error, ApiError) or error.status not in (409, 422):
            return error
        try:
            now = get_object(self._connection, item.resource, item.name, self._namespace)
        except NsToolsError:
            return error
        if now["metadata"]["uid"] == item.uid:
            return error
        return Refused("it was deleted and made again since the preview", "look again, then decide")

    def _all_done(self) -> Iterator[str]:
        if not self._query:
            for done, undo in zip(self.done, self.undo, strict=True):
                yield f"{done}; back: {undo}"

    def _where(self, item: Item) -> str:
        return f"{quote(item.label)} -n {quote(self._namespace)}"
