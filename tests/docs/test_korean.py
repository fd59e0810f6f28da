"""The Korean README says what the English one says: its blocks are the same, and so is its build."""

from tests.docs import markdown
from tests.docs.markdown import ROOT

ENGLISH, KOREAN = ((ROOT / name).read_text() for name in ("README.md", "README.ko.md"))


def test_the_examples_are_the_same_byte_for_byte() -> None:
    assert markdown.code(KOREAN) == markdown.code(ENGLISH)
    assert any(block.startswith("console\n") for block in markdown.code(KOREAN))


def test_the_build_is_the_same() -> None:
    assert markdown.levels(KOREAN) == markdown.levels(ENGLISH)
    assert markdown.tables(KOREAN) == markdown.tables(ENGLISH)
    assert _rows(KOREAN) == _rows(ENGLISH)


def test_they_lead_to_the_same_places() -> None:
    """And to each other."""
    english, korean = (
        [link for link in markdown.links(text) if not link.startswith("#")] for text in (ENGLISH, KOREAN)
    )
    assert (english.pop(0), korean.pop(0)) == ("README.ko.md", "README.md")
    assert sorted(korean) == sorted(english)


def test_it_is_korean() -> None:
    letters = [letter for letter in markdown.prose(KOREAN) if letter.isalpha()]
    assert sum("가" <= letter <= "힣" for letter in letters) > len(letters) / 3


def _rows(text: str) -> list[str]:
    """The first column of each row of a table that names commands."""
    return [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| [`kubectl")]
