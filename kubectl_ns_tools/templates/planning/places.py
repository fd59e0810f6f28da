"""Where in a file the field stands that the server complains about."""

import re

from kubectl_ns_tools.cluster.errors import ApiError
from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.templates.objects import Manifest

# structured-merge-diff: `failed to create typed patch object (…): .spec.hrad: field not declared in schema`
_TYPED = re.compile(r"(?:^|\s)\.([\w.\[\]\"=-]+): (?:field not declared in schema|expected )")
_STEP = re.compile(r"\[([^\]]*)\]|([^.\[]+)")


def place_of(manifest: Manifest, error: NsToolsError) -> str:
    """`file:line` of the first field that the error names, else of the object."""
    if not isinstance(error, ApiError):
        return manifest.place()
    fields = [str(cause["field"]) for cause in error.causes if cause.get("field")]
    fields += _TYPED.findall(error.message)
    return manifest.place(*path_of(fields[0])) if fields else manifest.place()


def located(manifest: Manifest, error: NsToolsError) -> str:
    """The error's message after the place and the name of the object."""
    return ": ".join(part for part in (place_of(manifest, error), manifest.reference, error.message) if part)


def path_of(field: str) -> tuple[str | int, ...]:
    """The path of a field as the API server writes it: `spec.hard[limits.cpu]`."""
    steps = (match[1] or match[2] for match in _STEP.finditer(field))
    return tuple(int(step) if step.isdecimal() else step for step in steps)
