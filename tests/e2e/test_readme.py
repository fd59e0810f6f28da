"""What the README shows is what the commands print: every console block is replayed."""

from pathlib import Path

import pytest

from tests.controlplane.servers import ControlPlane
from tests.e2e import transcript
from tests.e2e.shell import Shell

README = Path(__file__).parents[2] / "README.md"
pytestmark = [pytest.mark.e2e, pytest.mark.integration]


def test_the_readme_shows_what_happens(
    private_controlplane: ControlPlane, kubectl_path: Path, tmp_path: Path
) -> None:
    # A cluster of its own: ns-list shows the namespaces of everybody.
    shell = Shell.make(tmp_path / "shell", private_controlplane.kubeconfig, kubectl_path)
    document = README.read_text()
    replayed = transcript.replayed(document, lambda line: shell.run(line).stdout)
    assert transcript.normalised(replayed) == transcript.normalised(document), (
        "write it anew with: make readme"
    )
