"""Where a cluster is and how it is reached: the `cluster` entry of a kubeconfig."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kubectl_ns_tools.errors import Refused


@dataclasses.dataclass(frozen=True)
class Endpoint:
    """server: scheme://host[:port], the name for messages; base_path: what stands before /api (Rancher)."""

    server: str
    base_path: str = ""
    authority: str = ""  # PEM; "": the system's CAs
    insecure: bool = False
    tls_server_name: str = ""
    proxy: str = dataclasses.field(default="", repr=False)  # may hold a password; "": the environment's
    compression: bool = True

    @property
    def host(self) -> str:
        """Without port and brackets."""
        return urlsplit(self.server).hostname or ""


def endpoint_of(name: str, cluster: Mapping[str, Any]) -> Endpoint:
    """The endpoint of a kubeconfig's cluster entry; Refused, in kubectl's words, if it cannot be used."""
    url = str(cluster.get("server") or "")
    if not url:
        raise Refused(f'invalid configuration: no server found for cluster "{name}"')
    authority = pem(cluster, "certificate-authority", f"certificate-authority %s for {name}")
    insecure = bool(cluster.get("insecure-skip-tls-verify"))
    if authority and insecure:
        raise Refused("specifying a root certificates file with the insecure flag is not allowed")
    if "://" not in url:  # client-go's DefaultServerURL
        url = ("https://" if authority or insecure else "http://") + url
    parts = urlsplit(url)
    return Endpoint(
        server=f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
        base_path=parts.path.rstrip("/"),
        authority=authority,
        insecure=insecure,
        tls_server_name=str(cluster.get("tls-server-name") or ""),
        proxy=str(cluster.get("proxy-url") or ""),
        compression=not cluster.get("disable-compression"),
    )


def pem(entry: Mapping[str, Any], key: str, title: str) -> str:
    """The PEM text of KEY-data (base64) or of the file KEY, "" without either; data wins, as in client-go.

    title: what a failure calls it, with %s for the file.
    """
    import base64
    import binascii

    if data := entry.get(f"{key}-data"):
        try:
            return base64.b64decode("".join(str(data).split()), validate=True).decode(errors="replace")
        except binascii.Error as error:
            raise Refused(f"{key}-data is not base64 of PEM text") from error
    if not (file := entry.get(key)):
        return ""
    try:
        return Path(file).read_text(errors="replace")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Refused(f"unable to read {title % file} due to open {file}: {reason}") from error
