"""The README's picture is one that GitHub shows, and that can be read aloud. What it shows: tests/e2e."""

import re
from xml.etree import ElementTree

from tests.docs.markdown import ROOT

PICTURE = ROOT / "docs" / "images" / "terminal.svg"
_SVG = "{http://www.w3.org/2000/svg}"


def test_it_says_what_it_is() -> None:
    svg = ElementTree.parse(PICTURE).getroot()
    named = {svg.findtext(f"{_SVG}title"), svg.findtext(f"{_SVG}desc")}
    assert None not in named
    assert svg.get("role") == "img"


def test_it_is_small_and_needs_nothing_else() -> None:
    text = PICTURE.read_text()
    assert len(text) < 60_000
    assert re.findall(r"href=|src=|url\((?!#)|@import|@font-face|<script", text) == []


def test_its_text_can_be_selected() -> None:
    texts = ["".join(text.itertext()) for text in ElementTree.parse(PICTURE).iter(f"{_SVG}text")]
    assert "kubectl ns-delete shop --dry-run" in {text.replace("\xa0", " ").strip() for text in texts}
