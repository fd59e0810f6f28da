"""Which names a namespace may have."""

import re

from kubectl_ns_tools.errors import Refused

# apimachinery pkg/util/validation: IsDNS1123Label
_LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?\Z")
_WORDS = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start "
    "and end with an alphanumeric character, at most 63 in all"
)


def check_namespace(name: str) -> None:
    """Raise Refused, in the API server's words, when no namespace can have this name."""
    if not _LABEL.match(name):
        raise Refused(f'the namespace "{name}" is invalid: {_WORDS}')
