"""git repositories in scratch folders; whoever makes one of the same files gets the same commit."""

import os
import shutil
import subprocess
from pathlib import Path

TOP = Path(__file__).parents[2]
COMMITTED = 1700000000  # seconds


def git(folder: Path, *arguments: str) -> str:
    """What git prints; a failure fails the test."""
    when = f"@{COMMITTED} +0000"
    facts = (("NAME", "maintainer"), ("EMAIL", "maintainer@example.com"), ("DATE", when))
    identity = {f"GIT_{who}_{fact}": value for who in ("AUTHOR", "COMMITTER") for fact, value in facts}
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=os.environ | identity,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"git {arguments}: {done.stderr}"
    return done.stdout


def commit(folder: Path) -> Path:
    """Commits all that is in the folder, which becomes a repository if it is none; gives the folder."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message=A change")
    return folder


def checkout(folder: Path) -> Path:
    """Commits to a new folder what is in this checkout now, committed there or not; gives the folder."""
    return commit(copy(folder))


def copy(folder: Path) -> Path:
    """Lays the same files into a new folder without committing them; gives the folder."""
    listed = git(TOP, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (TOP / name).exists():  # and not removed since the last commit
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(TOP / name, folder / name)
    return folder
