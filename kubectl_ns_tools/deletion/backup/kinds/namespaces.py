"""The Namespace itself, without what marks it as somebody's at present."""

from collections.abc import Mapping
from typing import Any

_NAME = "kubernetes.io/metadata.name"
# Labels that controllers of tenants derive from their own objects: hierarchical namespaces, Capsule, Rancher.
_DERIVED = ("hnc.x-k8s.io", "capsule.clastix.io", "cattle.io")
_STATE = ("cattle.io/status", "lifecycle.cattle.io/")


def namespace(clean: dict[str, Any], live: Mapping[str, Any]) -> None:
    """`openshift.io/sa.scc.*` stay: in the same cluster the files of volumes belong to these users. Whoever
    restores under another name or elsewhere drops them."""
    (clean.get("spec") or {}).pop("finalizers", None)
    if not clean.get("spec"):
        clean.pop("spec", None)
    metadata = clean["metadata"]
    labels, annotations = metadata.get("labels") or {}, metadata.get("annotations") or {}
    for name in [name for name in labels if name == _NAME or _is_derived(name)]:
        del labels[name]
    for name in [name for name in annotations if name.startswith(_STATE)]:
        del annotations[name]


def _is_derived(label: str) -> bool:
    domain = label.rpartition("/")[0]
    return any(domain == each or domain.endswith(f".{each}") for each in _DERIVED)
