"""Templates put into a cluster for everybody: the writing side of templates/library/published.py."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.cluster.errors import ApiConflict, ApiNotFound
from kubectl_ns_tools.cluster.objects import Applied, apply_object, delete_object, get_object
from kubectl_ns_tools.errors import NotFound, Refused, did_you_mean
from kubectl_ns_tools.templates.library.published import CONFIGMAPS, KEY, LABEL, ClusterShelf
from kubectl_ns_tools.templates.library.shelves import is_template_name
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.planning import legal
from kubectl_ns_tools.templates.planning.plan import MANAGED_BY, MANAGED_BY_LABEL

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

MOST_BYTES = 1024 * 1024  # of a ConfigMap's data (pkg/apis/core/validation: MaxSecretSize)


def configmap(name: str, namespace: str, text: str) -> dict[str, Any]:
    """What is to be applied. Raises Refused for a name or a text that no ConfigMap can have."""
    labels = {LABEL: "true", MANAGED_BY_LABEL: MANAGED_BY}
    metadata = {"name": name, "namespace": namespace, "labels": labels}
    found = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {KEY: text}}
    if not is_template_name(name) or any(legal.problems_of(Manifest(found, ""))):
        raise Refused(
            f"{name!r} cannot be the name of a published template",
            "lower case letters, digits, dots and dashes; another one: --name NAME",
        )
    size = len(text.encode())
    if size > MOST_BYTES:
        raise Refused(f"the template has {size} bytes, and a ConfigMap has room for {MOST_BYTES}")
    return found


def publish(connection: "Connection", obj: Mapping[str, Any], *, dry_run: bool, force: bool) -> Applied:
    """Create or change the ConfigMap. force: also one that is no template yet, or that others have changed.

    Raises NotFound when the namespace is not there, Refused or ApiConflict without `force`.
    """
    name, namespace = obj["metadata"]["name"], obj["metadata"]["namespace"]
    there = _find(connection, name, namespace)
    if there and not force and not _is_template(there):
        raise Refused(
            f'configmap "{name}" in namespace "{namespace}" is there and is no template',
            "publish under another name: --name NAME; --force makes a template of it",
        )
    try:
        return apply_object(connection, CONFIGMAPS, obj, dry_run=dry_run, force=force)
    except ApiNotFound as error:
        hint = f"make it, and let users read the ConfigMaps in it: kubectl create namespace {namespace}"
        raise NotFound(f'namespace "{namespace}" does not exist', hint) from error
    except ApiConflict as error:
        error.hint = "--force publishes it nevertheless"
        raise


def withdraw(connection: "Connection", name: str, namespace: str, *, dry_run: bool) -> None:
    """Delete the ConfigMap of a template. Raises NotFound when there is no such template."""
    there = _find(connection, name, namespace)
    if not there or not _is_template(there):
        names = ClusterShelf(lambda: connection, [namespace]).names()
        hint = did_you_mean(name, names, "published templates there are")
        raise NotFound(f'no template "{name}" is published in namespace "{namespace}"', hint)
    delete_object(connection, CONFIGMAPS, name, namespace, uid=there["metadata"]["uid"], dry_run=dry_run)


def joined(texts: Sequence[str]) -> str:
    """The texts of a template, which may be a folder, as one YAML stream."""
    parts = [text.removeprefix("\ufeff") for text in texts]
    if len(parts) == 1:
        return parts[0]
    return "".join(part if part.startswith("---") else f"---\n{part}" for part in map(_ended, parts))


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def _find(connection: "Connection", name: str, namespace: str) -> dict[str, Any] | None:
    try:
        return get_object(connection, CONFIGMAPS, name, namespace)
    except ApiNotFound:
        return None


def _is_template(found: Mapping[str, Any]) -> bool:
    return (found["metadata"].get("labels") or {}).get(LABEL) == "true"
