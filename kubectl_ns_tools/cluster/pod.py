"""The pod we run in: its service account and namespace, by client-go's rules (rest.InClusterConfig)."""

import os
from typing import Any

from kubectl_ns_tools.errors import NotFound

SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
NAME = "in-cluster"


def config_of_pod() -> dict[str, Any]:
    """A self-contained kubeconfig for the pod's service account; NotFound if we do not run in a pod."""
    host, port = os.environ.get("KUBERNETES_SERVICE_HOST", ""), os.environ.get("KUBERNETES_SERVICE_PORT", "")
    token = os.path.join(SERVICE_ACCOUNT, "token")
    if not (host and port and os.path.isfile(token)):
        raise NotFound(
            "unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT"
            " must be defined",
            "outside a pod, use a kubeconfig",
        )
    host = f"[{host}]" if ":" in host else host
    authority = os.path.join(SERVICE_ACCOUNT, "ca.crt")
    cluster = {"server": f"https://{host}:{port}", "certificate-authority": authority}
    return {
        "current-context": NAME,
        "contexts": [{"name": NAME, "context": {"cluster": NAME, "user": NAME}}],
        "clusters": [{"name": NAME, "cluster": cluster}],
        "users": [{"name": NAME, "user": {"tokenFile": token}}],
    }


def namespace_of_pod() -> str:
    """The namespace that kubectl would use in this pod."""
    if name := os.environ.get("POD_NAMESPACE"):
        return name
    try:
        with open(os.path.join(SERVICE_ACCOUNT, "namespace")) as file:
            return file.read().strip() or "default"
    except OSError:
        return "default"
