"""Writes anew what the documents show: the console blocks, the tour, and the picture, each from a run on a
control plane of its own.

python -m tests.e2e.readme
"""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.controlplane import playground
from tests.e2e import documents, picture, transcript
from tests.e2e.reader import unhurried
from tests.e2e.shell import Shell
from tests.e2e.tour import STEPS
from tests.e2e.tour_page import page


def main() -> None:
    for document in documents.replayed():
        with _shell() as shell:
            document.write_text(transcript.replayed(document.read_text(), unhurried(shell)))
    original, translation = documents.README.read_text(), documents.KOREAN.read_text()
    documents.KOREAN.write_text(transcript.with_blocks_of(original, translation))
    with _shell() as shell:
        walked = [(step, [shell.walk(command) for command in step.commands]) for step in STEPS]
        documents.TOUR.write_text(shell.as_readers(page(walked)))
    with _shell() as shell:
        documents.PICTURE.write_text(picture.drawn(picture.played(shell)))


@contextmanager
def _shell() -> Iterator[Shell]:
    with playground.passing() as place:
        yield Shell.make(place.folder / "shell", place.kubeconfig, place.folder / "bin" / "kubectl")


if __name__ == "__main__":
    main()
