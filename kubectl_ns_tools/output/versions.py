"""Which versions are at work, as `kubectl version` writes them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from kubectl_ns_tools.output.document import document, document_text
from kubectl_ns_tools.output.escape import escape


class Versions(NamedTuple):
    """suite: ours; python: of the interpreter; packed: whether that came in our archive; client, server: what
    kubectl and the API server say of themselves, None for one that was not asked or did not say."""

    suite: str
    python: str
    packed: bool
    client: Mapping[str, Any] | None
    server: Mapping[str, Any] | None


def render_versions(versions: Versions, output: str) -> str:
    """output: "text", "json" or "yaml"."""
    if output in ("json", "yaml"):
        return document_text(document("Versions", _data(versions)), output)
    packed = " (packed)" if versions.packed else ""
    lines = [f"kubectl-ns-tools Version: v{versions.suite}", f"Python Version: {versions.python}{packed}"]
    # kubectl pkg/cmd/version
    for side, said in (("Client", versions.client), ("Server", versions.server)):
        if said is not None:
            lines.append(f"{side} Version: {escape(str(said.get('gitVersion') or 'unknown'))}")
    return "\n".join(lines)


def _data(versions: Versions) -> dict[str, Any]:
    return {
        "suiteVersion": f"v{versions.suite}",
        "python": {"version": versions.python, "packed": versions.packed},
        "clientVersion": dict(versions.client) if versions.client is not None else None,
        "serverVersion": dict(versions.server) if versions.server is not None else None,
    }
