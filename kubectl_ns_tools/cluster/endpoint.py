"""Where a cluster is and how it is reached: the `cluster` entry of a kubeconfig."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from kubectl_ns_tools.cluster import urls
from kubectl_ns_tools.errors import Refused

IN_PATHS = "/%:@!$&'()*+,;=~"  # RFC 3986, and what is percent-encoded already


# NamedTuples in this room: a frozen dataclass takes five times as long to define, up to a millisecond.
class Endpoint(NamedTuple):
    """server: scheme://host[:port], the name for messages; base_path: what stands before /api (Rancher)."""

    server: str
    base_path: str = ""
    authority: str = ""  # PEM; "": the system's CAs
    insecure: bool = False
    tls_server_name: str = ""
    proxy: str = ""  # may hold a password; "": the environment's
    compression: bool = True

    def __repr__(self) -> str:
        return f"Endpoint({self.server!r})"  # not the proxy

    @property
    def host(self) -> str:
        """Where to connect: without port and brackets; an IPv6 zone as the system writes it."""
        return urls.split(self.server).host.replace("%25", "%")

    @property
    def port(self) -> int:
        return urls.split(self.server).port or (443 if self.server.startswith("https:") else 80)

    @property
    def certified_name(self) -> str:
        """What the server's certificate must be for; Go's crypto/tls strips zone and trailing dot, too."""
        return self.tls_server_name or self.host.partition("%")[0].rstrip(".")

    @property
    def host_header(self) -> str:
        """The Host of a request: as in the URL, without an IPv6 zone (RFC 6874), in ASCII."""
        host = self.server.partition("://")[2]
        if "%" in host:
            host = re.sub(r"%[^]]*", "", host)
        return host if host.isascii() else host.encode("idna").decode()


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
    parts = _checked(url)
    return Endpoint(
        server=f"{parts.scheme}://{parts.netloc}",
        base_path=urls.escaped(parts.path.rstrip("/"), safe=IN_PATHS),
        authority=authority,
        insecure=insecure,
        tls_server_name=str(cluster.get("tls-server-name") or ""),
        proxy=str(cluster.get("proxy-url") or ""),
        compression=not cluster.get("disable-compression"),
    )


def _checked(url: str) -> urls.Parts:
    parts = urls.split(url)
    if not parts.has_host:
        raise Refused(f'host must be a URL or a host:port pair: "{url}"')
    if parts.scheme not in ("http", "https"):
        raise Refused(f'unsupported protocol scheme "{parts.scheme}"')
    return parts


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
        with open(file, errors="replace") as text:
            return text.read()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Refused(f"unable to read {title % file} due to open {file}: {reason}") from error
