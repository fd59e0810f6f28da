"""Fixtures for creations on the real cluster."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kubectl_ns_tools.templates.creation import rollback
from tests.commands.conftest import admitted_whatever_it_takes, rolled_back_whatever_it_takes
from tests.commands.conftest import run as run_here

__all__ = ["admitted_whatever_it_takes", "rolled_back_whatever_it_takes", "run", "run_here"]


@pytest.fixture
def run(
    kubeconfig: Path, monkeypatch: pytest.MonkeyPatch, run_here: Callable[..., Any]
) -> Callable[..., Any]:
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig))
    return run_here


@pytest.fixture(autouse=True)
def _patient(rolled_back_whatever_it_takes: None) -> None:
    """On a busy machine a namespace takes longer to go than the product waits for it."""


@pytest.fixture
def impatient(_patient: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The deletion of the namespace is not waited for: it takes the controller five seconds."""
    monkeypatch.setattr(rollback, "GONE_SECONDS", 0.0)
