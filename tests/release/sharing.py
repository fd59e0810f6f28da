"""What takes minutes to make is made once a run, whichever of pytest-xdist's workers needs it first."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.controlplane.locks import locked


def shared(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder of this name, the same for all workers. make: fills the new folder that it is given."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder, part = root / name, root / f"{name}.part"
    with locked(root / f"{name}.lock"):
        if not folder.exists():
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            make(part)
            part.rename(folder)
    return folder
