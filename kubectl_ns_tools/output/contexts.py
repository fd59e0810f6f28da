"""The contexts of a kubeconfig as text."""

from collections.abc import Mapping
from typing import Any

from kubectl_ns_tools.kubeconfig.config import Config
from kubectl_ns_tools.kubeconfig.reading.entry import Entry
from kubectl_ns_tools.kubeconfig.reading.schema import SECTIONS
from kubectl_ns_tools.kubeconfig.secrets import OMITTED, REDACTED
from kubectl_ns_tools.kubeconfig.view import View
from kubectl_ns_tools.output.document import document_text
from kubectl_ns_tools.output.table import columns

_SECRETS = {
    "token": REDACTED,
    "password": REDACTED,
    "client-key-data": OMITTED,
    "client-certificate-data": OMITTED,
    "certificate-authority-data": OMITTED,
}
# The other fields that kubectl knows. What it does not know may be secret, so it is left out, as there.
_UNTYPED = frozenset({"extensions", "as-user-extra", "auth-provider", "exec"})
_HEADERS = ("CURRENT", "NAME", "CLUSTER", "USER", "NAMESPACE")
_WIDE_HEADERS = ("SERVER", "FILE")
_NO_CONFIG = Config("")


def render_contexts(view: View, output: str, config: Config = _NO_CONFIG) -> str:
    """output: "table", "wide", "json" or "yaml" (the merged kubeconfig, redacted).

    config: says which contexts are protected; where it names any, tables have a column for it, the last.
    """
    if output in ("json", "yaml"):
        return document_text(redacted(view), output)
    return _table(view, output == "wide", config)


def _table(view: View, wide: bool, config: Config) -> str:
    headers = [*_HEADERS, *(_WIDE_HEADERS if wide else ()), *(["PROTECTED"] if config.protected else ())]
    rows = [_row(view, name, wide, config) for name in sorted(view.contexts)]
    return columns(rows, headers)


def _row(view: View, name: str, wide: bool, config: Config) -> list[str]:
    context = view.contexts[name]
    cluster = reference(context, "cluster", view.clusters)
    user = reference(context, "user", view.users)
    row = ["*" if name == view.current_context else " ", name, cluster, user, context.get("namespace")]
    if wide:
        server = view.clusters.get(context.get("cluster"))
        row += [server.get("server") if server else "", context.path]
    if config.protected:
        row.append("yes" if config.is_protected(name) else "no")
    return row


def reference(context: Entry, kind: str, entries: Mapping[str, Entry]) -> str:
    """The name of the context's cluster or user, flagged when it is not among the entries."""
    name = context.get(kind)
    return f"{name} (missing)" if name and name not in entries else name


def redacted(view: View) -> dict[str, Any]:
    """The merged kubeconfig as `kubectl config view` gives it: sorted by name, without secrets."""
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": view.current_context,
        "clusters": _named("cluster", view.clusters),
        "contexts": _named("context", view.contexts),
        "users": _named("user", view.users),
    }


def _named(kind: str, entries: dict[str, Entry]) -> list[dict[str, Any]]:
    known = frozenset(SECTIONS[f"{kind}s"][2]) | _UNTYPED
    return [{"name": name, kind: _without_secrets(entries[name].body, known)} for name in sorted(entries)]


def _without_secrets(body: dict[str, Any], known: frozenset[str]) -> dict[str, Any]:
    clean = {key: _SECRETS.get(key, value) for key, value in body.items() if key in known}
    provider = clean.get("auth-provider")
    if isinstance(provider, dict) and provider.get("config"):
        clean["auth-provider"] = {**provider, "config": REDACTED}
    plugin = clean.get("exec")
    if isinstance(plugin, dict) and isinstance(plugin.get("env"), list):
        clean["exec"] = {**plugin, "env": [_without_value(item) for item in plugin["env"]]}
    return clean


def _without_value(variable: Any) -> Any:
    return {**variable, "value": REDACTED} if isinstance(variable, dict) and "value" in variable else variable
