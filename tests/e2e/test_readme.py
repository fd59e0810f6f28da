"""What the README shows is what the commands print: every console block is replayed."""

from functools import partial
from pathlib import Path

import pytest

from tests.controlplane.servers import ControlPlane
from tests.e2e import transcript
from tests.e2e.shell import Shell

README = Path(__file__).parents[2] / "README.md"
pytestmark = [pytest.mark.e2e, pytest.mark.integration]


def shown(shell: Shell, line: str) -> str:
    """What a command prints, with scratch kubeconfig and home called as on the reader's machine."""
    said = shell.run(line).stdout.replace(str(shell.kubeconfig), "~/.kube/config")
    return said.replace(str(shell.folder / "home"), "~")


def test_the_readme_shows_what_happens(
    private_controlplane: ControlPlane, kubectl_path: Path, tmp_path: Path
) -> None:
    # A cluster of its own: ns-list shows the namespaces of everybody.
    shell = Shell.make(tmp_path / "shell", private_controlplane.kubeconfig, kubectl_path)
    document = README.read_text()
    replayed = transcript.replayed(document, partial(shown, shell))
    assert transcript.normalised(replayed) == transcript.normalised(document), (
        "write it anew with: make readme"
    )
