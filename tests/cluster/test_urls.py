"""URLs taken apart and put together, with Python's own urllib as the measure where it knows better."""

from urllib.parse import quote, urlencode, urlsplit

import pytest

from kubectl_ns_tools.cluster.urls import escaped, query_of, split


@pytest.mark.parametrize(
    "url",
    [
        "https://a",
        "https://a.example.com:6443",
        "https://a/k8s/clusters/c-1/",
        "https://a:1/x/y?z=1#f",
        "https://a?x",
        "https://user:p@ss@a:1/x",
        "https://[::1]:6443/x",
        "https://[fe80::1%25eth0]",
        "HTTPS://a",
        "https://a:",
    ],
)
def test_a_url_is_split_as_by_urllib(url: str) -> None:
    parts, theirs = split(url), urlsplit(url)
    assert parts.has_host
    assert (parts.scheme, parts.host, parts.port, parts.path) == (
        theirs.scheme,
        theirs.hostname,
        theirs.port or 0,
        theirs.path,
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://",
        "https://:1",
        "https:///x",
        "https://a:b",
        "https://a:0",
        "https://a:65536",
        "https://a:²",
        "https://[::1",
        "https://[::1]x:1",
        "https://::1",
        "https://a b",
        "https://a\n",
    ],
)
def test_what_is_no_host_and_port_is_known(url: str) -> None:
    assert not split(url).has_host


@pytest.mark.parametrize("text", ["", "kube-system", "a.b", "a/b", "a b", "ä", "a%2f", "../x", "a_b", "²"])
def test_text_is_escaped_as_by_urllib(text: str) -> None:
    assert escaped(text) == quote(text, safe="")
    assert escaped(text, safe="/%") == quote(text, safe="/%")


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"limit": "500"},
        {"limit": "500", "continue": "ey+/J2="},
        {"labelSelector": "a in (b, c)"},
        {"a": ""},
    ],
)
def test_a_query_is_written_as_by_urllib(values: dict[str, str]) -> None:
    assert query_of(values) == urlencode(values)
