"""Nodes know their place; what is not YAML is refused with its line."""

import pytest

from kubectl_ns_tools.goyaml import Alias, YamlError, construct, find, parse, parse_first, walk


def value_of(text: str) -> object:
    document = parse_first(text, "f.yaml")
    return construct(document.root if document else None, "f.yaml")


def test_spans_cover_what_was_written() -> None:
    text = "# c\na:\n- b: 'x'  # d\n  c: [1, {d: e}]\n-   - f\n\n# end\n"
    (document,) = parse(text, "f.yaml")
    pieces = {text[node.span.start.index : node.span.end.index] for node in walk(document.root)}
    assert {"a", "'x'", "[1, {d: e}]", "{d: e}", "- b: 'x'  # d\n  c: [1, {d: e}]\n-   - f"} <= pieces
    assert find(document.root, "a", 0, "c", 1, "d").span.start.line == 4
    assert find(document.root, "a", 1, 0).span.start.column == 6


def test_aliases_keep_their_own_place() -> None:
    text = "a: &x {k: v}\nb: *x\n"
    node = find(parse(text, "f")[0].root, "b")
    assert isinstance(node, Alias)
    assert text[node.span.start.index : node.span.end.index] == "*x"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# only\n", None),
        ("---\n", None),
        ("a: &x {k: v}\nb: *x", {"a": {"k": "v"}, "b": {"k": "v"}}),
        ("a: &x {k: v, l: w}\nb: {<<: *x, l: own}", {"a": {"k": "v", "l": "w"}, "b": {"k": "v", "l": "own"}}),
        (
            "a: &x {k: 1}\nb: &y {k: 2, z: 3}\nc: {<<: [*x, *y]}",
            {"a": {"k": 1}, "b": {"k": 2, "z": 3}, "c": {"k": 1, "z": 3}},
        ),
        ("a: 1\na: 2", {"a": 2}),
        ("1: x\ntrue: z", {"1": "x", "true": "z"}),
        ("a: !!str 123", {"a": "123"}),
        ("a: ! 123", {"a": "123"}),
        ("a: !!int '7'", {"a": 7}),
        ("a: !!binary aGk=", {"a": "hi"}),
        ('{"a": "\\/\\u00e9"}', {"a": "/é"}),
        ("a: |\n  x: y\n  ---\n", {"a": "x: y\n---\n"}),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_values_are_goyamls(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\n\tb: 2\n", 2),
        ("a: [1,\nb: 2", 2),
        ("a: *nope\n", 1),
        ("a: &x\n  b: *x\n", 2),
        ("a: 1\nb: !!int x\n", 2),
        ("a: 1\nb: \x07\n", 2),
        ("? [1]\n: 2\n", 1),
    ],
    ids=["tab", "open bracket", "unknown anchor", "itself", "bad tag", "control character", "key"],
)
def test_what_cannot_be_read_names_its_line(text: str, line: int) -> None:
    with pytest.raises(YamlError) as error:
        value_of(text)
    assert error.value.line == line
    assert error.value.message.startswith(f"f.yaml:{line}: ")


def test_an_alias_bomb_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]
    with pytest.raises(YamlError, match="excessive aliasing"):
        value_of("\n".join(lines))


@pytest.mark.parametrize(("times", "length"), [(98, 200), (105, 1000)])
def test_aliases_may_stand_for_as_much_as_in_goyaml(times: int, length: int) -> None:
    text = f"a: &a [{', '.join(['x'] * length)}]\nb: [{', '.join(['*a'] * times)}]\n"
    assert len(value_of(text)["b"]) == times
    with pytest.raises(YamlError, match="excessive aliasing"):
        value_of(text.replace("*a", "*a, *a, *a"))


def test_depth_is_bounded() -> None:
    with pytest.raises(YamlError, match=r"nested too deeply|nesting depth"):  # the latter is libyaml's
        value_of("[" * 5000)
    assert value_of("[" * 200 + "]" * 200) is not None


def test_only_the_first_document_counts_and_a_broken_second_does_not_hurt() -> None:
    assert value_of("a: 1\n---\n\tb: 2\n") == {"a": 1}
    assert [construct(d.root, "f") for d in parse("a: 1\n---\nb: 2\n", "f")] == [{"a": 1}, {"b": 2}]


def test_a_key_that_is_there_twice_can_be_refused() -> None:
    document = parse_first("a: 1\nb: 2\na: 3\n", "f.yaml")
    with pytest.raises(YamlError, match=r"f\.yaml:3: key 'a' is there twice"):
        construct(document.root, "f.yaml", unique_keys=True)
