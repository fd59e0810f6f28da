"""What must be in order before a release: each finding is one line, and says what to do.

python -m release.checks     # `make release-check`
"""

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from zipfile import ZipFile

from packaging.metadata import ExceptionGroup, Metadata

from kubectl_ns_tools import __version__
from release import checkout, dists, docs, manifests, rules
from release.errors import CannotRelease, told

ROOT = Path(__file__).parents[1]
_SHOWN = 20  # files; git status shows the rest


@dataclass(frozen=True)
class Finding:
    """problem: what is not in order; remedy: what to do about it."""

    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.problem}; to do: {self.remedy}"


def clean(root: Path) -> Iterator[Finding]:
    if changed := checkout.changes(root):
        shown = ", ".join(changed[:_SHOWN]) + (
            f" and {len(changed) - _SHOWN} more" if changed[_SHOWN:] else ""
        )
        yield Finding(f"not committed: {shown}", "commit them, or git stash --include-untracked")


def version(root: Path, version: str = __version__) -> Iterator[Finding]:
    """The version is one of krew's, and not that of another commit; a tag of this commit is its own."""
    where = "kubectl_ns_tools/__init__.py"
    if not rules.VERSION.fullmatch(f"v{version}"):
        yield Finding(f"{version} is no semantic version, as krew wants it", f"change __version__ in {where}")
    for tag in checkout.tags(root):
        if tag != f"v{version}":
            yield Finding(f"the commit is tagged {tag}, but its version is {version}", f"git tag -d {tag}")
    tagged = checkout.commit(root, f"refs/tags/v{version}")
    if tagged and tagged != checkout.commit(root):
        yield Finding(f"{version} was released from {tagged[:12]}", f"raise __version__ in {where}")


def changelog(root: Path, version: str = __version__) -> Iterator[Finding]:
    """It tells of this version; only what has no tag yet may still be called unreleased."""
    sections = _sections((root / "CHANGELOG.md").read_text())
    title = next((title for title in sections if title.startswith(f"[{version}]")), None)
    if title and not re.fullmatch(rf"\[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d", title):
        yield Finding(f"CHANGELOG.md has no date for {version}", f"write ## [{version}] - YYYY-MM-DD")
    if title is None and f"v{version}" in checkout.tags(root):
        yield Finding(f"CHANGELOG.md has no [{version}], which is tagged", "rename [Unreleased] to it")
    if not _entries(sections.get(title or "[Unreleased]", "")):
        yield Finding(
            f"CHANGELOG.md says nothing of {title or '[Unreleased]'}", "write what users will notice"
        )


def krew_manifests(root: Path) -> Iterator[Finding]:
    """With archives of every platform, each manifest would be one that krew takes."""
    plugins = manifests.documents(root / manifests.SOURCE.name)
    digests = dict.fromkeys(manifests.missing(plugins, __version__, {}), "0" * 64)
    for document in plugins:
        name = document["metadata"]["name"]
        complete = manifests.released(document, __version__, digests, manifests.DOWNLOADS)
        for problem in rules.problems(complete, name):
            yield Finding(f"krew-manifest.yaml, {name}: {problem}", "mend it there")


def generated(root: Path) -> Iterator[Finding]:
    """What `make docs` would write is what is there."""
    for folder, texts in docs.documents().items():
        there = {path.name: path.read_text() for path in folder.iterdir()} if folder.is_dir() else {}
        for name in sorted({*there, *texts}):
            if there.get(name) != texts.get(name):
                place = (folder / name).relative_to(root)
                yield Finding(f"{place} is not what `make docs` writes", "make docs, and commit it")


def distributions(root: Path) -> Iterator[Finding]:
    """Wheel and sdist can be built, and PyPI would take what they say of themselves."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            built = dists.build(root, Path(scratch, "dist"))
        except CannotRelease as error:
            yield Finding(str(error), "python -m build")
            return
        [wheel] = [path for path in built if path.suffix == ".whl"]
        with ZipFile(wheel) as files:
            [name] = [name for name in files.namelist() if name.endswith(".dist-info/METADATA")]
            yield from metadata(files.read(name))


def metadata(content: bytes) -> Iterator[Finding]:
    """What PyPI would refuse: the checks are those of its own library."""
    try:
        found = Metadata.from_email(content, validate=True)
    except ExceptionGroup as errors:  # of the library's own before Python 3.11
        for error in errors.exceptions:
            yield Finding(f"metadata of the wheel: {error}", "mend setup.cfg")
        return
    if str(found.version) != __version__:
        yield Finding(f"the wheel is of {found.version}, not of {__version__}", "make clean setup")
    if not BytesParser(policy=default).parsebytes(content).get_content().strip():
        yield Finding("the wheel has no description", "set long_description in setup.cfg")


CHECKS: tuple[Callable[[Path], Iterator[Finding]], ...] = (
    clean,
    version,
    changelog,
    krew_manifests,
    generated,
    distributions,
)


def _sections(text: str) -> dict[str, str]:
    """What stands below each `## ` of a changelog, by its title."""
    _, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    return {part.partition("\n")[0].strip(): part.partition("\n")[2] for part in parts}


def _entries(section: str) -> list[str]:
    return [line for line in section.splitlines() if line.startswith("- ")]


def main() -> None:
    with told():
        findings = [finding for check in CHECKS for finding in check(ROOT)]
    if findings:
        sys.exit("\n".join(f"error: {finding}" for finding in findings))
    print(f"{__version__} can be released")


if __name__ == "__main__":
    main()
