"""Who we are to a cluster: the `user` entry of a kubeconfig.

The rules are client-go's (tools/clientcmd/client_config.go, transport/round_trippers.go); the client
library's own loader leaves out impersonation, lets `token` win over `tokenFile`, and turns a failing exec
plugin into a request without credentials. It is asked for the legacy auth-provider entries only.
"""

import base64
import time
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from kubectl_ns_tools.cluster.endpoint import Endpoint, pem
from kubectl_ns_tools.cluster.exchange import Headers
from kubectl_ns_tools.cluster.tls import Identity
from kubectl_ns_tools.cluster.urls import escaped
from kubectl_ns_tools.errors import Refused

TOKEN_FILE_SECONDS = 60.0  # client-go reads the file again as often


class Source(Protocol):
    """One way to authenticate; its methods may be called from any thread."""

    def authorization(self) -> str:
        """The value of the Authorization header; "" for none."""

    def identity(self) -> Identity | None:
        """A client certificate that comes with it (an exec plugin's)."""

    def renew(self, spent: str) -> bool:
        """After a 401 to the authorization `spent`: whether there is another now, or can be got."""


class Fixed:
    """A token or password written in the kubeconfig, or nothing at all."""

    def __init__(self, authorization: str = "") -> None:
        self._authorization = authorization

    def authorization(self) -> str:
        return self._authorization

    def identity(self) -> Identity | None:
        return None

    def renew(self, spent: str) -> bool:
        return False


class TokenFile(Fixed):
    """A bearer token in a file that somebody else keeps fresh (a pod's service account)."""

    def __init__(self, path: str, fallback: str = "") -> None:
        super().__init__()
        self._path = path
        self._token = fallback
        self._read_at = float("-inf")

    def authorization(self) -> str:
        if time.monotonic() - self._read_at > TOKEN_FILE_SECONDS:
            self._read()
        return f"Bearer {self._token}"

    def renew(self, spent: str) -> bool:
        self._read()
        return f"Bearer {self._token}" != spent

    def _read(self) -> None:
        try:
            with open(self._path) as file:
                token = file.read().strip()
        except (OSError, UnicodeDecodeError) as error:
            if not self._token:
                raise Refused(f"unable to read the token file {self._path}: {error}") from error
            token = self._token
        self._token, self._read_at = token, time.monotonic()


class Credentials:
    """Everything that a user entry says: the source of the header, the certificate, the impersonation."""

    def __init__(self, source: Source, identity: Identity | None = None, extra: Headers = ()) -> None:
        self._source = source
        self._identity = identity
        self._extra = extra

    def headers(self) -> tuple[str, Headers]:
        """The authorization for one request, "" for none, and the further headers."""
        return self._source.authorization(), self._extra

    def identity(self) -> Identity | None:
        """The client certificate to use now; an exec plugin may bring one."""
        return self._source.identity() or self._identity

    def renew(self, spent: str) -> bool:
        """After a 401 to this authorization: whether trying again makes sense."""
        return self._source.renew(spent)


def credentials_of(
    name: str,
    user: Mapping[str, Any],
    endpoint: Endpoint,
    extensions: Sequence[Any] = (),
    *,
    cache: str = "",
    patience: float | None = None,
) -> Credentials:
    """The credentials of a kubeconfig's user entry; Refused if they cannot be used.

    extensions: those of the cluster entry, which may hold configuration for an exec plugin; cache: the folder
    for what such a plugin answers, "" for none; patience: seconds for it to answer, None for no limit.
    """
    identity = None
    if certificate := pem(user, "client-certificate", f"client-cert %s for {name}"):
        key = pem(user, "client-key", f"client-key %s for {name}")
        if not key:
            raise Refused(
                f"clientKeyData or clientKey must be specified for {name} to use the clientCert"
                " authentication method"
            )
        identity = Identity(certificate, key)
    source = _fixed_source(user)
    if source is None and user.get("exec"):
        from kubectl_ns_tools.cluster.exec_plugin import ExecPlugin

        source = ExecPlugin(user["exec"], endpoint, extensions, name=name, cache=cache, patience=patience)
    if source is None and user.get("auth-provider"):
        from kubectl_ns_tools.cluster.auth_provider import AuthProvider

        source = AuthProvider(name, user)
    source = source or Fixed()
    return Credentials(source, identity, impersonation(user))


def _fixed_source(user: Mapping[str, Any]) -> Source | None:
    if user.get("tokenFile"):
        return TokenFile(user["tokenFile"], str(user.get("token") or ""))
    if user.get("token"):
        return Fixed(f"Bearer {user['token']}")
    if user.get("username"):
        pair = f"{user['username']}:{user.get('password') or ''}"
        return Fixed("Basic " + base64.b64encode(pair.encode()).decode())
    return None


def impersonation(user: Mapping[str, Any]) -> Headers:
    """The Impersonate-* headers of `as`, `as-uid`, `as-groups` and `as-user-extra`."""
    acting = str(user.get("as") or "")
    others = [("Impersonate-Uid", str(user["as-uid"]))] if user.get("as-uid") else []
    others += [("Impersonate-Group", str(group)) for group in user.get("as-groups") or ()]
    for key, values in (user.get("as-user-extra") or {}).items():
        # keys are case-insensitive HTTP names; what is no token character is percent-encoded
        header = "Impersonate-Extra-" + escaped(str(key).lower(), safe="!#$&'*+^`|~")
        others += [(header, str(value)) for value in values or ()]
    if others and not acting:
        raise Refused(
            "requesting uid, groups or user-extra without impersonating a user",
            'add "as" to the context\'s user, or remove as-uid, as-groups and as-user-extra',
        )
    return [("Impersonate-User", acting), *others] if acting else []
