"""Services without what the cluster has given them: two Services cannot have the same address or port."""

from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_ns_tools.deletion.backup.kinds.proof import elements, last_applied, managed, ports_of, spec_of

HEADLESS = "None"
_TRIGGERED = "endpoints.kubernetes.io/last-change-trigger-time"


def service(clean: dict[str, Any], live: Mapping[str, Any]) -> None:
    """Addresses go, "None" stays (without it a headless Service, and the names of a StatefulSet's pods, are
    lost). Ports of nodes, the health check's and address families stay only where somebody has chosen them,
    as Velero has it (pkg/restore/actions/service_action.go)."""
    spec = clean.get("spec") or {}
    if spec.get("clusterIP") != HEADLESS:
        spec.pop("clusterIP", None)
        spec.pop("clusterIPs", None)
        if not _chosen(live, "ipFamilies"):
            spec.pop("ipFamilies", None)
    if not _chosen(live, "healthCheckNodePort"):
        spec.pop("healthCheckNodePort", None)
    chosen = set(_chosen_node_ports(live))
    for port in spec.get("ports") or ():
        if _key(port) not in chosen:
            port.pop("nodePort", None)


def endpoints(clean: dict[str, Any], live: Mapping[str, Any]) -> None:
    """Written by hand; but an earlier controller may have left its mark."""
    annotations = clean["metadata"].get("annotations") or {}
    annotations.pop(_TRIGGERED, None)


def _chosen(live: Mapping[str, Any], field: str) -> bool:
    given = spec_of(last_applied(live)).get(field)
    return bool(given) or bool(managed(live, "spec", field))


def _chosen_node_ports(live: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    for port in ports_of(spec_of(last_applied(live))):
        if port.get("nodePort"):
            yield _key(port)
    for key, fields in elements(live, "spec", "ports"):
        if "f:nodePort" in fields:
            yield _key(key)


def _key(port: Mapping[str, Any]) -> tuple[Any, Any]:
    return port.get("port"), port.get("protocol") or "TCP"
