"""Labels for the Pod Security Standards. A key that is misspelt is no error to the server: it does nothing.

https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces
"""

import difflib
import re
from collections.abc import Iterable, Iterator

from kubectl_ns_tools.templates.linting.findings import Finding
from kubectl_ns_tools.templates.linting.samples import Samples
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.planning.plan import is_namespace
from kubectl_ns_tools.templates.planning.problems import suggestion

PREFIX = "pod-security.kubernetes.io/"
LEVELS = ("privileged", "baseline", "restricted")
_MODES = ("enforce", "audit", "warn")
KEYS = tuple(f"{PREFIX}{mode}{end}" for mode in _MODES for end in ("", "-version"))
_VERSION = re.compile(r"latest\Z|v1\.(0|[1-9][0-9]*)\Z")
_CLOSE = 0.85  # `pod-security.kubernetes.io/enforced` is closer, `pod-security.example.com/enforce` is not


def pod_security_findings(objects: Iterable[Manifest], samples: Samples) -> Iterator[Finding]:
    """What is wrong with the keys and the values on the Namespaces."""
    for namespace in filter(is_namespace, objects):
        for field in ("labels", "annotations"):
            found = namespace.metadata.get(field)
            for key, value in found.items() if isinstance(found, dict) else ():
                finding = _finding(namespace.place("metadata", field, key), field, str(key), value, samples)
                if finding:
                    yield finding


def _finding(place: str, field: str, key: str, value: object, samples: Samples) -> Finding | None:
    if key in KEYS and field == "annotations":
        return Finding("pod-security-label", place, f"{key} does nothing as an annotation", "make it a label")
    if key in KEYS:
        wrong = _wrong_value(key, value) if isinstance(value, str) and samples.is_known(value) else ""
        return Finding("pod-security-value", place, wrong) if wrong else None
    close = difflib.get_close_matches(key, KEYS, n=1, cutoff=_CLOSE)
    if not close and not key.startswith(PREFIX):
        return None
    meant = f" (did you mean {close[0]}?)" if close else ""
    return Finding("pod-security-label", place, f"{key} does nothing: there is no such label{meant}")


def _wrong_value(key: str, value: str) -> str:
    if key.endswith("-version"):
        return "" if _VERSION.match(value) else f"{key}: {value!r} is no version"
    return "" if value in LEVELS else f"{key}: {value!r} is no level{suggestion(value, LEVELS)}"
