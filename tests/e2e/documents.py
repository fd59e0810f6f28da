"""The documents that show what commands print, and where each of them is."""

from pathlib import Path

from tests.e2e import transcript

ROOT = Path(__file__).parents[2]
README, KOREAN = ROOT / "README.md", ROOT / "README.ko.md"
TOUR = ROOT / "docs" / "tour.md"
PICTURE = ROOT / "docs" / "images" / "terminal.svg"


def replayed() -> list[Path]:
    """Those whose console blocks are run again, each on a cluster of its own. The Korean README has the
    blocks of the English one, the tour is made by the walk of its steps, and the pages in docs/commands are
    what --help says."""
    return [README, *(path for path in sorted(ROOT.glob("docs/*.md")) if _has_blocks(path))]


def _has_blocks(path: Path) -> bool:
    return path != TOUR and bool(transcript.commands(path.read_text()))
