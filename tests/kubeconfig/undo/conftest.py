"""Two files under one roof, and writes of them that can be undone."""

from pathlib import Path

import pytest

from kubectl_ns_tools.kubeconfig.undo.journal import Journal
from tests.kubeconfig.undo.writes import EDIT


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def journal(state: Path) -> Journal:
    return Journal({"XDG_STATE_HOME": str(state)})


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    paths = {name: tmp_path / name for name in EDIT}
    for name, path in paths.items():
        path.write_text(EDIT[name])
    return paths
