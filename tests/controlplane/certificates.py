"""A certificate authority out of the standard library: P-256 keys, X.509 certificates, PEM.

A fresh machine need not have `openssl`, and a development dependency for two dozen certificates is too much.
The arithmetic is neither constant-time nor fast: these keys guard scratch servers on the loopback interface.
Sources: RFC 5280 (certificates), RFC 5915 (EC private keys), FIPS 186-4 D.1.2.3 (P-256) and 6.4 (ECDSA).
"""

import base64
import hashlib
import ipaddress
import secrets
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

_PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_BASE = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_Point = tuple[int, int] | None


def _add(a: _Point, b: _Point) -> _Point:
    """The sum of two points of the curve; None is the point at infinity."""
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % _PRIME == 0:
        return None
    if a == b:
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, _PRIME)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, _PRIME)
    x = (slope * slope - a[0] - b[0]) % _PRIME
    return x, (slope * (a[0] - x) - a[1]) % _PRIME


def _multiply(factor: int) -> tuple[int, int]:
    """The base point times a factor from 1 to _ORDER - 1."""
    result: _Point = None
    addend: _Point = _BASE
    while factor:
        if factor & 1:
            result = _add(result, addend)
        addend = _add(addend, addend)
        factor >>= 1
    assert result is not None
    return result


def _der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def _sequence(*parts: bytes) -> bytes:
    return _der(0x30, *parts)


def _integer(value: int) -> bytes:
    return _der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _bits(data: bytes, unused: int = 0) -> bytes:
    return _der(0x03, bytes([unused]), data)


def _oid(dotted: str) -> bytes:
    first, second, *rest = (int(number) for number in dotted.split("."))
    body = [first * 40 + second]
    for number in rest:
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(number & 0x7F | 0x80)
        body += reversed(groups)
    return _der(0x06, bytes(body))


_EC_PUBLIC_KEY = _oid("1.2.840.10045.2.1")
_P256 = _oid("1.2.840.10045.3.1.7")
_ECDSA_WITH_SHA256 = _sequence(_oid("1.2.840.10045.4.3.2"))
_TRUE = _der(0x01, b"\xff")


def _pem(label: str, data: bytes) -> str:
    lines = textwrap.wrap(base64.b64encode(data).decode(), 64)
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


@dataclass(frozen=True)
class Key:
    """A P-256 private key; `secret` is its number."""

    secret: int

    @classmethod
    def generate(cls) -> "Key":
        return cls(secrets.randbelow(_ORDER - 1) + 1)

    @classmethod
    def from_pem(cls, text: str) -> "Key":
        """The key that `pem` wrote; its secret always sits at the same place, after the version."""
        data = base64.b64decode("".join(text.splitlines()[1:-1]))
        return cls(int.from_bytes(data[7:39], "big"))

    @property
    def point(self) -> bytes:
        """The public key as an uncompressed point."""
        x, y = _multiply(self.secret)
        return b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big")

    @property
    def pem(self) -> str:
        secret = _der(0x04, self.secret.to_bytes(32, "big"))
        body = _sequence(_integer(1), secret, _der(0xA0, _P256), _der(0xA1, _bits(self.point)))
        return _pem("EC PRIVATE KEY", body)

    def sign(self, message: bytes) -> bytes:
        """An ECDSA signature of the message's SHA-256 digest, in DER."""
        digest = int.from_bytes(hashlib.sha256(message).digest(), "big")
        nonce = secrets.randbelow(_ORDER - 1) + 1
        r = _multiply(nonce)[0] % _ORDER
        s = pow(nonce, -1, _ORDER) * (digest + r * self.secret) % _ORDER
        return _sequence(_integer(r), _integer(s))


