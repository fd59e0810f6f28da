"""Objects of a cluster as data for programs."""

from collections.abc import Mapping, Sequence
from typing import Any


def objects_text(objects: Sequence[Mapping[str, Any]], form: str) -> str:
    """A List in JSON, several documents in YAML: what kubectl reads back in the order given."""
    if form == "json":
        from kubectl_ns_tools.output.document import document_text

        return document_text({"apiVersion": "v1", "kind": "List", "items": list(objects)}, "json")
    from kubectl_ns_tools.goyaml import dump_all

    return dump_all(objects).rstrip("\n")


def without_managers(live: Mapping[str, Any]) -> dict[str, Any]:
    """Without managedFields, as kubectl shows objects."""
    metadata = {key: value for key, value in live["metadata"].items() if key != "managedFields"}
    return {**live, "metadata": metadata}
