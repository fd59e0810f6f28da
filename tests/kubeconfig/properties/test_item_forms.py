"""Entries that are read by a form, or not read again after an edit, are what the lines say."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from kubectl_ns_tools.kubeconfig.editing.rereading import joined, reread
from kubectl_ns_tools.kubeconfig.reading import item_forms
from kubectl_ns_tools.kubeconfig.reading.item_forms import ScannedItem
from kubectl_ns_tools.kubeconfig.reading.scanner import Scan, scan
from tests.kubeconfig.properties.many import many_entries
from tests.kubeconfig.properties.test_scanner import check_reading

NEVER = 10**9
CONTEXT = b"- context:\n    cluster: c\n    user: u\n  name: n%d\n"
CONTEXTS = b"contexts:\n" + b"".join(CONTEXT % number for number in range(6))


@pytest.fixture(autouse=True, scope="module")
def quick_to_learn() -> Iterator[None]:
    """Two entries of a form are enough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(item_forms, "_MANY", 0)
        patch.setattr(item_forms, "_OFTEN", 2)
        yield


def by_lines(data: bytes) -> Scan | None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(item_forms, "_MANY", NEVER)
        return scan(data)


def facts(items: list[ScannedItem]) -> list[tuple[Any, ...]]:
    return [(item.name, item.fields, item.whole) for item in items]


def places(found: Scan) -> list[tuple[int, int]]:
    return [(item.start, item.end) for items in found.sections.values() for item in items]


def said(found: Scan | None) -> Any:
    """All that it says, but for the places."""
    if found is None:
        return None
    return found.current_context, {section: facts(items) for section, items in found.sections.items()}


def has_forms(found: Scan | None) -> bool:
    return found is not None and any(
        isinstance(item, item_forms._AlikeItem) for items in found.sections.values() for item in items
    )


@given(many_entries)
@settings(max_examples=settings().max_examples * 20)
@example(CONTEXTS + b"      deeper: x\n" + CONTEXT % 7)
@example(CONTEXTS + b"    user: x\n" + CONTEXT % 7)
@example(CONTEXTS + b"# none\n" + CONTEXT % 7 + CONTEXT % 8)
@example(CONTEXTS + CONTEXT % 1 + CONTEXT % 8)
@example((CONTEXTS + CONTEXT % 7).replace(b"u\n  name: n4", b"u #x\n  name: n4"))
@example((CONTEXTS + CONTEXT % 7).replace(b"u\n  name: n4", b"1\n  name: n4"))
@example((CONTEXTS + CONTEXT % 7).replace(b"u\n  name: n4", b"No\n  name: n4"))
def test_forms_say_what_the_lines_say(data: bytes) -> None:
    formed, lined = scan(data), by_lines(data)
    event(f"with forms: {has_forms(formed)}")
    event(f"certain: {lined is not None}")
    assert said(formed) == said(lined)
    if formed is not None and lined is not None:
        assert (places(formed), formed.current) == (places(lined), lined.current)


@given(many_entries)
def test_forms_say_what_the_parser_says(data: bytes) -> None:
    check_reading(data)


@st.composite
def replaced(draw: st.DrawFn) -> tuple[bytes, bytes, str, dict[int, bytes]]:
    """A file, another one, a section of the first, and by number what some of its entries are to be: entries
    of the other file, whatever they look like, or nothing."""
    data, other = draw(many_entries), draw(many_entries)
    found, others = scan(data), by_lines(other)
    sections = [section for section, items in found.sections.items() if items] if found else []
    if found is None or not sections:
        return data, other, "", {}
    section = draw(st.sampled_from(sections))
    texts = [other[start:end] for start, end in places(others)] if others else []
    numbers = st.integers(0, len(found.sections[section]) - 1)
    return (
        data,
        other,
        section,
        draw(st.dictionaries(numbers, st.sampled_from([b"", *texts]), min_size=1, max_size=3)),
    )


@given(replaced())
@settings(max_examples=settings().max_examples * 10)
def test_what_is_not_read_again_is_what_it_was(case: tuple[bytes, bytes, str, dict[int, bytes]]) -> None:
    data, _, section, texts = case
    found = scan(data)
    if found is None or not texts:
        return
    items = found.sections[section]
    pieces = [(items[number].start, items[number].end, texts[number]) for number in sorted(texts)]
    made = joined(data, pieces)
    staying = [number for number in range(len(items)) if number not in texts]
    left_out = [(items[number].start, items[number].end) for number in staying[1:]]
    some, whole = reread(data, made, pieces, left_out), by_lines(made)
    event(f"certain: {whole is not None}")
    if some is None:
        assert whole is None
        return
    read_again = some.sections[section]
    names = [item.name for item in read_again] + [items[number].name for number in staying[1:]]
    if len(set(names)) < len(names):
        assert whole is None
        return
    assert whole is not None
    kept = facts([items[number] for number in staying[1:]])
    assert sorted(map(repr, facts(whole.sections[section]))) == sorted(map(repr, facts(read_again) + kept))
    assert {**said(whole)[1], section: ()} == {**said(found)[1], section: ()}
    assert whole.current_context == some.current_context == found.current_context


def test_what_is_left_out_must_be_there_unchanged() -> None:
    found = scan(CONTEXTS)
    assert found is not None
    others = found.sections["contexts"][1:]
    left_out = [(others[0].start, others[-1].end)]
    assert reread(CONTEXTS, CONTEXTS, [], left_out) is not None
    assert reread(CONTEXTS, CONTEXTS.replace(b"n3", b"n7"), [], left_out) is None


def test_most_entries_are_read_by_a_form() -> None:
    found = scan(b"contexts:\n" + b"".join(CONTEXT % number for number in range(100)))
    assert found is not None
    assert sum(isinstance(item, item_forms._AlikeItem) for item in found.sections["contexts"]) > 90
