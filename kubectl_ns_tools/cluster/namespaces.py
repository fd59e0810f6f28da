"""Namespaces themselves, known without discovery."""

import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.cluster.errors import ApiForbidden, ApiNotFound
from kubectl_ns_tools.cluster.lists import list_metadata, list_objects
from kubectl_ns_tools.cluster.objects import get_object
from kubectl_ns_tools.cluster.quotas import QUOTAS
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.errors import NsToolsError, Unreachable, did_you_mean

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

# The first three the server protects itself; kube-node-lease it lets go (kubernetes/kubectl#804).
PROTECTED = ("default", "kube-system", "kube-public", "kube-node-lease")

_VERBS = frozenset({"create", "delete", "get", "list", "patch", "update", "watch"})
NAMESPACES = Resource("", "v1", "namespaces", "Namespace", False, _VERBS, ("ns",), "namespace")
_SERVICE_ACCOUNTS = Resource("", "v1", "serviceaccounts", "ServiceAccount", True)


def get_namespace(connection: "Connection", name: str) -> dict[str, Any]:
    """The live Namespace; ApiNotFound when there is none."""
    return get_object(connection, NAMESPACES, name)


def named_namespace(connection: "Connection", name: str) -> dict[str, Any]:
    """The same for a name that a person has given: the error says which was probably meant."""
    try:
        return get_namespace(connection, name)
    except ApiNotFound as error:
        names = namespace_names(connection)
        error.hint = did_you_mean(name, names, "namespaces there are") if names else ""
        raise


def namespace_names(connection: "Connection") -> list[str]:
    """The names that there are, for a hint; none for those who may not list them."""
    try:
        return list_names(connection)
    except NsToolsError:
        return []


def list_names(connection: "Connection") -> list[str]:
    """The names of all namespaces."""
    return [str(each["metadata"]["name"]) for each in list_metadata(connection, NAMESPACES)]


def list_namespaces(connection: "Connection", label_selector: str = "") -> list[dict[str, Any]]:
    """Every Namespace in full, in the server's order (by name)."""
    return list(list_objects(connection, NAMESPACES, label_selector=label_selector))


def wait_until_ready(connection: "Connection", name: str, *, deadline: float) -> list[str]:
    """Wait until pods are admitted: the default ServiceAccount exists, every quota's status is filled.

    Just after creation both are missing, and the first `kubectl run` would be refused (`serviceaccount
    "default" not found`, `status unknown for quota`). `deadline` is of time.monotonic(). Returns what is
    still missing then, and what could not be checked for lack of rights; [] when all is well.
    """
    pause = 0.05
    found: tuple[list[str], list[str]] | None = None
    while True:
        try:
            found = _missing(connection, name, max(0.1, deadline - time.monotonic()))
        except Unreachable:
            # the deadline may have cut this look short: then what the one before saw is told
            if found is None or time.monotonic() < deadline:
                raise
        missing, unchecked = found
        if not missing or time.monotonic() + pause > deadline:
            return missing + unchecked
        time.sleep(pause)
        pause = min(pause * 2, 1.0)


def _missing(connection: "Connection", namespace: str, timeout: float) -> tuple[list[str], list[str]]:
    missing: list[str] = []
    unchecked: list[str] = []
    try:
        connection.get(_SERVICE_ACCOUNTS.path(namespace, "default"), timeout=timeout)
    except ApiNotFound:
        missing.append('serviceaccount "default" does not exist yet')
    except ApiForbidden:
        unchecked.append('serviceaccount "default" not checked (forbidden)')
    try:
        quotas = connection.get(QUOTAS.path(namespace), timeout=timeout)
        missing += unfilled(quotas.get("items") or [])
    except ApiForbidden:
        unchecked.append("resourcequotas not checked (forbidden)")
    return missing, unchecked


def unfilled(quotas: list[dict[str, Any]]) -> Iterator[str]:
    """One line per ResourceQuota whose status.hard lacks a key of its spec.hard."""
    for quota in quotas:
        lacking = sorted(_hard(quota, "spec").keys() - _hard(quota, "status").keys())
        if lacking:
            yield f'resourcequota "{quota["metadata"]["name"]}" has no status yet for {", ".join(lacking)}'


def _hard(quota: Mapping[str, Any], part: str) -> Mapping[str, Any]:
    hard: Mapping[str, Any] = (quota.get(part) or {}).get("hard") or {}
    return hard
