"""`make release-check`: what is not in order is one line with what to do; what is in order is silent."""

from pathlib import Path

import pytest

from kubectl_ns_tools import __version__
from release import checkout, checks, docs, manifests
from tests.release.repositories import commit, git

CHANGELOG = """\
# Changelog

## [Unreleased]

### Added

- Something new.

## [1.2.3] - 2026-01-02

### Fixed

- Something old.
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A git repository with one commit."""
    folder = tmp_path / "root"
    folder.mkdir()
    (folder / "CHANGELOG.md").write_text(CHANGELOG)
    (folder / ".gitignore").write_text("*.pyc\n")
    return commit(folder)


def lines(found: object) -> list[str]:
    return [str(finding) for finding in found]  # type: ignore[attr-defined]


def test_a_clean_checkout_is_clean(root: Path) -> None:
    for folder in checkout.OUTPUTS:
        (root / folder).mkdir()
        (root / folder / "of an earlier release").touch()
    (root / "a.pyc").touch()
    assert lines(checks.clean(root)) == []


def test_what_is_not_committed_is_named(root: Path) -> None:
    (root / "CHANGELOG.md").write_text("changed")
    (root / ".gitignore").unlink()
    (root / "docs").mkdir()
    (root / "docs" / "ä new one.md").touch()
    (root / "added").touch()
    git(root, "add", "added")
    [line] = lines(checks.clean(root))
    assert line == (
        "not committed: .gitignore, CHANGELOG.md, added, docs/ä new one.md; "
        "to do: commit them, or git stash --include-untracked"
    )


def test_of_many_files_a_few_are_named(root: Path) -> None:
    for number in range(25):
        (root / f"{number:02}").touch()
    [line] = lines(checks.clean(root))
    assert "18, 19 and 5 more;" in line


def test_without_git_there_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(checkout.NoCheckout, match="is no checkout that git can read"):
        list(checks.clean(tmp_path))


def test_a_version_that_is_new_can_be_released(root: Path) -> None:
    assert lines(checks.version(root, "1.2.3")) == []
    git(root, "tag", "v1.2.3")
    assert lines(checks.version(root, "1.2.3")) == []


@pytest.mark.parametrize("version", ["1.2", "1.2.3rc1", "1.2.3.dev0"])
def test_a_version_that_krew_does_not_know_cannot(root: Path, version: str) -> None:
    [line] = lines(checks.version(root, version))
    assert line.startswith(f"{version} is no semantic version, as krew wants it; to do: change __version__")


def test_a_tag_of_another_version_is_found(root: Path) -> None:
    git(root, "tag", "v1.2.4")
    assert lines(checks.version(root, "1.2.3")) == [
        "the commit is tagged v1.2.4, but its version is 1.2.3; to do: git tag -d v1.2.4"
    ]


def test_a_version_is_released_once(root: Path) -> None:
    git(root, "tag", "--annotate", "--message=1.2.3", "v1.2.3")
    released = git(root, "rev-parse", "HEAD")[:12]
    commit(root)
    assert lines(checks.version(root, "1.2.3")) == [
        f"1.2.3 was released from {released}; to do: raise __version__ in kubectl_ns_tools/__init__.py"
    ]


@pytest.mark.parametrize("version", ["1.2.3", "1.3.0"], ids=["of this version", "of what is unreleased"])
def test_a_changelog_that_tells(root: Path, version: str) -> None:
    assert lines(checks.changelog(root, version)) == []


CHANGELOGS = {
    "without a date": (("] - 2026-01-02", "]"), "CHANGELOG.md has no date for 1.2.3"),
    "with another date": (("2026-01-02", "soon"), "CHANGELOG.md has no date for 1.2.3"),
    "without an entry": (("- Something old.", ""), "CHANGELOG.md says nothing of [1.2.3] - 2026-01-02"),
    "of another version": (("[1.2.3]", "[1.2.4]"), "CHANGELOG.md has no [1.2.3], which is tagged"),
}


@pytest.mark.parametrize("what", CHANGELOGS)
def test_a_changelog_that_does_not_tell(root: Path, what: str) -> None:
    (old, new), problem = CHANGELOGS[what]
    git(root, "tag", "v1.2.3")
    (root / "CHANGELOG.md").write_text(CHANGELOG.replace(old, new))
    [line] = lines(checks.changelog(root, "1.2.3"))
    assert line.startswith(f"{problem}; to do: ")


def test_unreleased_must_not_be_empty(root: Path) -> None:
    (root / "CHANGELOG.md").write_text(CHANGELOG.replace("- Something new.", ""))
    [line] = lines(checks.changelog(root, "1.3.0"))
    assert line.startswith("CHANGELOG.md says nothing of [Unreleased]; ")


def test_our_manifests_are_in_order() -> None:
    assert lines(checks.krew_manifests(checks.ROOT)) == []


def test_a_manifest_that_krew_would_refuse_is_found(root: Path) -> None:
    text = manifests.SOURCE.read_text()
    (root / "krew-manifest.yaml").write_text(
        text.replace("shortDescription: Print the current context", "shortDescription: ''")
    )
    assert lines(checks.krew_manifests(root))[0] == (
        "krew-manifest.yaml, ctx-current: spec.shortDescription: must be one line; to do: mend it there"
    )


def test_docs_that_are_not_as_generated_are_found(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {"same.md": "a", "changed.md": "b", "new.md": "c"}
    monkeypatch.setattr(docs, "documents", lambda: {root / "docs": wanted, root / "man": {"x.1": ""}})
    (root / "docs").mkdir()
    for name in ("same.md", "changed.md", "gone.md"):
        (root / "docs" / name).write_text("a")
    assert [line.partition(" ")[0] for line in lines(checks.generated(root))] == [
        "docs/changed.md",
        "docs/gone.md",
        "docs/new.md",
        "man/x.1",
    ]


METADATA = f"""\
Metadata-Version: 2.4
Name: kubectl-ns-tools
Version: {__version__}
License-Expression: Apache-2.0
Requires-Dist: click>=8.1.8

What it is.
"""


def test_metadata_that_pypi_takes() -> None:
    assert lines(checks.metadata(METADATA.encode())) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "click>=8.1.8",
            "click >>= 8",
            "metadata of the wheel: 'click >>= 8' is invalid for 'requires-dist'",
        ),
        ("Apache-2.0", "Apache 2", "metadata of the wheel: 'Apache 2' is invalid for 'license-expression'"),
        (__version__, "0.0.1", f"the wheel is of 0.0.1, not of {__version__}"),
        ("What it is.\n", "", "the wheel has no description"),
    ],
)
def test_metadata_that_are_not_in_order(old: str, new: str, problem: str) -> None:
    [line] = lines(checks.metadata(METADATA.replace(old, new).encode()))
    assert line.startswith(problem)
