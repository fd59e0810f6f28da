"""docs/templates.md is the reference: its examples are templates, and what it lists is what there is."""

import re
from collections.abc import Iterator

import pytest

from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.templates.library.library import FOLDERS_VARIABLE
from kubectl_ns_tools.templates.library.published import DEFAULT_NAMESPACE, KEY, LABEL, NAMESPACES_VARIABLE
from kubectl_ns_tools.templates.library.shelves import BuiltinShelf
from kubectl_ns_tools.templates.library.texts import SUFFIXES
from kubectl_ns_tools.templates.linting.findings import RULES
from kubectl_ns_tools.templates.parameters import checks, generator
from kubectl_ns_tools.templates.parameters.filled import filled_names
from kubectl_ns_tools.templates.parameters.lifetime import lifetime
from kubectl_ns_tools.templates.parameters.parameters import FIELDS
from tests.docs import builtins, pages
from tests.templates.builders import datas, expand_all

TEXT = pages.text("templates.md")
README = (pages.ROOT / "README.md").read_text()
EXAMPLE, PLAIN = pages.fenced(TEXT, "yaml")
ERRORS = pages.rows(pages.section(TEXT, "Errors"))


def template(parameter: str = "{name: A}", reference: str = "x") -> str:
    return f"""\
apiVersion: template.openshift.io/v1
kind: Template
parameters:
- {parameter}
objects:
- {{apiVersion: v1, kind: ConfigMap, metadata: {{name: a}}, data: {{a: '{reference}'}}}}
"""


def said(parameter: str = "{name: A}", reference: str = "x") -> str:
    """The error of a template without its place."""
    with pytest.raises(NsToolsError) as caught:
        expand_all(template(parameter, reference))
    return re.sub(r"^f\.yaml:\d+: ", "", caught.value.message)


def firsts(title: str) -> Iterator[str]:
    """What is in backquotes in the first cells of the tables of a section."""
    return (word for cells in pages.rows(pages.section(TEXT, title)) for word in pages.words(cells[0]))


def test_the_example_works() -> None:
    found = expand_all(EXAMPLE, OWNER="bob")
    namespace, quota, secret, settings = datas(found)
    assert found.messages == ["blue is there; ask bob for access."]
    assert namespace["metadata"]["annotations"] == {
        "example.com/owner": "bob",
        "example.com/made": "by anna on 2026-03-01",
    }
    assert {each["metadata"]["labels"]["cost-center"] for each in datas(found)} == {"4711"}
    assert quota["spec"]["hard"] == {"limits.memory": "8Gi"}
    assert re.fullmatch("[a-zA-Z0-9]{20}", secret["stringData"]["password"])
    assert settings["data"]["start.sh"] == "exec web --replicas 2 --user ${USER}"


def test_plain_objects_are_a_template() -> None:
    assert datas(expand_all(PLAIN, OWNER="bob"))[0]["data"] == {"name": "bob"}


def test_every_field_of_a_parameter_is_in_the_table_and_no_other() -> None:
    table = pages.section(TEXT, "Parameters").partition("| type |")[0]
    listed = [
        (word, whose) for cells in pages.rows(table) for word in pages.words(cells[0]) for whose in [cells[2]]
    ]
    assert {word for word, _ in listed} == set(FIELDS)
    assert {word for word, whose in listed if whose == "ours"} == set(checks.FIELDS)


def test_the_types_are_those_of_the_program() -> None:
    types = said("{name: A, type: number}").partition("there are ")[2].split(", ")
    assert [word for word in firsts("Parameters") if word in {*types, "number"}] == types


@pytest.mark.parametrize(
    ("kind", "good", "bad", "inserted"),
    [
        ("integer", ["0", "-7", "120"], ["012", "1.0"], 120),
        ("boolean", ["true", "false"], ["yes"], False),
        ("quantity", ["500m", "2", "4Gi", "2e3"], ["4 Gi"], "2e3"),
        ("string", ["", "012"], [], "012"),
    ],
)
def test_types_take_and_insert_what_the_page_says(
    kind: str, good: list[str], bad: list[str], inserted: object
) -> None:
    assert [word for word in good if list(checks.Checks(kind).complaints(word))] == []
    assert [word for word in bad if not list(checks.Checks(kind).complaints(word))] == []
    assert checks.Checks(kind).insert(good[-1]) == inserted
    (row,) = (cells for cells in pages.rows(TEXT) if cells[0] == f"`{kind}`" and len(cells) == 3)
    assert set(pages.words(row[1])) <= {*good, *bad}


def test_what_is_generated() -> None:
    part = pages.section(TEXT, "What generate makes")
    for expression in ("[a-z0-9]{8}", "db-[A-Z]{3}-[0-9]{4}"):
        assert f"`{expression}`" in part
        assert re.fullmatch(expression, generator.generate(expression))
    for name in firsts("What generate makes"):
        assert len(generator.generate(f"[{name}]{{255}}")) == 255
    for length in ("0", "256"):
        with pytest.raises(ValueError, match="not within 1-255"):
            generator.generate(f"[a]{{{length}}}")


def test_what_is_filled_in_and_for_how_long() -> None:
    declared = {"TTL", "PROJECT_NAME", "PROJECT_REQUESTING_USER", "PROJECT_ADMIN_USER"}
    table = pages.section(TEXT, "Filled in")
    named = {word for cells in pages.rows(table) for word in pages.words(cells[0])}
    assert named == filled_names(declared)
    lengths = pages.words(pages.section(TEXT, "A length of time"))[-4:]
    assert all(lifetime(length) for length in lengths)


def test_the_places_are_named() -> None:
    named = [FOLDERS_VARIABLE, NAMESPACES_VARIABLE, DEFAULT_NAMESPACE, KEY, f"{LABEL}=true"]
    part = pages.section(TEXT, "Where a name is looked for")
    assert [word for word in named if f"`{word}`" not in part] == []
    assert [suffix for suffix in SUFFIXES if f"`NAME{suffix}`" not in part] == []


@pytest.mark.parametrize("name", BuiltinShelf().names())
def test_a_builtin_is_described_as_it_is(name: str) -> None:
    assert pages.section(TEXT, name).strip() == builtins.section(name)
    assert f"`{name}`" in README


def test_every_builtin_has_its_section() -> None:
    found = re.findall(r"^### (.*)$", pages.section(TEXT, "Built-in templates"), re.MULTILINE)
    assert sorted(found) == BuiltinShelf().names()


def test_every_rule_of_lint_is_in_the_table_and_no_other() -> None:
    listed = {
        pages.words(cells[0])[0]: cells[1] for cells in pages.rows(pages.section(TEXT, "What lint finds"))
    }
    assert listed == {name: rule.severity.value for name, rule in RULES.items()}


@pytest.mark.parametrize(("written", "error"), ERRORS)
def test_errors_are_what_the_page_says(written: str, error: str) -> None:
    text = written.strip("`")
    assert (said(text) if text.startswith("{") else said(reference=text)) == error
