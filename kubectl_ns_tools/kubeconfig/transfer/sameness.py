"""Whether two entries are the same to kubectl, however they are written."""

import json
from collections.abc import Mapping
from typing import Any

from kubectl_ns_tools.kubeconfig.reading.schema import (
    ANYTHING,
    DATA,
    SECTIONS,
    Kind,
    ListOf,
    MapOf,
    Struct,
)

# clientcmd/api/v1/defaults.go (SetDefaults_ExecConfig): what kubectl writes where nothing was
_OLD_PLUGINS = (
    "client.authentication.k8s.io/v1beta1",
    "client.authentication.k8s.io/v1alpha1",
)


def sameness(section: str, body: Mapping[str, Any]) -> str:
    """A text that is equal for equal entries. Paths in the body must be absolute.

    For fields that kubectl knows, Go's empty value is as good as none; others count as they are.
    """
    made = _plain(body, Struct("", SECTIONS[section][2]))
    return json.dumps(made, sort_keys=True)  # unlike ==, tells 1 from true and from 1.0


def context_sameness(body: Mapping[str, Any], others: Mapping[str, str]) -> str:
    """The same for a context: by what its cluster and user are, not by what they are called.

    others: their samenesses, by "cluster" and "user"; one that does not exist is left out.
    """
    own = {key: value for key, value in body.items() if key not in others}
    return json.dumps([sameness("contexts", own), dict(others)], sort_keys=True)


def _plain(value: Any, kind: Kind) -> Any:
    if isinstance(kind, Struct) and isinstance(value, dict):
        fields = {key: _plain(each, kind.fields.get(key, ANYTHING)) for key, each in value.items()}
        made = {
            key: each for key, each in fields.items() if each or kind.fields.get(key, ANYTHING) == ANYTHING
        }
        return _without_defaults(made) if kind.name == "ExecConfig" else made
    if isinstance(kind, ListOf) and isinstance(value, list):
        return [_plain(item, kind.item) for item in value]
    if isinstance(kind, MapOf) and isinstance(value, dict):
        return {key: _plain(item, kind.value) for key, item in value.items()}
    if kind == DATA and isinstance(value, str):
        return "".join(value.split())
    return value


def _without_defaults(plugin: dict[str, Any]) -> dict[str, Any]:
    if plugin.get("apiVersion") in _OLD_PLUGINS and plugin.get("interactiveMode") == "IfAvailable":
        del plugin["interactiveMode"]
    return plugin
