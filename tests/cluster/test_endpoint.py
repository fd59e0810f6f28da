"""Where a cluster is: the cluster entry of a kubeconfig."""

import base64
from pathlib import Path
from typing import Any

import pytest

from kubectl_ns_tools.cluster.endpoint import Endpoint, endpoint_of
from kubectl_ns_tools.errors import Refused


@pytest.mark.parametrize(
    ("cluster", "endpoint"),
    [
        pytest.param({"server": "https://a:6443"}, Endpoint("https://a:6443"), id="plain"),
        pytest.param({"server": "https://a:6443/"}, Endpoint("https://a:6443"), id="with a slash"),
        pytest.param({"server": "https://a/k8s/c-1"}, Endpoint("https://a", "/k8s/c-1"), id="below a path"),
        pytest.param({"server": "https://u:p@a"}, Endpoint("https://a"), id="with a password"),
        pytest.param({"server": "a:8080"}, Endpoint("http://a:8080"), id="without a scheme"),
        pytest.param(
            {"server": "a:6443", "insecure-skip-tls-verify": True},
            Endpoint("https://a:6443", insecure=True),
            id="without a scheme, with TLS",
        ),
        pytest.param(
            {
                "server": "https://a",
                "tls-server-name": "b",
                "proxy-url": "http://c",
                "disable-compression": True,
            },
            Endpoint("https://a", tls_server_name="b", proxy="http://c", compression=False),
            id="the rest",
        ),
    ],
)
def test_a_cluster_is_at(cluster: dict[str, Any], endpoint: Endpoint) -> None:
    assert endpoint_of("c", cluster) == endpoint


def test_the_data_of_a_certificate_wins_over_its_file(tmp_path: Path) -> None:
    file = tmp_path / "ca.crt"
    file.write_text("from the file")
    cluster = {"server": "https://a", "certificate-authority": str(file)}
    assert endpoint_of("c", cluster).authority == "from the file"
    cluster["certificate-authority-data"] = base64.b64encode(b"data").decode()
    assert endpoint_of("c", cluster).authority == "data"


@pytest.mark.parametrize(
    ("cluster", "message"),
    [
        pytest.param({}, 'no server found for cluster "c"', id="no server"),
        pytest.param(
            {"server": "https://a", "certificate-authority": "/no/ca"},
            "unable to read certificate-authority /no/ca for c due to open /no/ca: no such file or directory",
            id="no CA file",
        ),
        pytest.param(
            {
                "server": "https://a",
                "certificate-authority-data": base64.b64encode(b"x").decode(),
                "insecure-skip-tls-verify": True,
            },
            "specifying a root certificates file with the insecure flag is not allowed",
            id="a CA and insecure",
        ),
    ],
)
def test_a_cluster_that_cannot_be_used_is_refused(cluster: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused) as caught:
        endpoint_of("c", cluster)
    assert message in caught.value.message
