"""Admission webhooks: those that this namespace serves, and those elsewhere that nobody serves.

Fail-closed webhooks without a server refuse every request that they ask to see: those of the rest of the
cluster, and those of this deletion (google/knative-gcp#1978).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, Severity
from kubectl_ns_tools.deletion.hazards.matching import (
    Interest,
    Request,
    Share,
    interest_of_webhook,
    share_of,
)
from kubectl_ns_tools.deletion.hazards.reading import Hidden, all_of, kubectl, mapping, maps, once, text
from kubectl_ns_tools.deletion.hazards.scene import Scene
from kubectl_ns_tools.deletion.hazards.serving import Service, fault_of, service_of
from kubectl_ns_tools.deletion.hazards.wording import form, label, some

HERE, ELSEWHERE = "webhooks", "webhooks-elsewhere"
_KINDS = tuple(
    f"{kind}webhookconfigurations.admissionregistration.k8s.io" for kind in ("validating", "mutating")
)


@dataclass(frozen=True)
class _Webhook:
    """One of those in a configuration. service: None for a server outside of the cluster."""

    name: str
    service: Service | None
    closed: bool
    interest: Interest

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> "_Webhook":
        """Without a policy a webhook fails closed (admissionregistration/v1)."""
        service = service_of(mapping(raw, "clientConfig"))
        closed = text(raw, "failurePolicy") != "Ignore"
        return cls(text(raw, "name"), service, closed, interest_of_webhook(raw))

    def is_of(self, namespace: str) -> bool:
        return self.service is not None and self.service.namespace == namespace


def served_here(scene: Scene) -> Iterator[Hazard]:
    """Webhooks whose server goes with the namespace."""
    hidden = Hidden()
    with hidden:
        for configuration in all_of(scene, *_KINDS):
            hooks = [hook for hook in _webhooks(configuration) if hook.is_of(scene.name)]
            for hook in hooks:
                with hidden:
                    yield from _blocking(scene, configuration, hook)
            yield from _breaking(
                scene, configuration, [hook for hook in hooks if _reaches_outside(scene, hook)]
            )
    hidden.tell()


def unserved_elsewhere(scene: Scene) -> Iterator[Hazard]:
    """Fail-closed webhooks whose server is not there already, and that want to see this deletion."""
    hidden = Hidden()
    with hidden:
        for configuration in all_of(scene, *_KINDS):
            for hook in _webhooks(configuration):
                with hidden:
                    yield from _dead(scene, configuration, hook)
    hidden.tell()


def _webhooks(configuration: Mapping[str, Any]) -> list[_Webhook]:
    return [_Webhook.read(raw) for raw in maps(configuration, "webhooks")]


def _blocking(scene: Scene, configuration: dict[str, Any], hook: _Webhook) -> Iterator[Hazard]:
    """When the namespace goes the server goes, from 1.33 on before anything else, as pods go first.

    The first request is no trouble yet, if the server is there to answer it.
    """
    share = share_of(scene, hook.interest) if hook.closed else Share()
    if share.starts and hook.service and not fault_of(scene, hook.service):
        share = replace(share, starts=False)
    if share:
        summary = (
            f"webhook {hook.name} is served from here and fails closed: "
            f"without its server the cluster refuses {share.text}"
        )
        yield _block(scene, HERE, configuration, hook, share=share, summary=summary)


def _dead(scene: Scene, configuration: dict[str, Any], hook: _Webhook) -> Iterator[Hazard]:
    """The service is asked for only where it matters."""
    if not hook.closed or not hook.service or hook.is_of(scene.name):
        return
    share = share_of(scene, hook.interest)
    if share and (fault := fault_of(scene, hook.service)):
        summary = (
            f"webhook {hook.name} fails closed and its service {hook.service} {fault}: "
            f"the cluster refuses {share.text}"
        )
        yield _block(scene, ELSEWHERE, configuration, hook, share=share, summary=summary)


def _block(
    scene: Scene, check: str, configuration: dict[str, Any], hook: _Webhook, *, share: Share, summary: str
) -> Hazard:
    perhaps = ", unless its matchConditions exempt it" if hook.interest.conditional else ""
    sure = share.is_certain and not perhaps
    return Hazard(
        check,
        Severity.DANGER if sure else Severity.WARNING,
        Effect.BLOCKS,
        summary + perhaps,
        _objects(scene, configuration, [hook]),
        kubectl("delete", configuration),
    )


def _breaking(scene: Scene, configuration: dict[str, Any], hooks: list[_Webhook]) -> Iterator[Hazard]:
    """One hazard for those that fail closed, one for those that fail open."""
    for closed, effect in ((True, "the cluster refuses"), (False, "nobody looks at")):
        found = [hook for hook in hooks if hook.closed is closed]
        if not found:
            continue
        requests = "; ".join(once(hook.interest.text() for hook in found))
        yield Hazard(
            HERE,
            Severity.DANGER if closed else Severity.INFO,
            Effect.BREAKS,
            f"{_names(found)} served from here and {form(found, 'fails', 'fail')} "
            f"{'closed' if closed else 'open'}: without the server {effect} {requests}",
            _objects(scene, configuration, found),
            kubectl("delete", configuration),
        )


def _names(hooks: list[_Webhook]) -> str:
    names = [hook.name for hook in hooks]
    return f"{form(names, 'webhook', 'webhooks')} {some(names)} {form(names, 'is', 'are')}"


def _objects(scene: Scene, configuration: dict[str, Any], hooks: list[_Webhook]) -> tuple[str, ...]:
    services = (hook.service.label(scene.name) for hook in hooks if hook.service)
    return (label(configuration), *once(services))


def _reaches_outside(scene: Scene, hook: _Webhook) -> bool:
    """Whether it asks about more than this namespace: its namespaceSelector does not name it alone, or there
    are cluster-scoped kinds among its rules, which no namespaceSelector keeps away."""
    if hook.interest.names != {scene.name}:
        return True
    wide = (kind for kind in scene.discovery.preferred() if not kind.namespaced and kind.name != "namespaces")
    operations = ("CREATE", "UPDATE", "DELETE")
    return any(
        hook.interest.covers(Request(operation, kind), scene) for kind in wide for operation in operations
    )
