"""The pages and man pages in the checkout are those of the commands, and say what their --help says."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from kubectl_ns_tools import main
from release import docs
from release.pages import markdown, pages
from release.reference import Reference, references

ROOT = Path(__file__).parents[2]
COMMANDS = references()
PAGES = pages(COMMANDS)
MARKDOWN = MarkdownIt("gfm-like", {"linkify": False})


@pytest.mark.parametrize(("folder", "wanted"), docs.documents().items(), ids=["pages", "man pages"])
def test_what_is_committed_is_what_is_generated(folder: Path, wanted: dict[str, str]) -> None:
    there = {path.name: path.read_text() for path in folder.iterdir()}
    differing = sorted(name for name in there | wanted if there.get(name) != wanted.get(name))
    assert not differing, f"in {folder.name}: {', '.join(differing)}; write them anew with: make docs"


def test_no_terminal_changes_what_is_generated(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = docs.documents()
    monkeypatch.setenv("COLUMNS", "30")
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert docs.documents() == wide


def test_what_is_gone_goes_and_what_is_new_comes(tmp_path: Path) -> None:
    docs.write(tmp_path / "man", {"a.1": "old", "b.1": "b"})
    docs.write(tmp_path / "man", {"a.1": "new", "c.1": "c"})
    assert {path.name: path.read_text() for path in (tmp_path / "man").iterdir()} == {
        "a.1": "new",
        "c.1": "c",
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_a_page_has_what_the_help_has(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    command, *subcommand = name.split()
    assert main.run(command, [*subcommand, "--help"]) == 0
    usage, *lines = capsys.readouterr().out.splitlines()
    page = PAGES[f"{name.replace(' ', '-')}.md"]
    assert f"    {usage.removeprefix('Usage: ')}" in page.splitlines()
    for flag in re.findall(r"(?<!\S)--[a-z][\w-]*", "\n".join(lines)):
        assert flag in page
    for example in (line.strip() for line in lines if line.startswith(f"  kubectl {name} ")):
        assert f"$ {example}" in page.splitlines()


def test_every_link_leads_somewhere() -> None:
    for name, page in PAGES.items():
        for target in re.findall(r"\]\(([^)]+)\)", page):
            assert (ROOT / "docs" / "commands" / target).resolve().is_file(), f"{name}: {target}"


@pytest.mark.parametrize(
    "text",
    [
        "Of several, or of all: 'pr-*' and '*-eu', but *never* a_b_c or **two**.",
        "Like <this>, <b>bold</b>, 1 < 2 <= 3 and x >= 0; a \\ and a \\* too.",
        "The flags -n and --dry-run=client, $KUBECONFIG, ~/.kube/config and ~/.config/x.",
        "FIELD[,FIELD]... and [default: 4; x>=1] stay, and so does A|B.",
        "kubectl-ns-tools/protected=true is no command, ctx-switch is one.",
    ],
)
def test_markdown_shows_a_text_letter_by_letter(text: str) -> None:
    assert shown(markdown(text)) == text


def shown(source: str) -> str:
    """What a reader sees of a paragraph."""
    (_, inline, _) = MARKDOWN.parse(source)
    assert {child.type for child in inline.children or ()} <= {"text", "text_special", "code_inline"}
    return "".join(child.content for child in inline.children or ())


@pytest.mark.parametrize("reference", COMMANDS.values(), ids=lambda reference: reference.name)
def test_a_page_shows_the_help_letter_by_letter(reference: Reference) -> None:
    page = MARKDOWN.parse(PAGES[f"{reference.file_name}.md"])
    said = {" ".join(seen(token.children or ())) for token in page if token.type == "inline"}
    flags = [flag for _, group in reference.groups for flag in group]
    flowing = [part.text for part in reference.details if not part.as_it_is]
    for text in (reference.summary, *flowing, *(flag.meaning for flag in flags)):
        assert text.replace("`", "") in said
    assert {flag.written for flag in flags} <= said


def seen(pieces: Iterable[Token]) -> list[str]:
    return "".join(piece.content or " " for piece in pieces).split()


# The codes that the tests of a command expect of it: run("ns-template", "lint", …, code=ExitCode.FAILED)
_EXPECTED = re.compile(r'run\("((?:ctx|ns)-\w+)"(?:, "(\w+)")?.*code=ExitCode\.(\w+)\)')


def expected_codes() -> set[tuple[str, str]]:
    found = set()
    for path in (ROOT / "tests" / "commands").glob("test_*.py"):
        for name, word, code in _EXPECTED.findall(path.read_text()):
            found.add((f"{name} {word}" if f"{name} {word}" in COMMANDS else name, code))
    return found


@pytest.mark.parametrize(("name", "code"), sorted(expected_codes()))
def test_a_page_names_the_exit_codes_that_its_tests_have_seen(name: str, code: str) -> None:
    aliases = {"DIFFERENT": "FAILED"}
    assert aliases.get(code, code) in {each.name for each in COMMANDS[name].codes}


def test_only_the_page_of_ns_create_speaks_of_its_difference() -> None:
    speaking = {name for name, page in PAGES.items() if "there is a difference" in page}
    assert speaking == {"ns-create.md"}


@pytest.mark.parametrize("reference", COMMANDS.values(), ids=lambda reference: reference.name)
def test_every_command_has_a_summary_and_examples(reference: Reference) -> None:
    assert reference.summary.endswith(".")
    assert any(line.startswith(f"kubectl {reference.name}") for line in reference.examples)
