"""What a cluster or a user gives as data or as the path of a file: certificates, keys, tokens."""

import base64
import binascii
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from kubectl_ns_tools.kubeconfig.linting.certificates import (
    Validity,
    has_private_key,
    is_encrypted,
    validities,
)
from kubectl_ns_tools.kubeconfig.linting.findings import Finding
from kubectl_ns_tools.kubeconfig.linting.places import PlacedEntry
from kubectl_ns_tools.kubeconfig.transfer.paths import folder_of

_SOON = timedelta(days=30)
_WHAT = {"certificate-authority": "certificate authority", "client-certificate": "client certificate"}
Check = Callable[[bytes, PlacedEntry, str, datetime], Iterator[Finding]]


def content_findings(entry: PlacedEntry, field: str, check: Check, at: datetime) -> Iterator[Finding]:
    """About FIELD and FIELD-data, of which an entry may have one. check: of what is in it."""
    data_field = f"{field}-data"
    if entry.get(field) and entry.get(data_field):
        # clientcmd/validation.go: that the data will override, it says, and refuses
        yield entry.finding("data-and-path", f"{data_field} and {field} are both specified", field)
    elif entry.get(data_field):
        content = _decoded(entry.get(data_field))
        if content is not None:
            yield from check(content, entry, data_field, at)
    elif entry.get(field):
        yield from path_findings(entry, field, check, at)


def path_findings(entry: PlacedEntry, field: str, check: Check | None, at: datetime) -> Iterator[Finding]:
    """About a field that names a file. check: of what is in it, if that matters."""
    path = os.path.join(folder_of(entry.path), entry.get(field))
    try:
        with open(path, "rb") as file:
            content = file.read()
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        yield entry.finding("unreadable-path", f"unable to read {field} {path}: {reason}", field)
        return
    if check is not None:
        yield from check(content, entry, field, at)


def check_authority(content: bytes, entry: PlacedEntry, field: str, at: datetime) -> Iterator[Finding]:
    """A bundle is of use as long as one of its certificates is valid."""
    found = _validities(content)
    if found:
        yield from _dated(entry, field, max(found, key=lambda each: each.ends), at)
    else:
        yield entry.finding("not-pem", f"there is no certificate in PEM form in {field}", field)


def check_certificate(content: bytes, entry: PlacedEntry, field: str, at: datetime) -> Iterator[Finding]:
    """The first certificate is the client's own; those that follow lead to its authority."""
    found = _validities(content)
    if found:
        yield from _dated(entry, field, found[0], at)
    else:
        yield entry.finding("not-pem", f"there is no certificate in PEM form in {field}", field)


def check_key(content: bytes, entry: PlacedEntry, field: str, at: datetime) -> Iterator[Finding]:
    """A private key as Go's tls.X509KeyPair takes it, unencrypted."""
    if not has_private_key(content):
        yield entry.finding("not-pem", f"there is no private key in PEM form in {field}", field)
    elif is_encrypted(content):
        yield entry.finding(
            "encrypted-key", f"the key in {field} is encrypted, and kubectl does not ask", field
        )


def _decoded(data: str) -> bytes | None:
    """None for bad base64, which is among the file's problems already."""
    try:
        return base64.b64decode(data.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        return None


def _validities(content: bytes) -> list[Validity]:
    try:
        return validities(content)
    except (ValueError, StopIteration):
        return []


def _dated(entry: PlacedEntry, field: str, validity: Validity, at: datetime) -> Iterator[Finding]:
    """What is valid for a short time anyway is old only in its last third."""
    what = _WHAT[field.removesuffix("-data")]
    left, lifetime = validity.ends - at, validity.ends - validity.begins
    if validity.ends < at:
        problem = f"the {what} expired {_length(-left)} ago ({_date(validity.ends)})"
        yield entry.finding("expired", problem, field)
    elif validity.begins > at:
        problem = f"the {what} is not valid before {_date(validity.begins)}"
        yield entry.finding("not-yet-valid", problem, field)
    elif left < min(_SOON, lifetime / 3):
        problem = f"the {what} expires in {_length(left)} ({_date(validity.ends)})"
        yield entry.finding("expires-soon", problem, field)


def _length(time: timedelta) -> str:
    hours = time.seconds // 3600
    return f"{time.days} days" if time.days > 1 else f"{24 * time.days + hours} hours"


def _date(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d")
