"""The few HTTP calls that tests make on the API server besides the product's own client."""

import http.client
import json
import ssl
import weakref
from collections import deque
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.controlplane.waiting import wait_until

_AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


class Api:
    """Speaks to one server with a client certificate. Calls may come from several threads.

    Connections are kept for the next call: a handshake for each costs both sides more than the call itself,
    and tests that wait make twenty a second.
    """

    def __init__(
        self, server: str, authority: Path, certificate: Path, key: Path, timeout: float = 30.0
    ) -> None:
        self._address = urlsplit(server).netloc
        self._timeout = timeout
        self._tls = ssl.create_default_context(cafile=str(authority))
        self._tls.load_cert_chain(certificate, key)
        self._idle: deque[http.client.HTTPSConnection] = deque()
        weakref.finalize(self, _close, self._idle)  # before its sockets go, also in a cycle of garbage

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        content_type: str = "application/json",
        accept: str = "*/*",
    ) -> tuple[int, Any]:
        """The status and the decoded answer (text where it is not JSON); OSError without an answer."""
        headers = {"Content-Type": content_type, "Accept": accept}
        request = (method, path, None if body is None else json.dumps(body), headers)
        while kept := self._kept():
            try:
                return self._exchange(kept, request)
            except TimeoutError:
                raise
            except (OSError, http.client.HTTPException):
                continue  # the server has closed it since
        fresh = http.client.HTTPSConnection(self._address, context=self._tls, timeout=self._timeout)
        return self._exchange(fresh, request)

    def _kept(self) -> http.client.HTTPSConnection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _exchange(
        self, connection: http.client.HTTPSConnection, request: tuple[str, str, str | None, dict[str, str]]
    ) -> tuple[int, Any]:
        try:
            connection.request(*request)
            response = connection.getresponse()
            text = response.read().decode()
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        is_json = response.headers.get_content_type() == "application/json"
        return response.status, json.loads(text) if is_json else text

    def get(self, path: str) -> Any:
        """The decoded answer of a GET; AssertionError for any other status than 200."""
        return self._expect(200, "GET", path)

    def create(self, path: str, body: object) -> Any:
        """The object as created; AssertionError for any other status than 201."""
        return self._expect(201, "POST", path, body)

    def exists(self, path: str) -> bool:
        return bool(self.call("GET", path)[0] == 200)

    def await_right(self, user: str, **attributes: str) -> None:
        """Returns when a user has a right that was granted: the authorizer hears of it a little later.
        attributes: of a SubjectAccessReview's resourceAttributes, such as verb, group and resource."""
        path = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
        review = {"spec": {"user": user, "resourceAttributes": attributes}}
        wait_until(lambda: bool(self.create(path, review)["status"]["allowed"]))

    def discovered(self, group: str, plural: str) -> set[str]:
        """The versions in which clients find a kind: this list lags behind what the server serves already."""
        return {
            version["version"]
            for version in self._versions(group)
            if any(resource["resource"] == plural for resource in version.get("resources", ()))
        }

    def is_stale(self, group: str) -> bool:
        """Whether that list says of a group that it does not answer."""
        return any(version["freshness"] == "Stale" for version in self._versions(group))

    def _versions(self, group: str) -> list[Any]:
        status, found = self.call("GET", "/apis", accept=_AGGREGATED)
        assert status == 200, found
        groups = [each for each in found["items"] if each["metadata"]["name"] == group]
        return [version for each in groups for version in each["versions"]]

    def _expect(self, wanted: int, method: str, path: str, body: object = None) -> Any:
        status, answer = self.call(method, path, body)
        assert status == wanted, f"{method} {path}: {status} {answer}"
        return answer


def _close(connections: "deque[http.client.HTTPSConnection]") -> None:
    for connection in connections:
        connection.close()
