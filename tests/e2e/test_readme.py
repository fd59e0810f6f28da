"""What the README shows is what the commands print: every console block is replayed."""

from pathlib import Path

import pytest

from tests.e2e import transcript
from tests.e2e.shell import Shell

README = Path(__file__).parents[2] / "README.md"
pytestmark = [pytest.mark.e2e, pytest.mark.integration]


def test_the_readme_shows_what_happens(shell: Shell, kubectl) -> None:
    document = README.read_text()
    try:
        replayed = transcript.replayed(document, lambda line: shell.run(line).stdout)
    finally:
        kubectl("delete", "namespace", "blue", "--ignore-not-found", "--wait=false")
    assert transcript.normalised(replayed) == transcript.normalised(document), (
        "write it anew with: make readme"
    )
