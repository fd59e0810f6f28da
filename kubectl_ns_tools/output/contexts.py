"""The contexts of a kubeconfig as text."""

from typing import Any

from kubectl_ns_tools.kubeconfig.entry import Entry
from kubectl_ns_tools.kubeconfig.schema import SECTIONS
from kubectl_ns_tools.kubeconfig.view import View
from kubectl_ns_tools.output.document import document_text
from kubectl_ns_tools.output.table import columns

REDACTED, OMITTED = "REDACTED", "DATA+OMITTED"  # kubectl config view's words
_SECRETS = {
    "token": REDACTED,
    "password": REDACTED,
    "client-key-data": OMITTED,
    "client-certificate-data": OMITTED,
    "certificate-authority-data": OMITTED,
}
# The other fields that kubectl knows. What it does not know may be secret, so it is left out, as there.
_UNTYPED = frozenset({"extensions", "as-user-extra", "auth-provider", "exec"})


def render_contexts(view: View, output: str) -> str:
    """output: "table", "wide", "name" (one a line), "json" or "yaml" (the merged kubeconfig, redacted)."""
    if output == "name":
        return "\n".join(view.contexts)
    if output in ("json", "yaml"):
        return document_text(redacted(view), output)
    return _table(view, wide=output == "wide")


def _table(view: View, wide: bool) -> str:
    headers = ["CURRENT", "NAME", "CLUSTER", "USER", "NAMESPACE"] + (["SERVER", "FILE"] if wide else [])
    rows = [_row(view, name, wide) for name in sorted(view.contexts)]
    return columns(rows, headers) if rows else ""


def _row(view: View, name: str, wide: bool) -> list[str]:
    context = view.contexts[name]
    cluster, user = (_reference(context, kind, entries) for kind, entries in _references(view))
    row = ["*" if name == view.current_context else " ", name, cluster, user, context.get("namespace")]
    if wide:
        server = view.clusters.get(context.get("cluster"))
        row += [server.get("server") if server else "", context.path]
    return row


def _references(view: View) -> tuple[tuple[str, dict[str, Entry]], ...]:
    return ("cluster", view.clusters), ("user", view.users)


def _reference(context: Entry, kind: str, entries: dict[str, Entry]) -> str:
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
