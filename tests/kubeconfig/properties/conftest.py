"""How many examples are tried: few and always the same ones, or with HYPOTHESIS_PROFILE=thorough new ones,
for minutes."""

import importlib
import os
import pkgutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import kubectl_ns_tools

pytest.register_assert_rewrite("tests.kubeconfig.properties.judge")

_ANY = {"deadline": None, "suppress_health_check": list(HealthCheck)}
settings.register_profile("usual", max_examples=60, derandomize=True, database=None, **_ANY)
settings.register_profile("thorough", max_examples=3000, print_blob=True, **_ANY)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))

# Hypothesis takes some values from the constants in the modules that are loaded. All of ours are, so that the
# examples are the same ones whichever tests ran before.
for _module in pkgutil.walk_packages(kubectl_ns_tools.__path__, f"{kubectl_ns_tools.__name__}."):
    importlib.import_module(_module.name)


@pytest.fixture
def fresh_folder(tmp_path: Path) -> Callable[[], Path]:
    """A new folder for every example of a test."""
    made: list[Path] = []

    def fresh() -> Path:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(folder)
        return folder

    return fresh
