"""What this room costs to import: the client library loads with the first request, not before."""

import subprocess
import sys

import pytest

HEAVY = (
    "kubernetes",
    "urllib3",
    "requests",
    "yaml",
    "concurrent.futures",
    "subprocess",
    "tempfile",
    "logging",
)
MODULES = ("connection", "discovery", "lists", "objects", "watch", "permissions", "namespaces", "errors")


@pytest.mark.parametrize("module", MODULES)
def test_a_module_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, kubectl_ns_tools.cluster.{module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(HEAVY) & set(done.stdout.split())


def test_a_connection_that_is_not_used_loads_nothing_heavy() -> None:
    config = {
        "current-context": "a",
        "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
        "clusters": [{"name": "a", "cluster": {"server": "https://127.0.0.1:1"}}],
        "users": [{"name": "a", "user": {"token": "t"}}],
    }
    code = (
        "import sys; from kubectl_ns_tools.cluster.connection import connect;"
        f"connect({config!r}); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(HEAVY) & set(done.stdout.split())
