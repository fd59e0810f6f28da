"""What of a kubeconfig can be mended surely, in its text: also where kubectl, and so the Editor, refuses it.

Each repair says what it does to the text and, on a copy of the nodes, what that is to mean. The text is read
again after each, and a repair whose text does not mean that is not made. What is left must be less wrong than
before. Where two readings are possible, such as two entries of one name that differ, nothing is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from kubectl_ns_tools.goyaml import Node, YamlError, construct, parse_first
from kubectl_ns_tools.kubeconfig.editing import splice
from kubectl_ns_tools.kubeconfig.editing.splice import Splice
from kubectl_ns_tools.kubeconfig.linting.repairs import Finder, Mend, find_entries, find_keys, find_texts
from kubectl_ns_tools.kubeconfig.reading.document import KubeconfigFile

_UTF8_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Mended:
    """data: the bytes with all repairs made; the file's own when there is none."""

    data: bytes
    mends: tuple[Mend, ...] = ()


def mended(file: KubeconfigFile) -> Mended:
    """All repairs of a file. A file that the scanner understands needs none."""
    untouched = Mended(file.data or b"")
    if file.scan or file.root is None or file.bom not in (b"", _UTF8_MARK):
        return untouched
    attempt = _Attempt(file.text, file.path)
    for find in (find_texts, find_keys, find_entries):
        attempt.make_all(find)
    data = file.bom + attempt.text.encode()
    again = KubeconfigFile(file.path, data)
    if not attempt.made or not _said(again) <= _said(file):
        return untouched
    return Mended(data, tuple(sorted(attempt.made, key=lambda mend: mend.line)))


def _said(file: KubeconfigFile) -> set[str]:
    """What kubectl would say of a file, without lines."""
    return {problem.text.partition(" (first in line")[0] for problem in file.problems}


class _Attempt:
    """A text being mended. made: what was, with the lines of the text as it was at first."""

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.made: list[Mend] = []
        self._path = path
        self._root: Node | None = None
        self._lines = list(range(1, text.count("\n") + 2))  # what each line was at first

    def make_all(self, find: Finder) -> None:
        """Make the repairs that are found: all at once where that is possible, else one by one, each on what
        the one before has left. One whose text does not mean what it should is not made."""
        if self._make(find, 0, None) is not False:
            return
        number = 0
        while (done := self._make(find, number, number + 1)) is not None:
            number += not done

    def _make(self, find: Finder, first: int, end: int | None) -> bool | None:
        """Try the repairs with these numbers; None when there is none."""
        root = self._root = self._root or _parsed(self.text, self._path)
        found = list(islice(find(self.text, root, self._path), first, end)) if root else []
        if not found or root is None:
            return None
        splices = sorted((each for repair in found for each in repair.splices), key=lambda each: each.start)
        if any(one.end > next_one.start for one, next_one in pairwise(splices)):
            return False
        text = splice.spliced(self.text, splices)
        self._root = None  # what it is now is what is meant, not what is written
        for repair in found:
            repair.mean()
        again = _parsed(text, self._path)
        if not _same(again, root, self._path):
            return False
        self._root = again
        mends = [mend for repair in found for mend in repair.mends]
        self.made += [replace(mend, line=self._first_line(mend.line)) for mend in mends]
        self._follow(splices)
        self.text = text
        return True

    def _first_line(self, line: int) -> int:
        return self._lines[line - 1] if line <= len(self._lines) else line  # YAML knows other breaks, too

    def _follow(self, splices: Sequence[Splice]) -> None:
        """Forget the lines that go."""
        for each in reversed(splices):
            gone = self.text.count("\n", each.start, each.end) - each.text.count("\n")
            start = len(self.text[: each.start].split("\n")) - bool(self._begins_line(each.start))
            del self._lines[start : start + gone]

    def _begins_line(self, index: int) -> bool:
        return index == 0 or self.text[index - 1] == "\n"


def _parsed(text: str, path: str) -> Node | None:
    try:
        document = parse_first(text, path)
    except YamlError:
        return None
    return document.root if document else None


def _same(node: Node | None, meant: Node, path: str) -> bool:
    try:
        return node is not None and bool(construct(node, path) == construct(meant, path))
    except YamlError:
        return False
