"""The legacy `auth-provider` entry of a kubeconfig (oidc, gcp), by the client library's own loader."""

import threading
from collections.abc import Mapping
from typing import Any

from kubectl_ns_tools.cluster.tls import Identity
from kubectl_ns_tools.errors import Unreachable


class AuthProvider:
    """Tokens that the client library reads and refreshes; what it refreshes is kept in memory only."""

    def __init__(self, name: str, user: Mapping[str, Any]) -> None:
        self._name = name
        self._user = user
        self._lock = threading.Lock()
        self._configuration: Any = None

    def authorization(self) -> str:
        """The provider's bearer token; Unreachable when it has none."""
        with self._lock:
            token = self._token()
        if not token:
            raise Unreachable(
                f"Unable to connect to the server: getting credentials: no token from auth-provider"
                f' "{self._provider}" of user "{self._name}"',
                "log in again with the provider's own tool, or use an exec plugin",
            )
        return str(token)

    def identity(self) -> Identity | None:
        return None

    def renew(self, spent: str) -> bool:
        return False

    @property
    def _provider(self) -> str:
        return str((self._user.get("auth-provider") or {}).get("name") or "")

    def _token(self) -> Any:
        try:
            # the key of `api_key` differs between versions of the library, this does not
            return self._loaded().auth_settings().get("BearerToken", {}).get("value")
        except Exception as error:  # the loader lets every library below it speak
            raise Unreachable(
                f"Unable to connect to the server: getting credentials: auth-provider"
                f' "{self._provider}": {type(error).__name__}',
                "log in again with the provider's own tool, or use an exec plugin",
            ) from None

    def _loaded(self) -> Any:
        if self._configuration is None:
            from kubernetes.client import Configuration
            from kubernetes.config import kube_config

            load: Any = kube_config.load_kube_config_from_dict  # untyped
            self._configuration = Configuration()
            load(
                {
                    "current-context": "only",
                    "contexts": [{"name": "only", "context": {"cluster": "only", "user": "only"}}],
                    "clusters": [{"name": "only", "cluster": {}}],
                    "users": [{"name": "only", "user": dict(self._user)}],
                },
                client_configuration=self._configuration,
                persist_config=False,
            )
        return self._configuration
