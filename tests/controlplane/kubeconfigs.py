"""The kubeconfig files of the control plane, as kubeadm would write them."""

import base64
from pathlib import Path
from typing import Any

import yaml

from tests.controlplane.certificates import Credentials


def kubeconfig(server: str, authority: str, user: str, credentials: Credentials) -> dict[str, Any]:
    """A self-contained kubeconfig with the one context USER@kubernetes.

    authority is the PEM text of the certificate to trust.
    """
    context = f"{user}@kubernetes"
    return {
        "apiVersion": "v1",
        "clusters": [
            {
                "cluster": {"certificate-authority-data": _base64(authority), "server": server},
                "name": "kubernetes",
            }
        ],
        "contexts": [{"context": {"cluster": "kubernetes", "user": user}, "name": context}],
        "current-context": context,
        "kind": "Config",
        "users": [
            {
                "name": user,
                "user": {
                    "client-certificate-data": _base64(credentials.certificate),
                    "client-key-data": _base64(credentials.key),
                },
            }
        ],
    }


def write(path: Path, config: dict[str, Any]) -> Path:
    """Writes the kubeconfig readable by its owner only, and returns the path."""
    path.touch(mode=0o600)
    path.write_text(yaml.safe_dump(config))
    return path


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
