"""Which proxy is used, by Go's rules."""

from typing import Any

import pytest

from kubectl_ns_tools.cluster.connection import connect
from kubectl_ns_tools.cluster.endpoint import Endpoint
from kubectl_ns_tools.cluster.proxies import is_excluded, proxy_for
from kubectl_ns_tools.errors import Refused, Unreachable
from tests.cluster.scripted import Scripted

FAR = "https://api.example.com:6443"


@pytest.mark.parametrize(
    ("endpoint", "environment", "proxy"),
    [
        pytest.param(Endpoint(FAR), {}, "", id="none"),
        pytest.param(Endpoint(FAR), {"HTTPS_PROXY": "http://p:1"}, "http://p:1", id="environment"),
        pytest.param(Endpoint(FAR), {"https_proxy": "p:1"}, "http://p:1", id="without a scheme"),
        pytest.param(Endpoint(FAR), {"HTTP_PROXY": "http://p:1"}, "", id="for http only"),
        pytest.param(Endpoint(FAR), {"ALL_PROXY": "http://p:1"}, "", id="Go knows no ALL_PROXY"),
        pytest.param(Endpoint("http://api"), {"HTTP_PROXY": "http://p:1"}, "http://p:1", id="plain http"),
        pytest.param(
            Endpoint(FAR, proxy="socks5://q:2"),
            {"HTTPS_PROXY": "http://p:1"},
            "socks5://q:2",
            id="proxy-url wins",
        ),
        pytest.param(
            Endpoint(FAR), {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "example.com"}, "", id="excluded"
        ),
        pytest.param(
            Endpoint(FAR, proxy="http://q:2"),
            {"NO_PROXY": "*"},
            "http://q:2",
            id="proxy-url knows no NO_PROXY",
        ),
        pytest.param(Endpoint("https://127.0.0.1:1"), {"HTTPS_PROXY": "http://p:1"}, "", id="loopback"),
        pytest.param(Endpoint("https://[::1]:1"), {"HTTPS_PROXY": "http://p:1"}, "", id="loopback, IPv6"),
        pytest.param(Endpoint("https://localhost:1"), {"HTTPS_PROXY": "http://p:1"}, "", id="localhost"),
    ],
)
def test_a_request_goes_through(endpoint: Endpoint, environment: dict[str, str], proxy: str) -> None:
    assert proxy_for(endpoint, environment) == proxy


@pytest.mark.parametrize(
    ("host", "no_proxy", "expected"),
    [
        ("api.example.com", "example.com", True),
        ("example.com", "example.com", True),
        ("API.example.com", " foo , EXAMPLE.com ", True),
        ("notexample.com", "example.com", False),
        ("example.com", ".example.com", False),
        ("api.example.com", ".example.com", True),
        ("api.example.com", "*.example.com", True),
        ("api.example.com", "*", True),
        ("api.example.com", "api.example.com:6443", True),
        ("api.example.com", "api.example.com:443", False),
        ("10.1.2.3", "10.0.0.0/8", True),
        ("11.1.2.3", "10.0.0.0/8", False),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3", "10.1.2.3:6443", True),
        ("fd00::1", "fd00::/8", True),
        ("fd00::1", "[fd00::1]:6443", True),
        ("api", "", False),
    ],
)
def test_no_proxy_names_hosts_domains_and_networks(host: str, no_proxy: str, expected: bool) -> None:
    assert is_excluded(host, "6443", no_proxy) is expected


def test_an_unknown_scheme_is_refused_in_gos_words() -> None:
    with pytest.raises(Refused, match='unsupported scheme "ftp", must be http, https, or socks5'):
        proxy_for(Endpoint(FAR, proxy="ftp://p"), {})


def config(server: str, proxy: str) -> dict[str, Any]:
    with Scripted() as unused:
        return unused.config(server=server, **{"proxy-url": proxy})


def test_a_request_really_goes_through_the_proxy_with_its_password() -> None:
    with Scripted().answer({"a": 1}) as proxy:
        url = proxy.url.replace("http://", "http://me:s%40crt@")
        assert connect(config("http://api.example.com", url)).get("/x") == {"a": 1}
    assert proxy.requests[0].headers["host"] == ["api.example.com"]
    assert proxy.requests[0].headers["proxy-authorization"] == ["Basic bWU6c0BjcnQ="]


def test_a_proxy_that_is_away_is_named_as_the_fault_without_its_password() -> None:
    with Scripted() as gone:
        url = gone.url.replace("http://", "http://me:secret@")
    with pytest.raises(Unreachable) as caught:
        connect(config("https://api.example.com", url)).get("/x")
    assert "proxyconnect tcp" in caught.value.message
    assert "secret" not in caught.value.message
