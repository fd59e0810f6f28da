"""Whether the template of a namespace has changed since it was applied."""

import enum
from collections.abc import Mapping
from typing import Any

from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.templates.annotations import DIGEST_ANNOTATION, TEMPLATE_ANNOTATION
from kubectl_ns_tools.templates.library.library import Library
from kubectl_ns_tools.templates.planning.provenance import digest


class Drift(enum.Enum):
    """UNKNOWN: the namespace was made from no template, or from one that is not to be found here."""

    CURRENT = "current"
    OLDER = "older"
    UNKNOWN = "unknown"


class Drifts:
    """Compares namespaces with the templates of a library; each template is read once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._digests: dict[str, str] = {}

    def of(self, namespace: Mapping[str, Any]) -> Drift:
        """How a live Namespace stands to its template."""
        annotations = namespace["metadata"].get("annotations") or {}
        then, template = annotations.get(DIGEST_ANNOTATION), annotations.get(TEMPLATE_ANNOTATION)
        now = self._digest(template) if then and template else ""
        if not now:
            return Drift.UNKNOWN
        return Drift.CURRENT if now == then else Drift.OLDER

    def _digest(self, template: str) -> str:
        """Of the template, or of several joined by `+`; "" where one is not to be found or read."""
        if template not in self._digests:
            try:
                sources = [source for name in template.split("+") for source in self._library.find(name)[1]]
                self._digests[template] = digest(sources)
            except NsToolsError:
                self._digests[template] = ""
        return self._digests[template]
