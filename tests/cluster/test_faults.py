"""Faults on the wire in kubectl's words, from the exceptions of any HTTP client."""

import errno
import http.client
import os
import socket
import ssl

import pytest

from kubectl_ns_tools.cluster.faults import root_cause, timed_out, unreachable
from kubectl_ns_tools.errors import ExitCode

SERVER = "https://api.example.com:6443"


class OfAClient(Exception):
    """A client library's exception, which wraps the one that counts."""


def certificate_error(code: int, text: str) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, text)
    error.verify_code, error.verify_message = code, text
    return error


def tls_error(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, reason)
    error.reason = reason
    return error


def system_error(number: int) -> OSError:
    return OSError(number, os.strerror(number))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        pytest.param(
            certificate_error(20, "unable to get local issuer certificate"),
            "tls: failed to verify certificate: x509: certificate signed by unknown authority",
            id="unknown authority",
        ),
        pytest.param(
            certificate_error(10, "certificate has expired"),
            "tls: failed to verify certificate: x509: certificate has expired or is not yet valid",
            id="expired",
        ),
        pytest.param(
            certificate_error(62, "Hostname mismatch, certificate is not valid for 'x'."),
            "tls: failed to verify certificate: x509: certificate is not valid for 'x'",
            id="another name",
        ),
        pytest.param(
            tls_error("WRONG_VERSION_NUMBER"), "http: server gave HTTP response to HTTPS client", id="no TLS"
        ),
        pytest.param(
            tls_error("TLSV13_ALERT_CERTIFICATE_REQUIRED"),
            "tls: tlsv13 alert certificate required",
            id="no client certificate",
        ),
        pytest.param(ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), "EOF", id="TLS cut off"),
        pytest.param(
            socket.gaierror(-2, "Name or service not known"),
            "dial tcp: lookup api.example.com: no such host",
            id="no such host",
        ),
        pytest.param(
            system_error(errno.EHOSTUNREACH),
            "dial tcp api.example.com:6443: no route to host",
            id="no route",
        ),
        pytest.param(http.client.IncompleteRead(b"x"), "unexpected EOF", id="cut off"),
        pytest.param(
            http.client.BadStatusLine("SSH-2.0"),
            'net/http: HTTP/1.x transport connection broken: malformed HTTP response "SSH-2.0"',
            id="another protocol",
        ),
    ],
)
def test_a_fault_is_told_in_kubectls_words(error: Exception, reason: str) -> None:
    told = unreachable(SERVER, OfAClient("pool", OfAClient(error)))
    assert told.message == f"Unable to connect to the server: {reason}"
    assert told.exit_code == ExitCode.UNREACHABLE


def test_the_cause_is_found_however_it_is_wrapped() -> None:
    cause = ConnectionResetError()
    by_cause, by_reason = OfAClient(), OfAClient()
    by_cause.__cause__ = cause
    by_reason.reason = OfAClient(cause)  # type: ignore[attr-defined]
    assert root_cause(by_cause) is root_cause(by_reason) is root_cause(cause) is cause
    assert root_cause(stranger := OfAClient("x")) is stranger


def test_a_timeout_names_the_server_and_the_time() -> None:
    assert timed_out(SERVER, 10.02).message == (
        f"Unable to connect to the server: {SERVER} gave no complete answer within 10s"
    )
