"""What the checks keep of kinds of which a namespace may hold tens of thousands."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

_METADATA = ("name", "namespace", "uid", "labels", "ownerReferences", "finalizers", "deletionTimestamp")
_SPEC = ("nodeName", "terminationGracePeriodSeconds", "serviceAccountName")


def slim_pod(pod: Mapping[str, Any]) -> dict[str, Any]:
    """A Pod with what says where it runs, who made it, how it ends and which claims it uses."""
    metadata, spec, status = (pod.get(part) or {} for part in ("metadata", "spec", "status"))
    return {
        "apiVersion": pod["apiVersion"],
        "kind": pod["kind"],
        "metadata": {key: metadata[key] for key in _METADATA if key in metadata},
        "spec": {
            **{key: spec[key] for key in _SPEC if key in spec},
            "volumes": list(_claim_volumes(metadata["name"], spec)),
        },
        "status": {"phase": status.get("phase", "")},
    }


def _claim_volumes(pod: str, spec: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The claim of a generic ephemeral volume is called after the pod and the volume (KEP-1698)."""
    for volume in spec.get("volumes") or ():
        if claim := volume.get("persistentVolumeClaim"):
            yield {"persistentVolumeClaim": {"claimName": claim["claimName"]}}
        elif volume.get("ephemeral"):
            yield {"persistentVolumeClaim": {"claimName": f"{pod}-{volume['name']}"}}


def slim_definition(definition: Mapping[str, Any]) -> dict[str, Any]:
    """A CustomResourceDefinition without its schemas, which are megabytes in a cluster of many operators."""
    metadata, spec, status = (definition.get(part) or {} for part in ("metadata", "spec", "status"))
    return {
        "apiVersion": definition["apiVersion"],
        "kind": definition["kind"],
        "metadata": {key: metadata[key] for key in _METADATA if key in metadata},
        "spec": {
            "conversion": spec.get("conversion"),
            "versions": [{"name": version.get("name")} for version in spec.get("versions") or ()],
        },
        "status": {"storedVersions": status.get("storedVersions")},
    }


CRDS = "customresourcedefinitions.apiextensions.k8s.io"
SLIM: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "pods": slim_pod,
    CRDS: slim_definition,
}
# How many to read at a time, of kinds whose objects are large.
PAGE = {CRDS: 50}
