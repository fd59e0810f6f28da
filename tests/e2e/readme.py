"""Writes the output in the README's console blocks anew, from a run on a control plane of its own.

python -m tests.e2e.readme
"""

from functools import partial

from tests.controlplane import playground
from tests.e2e import transcript
from tests.e2e.shell import Shell
from tests.e2e.test_readme import README, shown


def main() -> None:
    with playground.passing() as place:
        shell = Shell.make(place.folder / "readme", place.kubeconfig, place.folder / "bin" / "kubectl")
        README.write_text(transcript.replayed(README.read_text(), partial(shown, shell)))


if __name__ == "__main__":
    main()
