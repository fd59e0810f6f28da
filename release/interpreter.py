"""The Python that is packed: what it is, and whether it can be."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from release import elf
from release.errors import CannotRelease

_ASK = """
import json, os, sys, sysconfig
print(json.dumps({
    "program": os.path.realpath(sys.executable),
    "version": sys.version.split()[0],
    "standard_library": sysconfig.get_path("stdlib"),
    "extensions": sysconfig.get_config_var("DESTSHARED"),
    "platform": sysconfig.get_platform(),
}))
"""
_ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


class Unfit(CannotRelease):
    """Why an interpreter cannot be packed, or not on this machine."""


@dataclass(frozen=True)
class Interpreter:
    """A Python on this machine. program: its binary; extensions: the folder of the compiled modules of its
    standard library; system, architecture: as krew has them, like linux and amd64."""

    program: Path
    version: str
    standard_library: Path
    extensions: Path
    system: str
    architecture: str

    @property
    def platform(self) -> str:
        """Like linux/amd64."""
        return f"{self.system}/{self.architecture}"

    @property
    def folder(self) -> str:
        """The name of the folder of its standard library, like python3.12."""
        return "python" + self.version.rpartition(".")[0]


def interpreter(python: Path) -> Interpreter:
    """The one behind `python`, which may be that of a virtual environment."""
    done = subprocess.run([python, "-I", "-c", _ASK], capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    system, machine = said["platform"].partition("-")[0], said["platform"].rpartition("-")[2]
    system = {"macosx": "darwin"}.get(system, system)
    if system not in ("linux", "darwin") or machine not in _ARCHITECTURES:
        raise Unfit(
            f"{python} is for {said['platform']}; archives are made for Linux and macOS, amd64 and arm64"
        )
    found = Interpreter(
        Path(said["program"]),
        said["version"],
        Path(said["standard_library"]),
        Path(said["extensions"]),
        system,
        _ARCHITECTURES[machine],
    )
    _check(found)
    return found


def _check(found: Interpreter) -> None:
    if found.system == "linux" and (missing := elf.missing_tools()):
        raise Unfit(f"not found: {', '.join(missing)}; patchelf comes with `make setup`, strip with binutils")
    if found.system == "darwin" and "Python.framework" in str(found.program):
        raise Unfit(
            f"{found.program} only runs where it is installed; name a relocatable one with --python,"
            " such as python-build-standalone's"
        )
