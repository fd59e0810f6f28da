"""Load balancers and addresses that go with the namespace, or are left behind by it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from shlex import quote
from typing import Any

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, Severity
from kubectl_ns_tools.deletion.hazards.scene import Scene
from kubectl_ns_tools.deletion.hazards.wording import doing, form, label, some

SERVICES = "services"
# k8s.io/cloud-provider/service/helpers: set by the service controller, removed when the cloud is clean.
CLEANUP = "service.kubernetes.io/load-balancer-cleanup"
INGRESSES, GATEWAYS = "ingresses.networking.k8s.io", "gateways.gateway.networking.k8s.io"

Object = Mapping[str, Any]


def check(scene: Scene) -> Iterator[Hazard]:
    """Services of type LoadBalancer, and any other that still has the finalizer of one."""
    services = scene.here(SERVICES)
    held = [service for service in services if CLEANUP in _finalizers(service)]
    yield from _cleaned([service for service in held if _addresses(service)])
    yield from _waiting(scene, [service for service in held if not _addresses(service)])
    # Other controllers hold their Services by finalizers of their own: those are the finalizers' check.
    free = [service for service in services if _is_balanced(service) and not _finalizers(service)]
    yield from _leaking(scene, [service for service in free if _addresses(service)])


def entrances(scene: Scene) -> Iterator[Hazard]:
    """Ingresses and Gateways that have an address."""
    found = [*_with_address(scene.here(INGRESSES), _addresses), *_with_address(scene.here(GATEWAYS), _listed)]
    if found:
        names = [name for name, _ in found]
        addresses = list(dict.fromkeys(address for _, given in found for address in given))
        yield Hazard(
            "entrances",
            Severity.INFO,
            Effect.NOTES,
            f"{doing(names, 'answers', 'answer')} at {some(addresses)} no more; "
            "made again, it may get another address",
            tuple(names),
        )


def _cleaned(services: Sequence[Object]) -> Iterator[Hazard]:
    if services:
        names = [label(service) for service in services]
        yield Hazard(
            "load-balancers",
            Severity.INFO,
            Effect.DELAYS,
            f"{doing(names, 'waits', 'wait')} for the cloud controller to remove the load balancer "
            f"({some(_all_addresses(services))}); the address is given back",
            tuple(names),
        )


def _waiting(scene: Scene, services: Sequence[Object]) -> Iterator[Hazard]:
    """No address: perhaps there is no controller any more that would remove the finalizer."""
    if services:
        names = [label(service) for service in services]
        yield Hazard(
            "load-balancers",
            Severity.WARNING,
            Effect.BLOCKS,
            f"{doing(names, 'waits', 'wait')} for a cloud controller to remove the finalizer "
            f"{CLEANUP}, and none has given {form(names, 'it', 'them')} an address",
            tuple(names),
            f"kubectl describe {quote(names[0])} -n {quote(scene.name)} shows what the controller says of it",
        )


def _leaking(scene: Scene, services: Sequence[Object]) -> Iterator[Hazard]:
    if services:
        names = [label(service) for service in services]
        yield Hazard(
            "load-balancers",
            Severity.WARNING,
            Effect.LEAVES,
            f"the load balancer of {some(names)} ({some(_all_addresses(services))}) may be left behind: "
            "no finalizer holds the Service until it is removed",
            tuple(names),
            f"kubectl delete {' '.join(quote(name) for name in names)} -n {quote(scene.name)} first, "
            "and see that the provider has removed it",
        )


def _is_balanced(service: Object) -> bool:
    return bool((service.get("spec") or {}).get("type") == "LoadBalancer")


def _finalizers(obj: Object) -> Sequence[str]:
    return obj["metadata"].get("finalizers") or ()


def _addresses(obj: Object) -> list[str]:
    """Of a Service or an Ingress."""
    given = ((obj.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ()
    return [str(entry.get("ip") or entry.get("hostname") or "") for entry in given]


def _listed(gateway: Object) -> list[str]:
    given = (gateway.get("status") or {}).get("addresses") or ()
    return [str(entry.get("value", "")) for entry in given]


def _all_addresses(services: Iterable[Object]) -> list[str]:
    return [address for service in services for address in _addresses(service)]


def _with_address(objects: Iterable[Object], addresses: Any) -> Iterator[tuple[str, list[str]]]:
    for obj in objects:
        if given := addresses(obj):
            yield label(obj), given
