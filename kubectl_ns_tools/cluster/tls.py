"""TLS as kubectl does it: only the cluster's CA counts if there is one, the system's otherwise."""

import dataclasses
import ssl

from kubectl_ns_tools.errors import Refused


@dataclasses.dataclass(frozen=True)
class Identity:
    """A client certificate and its key, PEM."""

    certificate: str
    key: str = dataclasses.field(repr=False)


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
        return ssl.create_default_context(cadata=text or None)
    except ssl.SSLError as error:
        raise Refused(
            "unable to load root certificates: unable to parse bytes as PEM block",
            "check certificate-authority or certificate-authority-data of the context's cluster",
        ) from error


def _load_identity(context: ssl.SSLContext, identity: Identity) -> None:
    """Hand the pair to OpenSSL, which reads files only; ours lives (0600) no longer than the call."""
    import tempfile

    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(f"{identity.certificate.rstrip()}\n{identity.key.rstrip()}\n")
        file.flush()
        try:
            # a key with a passphrase must fail, as in kubectl, not ask at the terminal
            context.load_cert_chain(file.name, password=lambda: "")
        except (ssl.SSLError, ValueError) as error:
            reason = getattr(error, "reason", None) or "no valid PEM"
            raise Refused(
                f"tls: the client certificate and key cannot be used: {reason.lower().replace('_', ' ')}",
                "check client-certificate and client-key of the context's user",
            ) from error
