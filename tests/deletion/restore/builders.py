"""Archives' entries and manifests, as values."""

from typing import Any

from kubectl_ns_tools.deletion.backup.contents import Entry
from kubectl_ns_tools.deletion.items import Owner


def entry(resource: str, kind: str, name: str, *, owners: tuple[Entry, ...] = (), **changes: Any) -> Entry:
    """resource: `deployments.apps`; what is owned is not restored, unless `changes` say so."""
    group = resource.partition(".")[2]
    found = Entry(
        member=f"objects/{resource}/{name}.yaml",
        api_version=f"{group}/v1" if group else "v1",
        kind=kind,
        resource=resource,
        name=name,
        uid=f"uid-{resource}-{name}",
        owners=tuple(Owner(each.kind, each.name, each.uid, True) for each in owners),
        restore=not owners,
        reason=f"{owners[0].kind}/{owners[0].name} makes it" if owners else "",
        sha256="",
    )
    return found._replace(**changes)


def manifest(kind: str, name: str = "a", *, api_version: str = "v1", **fields: Any) -> dict[str, Any]:
    metadata = {"name": name, **fields.pop("metadata", {})}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **fields}
