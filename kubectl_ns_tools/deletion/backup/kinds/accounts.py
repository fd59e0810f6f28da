"""ServiceAccounts and Secrets without the tokens that the cluster makes for them."""

import re
from collections.abc import Mapping
from typing import Any

from kubectl_ns_tools.deletion.backup.kinds.proof import LAST_APPLIED

TOKEN = "kubernetes.io/service-account-token"
# Where the account that a Secret is for is named, by Kubernetes and by OpenShift.
ACCOUNTS = ("kubernetes.io/service-account.name", "openshift.io/internal-registry-auth-token.service-account")
_ACCOUNT_UID = "kubernetes.io/service-account.uid"
_FILLED_IN = ("token", "ca.crt", "service-ca.crt", "namespace")
# The controller that removes unused tokens keeps its books in labels (pkg/controller/serviceaccount).
_LAST_USE = ("kubernetes.io/legacy-token-last-used", "kubernetes.io/legacy-token-invalid-since")
_OPENSHIFTS_SECRET = "openshift.io/internal-registry-pull-secret-ref"


def secret(clean: dict[str, Any], live: Mapping[str, Any]) -> None:
    """A token that somebody asked for is filled in anew, for the new account."""
    if live.get("type") != TOKEN:
        return
    metadata = clean["metadata"]
    (metadata.get("annotations") or {}).pop(_ACCOUNT_UID, None)
    for label in _LAST_USE:
        (metadata.get("labels") or {}).pop(label, None)
    rest = {key: value for key, value in (clean.pop("data", None) or {}).items() if key not in _FILLED_IN}
    if rest:
        clean["data"] = rest


def account(clean: dict[str, Any], live: Mapping[str, Any]) -> None:
    """What the account pulls images and mounts with, if somebody has said so."""
    name = live["metadata"]["name"]
    (clean["metadata"].get("annotations") or {}).pop(_OPENSHIFTS_SECRET, None)
    for field in ("secrets", "imagePullSecrets"):
        kept = [each for each in clean.pop(field, None) or () if not is_made_for(name, str(each.get("name")))]
        if kept:
            clean[field] = kept


def own_annotations(live: Mapping[str, Any]) -> list[str]:
    """The names of the annotations that people have put on an account."""
    made = (_OPENSHIFTS_SECRET, LAST_APPLIED)
    return [name for name in live["metadata"].get("annotations") or () if name not in made]


def is_made_for(account: str, secret: str) -> bool:
    """Whether the secret has a name that the cluster gives to those that it makes for the account."""
    return bool(re.fullmatch(rf"{re.escape(account)}-(token|dockercfg)-[a-z0-9]{{5}}", secret))
