"""Kubeconfigs for tests, said in one line."""

import json
from pathlib import Path
from typing import Any


class Kubeconfig:
    """Kubeconfig().context("a", namespace="n").current("a").write(path): each context brings the cluster
    and the user that it names."""

    def __init__(self) -> None:
        self._contexts: dict[str, dict[str, Any]] = {}
        self._clusters: dict[str, dict[str, Any]] = {}
        self._users: dict[str, dict[str, Any]] = {}
        self._current = ""

    def context(self, name: str, cluster: str = "c", user: str = "u", namespace: str = "") -> "Kubeconfig":
        self._contexts[name] = {"cluster": cluster, "user": user} | (
            {"namespace": namespace} if namespace else {}
        )
        self._clusters.setdefault(cluster, {"server": "https://127.0.0.1:1"})
        self._users.setdefault(user, {})
        return self

    def cluster(self, name: str, **fields: Any) -> "Kubeconfig":
        self._clusters[name] = _dashed(fields)
        return self

    def user(self, name: str, **fields: Any) -> "Kubeconfig":
        self._users[name] = _dashed(fields)
        return self

    def current(self, name: str) -> "Kubeconfig":
        self._current = name
        return self

    def write(self, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.value(), indent=1))
        return path

    def value(self) -> dict[str, Any]:
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": self._current,
            "contexts": [{"name": name, "context": body} for name, body in self._contexts.items()],
            "clusters": [{"name": name, "cluster": body} for name, body in self._clusters.items()],
            "users": [{"name": name, "user": body} for name, body in self._users.items()],
        }


def _dashed(fields: dict[str, Any]) -> dict[str, Any]:
    return {key.replace("_", "-"): value for key, value in fields.items()}
