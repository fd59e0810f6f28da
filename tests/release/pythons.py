"""The Pythons of this machine that the suite supports."""

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

SUPPORTED = ("3.10", "3.11", "3.12", "3.13")


@cache
def found() -> dict[str, Path]:
    """A Python that can make virtual environments for each supported release that is here, such as "3.12".

    Looked for on PATH and where pyenv keeps them; the running one needs no looking for.
    """
    return {version: path for version in SUPPORTED if (path := _found(version))}


def _found(version: str) -> Path | None:
    running = [sys.executable] if version == "{}.{}".format(*sys.version_info) else []
    kept = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python{version}"))
    candidates = [*running, shutil.which(f"python{version}"), *kept]
    return next((Path(path) for path in candidates if path and _fits(path, version)), None)


def _fits(path: str | Path, version: str) -> bool:
    # A shim of pyenv is there for a release that it does not run, and Debian's Python may come without venv.
    code = "import ensurepip, sys, venv; print('{}.{}'.format(*sys.version_info))"
    done = subprocess.run([path, "-c", code], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.strip() == version
