"""Admission policies whose parameters are in the namespace, and go with it.

parameterNotFoundAction Deny lets such a policy refuse what it matches when they are gone (KEP-3488), in the
whole cluster and in the middle of this deletion (KEP-5080 names it as a way to get stuck).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, Severity
from kubectl_ns_tools.deletion.hazards.matching import Share, interest_of_policy, share_of
from kubectl_ns_tools.deletion.hazards.reading import Hidden, all_of, kubectl, mapping, name_of, text, texts
from kubectl_ns_tools.deletion.hazards.scene import Scene
from kubectl_ns_tools.deletion.hazards.wording import label

CHECK = "admission-policies"
_GROUP = "admissionregistration.k8s.io"
_VALIDATING = f"validatingadmissionpolicybindings.{_GROUP}"
_MUTATING = f"mutatingadmissionpolicybindings.{_GROUP}"


def admission_policies(scene: Scene) -> Iterator[Hazard]:
    hidden = Hidden()
    with hidden:
        for binding in all_of(scene, _VALIDATING, _MUTATING):
            if mapping(binding, "spec", "paramRef"):
                yield from _breaking(scene, binding)
                with hidden:
                    yield from _blocking(scene, binding)
    hidden.tell()


def _denies(binding: Mapping[str, Any]) -> bool:
    return text(binding, "spec", "paramRef", "parameterNotFoundAction") == "Deny"


def _breaking(scene: Scene, binding: dict[str, Any]) -> Iterator[Hazard]:
    if text(binding, "spec", "paramRef", "namespace") != scene.name:
        return
    denies = _denies(binding)
    effect = "refuses whatever it matches" if denies else "is not enforced by it"
    yield Hazard(
        CHECK,
        Severity.DANGER if denies else Severity.INFO,
        Effect.BREAKS,
        f"{label(binding)} has its parameters in here: without them policy "
        f"{text(binding, 'spec', 'policyName')} {effect}",
        (label(binding),),
        kubectl("delete", binding),
    )


def _blocking(scene: Scene, binding: dict[str, Any]) -> Iterator[Hazard]:
    if not (_denies(binding) and "Deny" in texts(binding, "spec", "validationActions")):
        return
    name = text(binding, "spec", "policyName")
    for policy in scene.everywhere(f"validatingadmissionpolicies.{_GROUP}"):
        if name_of(policy) == name and text(policy, "spec", "failurePolicy") != "Ignore":
            share = (
                _share(scene, binding, policy) if _has_parameters_here(scene, binding, policy) else Share()
            )
            if share:
                yield Hazard(
                    CHECK,
                    Severity.DANGER if share.is_certain else Severity.WARNING,
                    Effect.BLOCKS,
                    f"policy {name} has its parameters in here, and may refuse {share.text} "
                    "as soon as they are deleted",
                    (label(binding), label(policy)),
                    kubectl("delete", binding),
                )


def _has_parameters_here(scene: Scene, binding: Mapping[str, Any], policy: Mapping[str, Any]) -> bool:
    """Without a namespace in the binding, those of a namespaced kind are looked for where the request is."""
    namespace = text(binding, "spec", "paramRef", "namespace")
    kind = _parameter_kind(scene, policy)
    return namespace == scene.name if namespace else bool(kind)


def _parameter_kind(scene: Scene, policy: Mapping[str, Any]) -> str:
    """`configmaps`; "" for a cluster-scoped kind, or one that is not served."""
    wanted = text(policy, "spec", "paramKind", "apiVersion"), text(policy, "spec", "paramKind", "kind")
    kinds = (kind for kind in scene.discovery.resources if (kind.api_version, kind.kind) == wanted)
    return next((kind.group_resource for kind in kinds if kind.namespaced), "")


def _share(scene: Scene, binding: Mapping[str, Any], policy: Mapping[str, Any]) -> Share:
    """What the policy and its binding both match, but for the parameters themselves. The binding narrows the
    policy's rules where it has some."""
    interest = interest_of_policy(mapping(policy, "spec"), "matchConstraints")
    narrower = interest_of_policy(mapping(binding, "spec"), "matchResources")
    share = share_of(scene, interest)
    narrowed = share_of(scene, replace(narrower, rules=narrower.rules or interest.rules))
    parameters = _parameter_kind(scene, policy)
    return Share(
        tuple(kind for kind in share.seen if kind in narrowed.seen and kind != parameters),
        tuple(kind for kind in share.unseen if kind in narrowed.unseen and kind != parameters),
        share.ends and narrowed.ends,
    )
