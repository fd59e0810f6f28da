"""Network policies that let nothing out, not even the questions for names."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kubectl_ns_tools.templates.linting.findings import Finding
from kubectl_ns_tools.templates.objects import Manifest

_PORTS = (53, 5353, "dns")  # OpenShift's DNS pods listen on 5353; a policy sees the port of the pod


def dns_findings(objects: Iterable[Manifest]) -> Iterator[Finding]:
    """One when all pods are cut off from the outside, and no policy lets them ask the cluster's DNS."""
    policies = [each for each in objects if _is_policy(each) and not _spec(each).get("podSelector")]
    closing = [each for each in policies if _closes_egress(_spec(each))]
    if closing and not any(_allows_dns(rule) for each in policies for rule in _rules(_spec(each))):
        first = closing[0]
        problem = (
            f"{first.reference} lets nothing out, and no policy lets DNS through: no name can be resolved"
        )
        yield Finding("no-dns", first.place("spec", "policyTypes"), problem)


def _is_policy(manifest: Manifest) -> bool:
    return (manifest.group, manifest.kind) == ("networking.k8s.io", "NetworkPolicy")


def _spec(policy: Manifest) -> Mapping[str, Any]:
    found = policy.data.get("spec")
    return found if isinstance(found, dict) else {}


def _closes_egress(spec: Mapping[str, Any]) -> bool:
    """What is in a policy of type Egress may go out, and nothing else; without types, rules make the type."""
    types = spec.get("policyTypes")
    return "Egress" in types if isinstance(types, list) and types else bool(spec.get("egress"))


def _rules(spec: Mapping[str, Any]) -> Iterable[Any]:
    return _items(spec.get("egress"))


def _items(value: Any) -> Iterable[Any]:
    """Of a list; what stands in its place, such as `${{RULES}}`, may be anything."""
    return value if isinstance(value, list) else [None] if value else ()


def _allows_dns(rule: Any) -> bool:
    if not isinstance(rule, dict):
        return True
    peers, ports = _items(rule.get("to")), _items(rule.get("ports"))
    out = not peers or any(_leads_out(peer) for peer in peers)
    return out and (not ports or any(_is_dns(port) for port in ports))


def _leads_out(peer: Any) -> bool:
    """A podSelector alone is about the namespace itself."""
    return not isinstance(peer, dict) or "namespaceSelector" in peer or "ipBlock" in peer


def _is_dns(port: Any) -> bool:
    if not isinstance(port, dict):
        return True
    first, last = port.get("port"), port.get("endPort")
    if port.get("protocol", "TCP") != "UDP":
        return False
    if isinstance(first, int) and isinstance(last, int):
        return any(first <= each <= last for each in (53, 5353))
    return first is None or first in _PORTS
