"""Who is at fault when a namespace does not go: the configuration behind a webhook's name, the APIService
behind a broken group, the definition behind a conversion that fails.

The names are all that the namespace controller and the API server give; the rest is looked up here. Who may
not look learns no more than the names.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.discovery import Resource
from kubectl_ns_tools.cluster.errors import ApiUnauthorized
from kubectl_ns_tools.cluster.lists import list_objects
from kubectl_ns_tools.cluster.objects import get_object
from kubectl_ns_tools.deletion.inventory import Gap, Inventory, Reason
from kubectl_ns_tools.deletion.stuck.conditions import bad_conditions
from kubectl_ns_tools.errors import NsToolsError

_ADMISSION = "admissionregistration.k8s.io"
_CONFIGURATIONS = (
    Resource(_ADMISSION, "v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", False),
    Resource(_ADMISSION, "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", False),
)
_API_SERVICES = Resource("apiregistration.k8s.io", "v1", "apiservices", "APIService", False)
_DEFINITIONS = Resource(
    "apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", False
)
# apiextensions-apiserver, pkg/apiserver/conversion/webhook_converter.go
CONVERSION = "conversion webhook for"


@dataclass(frozen=True, slots=True)
class Culprit:
    """An object of the cluster that is in the way. label: `apiservice/v1.x`, as kubectl takes it. service:
    NAMESPACE/NAME of what serves it, or a URL; "" where nothing of the kind is known. state: what is wrong
    with it by its own word."""

    label: str
    service: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Culprits:
    """webhooks: by the name of the webhook, as several configurations may have one of it. groups: by
    `group/version`. kinds: by `widgets.example.com`, of those whose conversion fails."""

    webhooks: Mapping[str, Sequence[Culprit]] = field(default_factory=dict)
    groups: Mapping[str, Culprit] = field(default_factory=dict)
    kinds: Mapping[str, Culprit] = field(default_factory=dict)


UNKNOWN = Culprits()


def find_culprits(connection: Connection, namespace: Mapping[str, Any], inventory: Inventory) -> Culprits:
    """Looks up those that the conditions and the inventory name; asks for nothing where they name none."""
    named = {condition.webhook[0] for condition in bad_conditions(namespace) if condition.webhook}
    broken = [gap.what for gap in inventory.gaps if gap.reason is Reason.BROKEN_GROUP]
    return Culprits(
        webhooks={name: tuple(_configurations(connection, name)) for name in named},
        groups=dict(_looked_up(connection, _API_SERVICES, {group: api_service(group) for group in broken})),
        kinds=dict(
            _looked_up(connection, _DEFINITIONS, {gap.what: gap.what for gap in unconverted(inventory)})
        ),
    )


def unconverted(inventory: Inventory) -> tuple[Gap, ...]:
    """The kinds that cannot be listed because their conversion fails."""
    return tuple(gap for gap in inventory.gaps if CONVERSION in gap.message)


def api_service(group_version: str) -> str:
    """`v1.x.io` for `x.io/v1`."""
    group, _, version = group_version.rpartition("/")
    return f"{version}.{group}"


def _configurations(connection: Connection, webhook: str) -> Iterator[Culprit]:
    for kind in _CONFIGURATIONS:
        for found in _list(connection, kind):
            for each in found.get("webhooks") or ():
                if each.get("name") == webhook:
                    label = f"{kind.kind.lower()}/{found['metadata']['name']}"
                    yield Culprit(label, _server(each.get("clientConfig") or {}))


def _looked_up(
    connection: Connection, kind: Resource, names: Mapping[str, str]
) -> Iterator[tuple[str, Culprit]]:
    """names: by what they are asked for."""
    for asked, name in names.items():
        try:
            found = get_object(connection, kind, name)
        except ApiUnauthorized:
            raise
        except NsToolsError:
            continue
        yield asked, _culprit(kind, found)


def _culprit(kind: Resource, found: Mapping[str, Any]) -> Culprit:
    label, spec = f"{kind.kind.lower()}/{found['metadata']['name']}", found.get("spec") or {}
    if kind is _API_SERVICES:
        return Culprit(label, _server(spec), _unavailable(found))
    webhook = (spec.get("conversion") or {}).get("webhook") or {}
    return Culprit(label, _server(webhook.get("clientConfig") or {}))


def _server(config: Mapping[str, Any]) -> str:
    service = config.get("service") or {}
    return f"{service.get('namespace')}/{service.get('name')}" if service else str(config.get("url") or "")


def _unavailable(found: Mapping[str, Any]) -> str:
    for condition in (found.get("status") or {}).get("conditions") or ():
        if condition.get("type") == "Available" and condition.get("status") != "True":
            return str(condition.get("message") or condition.get("reason") or "")
    return ""


def _list(connection: Connection, kind: Resource) -> list[dict[str, Any]]:
    try:
        return list(list_objects(connection, kind))
    except ApiUnauthorized:
        raise
    except NsToolsError:
        return []
