"""The cluster of the context: that it answers, knows us, and lets us do what the commands need."""

import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from kubectl_ns_tools.cluster.errors import ApiError, ApiNotFound, ApiUnauthorized
from kubectl_ns_tools.cluster.permissions import Access, is_allowed, who_am_i
from kubectl_ns_tools.commands.doctor.kubectl import release, skew_findings
from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.output.doctor import Finding, error, ok, warning

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

_CLUSTER, _RIGHTS, _CLOCK = "cluster", "rights", "clock"
_SKEW = 60.0  # seconds; beyond, tokens and certificates may be taken for expired, and ages are wrong
_NEEDS = (("list", "ns-list"), ("create", "ns-create"), ("delete", "ns-delete"), ("get", "ns-switch"))


def cluster_findings(connection: "Connection", client: tuple[int, int] | None) -> Iterator[Finding]:
    """client: the release of kubectl. Stops where the server gives no answer, or does not know us."""
    started = time.monotonic()
    try:
        answer = connection.request("GET", "/version")
        said = answer.json()
    except ApiUnauthorized as failed:
        yield _unauthorized(failed)
        return
    except NsToolsError as failed:
        yield error(_CLUSTER, failed.message, failed.hint or "see whether it is up, and the way to it")
        return
    took = 1000 * (time.monotonic() - started)
    yield ok(
        _CLUSTER, f"{connection.server}, {said.get('gitVersion') or 'no version'}, answered in {took:.0f} ms"
    )
    yield from skew_findings(client, release(said))
    yield from clock_findings(answer.headers.get("Date") or "", time.time())
    known = list(_who(connection))
    yield from known
    if all(finding.level.value != "error" for finding in known):
        yield from rights_findings(connection)


def _who(connection: "Connection") -> Iterator[Finding]:
    try:
        yield ok(_CLUSTER, f"it knows you as {who_am_i(connection)}")
    except ApiNotFound:
        yield ok(_CLUSTER, "it cannot say who you are (older than 1.27)")
    except ApiUnauthorized as failed:
        yield _unauthorized(failed)
    except NsToolsError as failed:
        yield warning(_CLUSTER, f"it does not say who you are: {failed.message}", failed.hint or "try again")


def rights_findings(connection: "Connection") -> Iterator[Finding]:
    """What the namespace commands do first, each by the server's own word."""
    for verb, command in _NEEDS:
        try:
            allowed = is_allowed(connection, Access(verb, "", "namespaces"))
        except NsToolsError as failed:
            yield warning(
                _RIGHTS, f"not known whether you may {verb} namespaces: {failed.message}", "try again"
            )
            continue
        text = f"{verb} namespaces ({command})"
        if allowed:
            yield ok(_RIGHTS, f"you may {text}")
        else:
            remedy = f"have an admin bind you to a ClusterRole that may {verb} namespaces"
            yield warning(_RIGHTS, f"you may not {text}", remedy)


def clock_findings(date: str, now: float) -> Iterator[Finding]:
    """date: what an answer has in its header; now: our time, in seconds. Nothing where they agree."""
    try:
        ahead = now - parsedate_to_datetime(date).timestamp()
    except ValueError:
        return
    if abs(ahead) > _SKEW:
        way = "ahead of" if ahead > 0 else "behind"
        text = f"this machine's clock is {abs(ahead):.0f} s {way} the server's"
        yield warning(_CLOCK, text, "set it: ages, expiries and tokens are read by it")


def _unauthorized(failed: ApiError) -> Finding:
    return error(_CLUSTER, f"it does not accept your credentials: {failed.server_message}", "log in again")
