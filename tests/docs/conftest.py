"""Commands that are watched, and the files that they may write."""

from pathlib import Path

import pytest

from tests.docs.places import Places, documented
from tests.docs.watched import Watched


@pytest.fixture
def places(scratch_home: Path) -> Places:
    return documented(scratch_home)


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    folder = tmp_path / "watching"
    folder.mkdir()
    return Watched(folder)
