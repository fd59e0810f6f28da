"""Faults on the wire in kubectl's words, whichever HTTP client met them.

The client's exceptions are only searched for the standard library's one at their bottom, so that this module
needs no HTTP client. Texts follow Go's net and crypto/x509, which kubectl prints.
"""

import socket
import ssl
from collections.abc import Iterator

from kubectl_ns_tools.errors import Unreachable

BROKEN = "net/http: HTTP/1.x transport connection broken"
# OpenSSL's X509_V_ERR_* that Go calls by another name
UNKNOWN_AUTHORITY = (2, 18, 19, 20, 21)
EXPIRED = (9, 10)


class WireError(ConnectionError):
    """What the other side sent is no whole HTTP message; the text is Go's."""


def broken(how: str) -> WireError:
    """The fault of an answer that is no HTTP."""
    return WireError(f"{BROKEN}: {how}")


def malformed(line: str) -> str:
    """How Go calls an answer that begins with this line."""
    return f"malformed HTTP response {quoted(line)}"


def quoted(text: str) -> str:
    """The beginning of what a stranger sent, without what a terminal would obey."""
    return f'"{ascii(text[:80])[1:-1]}"'


def unreachable(server: str, error: BaseException, through: str = "") -> Unreachable:
    """The error for a request to `server` (scheme://host:port) that failed on the wire.

    through: what the fault happened in, when it was not the server itself ("proxyconnect tcp").
    """
    host = server.partition("://")[2]
    cause = root_cause(error)
    if through:
        return Unreachable(f"Unable to connect to the server: {through}: {_reason(host, cause)}")
    if isinstance(cause, ConnectionRefusedError):
        return Unreachable(
            f"The connection to the server {host} was refused - did you specify the right host or port?",
            "check that the API server runs, and that the context names the right cluster",
        )
    return Unreachable(f"Unable to connect to the server: {_reason(host, cause)}")


def timed_out(server: str, waited: float) -> Unreachable:
    """The error for a server that did not take the connection, or took it and then said nothing (more)."""
    return Unreachable(
        f"Unable to connect to the server: {server} gave no complete answer within {round(waited, 1):g}s",
        "the server or the network is slow; --request-timeout sets the time to wait",
    )


def root_cause(error: BaseException) -> BaseException:
    """The standard library's exception that a client library's exception wraps, or the error itself."""
    import http.client  # no cheap import, and no fault means no need of it

    searched = (OSError, http.client.HTTPException)
    return next((found for found in _chain(error) if isinstance(found, searched)), error)


def is_drop(cause: BaseException) -> bool:
    """Whether the other side ended a connection that had been fine, be it TLS or not."""
    return isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError) or not isinstance(cause, ssl.SSLError)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and what it wraps, the inmost first."""
    for inner in (*error.args, getattr(error, "reason", None), error.__cause__, error.__context__):
        if isinstance(inner, BaseException):
            yield from _chain(inner)
    yield error


def _reason(host: str, cause: BaseException) -> str:
    if isinstance(cause, ssl.SSLError) and not is_drop(cause):
        return _tls_reason(cause)
    if reason := _http_reason(cause):
        return reason
    if isinstance(cause, socket.gaierror):
        return f"dial tcp: lookup {_without_port(host)}: no such host"
    if isinstance(cause, OSError) and cause.strerror:
        return f"dial tcp {host}: {cause.strerror.lower()}"
    return f"{host}: {cause}"


def _http_reason(cause: BaseException) -> str:
    """What the connection carried, where it carried something; "" for other faults."""
    import http.client

    if isinstance(cause, WireError):
        return str(cause)
    if isinstance(cause, ssl.SSLError | http.client.RemoteDisconnected):
        return "EOF"
    if isinstance(cause, http.client.IncompleteRead):
        return "unexpected EOF"
    if isinstance(cause, http.client.BadStatusLine):
        return f"{BROKEN}: {malformed(str(cause.args[0]))}"
    return ""


def _tls_reason(cause: ssl.SSLError) -> str:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"tls: failed to verify certificate: x509: {_certificate(cause)}"
    if cause.reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"):
        return "http: server gave HTTP response to HTTPS client"
    reason = (cause.reason or str(cause)).lower().replace("_", " ")
    return f"tls: {reason}"


def _certificate(cause: ssl.SSLCertVerificationError) -> str:
    if cause.verify_code in UNKNOWN_AUTHORITY:
        return "certificate signed by unknown authority"
    if cause.verify_code in EXPIRED:
        return "certificate has expired or is not yet valid"
    return cause.verify_message.removeprefix("Hostname mismatch, ").rstrip(".")


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host
