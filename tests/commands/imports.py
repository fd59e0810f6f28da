"""What the tests of ctx-import share: files as kubeadm leaves them, and what a context stands for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.builders import Kubeconfig

KUBEADM = "kubernetes-admin@kubernetes"
Seen = Callable[..., dict[str, Any]]


def behind(config: dict[str, Any], context: str) -> tuple[Any, Any, Any]:
    """What a context stands for: its cluster, its user, its namespace."""
    body = config["contexts"][context]
    return config["clusters"][body["cluster"]], config["users"][body["user"]], body.get("namespace")


def kubeadm(path: Path, host: str, **user: Any) -> Path:
    """A file as kubeadm leaves it: the names are the same in every cluster."""
    builder = Kubeconfig().cluster("kubernetes", server=f"https://{host}:6443")
    builder.user("kubernetes-admin", **(user or {"token": f"token-of-{host}"}))
    return builder.context(KUBEADM, "kubernetes", "kubernetes-admin").current(KUBEADM).write(path)


def stamp(path: Path) -> tuple[int, int, bytes]:
    return path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes()
