"""How long a certificate is valid: PEM, and as much of DER as leads to two dates.

A reader of our own: the standard library has none that is public, `cryptography` is a compiled dependency of
many megabytes, and asn1crypto has had no release since 2022. Nothing is trusted because of what is read here.
Sources: RFC 7468 (PEM), RFC 5280 4.1 (the fields before the validity), 4.1.2.5 (its dates).
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

_CERTIFICATE = re.compile(
    rb"-----BEGIN CERTIFICATE-----\s([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----", re.ASCII
)
_KEY = re.compile(
    rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----.+?-----END (?:[A-Z0-9]+ )*PRIVATE KEY-----", re.S
)
_ENCRYPTED = re.compile(rb"BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED")
_SEQUENCE, _VERSION, _UTC_TIME, _GENERALIZED_TIME = 0x30, 0xA0, 0x17, 0x18
_BEFORE_VALIDITY = 3  # serialNumber, signature, issuer


@dataclass(frozen=True)
class Validity:
    """The dates between which a certificate is valid."""

    begins: datetime
    ends: datetime


def validities(pem: bytes) -> list[Validity]:
    """Those of the certificates in the text, in their order; empty when there is none in it.

    Raises ValueError for a certificate that cannot be read.
    """
    return [_validity(_decoded(match[1])) for match in _CERTIFICATE.finditer(pem)]


def has_private_key(pem: bytes) -> bool:
    """Whether there is a private key in the text."""
    return _KEY.search(pem) is not None


def is_encrypted(pem: bytes) -> bool:
    """Whether the key in the text needs a passphrase, which kubectl never asks for."""
    return _ENCRYPTED.search(pem) is not None


def _decoded(body: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(body.split()), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _validity(der: bytes) -> Validity:
    certificate = next(_elements(der))
    body = next(_elements(_content(certificate, _SEQUENCE)))
    fields = [field for field in _elements(_content(body, _SEQUENCE)) if field[0] != _VERSION]
    if len(fields) <= _BEFORE_VALIDITY:
        raise ValueError("cut off")
    dates = [_moment(*field) for field in _elements(_content(fields[_BEFORE_VALIDITY], _SEQUENCE))]
    if len(dates) != 2:
        raise ValueError("no two dates")
    return Validity(*dates)


def _content(element: tuple[int, bytes], tag: int) -> bytes:
    if element[0] != tag:
        raise ValueError("not a certificate")
    return element[1]


def _elements(der: bytes) -> Iterator[tuple[int, bytes]]:
    """(tag, content) of the elements that stand in a row."""
    at = 0
    while at < len(der):
        if len(der) < at + 2:
            raise ValueError("cut off")
        tag, length, start = der[at], der[at + 1], at + 2
        if length & 0x80:
            start += length & 0x7F
            length = int.from_bytes(der[at + 2 : start], "big")
        at = start + length
        if at > len(der):
            raise ValueError("cut off")
        yield tag, der[start:at]


def _moment(tag: int, content: bytes) -> datetime:
    text = content.decode("ascii")
    if tag == _UTC_TIME:
        text = ("19" if text[:2] >= "50" else "20") + text
    elif tag != _GENERALIZED_TIME:
        raise ValueError("not a date")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=timezone.utc)
