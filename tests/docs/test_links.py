"""Every relative link of a document leads to something that is there, and every page can be found."""

import re
from pathlib import Path

import pytest

from tests.docs import markdown
from tests.docs.markdown import ROOT

_ELSEWHERE = re.compile(r"[a-z+]+:")
_DOCUMENTS = [pytest.param(path, id=str(path.relative_to(ROOT))) for path in markdown.documents()]


@pytest.mark.parametrize("document", _DOCUMENTS)
def test_relative_links_lead_somewhere(document: Path) -> None:
    found = [link for link in markdown.links(document.read_text()) if not _ELSEWHERE.match(link)]
    assert [link for link in found if not _leads_somewhere(document, link)] == []


def test_the_index_leads_to_every_page() -> None:
    index = ROOT / "docs" / "README.md"
    listed = {(index.parent / link.partition("#")[0]).resolve() for link in markdown.links(index.read_text())}
    pages = {path for path in (ROOT / "docs").glob("*.md") if path != index}
    folders = {path for path in (ROOT / "docs").iterdir() if path.is_dir() and path.name != "images"}
    assert pages | folders <= listed | {path.parent for path in listed}


def test_anchors_are_spelled_as_github_does() -> None:
    text = "# One, two\n## `a-b` [c](d.md)!\n## Same\n## Same\n```\n# no heading\n```\n## 설치 방법\n"
    assert markdown.anchors(text) == {"one-two", "a-b-c", "same", "same-1", "설치-방법"}


def test_links_are_found_in_prose_only() -> None:
    text = '[a](b.md#c) ![p](p.svg) `[no](no.md)`\n```\n[no](no.md)\n```\n<img src="q.svg">\n'
    assert markdown.links(text) == ["b.md#c", "p.svg", "q.svg"]


def _leads_somewhere(document: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = document.parent / name if name else document
    return target.exists() and (not anchor or anchor in markdown.anchors(target.read_text()))
