"""How many examples are tried: few and always the same ones, or with HYPOTHESIS_PROFILE=thorough new ones,
for minutes."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.same_examples import SAME, UNHURRIED

pytest.register_assert_rewrite("tests.kubeconfig.properties.judge")

settings.register_profile("usual", max_examples=60, **SAME)
settings.register_profile("thorough", max_examples=3000, print_blob=True, **UNHURRIED)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))


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
