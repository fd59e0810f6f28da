"""Whose certificates are trusted where the kubeconfig names no authority."""

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from kubectl_ns_tools.cluster import tls
from tests.controlplane.certificates import Authority


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], list[str]]:
    """The names of the authorities that are trusted, on a system that keeps none where OpenSSL looks."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))

    def names() -> list[str]:
        context = tls.client_context("", insecure=False, identity=None)
        assert context.verify_mode is ssl.CERT_REQUIRED
        return [str(field[0][1]) for found in context.get_ca_certs() for field in found["subject"]]

    return names


def test_the_systems_own_are_found_where_openssl_does_not_look(
    trusted: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bundle = tmp_path / "ca-bundle.crt"
    bundle.write_text(Authority.create().certificate)
    monkeypatch.setattr(tls, "SYSTEMS_OWN", (str(tmp_path / "of another system"), str(bundle)))
    assert len(trusted()) == 1


def test_without_any_nobody_is_trusted(
    trusted: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tls, "SYSTEMS_OWN", (str(tmp_path / "of another system"),))
    assert trusted() == []


def test_what_the_user_names_counts_alone(
    trusted: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ours, systems = tmp_path / "ours.pem", tmp_path / "system.pem"
    ours.write_text(Authority.create().certificate)
    systems.write_text(2 * Authority.create().certificate)
    monkeypatch.setattr(tls, "SYSTEMS_OWN", (str(systems),))
    monkeypatch.setenv("SSL_CERT_FILE", str(ours))
    assert len(trusted()) == 1
    expected = ssl.create_default_context(cafile=str(ours)).get_ca_certs()
    assert tls.client_context("", insecure=False, identity=None).get_ca_certs() == expected
