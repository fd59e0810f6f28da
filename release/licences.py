"""The licences of what an archive holds in machine code: the interpreter's, and the system libraries'."""

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from release.interpreter import Interpreter, Unfit


def lay(python: Interpreter, libraries: Iterable[Path], folder: Path) -> None:
    """Lay each one's into the folder under its name. libraries: shared ones, where they are installed."""
    folder.mkdir(parents=True)
    shutil.copy(_of_python(python), folder / "python.txt")
    for library in libraries:
        if library.name.startswith("libpython"):
            continue
        package = _package(library)
        shutil.copy(Path("/usr/share/doc") / package / "copyright", folder / f"{package}.txt")


def _of_python(python: Interpreter) -> Path:
    # where Python installs it, and where Debian does
    for path in (python.standard_library / "LICENSE.txt", Path("/usr/share/doc", python.folder, "copyright")):
        if path.exists():
            return path
    raise Unfit(f"there is no LICENSE.txt in {python.standard_library}")


def _package(library: Path) -> str:
    """The Debian package that the file is of."""
    if shutil.which("dpkg-query") is None:
        raise Unfit(
            f"the licence of {library} is asked of dpkg-query, which is not here: build on Debian or Ubuntu"
        )
    # by its name: the path under which it is found is not always the one under which it was installed
    done = subprocess.run(
        ["dpkg-query", "--search", f"*/{library.name}"], capture_output=True, text=True, check=False
    )
    if not done.stdout:
        raise Unfit(f"no package has {library}, so that its licence is not known")
    return done.stdout.partition(":")[0].partition(",")[0]
