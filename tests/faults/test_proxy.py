"""The proxy does to a request what it is told, and nothing to the others."""

import http.client
import json
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.controlplane.servers import ControlPlane
from tests.controlplane.waiting import wait_until
from tests.faults import faults
from tests.faults.proxy import ALWAYS, FaultProxy

pytestmark = pytest.mark.integration
NAMESPACES = "/api/v1/namespaces"
DEFAULT = f"{NAMESPACES}/default"


@pytest.fixture
def proxy(controlplane: ControlPlane) -> Iterator[FaultProxy]:
    with FaultProxy.before(controlplane) as started:
        yield started


class Reply:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def document(self) -> Any:
        return json.loads(self.body)


def ask(proxy: FaultProxy, method: str, target: str, body: Any = None, timeout: float = 20) -> Reply:
    address = urlsplit(proxy.url)
    if address.scheme == "https":
        tls = ssl.create_default_context(cafile=str(proxy.trust))
        connection = http.client.HTTPSConnection(address.netloc, context=tls, timeout=timeout)
    else:
        connection = http.client.HTTPConnection(address.netloc, timeout=timeout)
    try:
        headers = {"Content-Type": "application/json"}
        connection.request(method, target, None if body is None else json.dumps(body), headers)
        return Reply(connection.getresponse())
    finally:
        connection.close()


def configmap(name: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}


def test_without_a_fault_everything_comes_through_as_the_admin(proxy: FaultProxy, namespace: str) -> None:
    assert ask(proxy, "GET", DEFAULT).document["metadata"]["name"] == "default"
    path = f"{NAMESPACES}/{namespace}/configmaps"
    assert ask(proxy, "POST", path, configmap("a")).status == 201
    assert ask(proxy, "DELETE", f"{path}/a").status == 200
    assert ask(proxy, "GET", f"{path}/a").document["reason"] == "NotFound"
    assert [(seen.method, seen.fault) for seen in proxy.seen] == [
        ("GET", ""),
        ("POST", ""),
        ("DELETE", ""),
        ("GET", ""),
    ]
    assert [seen.method for seen in proxy.writes()] == ["POST", "DELETE"]


def test_a_watch_comes_through_event_by_event(proxy: FaultProxy, namespace: str) -> None:
    path = f"{NAMESPACES}/{namespace}/configmaps"
    connection = http.client.HTTPConnection(urlsplit(proxy.url).netloc, timeout=20)
    connection.request("GET", f"{path}?watch=1&timeoutSeconds=15")
    response = connection.getresponse()
    first = json.loads(response.readline())
    ask(proxy, "POST", path, configmap("fresh"))
    while json.loads(response.readline())["object"]["metadata"]["name"] != "fresh":
        pass
    assert first["type"] == "ADDED"
    connection.close()


def test_a_fault_is_for_the_requests_that_match_and_for_so_many_of_them(proxy: FaultProxy) -> None:
    proxy.on("GET", rf"{NAMESPACES}/.*", then=faults.refused(500), query="x=1", after=1, times=2)
    answers = [ask(proxy, "GET", f"{DEFAULT}?x=1").status for _ in range(5)]
    assert answers == [200, 500, 500, 200, 200]
    assert ask(proxy, "GET", DEFAULT).status == 200
    assert ask(proxy, "GET", f"{NAMESPACES}?x=1").status == 200
    assert [seen.fault for seen in proxy.faults()] == ["refused_500"] * 2
    proxy.on("GET", DEFAULT, then=faults.refused(500), times=ALWAYS).without_faults()
    assert ask(proxy, "GET", DEFAULT).status == 200


@pytest.mark.parametrize(("fault", "is_done"), [(faults.dropped, False), (faults.dropped_after, True)])
def test_a_dropped_request_was_done_or_not(
    proxy: FaultProxy, controlplane: ControlPlane, namespace: str, fault: Any, is_done: bool
) -> None:
    path = f"{NAMESPACES}/{namespace}/configmaps"
    proxy.on("POST", path, then=fault)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        ask(proxy, "POST", path, configmap("a"))
    assert controlplane.api.exists(f"{path}/a") is is_done


