"""The certificates convince the strictest client that we have, and only on the authority's behalf."""

import socket
import ssl
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.controlplane.certificates import Authority, Credentials, Key


@pytest.fixture
def authority() -> Authority:
    return Authority.create()


class Handshake:
    """A TLS server and a TLS client that meet once; both demand a certificate of the other."""

    def __init__(self, folder: Path, authority: Authority) -> None:
        self._folder = folder
        self._authority = authority
        self._server = authority.issue("server", hosts=["127.0.0.1", "localhost"])
        self._client = authority.issue("alice", ["devs", "ops"])
        self._host = "127.0.0.1"

    def from_client(self, credentials: Credentials) -> "Handshake":
        self._client = credentials
        return self

    def to_host(self, host: str) -> "Handshake":
        self._host = host
        return self

    def meet(self) -> Any:
        """The client's certificate as the server sees it; ssl.SSLError when either one refuses."""
        peers: list[Any] = []
        with socket.create_server(("127.0.0.1", 0)) as listener:
            thread = threading.Thread(target=self._serve, args=(listener, peers))
            thread.start()
            try:
                self._connect(listener.getsockname())
            finally:
                thread.join()
        return peers[0]

    def _context(self, protocol: int, name: str, credentials: Credentials) -> ssl.SSLContext:
        context = ssl.SSLContext(protocol)
        context.verify_mode = ssl.CERT_REQUIRED
        context.verify_flags |= ssl.VERIFY_X509_STRICT  # what Python 3.13 does by default
        context.load_verify_locations(cadata=self._authority.certificate)
        context.load_cert_chain(*credentials.write(self._folder / name))
        return context

    def _serve(self, listener: socket.socket, peers: list[Any]) -> None:
        context = self._context(ssl.PROTOCOL_TLS_SERVER, "server", self._server)
        connection, _ = listener.accept()
        with connection:
            try:
                with context.wrap_socket(connection, server_side=True) as tls:
                    peers.append(tls.getpeercert())
                    tls.send(b"!")
            except OSError:
                pass  # the client tells

    def _connect(self, address: tuple[str, int]) -> None:
        context = self._context(ssl.PROTOCOL_TLS_CLIENT, "client", self._client)
        with (
            socket.create_connection(address) as connection,
            context.wrap_socket(connection, server_hostname=self._host) as tls,
        ):
            tls.recv(1)


def test_user_and_server_trust_each_other(tmp_path: Path, authority: Authority) -> None:
    subject = Handshake(tmp_path, authority).to_host("localhost").meet()["subject"]
    assert [pair for (pair,) in subject] == [
        ("organizationName", "devs"),
        ("organizationName", "ops"),
        ("commonName", "alice"),
    ]


def test_another_authority_s_user_is_refused(tmp_path: Path, authority: Authority) -> None:
    with pytest.raises(ssl.SSLError):
        Handshake(tmp_path, authority).from_client(Authority.create().issue("mallory")).meet()


def test_another_host_s_name_is_refused(tmp_path: Path, authority: Authority) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match=r"example\.com"):
        Handshake(tmp_path, authority).to_host("example.com").meet()


def test_an_authority_that_was_read_again_signs_as_before(tmp_path: Path, authority: Authority) -> None:
    authority.credentials.write(tmp_path / "ca")
    again = Authority(Credentials.read(tmp_path / "ca"))
    assert Handshake(tmp_path, authority).from_client(again.issue("bob")).meet()["subject"]


def test_a_key_file_is_for_its_owner_only(tmp_path: Path, authority: Authority) -> None:
    _, key = authority.issue("alice").write(tmp_path / "alice")
    assert key.stat().st_mode & 0o777 == 0o600


def test_a_key_survives_its_text_form() -> None:
    key = Key.generate()
    assert Key.from_pem(key.pem) == key
