"""Who we are: every way a kubeconfig's user entry can say it, as the server then sees it."""

import base64
import os
from pathlib import Path
from typing import Any

import pytest

from kubectl_ns_tools.cluster import credentials, tls
from kubectl_ns_tools.cluster.connection import connect
from kubectl_ns_tools.cluster.errors import ApiUnauthorized
from kubectl_ns_tools.cluster.tls import Identity, client_context
from kubectl_ns_tools.errors import Refused, Unreachable
from tests.cluster.scripted import Scripted
from tests.controlplane.certificates import Authority

pytestmark = pytest.mark.usefixtures("each_client")


def sent(user: dict[str, Any]) -> dict[str, list[str]]:
    """The headers that a request of this user carries, without those of every request."""
    with Scripted().answer({}) as server:
        connect(server.config(user)).get("/x")
    usual = {"accept", "accept-encoding", "host", "user-agent", "connection"}
    return {name: values for name, values in server.requests[0].headers.items() if name not in usual}


def basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


@pytest.mark.parametrize(
    ("user", "headers"),
    [
        pytest.param({}, {}, id="nobody"),
        pytest.param({"token": "abc"}, {"authorization": ["Bearer abc"]}, id="token"),
        pytest.param(
            {"username": "u", "password": "p:ä"}, {"authorization": [basic("u:p:ä")]}, id="password"
        ),
        pytest.param(
            {"token": "abc", "as": "jane"},
            {"authorization": ["Bearer abc"], "impersonate-user": ["jane"]},
            id="impersonation",
        ),
        pytest.param(
            {
                "as": "jane",
                "as-uid": "42",
                "as-groups": ["dev", "a,b"],
                "as-user-extra": {"Example.com/Reason": ["x", "y"]},
            },
            {
                "impersonate-user": ["jane"],
                "impersonate-uid": ["42"],
                "impersonate-group": ["dev", "a,b"],
                "impersonate-extra-example.com%2freason": ["x", "y"],
            },
            id="impersonation of all there is",
        ),
    ],
)
def test_a_user_is_sent_as(user: dict[str, Any], headers: dict[str, list[str]]) -> None:
    assert sent(user) == headers


def test_a_token_file_wins_over_a_token_and_is_trimmed(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("fresh\n")
    assert sent({"tokenFile": str(file), "token": "old"}) == {"authorization": ["Bearer fresh"]}


def test_a_token_steps_in_for_a_missing_token_file(tmp_path: Path) -> None:
    assert sent({"tokenFile": str(tmp_path / "no"), "token": "old"}) == {"authorization": ["Bearer old"]}


def test_a_missing_token_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="unable to read the token file"):
        sent({"tokenFile": str(tmp_path / "no")})


def test_a_token_file_is_read_again_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "token"
    file.write_text("one")
    source = credentials.TokenFile(str(file))
    assert source.authorization() == "Bearer one"
    file.write_text("two")
    assert source.authorization() == "Bearer one"
    monkeypatch.setattr(credentials, "TOKEN_FILE_SECONDS", -1.0)
    assert source.authorization() == "Bearer two"


def test_a_token_that_is_not_taken_any_more_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("one")
    with Scripted().answer({}).text("no", 401).answer({"a": 1}) as server:
        connection = connect(server.config({"tokenFile": str(file)}))
        connection.get("/x")
        file.write_text("two")
        assert connection.get("/x") == {"a": 1}
    assert server.requests[-1].headers["authorization"] == ["Bearer two"]


def test_a_fixed_token_that_is_not_taken_is_an_error_at_once() -> None:
    with Scripted().text("no", 401) as server, pytest.raises(ApiUnauthorized) as caught:
        connect(server.config({"token": "hunter2"})).get("/x")
    assert len(server.requests) == 1
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("user", [{"as-groups": ["dev"]}, {"as-uid": "1"}, {"as-user-extra": {"a": ["b"]}}])
def test_groups_without_a_user_are_refused_in_kubectls_words(user: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="without impersonating a user"):
        sent(user)


@pytest.mark.parametrize(
    ("user", "message"),
    [
        pytest.param(
            {"client-certificate": "/no/such.pem"},
            "unable to read client-cert /no/such.pem for scripted due to open /no/such.pem:"
            " no such file or directory",
            id="no certificate file",
        ),
        pytest.param(
            {"client-certificate-data": "%%%"}, "client-certificate-data is not base64", id="no base64"
        ),
        pytest.param(
            {"client-certificate-data": base64.b64encode(b"x").decode()},
            "clientKeyData or clientKey must be specified for scripted",
            id="no key",
        ),
    ],
)
def test_a_certificate_that_cannot_be_read_is_refused(user: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused, match=message):
        sent(user)


def test_an_auth_provider_without_a_token_is_a_clear_error() -> None:
    user = {"auth-provider": {"name": "oidc", "config": {"client-id": "x", "id-token": "no.jwt"}}}
    with pytest.raises(Unreachable, match='getting credentials: no token from auth-provider "oidc"'):
        sent(user)


def test_an_auth_providers_token_is_used() -> None:
    claims = base64.urlsafe_b64encode(b'{"exp": 99999999999, "x": "' + b"y" * 9 + b'"}').decode().rstrip("=")
    token = f"head.{claims}.sign"
    user = {"auth-provider": {"name": "oidc", "config": {"id-token": token}}}
    assert sent(user) == {"authorization": [f"Bearer {token}"]}


@pytest.fixture(params=["in memory", "on the disk"])
def _way_to_openssl(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "on the disk":  # where there is no /proc
        monkeypatch.setattr(tls, "DESCRIPTORS", "/no/such")


@pytest.mark.usefixtures("_way_to_openssl")
def test_a_certificate_and_its_key_are_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    authority = Authority.create()
    issued = authority.issue("jane")
    client_context(authority.certificate, insecure=False, identity=Identity(issued.certificate, issued.key))
    assert os.listdir(tmp_path) == []


@pytest.mark.usefixtures("_way_to_openssl")
def test_no_credential_is_left_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(Refused, match="tls: the client certificate and key cannot be used"):
        client_context("", insecure=True, identity=Identity("no certificate", "no key"))
    assert os.listdir(tmp_path) == []


def test_a_ca_bundle_that_is_none_is_refused_in_kubectls_words() -> None:
    with pytest.raises(Refused, match="unable to load root certificates: unable to parse bytes as PEM block"):
        client_context("not a certificate", insecure=False, identity=None)


def test_a_ca_bundle_may_have_comments_in_any_script() -> None:
    authority = Authority.create().certificate
    context = client_context(f"# Főtanúsítvány\n{authority}", insecure=False, identity=None)
    assert len(context.get_ca_certs()) == 1
