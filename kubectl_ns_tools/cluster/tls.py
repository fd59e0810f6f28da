"""TLS as kubectl does it: only the cluster's CA counts if there is one, the system's otherwise."""

import contextlib
import os
import ssl
from collections.abc import Iterator
from typing import NamedTuple

from kubectl_ns_tools.errors import Refused

DESCRIPTORS = "/proc/self/fd"
# Where systems keep the authorities that they trust: Go's crypto/x509/root_linux.go and root_darwin.go.
SYSTEMS_OWN = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/pki/tls/cacert.pem",  # OpenELEC
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # CentOS, RHEL 7
    "/etc/ssl/cert.pem",  # Alpine, macOS
)


class Identity(NamedTuple):
    """A client certificate and its key, PEM."""

    certificate: str
    key: str

    def __repr__(self) -> str:
        return "Identity(…)"  # not the key


def client_context(authority: str, *, insecure: bool, identity: Identity | None) -> ssl.SSLContext:
    """The context for one cluster. authority: PEM of its CA certificates, "" for the system's.

    The context differs from Python's default where Go's crypto/tls does, since a cluster that kubectl
    accepts must not be refused here: any certificate in the CA bundle is an anchor, and CA certificates
    without the extensions of RFC 5280 pass (Python 3.13 made both strict).
    """
    context = _trusting(authority)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.hostname_checks_common_name = False
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if identity:
        _load_identity(context, identity)
    return context


def _trusting(authority: str) -> ssl.SSLContext:
    # bundles carry the issuers' names as comments, in any script; OpenSSL takes ASCII only
    text = authority.encode("ascii", "replace").decode()
    try:
        return ssl.create_default_context(cadata=text or None, cafile=None if text else _systems_own())
    except ssl.SSLError as error:
        raise Refused(
            "unable to load root certificates: unable to parse bytes as PEM block",
            "check certificate-authority or certificate-authority-data of the context's cluster",
        ) from error


def _systems_own() -> str | None:
    """The file of the system's authorities; None where OpenSSL finds them by itself.

    It looks where they are on the system that it was built on, which may be another one (in our archives).
    """
    known = ssl.get_default_verify_paths()  # those that are there; by SSL_CERT_FILE and SSL_CERT_DIR if set
    if known.cafile or known.capath:
        return None
    return next((path for path in SYSTEMS_OWN if os.path.exists(path)), None)


def _load_identity(context: ssl.SSLContext, identity: Identity) -> None:
    """Hand the pair to OpenSSL, which reads files only."""
    with _file(f"{identity.certificate.rstrip()}\n{identity.key.rstrip()}\n") as path:
        try:
            # a key with a passphrase must fail, as in kubectl, not ask at the terminal
            context.load_cert_chain(path, password=lambda: "")
        except (ssl.SSLError, ValueError) as error:
            reason = getattr(error, "reason", None) or "no valid PEM"
            raise Refused(
                f"tls: the client certificate and key cannot be used: {reason.lower().replace('_', ' ')}",
                "check client-certificate and client-key of the context's user",
            ) from error


@contextlib.contextmanager
def _file(text: str) -> Iterator[str]:
    """The path of a file of ours alone with this text: in memory where the system can (Linux), on the disk
    (0600) elsewhere. It lives no longer than the context."""
    if not (hasattr(os, "memfd_create") and os.path.isdir(DESCRIPTORS)):
        import tempfile

        with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
            file.write(text)
            file.flush()
            yield file.name
        return
    with open(os.memfd_create("identity"), "w") as file:
        file.write(text)
        file.flush()
        yield f"{DESCRIPTORS}/{file.fileno()}"
