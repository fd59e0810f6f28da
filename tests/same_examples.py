"""Hypothesis with the same examples in every run, whichever tests ran before."""

import importlib
import pkgutil
from typing import Any

from hypothesis import HealthCheck, settings

import kubectl_ns_tools

# No limit of time: a busy machine is no failure.
UNHURRIED: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck)}
SAME: dict[str, Any] = {"derandomize": True, "database": None, **UNHURRIED}

# Hypothesis takes some values from the constants in the modules that are loaded: all of ours are.
for _module in pkgutil.walk_packages(kubectl_ns_tools.__path__, f"{kubectl_ns_tools.__name__}."):
    importlib.import_module(_module.name)


def same_examples(number: int) -> settings:
    """For a test: so many examples, always the same ones."""
    return settings(max_examples=number, **SAME)
