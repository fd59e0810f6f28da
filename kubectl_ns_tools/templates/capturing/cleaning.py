"""A live object as somebody would have written it: without what the server and other tools put on it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

# Keys of labels and annotations, by their domain. They bind an object to what made it: a second object with
# them would be taken for the first one's, adopted, or pruned.
_FOREIGN_DOMAINS = (
    "kubectl-ns-tools", "kubectl.kubernetes.io", "helm.sh", "meta.helm.sh", "argoproj.io", "fluxcd.io",
    "cattle.io", "hnc.x-k8s.io", "capsule.clastix.io", "operatorframework.io", "operators.coreos.com",
)  # fmt: skip
_FOREIGN_KEYS = frozenset(
    {"app.kubernetes.io/instance", "app.kubernetes.io/managed-by", "kubernetes.io/metadata.name"}
)
_FOREIGN_BEGINNINGS = ("openshift.io/sa.scc.", "openshift.io/requester", "openshift.io/internal-registry")
_SECRET = re.compile(r"passw|secret|token|credential|(?:private|api)[-_.]?key", re.IGNORECASE)
_HEADER = ("apiVersion", "kind", "metadata", "status")
_OPENSHIFTS_ACCOUNTS = ("builder", "deployer")
_DOCKERCFG = "-dockercfg-"  # a pull secret that OpenShift makes for each account


def left_out(live: Mapping[str, Any]) -> str | None:
    """Why an object is no part of a template: "" where that goes without saying, None where it is one."""
    metadata, kind = live["metadata"], live["kind"]
    owners = metadata.get("ownerReferences") or ()
    if owners:
        return f"{owners[0].get('kind')} {owners[0].get('name')} makes it"
    if kind == "RoleBinding" and metadata["name"].startswith("system:"):
        return ""  # OpenShift makes them in every project
    return "" if kind == "ServiceAccount" and _is_made_by_cluster(live) else None


def cleaned(live: Mapping[str, Any]) -> dict[str, Any]:
    """The object with its name, the labels and annotations that are its own, and what it says."""
    metadata = {"name": live["metadata"]["name"], **own_metadata(live)}
    rest = {key: value for key, value in live.items() if key not in _HEADER}
    if live["kind"] == "Namespace":
        rest = {}  # spec.finalizers is the server's
    if live["kind"] == "ServiceAccount":
        rest = _account(rest)
    return {"apiVersion": live["apiVersion"], "kind": live["kind"], "metadata": metadata, **rest}


def own_metadata(live: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Labels and annotations, each only if something is left of it."""
    metadata = live["metadata"]
    hidden = set(secret_annotations(live))
    found = {
        "labels": {key: value for key, value in _own(metadata.get("labels"))},
        "annotations": {key: value for key, value in _own(metadata.get("annotations")) if key not in hidden},
    }
    return {field: pairs for field, pairs in found.items() if pairs}


def secret_annotations(live: Mapping[str, Any]) -> list[str]:
    """The annotations whose values may be secrets, by their names."""
    annotations = _own(live["metadata"].get("annotations"))
    return [key for key, _ in annotations if _SECRET.search(key.rpartition("/")[2])]


def pull_secrets(account: Mapping[str, Any]) -> list[str]:
    """The secrets that a ServiceAccount pulls images with, OpenShift's own aside."""
    names = [str(each.get("name")) for each in account.get("imagePullSecrets") or ()]
    return [name for name in names if _DOCKERCFG not in name]


def _own(pairs: Mapping[str, str] | None) -> Iterator[tuple[str, str]]:
    for key, value in (pairs or {}).items():
        domain = key.partition("/")[0] if "/" in key else ""
        foreign = any(domain == each or domain.endswith(f".{each}") for each in _FOREIGN_DOMAINS)
        if not (foreign or key in _FOREIGN_KEYS or key.startswith(_FOREIGN_BEGINNINGS)):
            yield key, value


def _is_made_by_cluster(account: Mapping[str, Any]) -> bool:
    """The `default` one, as long as nobody has changed it, and OpenShift's."""
    name = account["metadata"]["name"]
    if name in _OPENSHIFTS_ACCOUNTS:
        return any(_DOCKERCFG in str(each.get("name")) for each in account.get("secrets") or ())
    changed = own_metadata(account) or pull_secrets(account) or "automountServiceAccountToken" in account
    return name == "default" and not changed


def _account(rest: Mapping[str, Any]) -> dict[str, Any]:
    """Without its tokens, which the server makes, and OpenShift's secrets."""
    kept = {key: value for key, value in rest.items() if key not in ("secrets", "imagePullSecrets")}
    pulling = [{"name": name} for name in pull_secrets(rest)]
    return {**kept, **({"imagePullSecrets": pulling} if pulling else {})}
