"""The dates of certificates, as OpenSSL reads them."""

import base64
import ssl
from datetime import datetime, timedelta, timezone
from pathlib import Path

import certifi
import pytest

from kubectl_ns_tools.kubeconfig.linting.certificates import has_private_key, is_encrypted, validities
from tests.controlplane.certificates import Authority


def test_real_authorities_are_valid_as_long_as_openssl_says() -> None:
    pem = Path(certifi.where()).read_bytes()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cafile=certifi.where())
    expected = {(each["notBefore"], each["notAfter"]) for each in context.get_ca_certs()}
    got = {(_seconds(each.begins), _seconds(each.ends)) for each in validities(pem)}
    assert len(expected) > 100
    assert got == {tuple(map(ssl.cert_time_to_seconds, dates)) for dates in expected}


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def test_those_of_a_client_come_in_their_order() -> None:
    authority = Authority.create()
    mine, other = authority.issue("me"), authority.issue("other")
    (one,) = validities(mine.certificate.encode())
    assert one.ends - one.begins == timedelta(days=365, hours=1)
    assert len(validities((mine.certificate + "between\n" + other.certificate).encode())) == 2


def pem(der: bytes) -> bytes:
    return b"-----BEGIN CERTIFICATE-----\n%s-----END CERTIFICATE-----\n" % base64.encodebytes(der)


def element(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return bytes([tag, len(body)]) + body


def certificate(*dates: bytes) -> bytes:
    """As short as one can be, without a version, as the first ones were."""
    validity = element(0x30, *dates)
    return pem(element(0x30, element(0x30, element(2, b"1"), element(0x30), element(0x30), validity)))


@pytest.mark.parametrize(
    ("date", "year"),
    [
        (element(0x17, b"500101000000Z"), 1950),
        (element(0x17, b"491231000000Z"), 2049),
        (element(0x18, b"99991231235959Z"), 9999),
    ],
)
def test_both_forms_of_dates(date: bytes, year: int) -> None:
    (found,) = validities(certificate(date, date))
    assert (found.begins.year, found.begins.tzinfo) == (year, timezone.utc)


DATE = element(0x17, b"260101000000Z")
SPOILT = {
    "text": pem(b"hello"),
    "cut off in the head": pem(b"\x30"),
    "cut off in the body": pem(b"\x30\x05\x30"),
    "a length without end": pem(b"\x30\xff\x01"),
    "no dates": certificate(),
    "one date": certificate(DATE),
    "no date at all": certificate(element(2, b"1"), element(2, b"1")),
    "a month that is none": certificate(element(0x17, b"261301000000Z"), DATE),
    "fields missing": pem(element(0x30, element(0x30, element(2, b"1")))),
    "not base64": b"-----BEGIN CERTIFICATE-----\nAAA=A\n-----END CERTIFICATE-----\n",
}


@pytest.mark.parametrize("data", SPOILT.values(), ids=SPOILT.keys())
def test_what_cannot_be_read_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # of many kinds
        validities(data)


@pytest.mark.parametrize(
    "data", [b"", b"\xff\x00", b"-----BEGIN CERTIFICATE-----", Authority.create().credentials.key.encode()]
)
def test_where_there_is_no_certificate_there_is_none(data: bytes) -> None:
    assert validities(data) == []


def test_keys() -> None:
    key = Authority.create().credentials.key.encode()
    assert has_private_key(key)
    assert not is_encrypted(key)
    assert not has_private_key(Authority.create().certificate.encode())
    locked = b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nx\n-----END ENCRYPTED PRIVATE KEY-----\n"
    assert has_private_key(locked)
    assert is_encrypted(locked)
