"""ResourceQuotas: which there are, and how full they are."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from kubectl_ns_tools.cluster.lists import list_objects
from kubectl_ns_tools.cluster.resources import Resource

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

QUOTAS = Resource("", "v1", "resourcequotas", "ResourceQuota", True)

# apimachinery pkg/api/resource: suffixes of a quantity; an exponent (1e3) stands in their place
_QUANTITY = r"([+-]?[0-9.]+)(?:[eE]([+-]?[0-9]+)|([a-zA-Z]*))\Z"
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}


class Use(NamedTuple):
    """How much of a quota's limit is used. resource: "limits.cpu"; share: 0.0 to 1.0, or above."""

    resource: str
    share: float


def list_quotas(connection: "Connection", namespace: str | None = None) -> dict[str, list[dict[str, Any]]]:
    """The quotas of one namespace, or of all; by the name of their namespace."""
    quotas: dict[str, list[dict[str, Any]]] = {}
    for quota in list_objects(connection, QUOTAS, namespace):
        quotas.setdefault(quota["metadata"]["namespace"], []).append(quota)
    return quotas


def fullest(quotas: Iterable[Mapping[str, Any]]) -> Use | None:
    """The limit that is used most; None where there is none, or the controller has not counted yet."""
    return max((use for quota in quotas for use in _uses(quota)), key=lambda use: use.share, default=None)


def amount(quantity: str) -> float:
    """A quantity ("100m", "2Gi", "1e3") as a number. Raises ValueError for what is none."""
    match = re.match(_QUANTITY, quantity)
    if not match or (suffix := match[3] or "") not in _DECIMAL | _BINARY:
        raise ValueError(f"{quantity!r} is not a quantity")
    if match[2]:
        return float(match[1]) * 10.0 ** int(match[2])
    factor = 1024.0 ** _BINARY[suffix] if suffix in _BINARY else 10.0 ** _DECIMAL[suffix]
    return float(match[1]) * factor


def _uses(quota: Mapping[str, Any]) -> Iterator[Use]:
    status = quota.get("status") or {}
    for resource, hard in (status.get("hard") or {}).items():
        used, limit = amount(str((status.get("used") or {}).get(resource, "0"))), amount(str(hard))
        if limit or used:
            yield Use(resource, used / limit if limit else float("inf"))
        else:
            yield Use(resource, 1.0)  # a limit of nothing, all of it used
