"""What every object must have before a server is asked anything."""

from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_ns_tools.templates.objects import Manifest

Problem = tuple[tuple[str, ...], str]  # the path of the field, and what follows it in the sentence

# Set by the server. In an apply they are preconditions on an object that is not there, or refused outright.
_SERVERS_OWN = ("uid", "resourceVersion", "managedFields")


def problems_of(manifest: Manifest) -> Iterator[str]:
    """What is wrong with the object's header, each with file, line and field."""
    for path, problem in (*_header_problems(manifest), *_metadata_problems(manifest)):
        yield f"{manifest.place(*path)}: {'.'.join(path)}{problem}"


def _header_problems(manifest: Manifest) -> Iterator[Problem]:
    for field in ("apiVersion", "kind"):
        value = manifest.data.get(field)
        if value is None or value == "":
            yield (field,), " not set"  # kubectl's words
        elif not isinstance(value, str):
            yield (field,), " must be a string"


def _metadata_problems(manifest: Manifest) -> Iterator[Problem]:
    metadata = manifest.data.get("metadata")
    if not isinstance(metadata, dict):
        yield ("metadata",), ": Required value" if metadata is None else " must be a mapping"
        return
    yield from _name_problems(metadata)
    for field in _SERVERS_OWN:
        if metadata.get(field):
            yield ("metadata", field), " should not be set on objects to be created"
    for field in ("labels", "annotations"):
        yield from _map_problems(field, metadata.get(field))


def _name_problems(metadata: Mapping[str, Any]) -> Iterator[Problem]:
    unnamed = metadata.get("name") in (None, "")
    if unnamed and metadata.get("generateName"):
        yield ("metadata", "generateName"), " cannot be applied: give the object a name"
    elif unnamed:
        yield ("metadata", "name"), ": Required value"
    for field in ("name", "namespace"):
        if not isinstance(metadata.get(field), (str, type(None))):
            yield ("metadata", field), " must be a string: quote it"


def _map_problems(field: str, value: Any) -> Iterator[Problem]:
    if value is not None and not isinstance(value, dict):
        yield ("metadata", field), " must be a mapping"
        return
    for key, item in (value or {}).items():
        if not isinstance(item, str):
            yield ("metadata", field, key), " must be a string: quote it"
