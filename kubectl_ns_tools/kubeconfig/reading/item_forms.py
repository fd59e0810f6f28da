"""The entries of a list, of which a large file has thousands of the same form.

The scanner reads an entry line by line. Where it has done so a few times with entries that differ in their
texts and certificates only, it derives a regular expression from the lines of one, and reads those that
follow with a single match each. A match is an entry that the lines would have said the same of:

- All but the blanks is the same, byte for byte. So the same collections are opened and the same keys seen,
  in places of the same shape, and nothing about the names of keys or the columns can be wrong.
- A blank takes only scalars that are text in any place for text, and certificates. Neither changes how the
  scanner goes on; that a name is new is checked for each.
- The next line begins another entry of the list, so that no line of this one was left out; and an entry's
  first line closes all that is open in the one before, so that nothing need be known about it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from kubectl_ns_tools.kubeconfig.reading.lines import MORE, ODD_WORD, QUOTED, is_base64, text_of
from kubectl_ns_tools.kubeconfig.reading.shapes import Shape

MOST_LINES = 60  # of an entry that has a form
_MOST_FORMS = 8  # in a list, as an entry may have to be held against all of them
# A form takes a millisecond to compile, in which twenty entries can be read by their lines. So there must
# have been so many in the list, and of these so many of the one form.
_MANY, _OFTEN = 12, 4
_NAME = ""  # in the place of a field's name

# Not what resolve() has to be asked about: a word of its table, or what begins as a number might.
_TEXT = QUOTED + rb"|(?!" + ODD_WORD + rb"(?![!-~]))[A-Za-z/_]" + MORE
# By its length, no word of resolve()'s table either. That it is base64 is checked for each match.
_DATA = rb"[A-Za-z].{7,}"


class ScannedItem:
    """An entry of a list. start, end: its bytes, from the line of its dash up to what follows it.

    whole: there is nothing in it but the name and the fields.
    """

    __slots__ = ("_fields", "end", "name", "start", "whole")

    def __init__(self, start: int, end: int = 0, name: str | None = None, whole: bool = True) -> None:
        self.start = start
        self.end = end
        self.name = name
        self.whole = whole
        self._fields: dict[str, str] = {}

    @property
    def fields(self) -> dict[str, str]:
        """The texts in its body."""
        return self._fields


# A line of an entry, as matched by ENTRY; the shape of what may stand in the place of its scalar; the field
# of which that is the text, "" for the entry's name, None for anything else.
Line: TypeAlias = "tuple[re.Match[bytes], Shape | None, str | None]"


class _Blank(NamedTuple):
    """A place in a form. before: what stands before it, from the last one on."""

    before: bytes
    is_data: bool
    field: str | None


_Outline: TypeAlias = tuple[tuple[_Blank, ...], bytes]  # the rest: what stands after the last blank


class Forms:
    """Those of the entries in one list."""

    def __init__(self) -> None:
        self._forms: list[_Form] = []
        self._read = 0
        self._seen: dict[int, int] = {}

    def learn(self, item: ScannedItem, lines: list[Line]) -> None:
        """Take note of an entry that was read line by line."""
        self._read += 1
        if self._read < _MANY or len(self._forms) == _MOST_FORMS:
            return
        outline = _outline(item, lines)
        if outline is None:
            return
        key = hash(outline)
        self._seen[key] = self._seen.get(key, 0) + 1
        if self._seen[key] == _OFTEN:
            self._forms.insert(0, _Form(outline, lines[0][0][1], item.whole))

    def items(self, data: bytes, at: int) -> Iterator[ScannedItem]:
        """The entries that begin here and have one of the forms, each where the one before it ends."""
        while (item := self._item(data, at)) is not None:
            yield item
            at = item.end

    def _item(self, data: bytes, at: int) -> ScannedItem | None:
        for form in self._forms:
            item = form.item(data, at)
            if item is not None:
                if form is not self._forms[0]:  # the form of the last entry is the likeliest
                    self._forms.remove(form)
                    self._forms.insert(0, form)
                return item
        return None


class _Form:
    def __init__(self, outline: _Outline, indent: bytes, whole: bool) -> None:
        blanks, rest = outline
        parts = [re.escape(blank.before) + (_group(blank)) for blank in blanks]
        pattern = b"".join([*parts, re.escape(rest), rb"(?=" + indent + rb"- )"])
        self._match = re.compile(pattern).match
        kept = [blank for blank in blanks if _is_kept(blank)]
        self._data = [number for number, blank in enumerate(kept, 1) if blank.is_data]
        self._texts = {blank.field: number for number, blank in enumerate(kept, 1) if not blank.is_data}
        self._name = self._texts.pop(_NAME)
        self._whole = whole

    def item(self, data: bytes, at: int) -> "ScannedItem | None":
        """The entry of this form that begins here."""
        match = self._match(data, at)
        if match is None:
            return None
        for group in self._data:
            if not is_base64(match[group]):
                return None
        return _AlikeItem(self, match, text_of(match[self._name]), self._whole)

    def fields(self, match: "re.Match[bytes]") -> dict[str, str]:
        return {field: text_of(match[group]) for field, group in self._texts.items() if field}


class _AlikeItem(ScannedItem):
    """One that was read by a form; its fields are looked up when they are asked for."""

    __slots__ = ("_form", "_found")

    def __init__(self, form: _Form, match: "re.Match[bytes]", name: str, whole: bool) -> None:
        self.start, self.end = match.span()
        self.name = name
        self.whole = whole
        self._form = form
        self._found = match

    @property
    def fields(self) -> dict[str, str]:
        return self._form.fields(self._found)


def _outline(item: ScannedItem, lines: list[Line]) -> _Outline | None:
    """An entry without its texts and certificates; None for one with lines that are not entries of their
    own, such as comments, and for one whose name might be something else than text."""
    data, at, blanks = lines[0][0].string, item.start, []
    if len(lines) > MOST_LINES or sum(len(line[0]) for line, _, _ in lines) != item.end - item.start:
        return None
    for line, shape, field in lines:
        start, end = line.span(4 if line[3] is not None else 5)
        if start >= 0 and shape is not None and _fits(shape, data, start, end):
            blanks.append(_Blank(data[at:start], not shape.takes_text, field))
            at = end
    if not any(blank.field == _NAME for blank in blanks):
        return None
    return tuple(blanks), data[at : item.end]


def _fits(shape: Shape, data: bytes, start: int, end: int) -> bool:
    """Whether a blank in this place would take the scalar that is there."""
    if not (shape.takes_text or shape.is_data):
        return False
    return re.compile(_TEXT if shape.takes_text else _DATA).fullmatch(data, start, end) is not None


def _group(blank: _Blank) -> bytes:
    return (rb"(" if _is_kept(blank) else rb"(?:") + (_DATA if blank.is_data else _TEXT) + rb")"


def _is_kept(blank: _Blank) -> bool:
    return blank.is_data or blank.field is not None
