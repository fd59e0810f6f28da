"""What the documents show is what the commands print: every console block is replayed, the picture too."""

from pathlib import Path

import pytest

from tests.e2e import documents, picture, transcript
from tests.e2e.reader import unhurried
from tests.e2e.shell import Shell

pytestmark = [pytest.mark.e2e, pytest.mark.integration]


@pytest.mark.parametrize("document", [pytest.param(path, id=path.stem) for path in documents.replayed()])
def test_a_document_shows_what_happens(document: Path, private_shell: Shell) -> None:
    text = document.read_text()
    again = transcript.replayed(text, unhurried(private_shell))
    assert transcript.normalised(again) == transcript.normalised(text), "write it anew with: make readme"


def test_the_picture_shows_what_happens(private_shell: Shell) -> None:
    shown = picture.read(documents.PICTURE.read_text())
    again = picture.read(picture.drawn(picture.played(private_shell)))
    assert "LOST FOR GOOD" in again
    assert transcript.normalised(again) == transcript.normalised(shown), "write it anew with: make readme"
