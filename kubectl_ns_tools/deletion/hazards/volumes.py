"""What becomes of the data: persistent volume claims, their volumes, and who still uses them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from shlex import quote
from typing import Any

from kubectl_ns_tools.cluster.quotas import amount
from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, Severity
from kubectl_ns_tools.deletion.hazards.scene import CannotSee, Scene
from kubectl_ns_tools.deletion.hazards.wording import doing, form, label, some

CLAIMS, VOLUMES = "persistentvolumeclaims", "persistentvolumes"
_ENDED = ("Succeeded", "Failed")

Object = Mapping[str, Any]


def check(scene: Scene) -> Iterator[Hazard]:
    """By reclaim policy and storage class: what is destroyed, and what stays behind.

    Without the right to read volumes, the claims are reported as what may be lost, and the check ends.
    """
    claims = scene.here(CLAIMS)
    bound = [claim for claim in claims if _is_bound(claim)]
    yield from _unbound([claim for claim in claims if not _is_bound(claim)])
    if not bound:
        return
    try:
        volumes = {volume["metadata"]["name"]: volume for volume in scene.everywhere(VOLUMES)}
    except CannotSee:
        yield from _unknown(scene, bound)
        raise
    yield from _known(scene, bound, volumes)


def in_use(scene: Scene) -> Iterator[Hazard]:
    """Claims that running pods use: the controller of kubernetes.io/pvc-protection keeps them until then."""
    there = {label(claim) for claim in scene.here(CLAIMS)}
    if not there:
        return
    used = {f"persistentvolumeclaim/{name}" for pod in scene.here("pods") for name in _claims_of(pod)}
    claims = sorted(used & there)
    if claims:
        yield Hazard(
            "claims-in-use",
            Severity.INFO,
            Effect.DELAYS,
            f"{doing(claims, 'is', 'are')} in use: kubernetes.io/pvc-protection keeps "
            f"{form(claims, 'it', 'them')} until the pods have ended",
            tuple(claims),
        )


def _claims_of(pod: Object) -> Iterator[str]:
    """Of a pod that takes time to end. One that is not scheduled, or has ended, goes at once with its hold on
    the claim (pvc_protection_controller.go, podUsesPVCForDeletion)."""
    if pod["spec"].get("nodeName") and pod["status"]["phase"] not in _ENDED:
        for volume in pod["spec"]["volumes"]:
            yield volume["persistentVolumeClaim"]["claimName"]


def _is_bound(claim: Object) -> bool:
    return bool((claim.get("status") or {}).get("phase") == "Bound" and claim["spec"].get("volumeName"))


def _unbound(claims: Sequence[Object]) -> Iterator[Hazard]:
    if claims:
        names = [label(claim) for claim in claims]
        yield Hazard(
            "volumes",
            Severity.INFO,
            Effect.NOTES,
            f"{doing(names, 'has', 'have')} no volume: no data goes with {form(names, 'it', 'them')}",
            tuple(names),
        )


def _unknown(scene: Scene, claims: Sequence[Object]) -> Iterator[Hazard]:
    for (_, storage_class), found in _grouped((claim, claim, "") for claim in claims).items():
        names = [label(claim) for claim, _ in found]
        size = _size(claim for claim, _ in found)
        yield Hazard(
            "volumes",
            Severity.DANGER,
            Effect.DESTROYS,
            f"the data of {some(names)} ({_described(size, storage_class)}) is destroyed, unless the reclaim "
            "policy of the volume, which you may not read, is Retain",
            tuple(names),
            _keep(scene),
        )


def _known(scene: Scene, claims: Sequence[Object], volumes: Mapping[str, Object]) -> Iterator[Hazard]:
    found = [(claim, volumes.get(claim["spec"]["volumeName"])) for claim in claims]
    yield from _lost([claim for claim, volume in found if volume is None])
    pairs = ((claim, volume, _policy(volume)) for claim, volume in found if volume is not None)
    for (policy, storage_class), group in _grouped(pairs).items():
        names = [label(claim) for claim, _ in group]
        kept = [label(volume) for _, volume in group]
        what = _described(_size(volume for _, volume in group), storage_class)
        if policy == "Retain":
            yield _left(names, kept, what)
        else:
            yield _destroyed(scene, names, kept, what, policy)


def _policy(volume: Object) -> str:
    return str(volume["spec"].get("persistentVolumeReclaimPolicy") or "Retain")  # core/v1 defaults.go


def _destroyed(scene: Scene, claims: Sequence[str], volumes: Sequence[str], what: str, policy: str) -> Hazard:
    return Hazard(
        "volumes",
        Severity.DANGER,
        Effect.DESTROYS,
        f"the data of {some(claims)} ({what}) is destroyed: the reclaim policy of "
        f"{some(volumes)} is {policy}",
        tuple(claims),
        _keep(scene),
    )


def _keep(scene: Scene) -> str:
    return f"kubectl ns-delete {quote(scene.name)} --retain-volumes keeps it"


def _left(claims: Sequence[str], volumes: Sequence[str], what: str) -> Hazard:
    names = " ".join(quote(volume) for volume in volumes)
    return Hazard(
        "volumes",
        Severity.WARNING,
        Effect.LEAVES,
        f"{some(volumes)} ({what}) {form(volumes, 'stays', 'stay')} behind as Released with the data of "
        f"{some(claims)}: the reclaim policy is Retain",
        tuple(volumes),
        f"when nobody needs the data: kubectl delete {names}, and free the storage behind it",
    )


def _lost(claims: Sequence[Object]) -> Iterator[Hazard]:
    if claims:
        names = [label(claim) for claim in claims]
        yield Hazard(
            "volumes",
            Severity.INFO,
            Effect.NOTES,
            f"the {form(names, 'volume', 'volumes')} of {doing(names, 'is', 'are')} not there any more",
            tuple(names),
        )


def _grouped(
    pairs: Iterable[tuple[Object, Object, str]],
) -> dict[tuple[str, str], list[tuple[Object, Object]]]:
    """By policy and storage class: the claims with their volumes."""
    groups: dict[tuple[str, str], list[tuple[Object, Object]]] = {}
    for claim, volume, policy in pairs:
        key = (policy, str(volume["spec"].get("storageClassName") or ""))
        groups.setdefault(key, []).append((claim, volume))
    return groups


def _described(size: str, storage_class: str) -> str:
    return f"{size}, storage class {storage_class}" if storage_class else f"{size}, no storage class"


def _size(objects: Iterable[Object]) -> str:
    """Of volumes by their capacity, of claims by what they were given."""
    sizes = [_capacity(obj) for obj in objects]
    if len(sizes) == 1:
        return sizes[0]
    total, units = sum(amount(size) for size in sizes), ["Ti", "Gi", "Mi", "Ki", ""]
    while total >= 1024 and len(units) > 1:
        total, _ = total / 1024, units.pop()
    return f"{total:.4g}{units[-1]}"


def _capacity(obj: Object) -> str:
    spec, status = obj["spec"], obj.get("status") or {}
    requests = (spec.get("resources") or {}).get("requests")
    capacity = spec.get("capacity") or status.get("capacity") or requests or {}
    return str(capacity.get("storage", "0"))
