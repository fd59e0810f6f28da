"""Data for programs: JSON and YAML documents with a header, and kubectl's `-o name` lines."""

from collections.abc import Mapping
from typing import Any

API_VERSION = "kubectl-ns-tools/v1"


def document(kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """`body` with the header that tells a program what it reads; fields are only ever added to a version."""
    return {"apiVersion": API_VERSION, "kind": kind, **body}


def document_text(value: Mapping[str, Any], form: str) -> str:
    """The text of a document. form: "json" or "yaml"."""
    if form == "yaml":
        from kubectl_ns_tools.goyaml import dump

        return dump(value).rstrip("\n")
    import json

    # Not ensure_ascii=False: escaped, other people's text cannot steer a terminal.
    return json.dumps(value, indent=2)
