"""The Services that stand behind webhooks and conversions, and whether anybody answers there."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from kubectl_ns_tools.cluster.errors import ApiForbidden, ApiNotFound
from kubectl_ns_tools.cluster.lists import list_objects
from kubectl_ns_tools.cluster.objects import get_object
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.deletion.hazards.reading import field, maps, text
from kubectl_ns_tools.deletion.hazards.scene import CannotSee, Scene

_SERVICES = Resource("", "v1", "services", "Service", True)
_SLICES = "endpointslices.discovery.k8s.io"
_HOST = re.compile(r"(?:[^.]+\.)*?([^.]+)\.([^.]+)\.svc(?:\..*)?$", re.IGNORECASE)


class Service(NamedTuple):
    """Where a Service is; it need not be there."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.name} -n {self.namespace}"

    def label(self, home: str) -> str:
        """As the object of a hazard: `service/web`, `service/web -n other`."""
        return f"service/{self.name}" if self.namespace == home else f"service/{self}"


def service_of(client_config: Mapping[str, Any]) -> Service | None:
    """The one that a `clientConfig` names, or its URL; None for servers outside of the cluster."""
    namespace, name = (text(client_config, "service", part) for part in ("namespace", "name"))
    if namespace:
        return Service(namespace, name)
    try:
        host = urlsplit(text(client_config, "url")).hostname or ""
    except ValueError:
        return None
    return service_of_host(host)


def service_of_host(host: str) -> Service | None:
    """`web.blue.svc`, `web.blue.svc.cluster.local.`, `pod-0.web.blue.svc`; None for other names."""
    found = _HOST.match(host)
    return Service(found[2].lower(), found[1].lower()) if found else None


def fault_of(scene: Scene, service: Service) -> str:
    """Why nobody answers at the Service; "" where somebody does, or where it cannot be told.

    Raises CannotSee.
    """
    try:
        found = get_object(scene.connection, _SERVICES, service.name, service.namespace)
        if text(found, "spec", "type") == "ExternalName" or _has_endpoints(scene, service):
            return ""
        return "has no ready endpoints"
    except ApiNotFound:
        return "does not exist"
    except ApiForbidden:
        raise CannotSee(f"services -n {service.namespace}", "forbidden") from None


def _has_endpoints(scene: Scene, service: Service) -> bool:
    """An endpoint whose readiness is unknown counts as ready (discovery/v1 EndpointConditions)."""
    slices = scene.resource(_SLICES)
    if slices is None:
        return True
    selector = f"kubernetes.io/service-name={service.name}"
    found = list_objects(scene.connection, slices, service.namespace, label_selector=selector)
    endpoints = (endpoint for each in found for endpoint in maps(each, "endpoints"))
    return any(field(endpoint, "conditions", "ready") is not False for endpoint in endpoints)
