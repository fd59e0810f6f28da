"""ELF files, the programs and libraries of Linux: what they need, and how they run from any folder."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection
from elftools.elf.segments import InterpSegment

# Parts of the C library, which every program takes from the machine that it runs on.
_C_LIBRARY = re.compile(r"^(ld-linux.*|lib(c|m|dl|rt|pthread|util|resolv|crypt))\.so\.\d+$")


def make_movable(laid: Mapping[Path, Path], folder: Path) -> dict[Path, Path]:
    """Strip copies of machine code, and make them find the libraries that they need in the folder, wherever
    they are moved together; the folder gets these libraries. They are returned, by where they were.

    laid: the copies, by where they came from.
    """
    libraries = {path: folder / path.name for source in laid for path in _libraries(source)}
    for source, target in libraries.items():
        shutil.copy(source, target)
    for target in (*laid.values(), *libraries.values()):
        subprocess.run([_tool("strip"), "--strip-unneeded", target], check=True)
        _look_in(folder, target)
    return libraries


def _look_in(folder: Path, path: Path) -> None:
    """Make the file look there for libraries, and nowhere else before the system's folders."""
    if _needed(path):
        # an RPATH, unlike a RUNPATH, comes before the user's LD_LIBRARY_PATH
        origin = os.path.join("$ORIGIN", os.path.relpath(folder, path.parent))
        how = ["--force-rpath", "--set-rpath", origin]
    else:
        how = ["--remove-rpath"]
    subprocess.run([_tool("patchelf"), *how, path], check=True)


def _needed(path: Path) -> list[str]:
    """The libraries that the file names as needed, without the C library's."""
    with path.open("rb") as file:
        sections = ELFFile(file).iter_sections()
        dynamic = [section for section in sections if isinstance(section, DynamicSection)]
        names = [tag.needed for section in dynamic for tag in section.iter_tags("DT_NEEDED")]
    return [name for name in names if not _C_LIBRARY.match(name)]


def _libraries(path: Path) -> Iterator[Path]:
    """The files of `_needed`, and of what these need, as this machine's loader finds them."""
    listing = subprocess.run([_tool("ldd"), path], capture_output=True, text=True, check=True).stdout
    for name, where in re.findall(r"^\s*(\S+) => (.*?)(?: \(0x[0-9a-f]+\))?$", listing, re.MULTILINE):
        if not _C_LIBRARY.match(name):
            if not os.path.isabs(where):
                raise FileNotFoundError(f"{path} needs {name}, which is not on this machine")
            yield Path(where)


def loader(path: Path) -> str:
    """The program that the kernel starts for this one: its dynamic loader."""
    with path.open("rb") as file:
        for segment in ELFFile(file).iter_segments():
            if isinstance(segment, InterpSegment):
                return str(segment.get_interp_name())
    raise ValueError(f"{path} is not started by a loader")


def least_glibc(paths: Iterable[Path]) -> str:
    """The oldest glibc that has all symbols that the files need, like "2.34"."""
    versions = {version for path in paths for version in _versions(path)}
    numbers = [tuple(int(part) for part in version.split(".")) for version in versions]
    return ".".join(str(part) for part in max(numbers))


def _versions(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        for section in ELFFile(file).iter_sections():
            if isinstance(section, GNUVerNeedSection):
                for _, wanted in section.iter_versions():
                    for version in wanted:
                        if match := re.match(r"^GLIBC_(\d[\d.]*)$", version.name):
                            yield match[1]


def missing_tools() -> list[str]:
    """Those of the programs used here that are not there."""
    return [name for name in ("ldd", "strip", "patchelf") if not _tool(name)]


def _tool(name: str) -> str:
    # patchelf comes as a Python package, and lies beside the Python that it was installed for
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath)])
    return shutil.which(name, path=path) or ""
