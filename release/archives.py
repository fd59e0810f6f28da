"""The archives of this platform, which need no Python where they are unpacked.

    python -m release.archives [--into dist] [--python PATH]

One for each family of plugins, as krew and people unpack them: the launchers, man pages and licence on top,
the interpreter, its libraries and the code in lib/. docs/packaging.md tells why it is so.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from kubectl_ns_tools import __version__
from release import checkout, elf
from release.contents import FAMILIES, ROOT, Family, lay
from release.errors import told
from release.interpreter import Interpreter, interpreter
from release.tarball import pack


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--into", type=Path, default=ROOT / "dist", metavar="FOLDER")
    parser.add_argument("--python", type=Path, default=Path(sys.executable), help="the interpreter to pack")
    options = parser.parse_args()
    with told():
        for path in build(options.into, options.python):
            print(path)


def build(dist: Path, python: Path = Path(sys.executable)) -> list[Path]:
    """Build the archives of all families into `dist`, with the interpreter `python`; returns their paths."""
    packed, seconds = interpreter(python), checkout.epoch(ROOT)
    return [_build(family, packed, dist, seconds) for family in FAMILIES]


def _build(family: Family, python: Interpreter, dist: Path, seconds: int) -> Path:
    archive = dist / f"kubectl-{family.name}_v{__version__}_{python.system}_{python.architecture}.tar.gz"
    with tempfile.TemporaryDirectory(prefix="kubectl-ns-tools-release-") as scratch:
        folder = Path(scratch) / "archive"
        machine_code = lay(family, python, folder, Path(scratch))
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        needs = f", glibc >= {elf.least_glibc(machine_code)}" if python.system == "linux" else ""
        print(
            f"{archive.name}: Python {python.version}, {size / 1e6:.1f} MB unpacked{needs}", file=sys.stderr
        )
        pack(folder, archive, seconds)
    return archive


if __name__ == "__main__":
    main()
