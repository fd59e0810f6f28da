"""Which versions the control plane has and needs; go.mod is the one place that names them."""

import re
from functools import cache
from pathlib import Path

MODULE = Path(__file__).parent
KUBECTL_MINIMUM = (1, 26)


def kubernetes() -> str:
    """The version of the servers, for example "1.36.3"."""
    return _from_go_mod(r"\bk8s\.io/kubernetes v(\S+)")


def go_minimum() -> tuple[int, int]:
    """The Go release that the module asks for, for example (1, 26)."""
    return release(_from_go_mod(r"^go (\S+)$"))


def release(text: str) -> tuple[int, int]:
    """Major and minor of the first version in a text such as "go version go1.26.8" or "v1.32.4-dispatcher".

    (0, 0), which is older than everything, when there is none.
    """
    found = re.search(r"(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else (0, 0)


@cache
def _from_go_mod(pattern: str) -> str:
    found = re.search(pattern, (MODULE / "go.mod").read_text(), re.MULTILINE)
    assert found, f"go.mod has no line like {pattern}"
    return found[1]
