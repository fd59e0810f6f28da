"""What the documents show is what the commands print: every console block is replayed, the picture too."""

import re
from pathlib import Path

import pytest

from tests.controlplane.api import Api
from tests.controlplane.servers import ControlPlane
from tests.controlplane.waiting import wait_until
from tests.e2e import documents, picture, transcript
from tests.e2e.shell import Shell

pytestmark = [pytest.mark.e2e, pytest.mark.integration]


@pytest.mark.parametrize("document", [pytest.param(path, id=path.stem) for path in documents.replayed()])
def test_a_document_shows_what_happens(
    document: Path, private_shell: Shell, private_controlplane: ControlPlane
) -> None:
    def unhurried(line: str) -> str:
        """What a line prints to a reader who takes time; our lines follow each other at once."""
        shown = private_shell.shown(_at_leisure(line))
        if "create deployment" in line:
            wait_until(lambda: _is_rolled_out(private_controlplane.api))
        return shown

    text = document.read_text()
    again = transcript.replayed(text, unhurried)
    assert transcript.normalised(again) == transcript.normalised(text), "write it anew with: make readme"


def _at_leisure(line: str) -> str:
    """The line, with time for what it interrupts to come to the middle, however busy the machine is."""
    return re.sub(r"^(timeout --preserve-status -s INT) \d+ ", r"\1 10 ", line)


def _is_rolled_out(api: Api) -> bool:
    """Whether the pods of each deployment are there, and the events of what was done for them."""
    deployments = api.get("/apis/apps/v1/deployments")["items"]
    return all(
        each["status"].get("replicas") == each["spec"]["replicas"]
        and len(api.get(f"/api/v1/namespaces/{each['metadata']['namespace']}/events")["items"])
        > each["spec"]["replicas"]
        for each in deployments
    )


def test_the_picture_shows_what_happens(private_shell: Shell) -> None:
    shown = picture.read(documents.PICTURE.read_text())
    again = picture.read(picture.drawn(picture.played(private_shell)))
    assert "LOST FOR GOOD" in again
    assert transcript.normalised(again) == transcript.normalised(shown), "write it anew with: make readme"
