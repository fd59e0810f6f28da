"""The man pages: read letter by letter by the two programs that read them, and found where pip puts them.

tests/release/test_pip.py sees that pip and pipx put them there.
"""

import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from kubectl_ns_tools import __version__
from release.docs import released
from release.man import man_pages
from release.reference import Flag, Paragraph, references

ROOT = Path(__file__).parents[2]
DATE = "2026-01-31"
COMMANDS = references()
PAGES = man_pages(COMMANDS, DATE)
FORMATTERS = {
    "groff": ["groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-rLL=200n"],
    "mandoc": ["mandoc", "-Tutf8", "-Owidth=200"],
}
ODD = [
    "kubectl ctx-list | grep -- -x",
    ".dot is no macro, and 'quote' is none",
    "'quoted' at the beginning",
    r"printf '%s\n' \\host\e \(aq \fBx\fR",
    '# "quoted", a~/.kube, a^b -- …é日本',
    r"\&",
    "",
    "--dry-run=client -o json `ticked`",
]


def needs(program: str) -> None:
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")


def seen(page: str, program: str) -> list[str]:
    """The lines that are seen of a page, without their margins; a warning fails."""
    needs(program)
    done = subprocess.run(
        FORMATTERS[program], env={**os.environ, "GROFF_NO_SGR": "1"},
        input=page, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert not done.stderr
    return [line.strip() for line in re.sub(".\b", "", done.stdout).splitlines()]


def page_name(name: str) -> str:
    return f"kubectl-{name.replace(' ', '-')}.1"


@pytest.mark.parametrize("name", COMMANDS)
def test_mandoc_has_nothing_to_say_against_a_page(name: str, tmp_path: Path) -> None:
    needs("mandoc")
    path = tmp_path / "page.1"
    path.write_text(PAGES[page_name(name)])
    lint = subprocess.run(["mandoc", "-Tlint", path], capture_output=True, text=True, check=False)
    assert lint.stdout.splitlines() == []


@pytest.mark.parametrize("program", FORMATTERS)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_page_shows_flags_and_examples_letter_by_letter(name: str, program: str) -> None:
    reference = COMMANDS[name]
    flags = [flag for _, group in reference.groups for flag in group]
    # Beside a short flag stands what it does.
    beside = {f"{flag.written} {flag.meaning}".replace("`", ""): flag.written for flag in flags}
    lines = [" ".join(line.split()) for line in seen(PAGES[page_name(name)], program)]
    wanted = [
        " ".join(each.split()) for each in (*(flag.written for flag in flags), *reference.examples) if each
    ]
    assert [line for line in (beside.get(line, line) for line in lines) if line in wanted] == wanted


@pytest.mark.parametrize("program", FORMATTERS)
def test_no_text_is_taken_for_a_macro(program: str) -> None:
    odd = replace(
        COMMANDS["ctx-list"],
        details=(*(Paragraph(text, False) for text in ODD[:5]), Paragraph("\n".join(ODD), True)),
        examples=(*ODD, "the end"),
        groups=(("Odd \"options\" 'all' \\e", (Flag("-o, --output FORMAT", ".json is \\n no 'macro'"),)),),
    )
    lines = seen(man_pages({odd.name: odd}, DATE)[page_name(odd.name)], program)
    details, examples = (lines[lines.index(title) :] for title in ("DESCRIPTION", "EXAMPLES"))
    assert examples[1 : examples.index("the end")] == ODD
    assert [line for line in details[: details.index("OPTIONS")] if line in ODD and line] == [
        *ODD[:5],
        *filter(None, ODD),
    ]
    assert "Odd \"options\" 'all' \\e" in lines
    assert ".json is \\n no 'macro'" in lines


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_flag_can_be_searched_for_and_copied(page: str) -> None:
    """groff_char(7): a bare `-` is a hyphen, U+2010; Debian alone makes the sign of flags of it."""
    text = [line for line in page.splitlines() if not line.startswith((".TH", '.\\"'))]
    assert not [line for line in text if re.search(r"(?<!\\)-", line)]


def test_a_page_has_version_and_date_of_the_release() -> None:
    changelog = f"# Changelog\n\n## [Unreleased]\n\n## [{__version__}] - {DATE}\n\n## [0.0.9] - 2025-01-01\n"
    assert released(changelog) == DATE
    assert released("## [Unreleased]\n\n## [0.0.9] - 2025-01-01\n") == ""
    assert f'1 "{DATE}" "kubectl\\-ns\\-tools {__version__}"' in PAGES["kubectl-ctx-list.1"]


def test_man_finds_the_pages_beside_the_executables(tmp_path: Path) -> None:
    """As manpath(1) does it: PREFIX/bin in PATH stands for PREFIX/share/man, which is where pip puts them."""
    needs("man")
    shutil.copytree(ROOT / "man", tmp_path / "share" / "man" / "man1")
    (tmp_path / "bin").mkdir()
    environ = {"PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}
    for name in COMMANDS:
        page = page_name(name)
        command = ["man", "-w", page.removesuffix(".1")]
        found = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
        assert Path(found.stdout.strip()) == tmp_path / "share" / "man" / "man1" / page