@pytest.mark.parametrize(("fault", "is_done"), [(faults.hanging, False), (faults.hanging_after, True)])
def test_a_hanging_request_was_done_or_not(
    proxy: FaultProxy, controlplane: ControlPlane, namespace: str, fault: Any, is_done: bool
) -> None:
    path = f"{NAMESPACES}/{namespace}/configmaps"
    proxy.on("POST", path, then=fault)
    with pytest.raises(TimeoutError):
        ask(proxy, "POST", path, configmap("a"), timeout=1)
    wait_until(lambda: controlplane.api.exists(f"{path}/a") is is_done)  # perhaps it has only just been asked


def test_an_answer_is_cut_off(proxy: FaultProxy) -> None:
    proxy.on("GET", DEFAULT, then=faults.cut)
    with pytest.raises(http.client.IncompleteRead):
        ask(proxy, "GET", DEFAULT)


def test_an_answer_stops_in_the_middle(proxy: FaultProxy) -> None:
    proxy.on("GET", DEFAULT, then=faults.stalled)
    with pytest.raises(TimeoutError):
        ask(proxy, "GET", DEFAULT, timeout=1)


def test_json_ends_in_the_middle_of_a_whole_answer(proxy: FaultProxy) -> None:
    proxy.on("GET", DEFAULT, then=faults.truncated)
    answer = ask(proxy, "GET", DEFAULT)
    assert answer.status == 200
    with pytest.raises(json.JSONDecodeError):
        _ = answer.document


def test_an_answer_is_no_json(proxy: FaultProxy) -> None:
    proxy.on("GET", DEFAULT, then=faults.not_json)
    assert ask(proxy, "GET", DEFAULT).body.startswith(b"<html>")


def test_a_slow_answer_is_right_in_the_end(proxy: FaultProxy) -> None:
    proxy.on("GET", DEFAULT, then=faults.slow(0.05, 100))
    start = time.monotonic()
    assert ask(proxy, "GET", DEFAULT).document == ask(proxy, "GET", DEFAULT).document
    assert time.monotonic() - start > 0.1


@pytest.mark.parametrize("code", [429, 500, 503])
@pytest.mark.parametrize("retry_after", [None, 3])
def test_a_refusal_is_a_status_of_its_code(proxy: FaultProxy, code: int, retry_after: int | None) -> None:
    proxy.on("GET", DEFAULT, then=faults.refused(code, retry_after=retry_after))
    answer = ask(proxy, "GET", DEFAULT)
    assert (answer.status, answer.document["code"]) == (code, code)
    assert answer.headers["Retry-After"] == (retry_after and str(retry_after))


@pytest.mark.parametrize("rest", [False, True])
def test_a_continue_token_expires_with_or_without_an_offer(proxy: FaultProxy, rest: bool) -> None:
    proxy.on("GET", NAMESPACES, then=faults.expired(offering_the_rest=rest), query="continue=")
    token = ask(proxy, "GET", f"{NAMESPACES}?limit=1").document["metadata"]["continue"]
    target = f"{NAMESPACES}?limit=500&continue={token}"
    answer = ask(proxy, "GET", target)
    assert (answer.status, answer.document["reason"]) == (410, "Expired")
    assert answer.document["metadata"].get("continue", "") == (token if rest else "")
    assert ask(proxy, "GET", target).status == 200


def test_it_speaks_tls_with_the_clusters_authority(controlplane: ControlPlane, tmp_path: Path) -> None:
    with FaultProxy.before(controlplane, tls=tmp_path) as proxy:
        proxy.on("GET", NAMESPACES, then=faults.dropped)
        assert ask(proxy, "GET", DEFAULT).status == 200
        with pytest.raises((http.client.RemoteDisconnected, ssl.SSLEOFError, ConnectionResetError)):
            ask(proxy, "GET", NAMESPACES)


@pytest.mark.parametrize("tls", [False, True])
def test_its_kubeconfig_leads_the_real_kubectl_through_it(
    controlplane: ControlPlane, tmp_path: Path, kubectl: Any, tls: bool
) -> None:
    with FaultProxy.before(controlplane, tls=tmp_path if tls else None) as proxy:
        proxy.on("GET", DEFAULT, then=faults.refused(500), times=ALWAYS)
        config = proxy.kubeconfig(tmp_path)
        assert kubectl("--kubeconfig", config, "get", "ns", "kube-system", "-o", "name").stdout
        failed = kubectl("--kubeconfig", config, "get", "ns", "default", check=False)
        assert "the fault proxy says no" in failed.stderr
