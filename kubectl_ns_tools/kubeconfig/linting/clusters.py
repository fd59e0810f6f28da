"""What is wrong with a cluster.

Source: client-go tools/clientcmd/validation.go (validateClusterInfo), rest/url_utils.go, rest/transport.go.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from kubectl_ns_tools.kubeconfig.linting.contents import check_authority, content_findings
from kubectl_ns_tools.kubeconfig.linting.findings import Finding
from kubectl_ns_tools.kubeconfig.linting.places import PlacedEntry

_USERINFO = re.compile(r"[^/]+(?=@)")  # a password may be in it
_SCHEMES = ("https", "http")
_PROXY_SCHEMES = ("http", "https", "socks5")


def cluster_findings(entry: PlacedEntry, at: datetime) -> Iterator[Finding]:
    """at: the present."""
    yield from _server(entry)
    yield from _proxy(entry)
    if entry.body.get("insecure-skip-tls-verify") is True:
        yield _insecure(entry)
    yield from content_findings(entry, "certificate-authority", check_authority, at)


def _server(entry: PlacedEntry) -> Iterator[Finding]:
    server = entry.get("server")
    scheme, reachable = _url(server)
    if not server:
        yield entry.finding("no-server", "no server is set: kubectl goes to localhost:8080", "server")
    elif not reachable:
        problem = f'host must be a URL or a host:port pair: "{_USERINFO.sub("REDACTED", server)}"'
        yield entry.finding("server-url", problem, "server")
    elif not scheme:
        problem = "the server has no scheme; other fields decide whether that is http or https"
        yield entry.finding("server-scheme", problem, "server")
    elif scheme not in _SCHEMES:
        yield entry.finding("server-url", f'unsupported protocol scheme "{scheme}"', "server")


def _url(text: str) -> tuple[str, bool]:
    """(scheme, whether it names a host); a host alone, with a port or without, has no scheme."""
    try:
        url = urlsplit(text if "://" in text else f"//{text}")
        return url.scheme, bool(url.hostname) and url.port != 0 and not any(map(str.isspace, text))
    except ValueError:  # such as a port that is none
        return "", False


def _proxy(entry: PlacedEntry) -> Iterator[Finding]:
    proxy = entry.get("proxy-url")
    scheme = proxy.partition(":")[0].lower()
    if proxy and scheme not in _PROXY_SCHEMES:
        problem = f'unsupported scheme "{scheme}" of the proxy, must be http, https, or socks5'
        yield entry.finding("proxy-url", problem, "proxy-url")


def _insecure(entry: PlacedEntry) -> Finding:
    if entry.get("certificate-authority") or entry.get("certificate-authority-data"):
        rule = "insecure-authority"
        problem = "specifying a root certificates file with the insecure flag is not allowed"
    else:
        rule = "insecure"
        problem = "the server's certificate is not verified: who is on the way can read and change everything"
    return entry.finding(rule, problem, "insecure-skip-tls-verify")
