"""Which proxy a request goes through, by the rules of Go's golang.org/x/net/http/httpproxy.

Python's own rules, and those of the client library's older versions, know no networks in NO_PROXY, let
ALL_PROXY count, and send requests for localhost to the proxy.
"""

from collections.abc import Mapping

from kubectl_ns_tools.cluster.endpoint import Endpoint
from kubectl_ns_tools.errors import Refused

SCHEMES = ("http", "https", "socks5")


def proxy_for(endpoint: Endpoint, environment: Mapping[str, str]) -> str:
    """The proxy's URL, "" for none: the cluster's proxy-url, else what HTTPS_PROXY and NO_PROXY say."""
    proxy = endpoint.proxy or _from_environment(endpoint, environment)
    if not proxy:
        return ""
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    scheme = proxy.partition("://")[0].lower()
    if scheme not in SCHEMES:
        raise Refused(f'proxy: unsupported scheme "{scheme}", must be http, https, or socks5')
    return proxy


def _from_environment(endpoint: Endpoint, environment: Mapping[str, str]) -> str:
    proxy = _variable(environment, f"{endpoint.server.partition(':')[0]}_proxy")
    if not proxy or is_loopback(endpoint.host):
        return ""
    no_proxy = _variable(environment, "no_proxy")
    return "" if is_excluded(endpoint.host, str(endpoint.port), no_proxy) else proxy


def _variable(environment: Mapping[str, str], name: str) -> str:
    return environment.get(name.upper()) or environment.get(name) or ""


def is_loopback(host: str) -> bool:
    """localhost and loopback addresses never go through a proxy of the environment."""
    import ipaddress  # for who has a proxy

    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_excluded(host: str, port: str, no_proxy: str) -> bool:
    """Whether NO_PROXY names this host: an address, a network, a domain with all below it, or *."""
    entries = (entry.strip().lower() for entry in no_proxy.split(","))
    return any(_matches(host.lower(), port, entry) for entry in entries if entry)


def _matches(host: str, port: str, entry: str) -> bool:
    import ipaddress

    if entry == "*":
        return True
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        pass  # the host or the entry is a name, or the entry has a port
    name, colon, only_port = entry.rpartition(":")
    if colon and only_port.isdigit():
        if only_port != port:
            return False
        entry = name.strip("[]")
    if host == entry:
        return True
    suffix = entry.removeprefix("*")
    return host.endswith(suffix if suffix.startswith(".") else f".{suffix}")
