"""Mach-O files, the programs and libraries of macOS. They are taken as they are: a relocatable interpreter's
already find what they need, and a changed one would have to be signed anew. Not tested on this system yet."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from release.interpreter import Unfit

_BESIDE = "@executable_path/../lib/"


def make_movable(laid: Mapping[Path, Path], folder: Path) -> dict[Path, Path]:
    """Lay libraries that come with the interpreter into the folder; they are returned, by where they were.

    laid: copies of machine code, by where they came from; the interpreter's program is the first.
    """
    home = next(iter(laid)).parents[1] / "lib"
    names = sorted({name for source in laid for name in _needed(source)})
    libraries = {home / name.removeprefix(_BESIDE): name for name in names if name.startswith(_BESIDE)}
    for name in names:
        if not name.startswith(("/usr/lib/", "/System/", "@")):
            raise Unfit(
                f"the interpreter needs {name}, which is only on this machine; name a relocatable one with"
                " --python, such as python-build-standalone's"
            )
    return {source: Path(shutil.copy(source, folder)) for source in libraries}


def _needed(path: Path) -> list[str]:
    listing = subprocess.run(["otool", "-L", path], capture_output=True, text=True, check=True).stdout
    return re.findall(r"^\t(\S+) \(compatibility", listing, re.MULTILINE)