@dataclass(frozen=True)
class Credentials:
    """A certificate and its private key, both PEM."""

    certificate: str
    key: str

    @classmethod
    def read(cls, stem: Path) -> "Credentials":
        """What `write` wrote there."""
        return cls(stem.with_suffix(".crt").read_text(), stem.with_suffix(".key").read_text())

    def write(self, stem: Path) -> tuple[Path, Path]:
        """Writes STEM.crt and STEM.key and returns both paths."""
        certificate, key = stem.with_suffix(".crt"), stem.with_suffix(".key")
        certificate.write_text(self.certificate)
        key.touch(mode=0o600)
        key.write_text(self.key)
        return certificate, key


def _name(common_name: str, organizations: Iterable[str] = ()) -> bytes:
    pairs = [("2.5.4.10", organization) for organization in organizations] + [("2.5.4.3", common_name)]
    return _sequence(*(_der(0x31, _sequence(_oid(oid), _der(0x0C, value.encode()))) for oid, value in pairs))


def _extension(oid: str, value: bytes, critical: bool = False) -> bytes:
    return _sequence(_oid(oid), _TRUE if critical else b"", _der(0x04, value))


def _alternative(host: str) -> bytes:
    try:
        return _der(0x87, ipaddress.ip_address(host).packed)
    except ValueError:
        return _der(0x82, host.encode())


def _validity() -> bytes:
    now = datetime.now(timezone.utc)
    times = (now - timedelta(hours=1), now + timedelta(days=365))
    return _sequence(*(_der(0x17, time.strftime("%y%m%d%H%M%SZ").encode()) for time in times))


def _key_id(key: Key) -> bytes:
    return hashlib.sha1(key.point, usedforsecurity=False).digest()


_CA_NAME = _name("kubernetes")
_CA_EXTENSIONS = (
    _extension("2.5.29.19", _sequence(_TRUE), critical=True),  # basicConstraints: CA
    _extension("2.5.29.15", _bits(b"\x06", unused=1), critical=True),  # keyUsage: keyCertSign, cRLSign
)
_LEAF_EXTENSIONS = (
    _extension("2.5.29.19", _sequence(), critical=True),
    _extension("2.5.29.15", _bits(b"\x80", unused=7), critical=True),  # keyUsage: digitalSignature
    _extension(
        "2.5.29.37", _sequence(_oid("1.3.6.1.5.5.7.3.1"), _oid("1.3.6.1.5.5.7.3.2"))
    ),  # server, client
)


class Authority:
    """Signs certificates for the servers and the users of one control plane."""

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials
        self._key = Key.from_pem(credentials.key)

    @classmethod
    def create(cls) -> "Authority":
        key = Key.generate()
        key_id = _extension("2.5.29.14", _der(0x04, _key_id(key)))
        return cls(Credentials(_sign(key, key, _CA_NAME, (*_CA_EXTENSIONS, key_id)), key.pem))

    @property
    def certificate(self) -> str:
        """What a client must trust, PEM."""
        return self.credentials.certificate

    def issue(
        self, common_name: str, organizations: Sequence[str] = (), hosts: Sequence[str] = ()
    ) -> Credentials:
        """Credentials of a user (whose groups are the organizations) or of a server (with its hosts)."""
        key = Key.generate()
        extensions = [*_LEAF_EXTENSIONS, _extension("2.5.29.35", _sequence(_der(0x80, _key_id(self._key))))]
        if hosts:
            extensions.append(_extension("2.5.29.17", _sequence(*map(_alternative, hosts))))
        return Credentials(_sign(self._key, key, _name(common_name, organizations), extensions), key.pem)


def _sign(authority: Key, key: Key, subject: bytes, extensions: Iterable[bytes]) -> str:
    """A certificate for the key and the subject, signed with the authority's key, PEM."""
    body = _sequence(
        _der(0xA0, _integer(2)),  # version 3
        _integer(secrets.randbits(120)),
        _ECDSA_WITH_SHA256,
        _CA_NAME,
        _validity(),
        subject,
        _sequence(_sequence(_EC_PUBLIC_KEY, _P256), _bits(key.point)),
        _der(0xA3, _sequence(*extensions)),
    )
    return _pem("CERTIFICATE", _sequence(body, _ECDSA_WITH_SHA256, _bits(authority.sign(body))))
