"""The checksums of a release: SHA256SUMS beside the files, as `sha256sum -c` reads it.

python -m release.sums DIST     # of what is in the folder now
"""

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path

from release.errors import told

NAME = "SHA256SUMS"


def digests(dist: Path) -> dict[str, str]:
    """The SHA-256 of each file of the folder but the list itself, by name, in order."""
    files = sorted(path for path in dist.iterdir() if path.is_file() and path.name != NAME)
    return {path.name: digest(path) for path in files}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def text(of: Mapping[str, str]) -> str:
    """One line a file, as coreutils write it; the second space says that no line ends were translated."""
    return "".join(f"{value}  {name}\n" for name, value in of.items())


def write(dist: Path) -> Path:
    path = dist / NAME
    path.write_text(text(digests(dist)))
    return path


def main(arguments: list[str]) -> None:
    with told():
        print(write(Path(*arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
