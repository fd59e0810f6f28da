"""Kubeconfigs of any size, written as kubectl writes them: the same bytes for the same number of contexts."""

import base64
import random
from collections.abc import Iterator
from pathlib import Path

_CA, _CERTIFICATE, _KEY = 1100, 1150, 1675  # bytes of a PEM file; about 6 KB an entry, as kubeadm makes them


def name_of(number: int) -> str:
    """The name of a context."""
    return f"admin-{number}@cluster-{number}"


def write_kubeconfig(path: Path, contexts: int) -> None:
    """A kubeconfig with so many contexts, each with a cluster and a user of its own, inline certificates
    and all; the first is the current one."""
    with path.open("w") as file:
        file.writelines(_lines(random.Random(contexts), contexts))
    path.chmod(0o600)


def _lines(source: random.Random, contexts: int) -> Iterator[str]:
    yield "apiVersion: v1\nclusters:\n"
    for number in range(contexts):
        yield f"- cluster:\n    certificate-authority-data: {_pem(source, 'CERTIFICATE', _CA)}\n"
        yield f"    server: https://cluster-{number}.example.com:6443\n  name: cluster-{number}\n"
    yield "contexts:\n"
    for number in range(contexts):
        yield f"- context:\n    cluster: cluster-{number}\n    namespace: team-{number % 17}\n"
        yield f"    user: admin-{number}\n  name: {name_of(number)}\n"
    yield f"current-context: {name_of(0)}\nkind: Config\nusers:\n"
    for number in range(contexts):
        yield f"- name: admin-{number}\n  user:\n"
        yield f"    client-certificate-data: {_pem(source, 'CERTIFICATE', _CERTIFICATE)}\n"
        yield f"    client-key-data: {_pem(source, 'RSA PRIVATE KEY', _KEY)}\n"


def _pem(source: random.Random, label: str, size: int) -> str:
    """Random bytes in the form of a PEM file, in base64 as kubeconfigs hold it."""
    body = base64.encodebytes(source.randbytes(size * 3 // 4)).decode()
    return base64.b64encode(f"-----BEGIN {label}-----\n{body}-----END {label}-----\n".encode()).decode()
