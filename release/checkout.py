"""What git knows of the checkout that a release is made from."""

import os
import subprocess
from pathlib import Path

from release.errors import CannotRelease

OUTPUTS = ("dist/", "plugins/")  # what a release writes into the checkout


class NoCheckout(CannotRelease):
    """git cannot tell; the text says why."""


def changes(root: Path) -> list[str]:
    """The files that are not as the commit has them, new ones too, but for those that a release writes."""
    status = _git(root, "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all")
    names = [entry[3:] for entry in status.split("\0") if entry]
    return sorted(name for name in names if not name.startswith(OUTPUTS))


def commit(root: Path, name: str = "HEAD") -> str | None:
    """The full id of the commit that a branch or tag names, if there is such a one."""
    try:
        return _git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").strip()
    except NoCheckout:
        return None


def commit_time(root: Path) -> int:
    """When the commit was made, in seconds of Unix: the one time that all of a release bears."""
    return int(_git(root, "log", "-1", "--format=%ct"))


def epoch(root: Path) -> int:
    """The time for what is built here: SOURCE_DATE_EPOCH where it is set, as reproducible-builds.org has it,
    else the commit's."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or commit_time(root))


def tags(root: Path) -> list[str]:
    """The version tags (v…) of the commit."""
    return _git(root, "tag", "--points-at", "HEAD", "--list", "v*").split()


def export(root: Path, into: Path) -> None:
    """Lays the commit's files down in a new folder: no ignored file can get into what is built there.

    Their modes are 0755 and 0644, whoever does it.
    """
    into.mkdir(mode=0o755)
    command = ["git", "-c", "tar.umask=022", "archive", "HEAD"]
    archive = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-xp"], cwd=into, input=archive, check=True)


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoCheckout(f"{root} is no checkout that git can read: {done.stderr.strip()}")
    return done.stdout
