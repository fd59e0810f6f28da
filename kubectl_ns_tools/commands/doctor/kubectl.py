"""The kubectl that runs us: there, new enough, and not too far from the server."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_ns_tools.commands.doctor.program import client_version, find_kubectl
from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.output.doctor import Finding, error, ok, warning

_AREA = "kubectl"
_COMPLETING = (1, 26)  # the first that asks kubectl_complete-X
_SKEW = 1  # minor releases, https://kubernetes.io/releases/version-skew-policy/#kubectl


def kubectl_findings(environ: Mapping[str, str]) -> tuple[list[Finding], tuple[int, int] | None]:
    """How it is, and its release, None where that is not known."""
    try:
        program = find_kubectl(environ)
        said = client_version(program, environ)
    except NsToolsError as failed:
        return [error(_AREA, failed.message, failed.hint)], None
    name = f"{program}, {said.get('gitVersion') or 'of an unknown version'}"
    found = release(said)
    if found is not None and found < _COMPLETING:
        remedy = "install kubectl 1.26 or newer, or: kubectl ns-tools completion"
        return [warning(_AREA, f"{name}: too old to complete the words of plugins", remedy)], found
    return [ok(_AREA, name)], found


def skew_findings(client: tuple[int, int] | None, server: tuple[int, int] | None) -> Iterator[Finding]:
    """Whether the two are made for each other; nothing where they are, or it is not known."""
    if client is None or server is None or client[0] != server[0] or abs(client[1] - server[1]) <= _SKEW:
        return
    text = f"kubectl is {_dotted(client)}, the server {_dotted(server)}: more than one minor release apart"
    yield warning(_AREA, text, f"install kubectl {_dotted(server)}")


def release(said: Mapping[str, Any]) -> tuple[int, int] | None:
    """(1, 36) of what kubectl or a server says of its version; providers write "36+"."""
    numbers = [re.match(r"\d+", str(said.get(part) or "")) for part in ("major", "minor")]
    if numbers[0] is None or numbers[1] is None:
        return None
    return int(numbers[0][0]), int(numbers[1][0])


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"
