"""Which versions the control plane can have, and needs; each is named in its modules/MINOR/go.mod alone.

The environment's KUBERNETES chooses one by its minor release, such as 1.33; without it, it is the newest.
"""

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

MODULES = Path(__file__).parent / "modules"
KUBECTL_MINIMUM = (1, 26)


class UnknownRelease(Exception):
    """KUBERNETES names a release that there is no go.mod for; the text says which there are."""


def minors() -> list[str]:
    """The minor releases of Kubernetes that can be built, the newest first."""
    return sorted((folder.name for folder in MODULES.iterdir()), key=release, reverse=True)


def module(environ: Mapping[str, str] = os.environ) -> Path:
    """Where go.mod and go.sum of the release are that the environment chooses. Raises UnknownRelease."""
    known = minors()
    chosen = environ.get("KUBERNETES") or known[0]
    if chosen not in known:
        raise UnknownRelease(f"KUBERNETES={chosen} is none of {', '.join(known)}")
    return MODULES / chosen


def kubernetes(environ: Mapping[str, str] = os.environ) -> str:
    """The version of the servers, for example "1.36.3"."""
    return _from_go_mod(module(environ), r"\bk8s\.io/kubernetes v(\S+)")


def go_minimum(environ: Mapping[str, str] = os.environ) -> tuple[int, int]:
    """The Go release that the module asks for, for example (1, 26)."""
    return release(_from_go_mod(module(environ), r"^go (\S+)$"))


def release(text: str) -> tuple[int, int]:
    """Major and minor of the first version in a text such as "go version go1.26.8" or "v1.32.4-dispatcher".

    (0, 0), which is older than everything, when there is none.
    """
    found = re.search(r"(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else (0, 0)


@cache
def _from_go_mod(folder: Path, pattern: str) -> str:
    found = re.search(pattern, (folder / "go.mod").read_text(), re.MULTILINE)
    assert found, f"{folder}/go.mod has no line like {pattern}"
    return found[1]
