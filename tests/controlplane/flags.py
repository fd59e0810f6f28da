"""The command lines of the three servers: pure, one function per server, a reason for each odd flag."""

import socket
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
FRONT_PROXY = "front-proxy-client"  # the aggregator, as the servers behind it know it

# These act for nodes or a cloud, and there are none. Those that watch nodes would evict the pods that a test
# binds to a Node object, as no kubelet renews it.
_POINTLESS_CONTROLLERS = (
    "cloud-node-lifecycle-controller",
    "device-taint-eviction-controller",
    "node-ipam-controller",
    "node-lifecycle-controller",
    "node-route-controller",
    "persistentvolume-attach-detach-controller",
    "persistentvolume-expander-controller",
    "service-lb-controller",
    "taint-eviction-controller",
)


@dataclass(frozen=True)
class Ports:
    """One port for each listener of the three servers."""

    etcd: int
    etcd_peer: int
    apiserver: int
    controller_manager: int

    @classmethod
    def free(cls) -> "Ports":
        """Ports that are free now; a server may still lose one before it listens."""
        with ExitStack() as stack:
            sockets = [stack.enter_context(socket.create_server((LOOPBACK, 0))) for _ in range(4)]
            return cls(*(listener.getsockname()[1] for listener in sockets))


def etcd(workdir: Path, ports: Ports) -> list[str]:
    """etcd without fsync, as its data is short-lived; with TLS, so that only its own apiserver can use it."""
    client = f"https://{LOOPBACK}:{ports.etcd}"
    peer = f"http://{LOOPBACK}:{ports.etcd_peer}"
    return [
        "--name=scratch",
        f"--data-dir={workdir / 'etcd'}",
        "--unsafe-no-fsync",
        "--log-level=warn",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=scratch={peer}",
        f"--cert-file={workdir / 'server.crt'}",
        f"--key-file={workdir / 'server.key'}",
        f"--trusted-ca-file={workdir / 'ca.crt'}",
        "--client-cert-auth",
    ]


def apiserver(workdir: Path, ports: Ports) -> list[str]:
    """kube-apiserver with kubeadm's authentication, authorization and aggregation."""
    return [
        f"--etcd-servers=https://{LOOPBACK}:{ports.etcd}",
        f"--etcd-cafile={workdir / 'ca.crt'}",
        f"--etcd-certfile={workdir / 'server.crt'}",
        f"--etcd-keyfile={workdir / 'server.key'}",
        f"--bind-address={LOOPBACK}",
        f"--secure-port={ports.apiserver}",
        # Only shows in the endpoints of the service `kubernetes`, which may not be loopback (RFC 5737).
        "--advertise-address=192.0.2.1",
        "--service-cluster-ip-range=10.96.0.0/16",
        f"--tls-cert-file={workdir / 'server.crt'}",
        f"--tls-private-key-file={workdir / 'server.key'}",
        f"--client-ca-file={workdir / 'ca.crt'}",
        "--authorization-mode=RBAC",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-signing-key-file={workdir / 'service-account.key'}",
        f"--service-account-key-file={workdir / 'service-account.key'}",
        f"--requestheader-client-ca-file={workdir / 'ca.crt'}",
        f"--requestheader-allowed-names={FRONT_PROXY}",
        "--requestheader-username-headers=X-Remote-User",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        f"--proxy-client-cert-file={workdir / 'front-proxy.crt'}",
        f"--proxy-client-key-file={workdir / 'front-proxy.key'}",
        "--allow-privileged=true",
        "--profiling=false",
    ]


def controller_manager(workdir: Path, ports: Ports) -> list[str]:
    """kube-controller-manager, in more of a hurry than a cluster that has to last."""
    return [
        f"--kubeconfig={workdir / 'controller-manager.conf'}",
        f"--controllers=*,{','.join(f'-{name}' for name in _POINTLESS_CONTROLLERS)}",
        "--use-service-account-credentials=true",
        f"--service-account-private-key-file={workdir / 'service-account.key'}",
        f"--root-ca-file={workdir / 'ca.crt'}",
        f"--cluster-signing-cert-file={workdir / 'ca.crt'}",
        f"--cluster-signing-key-file={workdir / 'ca.key'}",
        f"--bind-address={LOOPBACK}",
        f"--secure-port={ports.controller_manager}",
        f"--tls-cert-file={workdir / 'server.crt'}",
        f"--tls-private-key-file={workdir / 'server.key'}",
        "--leader-elect=false",
        "--kube-api-qps=200",
        "--kube-api-burst=400",
        "--resource-quota-sync-period=10s",
        "--pvclaimbinder-sync-period=2s",
        "--profiling=false",
    ]
