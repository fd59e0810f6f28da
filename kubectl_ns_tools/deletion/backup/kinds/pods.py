"""Pods that no controller makes, without what scheduling and admission have added to them."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from kubectl_ns_tools.deletion.backup.kinds.proof import elements, managed
from kubectl_ns_tools.deletion.backup.kinds.workloads import drop_notes

MIRROR = "kubernetes.io/config.mirror"
# Given by the scheduler, the PriorityClass, the RuntimeClass, and `kubectl debug`; the server refuses those
# that differ from what it would give, and ephemeral containers in any case. serviceAccount is an alias.
_GIVEN = ("nodeName", "serviceAccount", "priority", "preemptionPolicy", "overhead", "ephemeralContainers")
_NETWORKS = (
    "cni.projectcalico.org/",
    "k8s.v1.cni.cncf.io/network-status",
    "k8s.v1.cni.cncf.io/networks-status",
    "k8s.ovn.org/pod-networks",
    "ovn.kubernetes.io/",
    "kubernetes.io/limit-ranger",
)
_TOKEN_VOLUME = re.compile(r"kube-api-access-[a-z0-9]{5}")
# DefaultTolerationSeconds puts them on every pod that has no others for these taints.
_UNREADY = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
_CONTAINERS = ("containers", "initContainers")


def pod(clean: dict[str, Any], live: Mapping[str, Any]) -> None:
    drop_notes(clean)
    annotations = clean["metadata"].get("annotations") or {}
    for name in [name for name in annotations if name.startswith(_NETWORKS)]:
        del annotations[name]
    spec = clean.get("spec") or {}
    for field in _GIVEN:
        spec.pop(field, None)
    _without(spec, "tolerations", [each for each in spec.get("tolerations") or () if _is_default(each)])
    for field in _CONTAINERS:
        _without(spec, field, _injected(live, field))
    volumes = [*_token_volumes(live), *_injected(live, "volumes")]
    _without(spec, "volumes", volumes)
    _unmount(spec, {each["name"] for each in volumes})


def _is_default(toleration: Mapping[str, Any]) -> bool:
    return toleration == {
        "key": toleration.get("key"),
        "operator": "Exists",
        "effect": "NoExecute",
        "tolerationSeconds": 300,
    } and (toleration["key"] in _UNREADY)


def _injected(live: Mapping[str, Any], field: str) -> list[Any]:
    """The elements that no request had in it: sidecars of a service mesh, and what they mount.

    Only where the server knows who has set the containers; pods may be older than its records.
    """
    if not any(managed(live, "spec", "containers")):
        return []
    ours = {key.get("name") for key, _ in elements(live, "spec", field)}
    return [each for each in live["spec"].get(field) or () if each["name"] not in ours]


def _token_volumes(live: Mapping[str, Any]) -> list[Any]:
    """The account's token, mounted by admission; before 1.22 from a Secret of the account's name."""
    spec = live.get("spec") or {}
    account = re.escape(str(spec.get("serviceAccountName") or "default"))
    legacy = re.compile(rf"{account}-token-[a-z0-9]{{5}}")
    return [
        each
        for each in spec.get("volumes") or ()
        if (_TOKEN_VOLUME if "projected" in each else legacy).fullmatch(each["name"])
    ]


def _unmount(spec: dict[str, Any], volumes: Collection[str]) -> None:
    for container in (each for field in _CONTAINERS for each in spec.get(field) or ()):
        mounts = container.get("volumeMounts") or ()
        _without(container, "volumeMounts", [mount for mount in mounts if mount["name"] in volumes])


def _without(parent: dict[str, Any], field: str, unwanted: list[Any]) -> None:
    """A list that is empty then goes too; one that was empty before stays."""
    if not unwanted:
        return
    parent[field] = [each for each in parent.get(field) or () if each not in unwanted]
    if not parent[field]:
        del parent[field]
