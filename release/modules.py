"""The code in an archive: what the package imports, however deep, compiled; and the data that it reads."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from release import bytecode
from release.interpreter import Interpreter

# What is imported only on the way to something that no command does.
_CUT = (
    # debugging, documenting and testing, and the standard library's own little programs
    *(
        "pdb",
        "doctest",
        "unittest",
        "pydoc",
        "py_compile",
        "argparse",
        "getopt",
        "_testcapi",
        "test",
        "statistics",
    ),
    # other systems than Unix
    *(
        "click._winconsole",
        "prompt_toolkit.input.win32",
        "prompt_toolkit.output.win32",
        "asyncio.windows_events",
    ),
    *("prompt_toolkit.output.conemu", "prompt_toolkit.output.windows10", "prompt_toolkit.eventloop.win32"),
    *("prompt_toolkit.win32_types", "urllib3.contrib.emscripten"),
    # browsers, terminals and servers that are not ours to open; formats that we do not read
    *("webbrowser", "prompt_toolkit.contrib", "ftplib", "xmlrpc", "plistlib", "bz2", "lzma"),
    # C through ctypes, other processes' memory, another TLS than OpenSSL by `ssl`
    *("ctypes", "concurrent.futures.process", "urllib3.contrib.pyopenssl"),
    # the same is there in C (decimal), or without loading all of OpenSSL for a digest (hashlib)
    *("_pydecimal", "_hashlib"),
    # identifiers made of the network card's
    *("_uuid",),
)
# Named by text, where no search for `import` finds them: text encodings, by the user's locale.
_BY_NAME = (
    "encodings.*",
    "_codecs_cn",
    "_codecs_hk",
    "_codecs_iso2022",
    "_codecs_jp",
    "_codecs_kr",
    "_codecs_tw",
)
_PACKAGE = "kubectl_ns_tools"

# What the launchers start. The interpreter knows where it is, and says it in full, however it was started.
_START = """\
import os.path
import sys

sys.path.append(os.path.join(os.path.dirname(sys.prefix), "app"))
from kubectl_ns_tools.main import main

main(sys.argv.pop(1))
"""


def copy_package(checkout: Path, folder: Path) -> Path:
    """Copy the package, and lay beside it the module that the launchers start; returns the folder."""
    shutil.copytree(checkout / _PACKAGE, folder / _PACKAGE, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "start.py").write_text(_START)
    return folder


def lay_modules(
    python: Interpreter,
    package: Path,
    libraries: Path,
    lib: Path,
    *,
    wanted: Sequence[str],
    cut: Sequence[str],
) -> dict[Path, Path]:
    """Fill lib/app and lib/python; the machine code among it is returned, by where it came from.

    package: of copy_package; libraries: the folder in which they are installed; wanted: modules of the
    package, with which comes what they import; cut: modules that do not come nevertheless.
    """
    app, home = lib / "app", lib / "python" / "lib" / python.folder
    path = {
        package: app,
        libraries: app,
        python.standard_library: home,
        python.extensions: home / "lib-dynload",
    }
    job = {
        "path": [(str(folder), str(becomes)) for folder, becomes in path.items()],
        "roots": ["start", *wanted, *_BY_NAME, *_build_data(python)],
        "cut": [*_CUT, *cut],
        "documented": _PACKAGE,
    }
    home.joinpath("lib-dynload").mkdir(parents=True)  # Python looks for it, even if all is built in
    machine_code = _compile(python, job)
    _lay_data(package / _PACKAGE, app / _PACKAGE)
    for authorities in libraries.glob("certifi/*.pem"):
        shutil.copy(authorities, app / "certifi")
    return machine_code


def _lay_data(package: Path, laid: Path) -> None:
    """Lay the files beside the modules, and beside packages that are there, which the code reads."""
    for path in package.rglob("*"):
        home = next(folder for folder in path.parents if (folder / "__init__.py").exists())
        target = laid / path.relative_to(package)
        if (
            path.is_file()
            and path.suffix not in (".py", ".typed")
            and (laid / home.relative_to(package)).exists()
        ):
            target.parent.mkdir(exist_ok=True)
            shutil.copy(path, target)


def _build_data(python: Interpreter) -> list[str]:
    """The module that `sysconfig` reads, whose name depends on the system."""
    return [path.stem for path in python.standard_library.glob("_sysconfigdata_*.py")]


def _compile(python: Interpreter, job: object) -> dict[Path, Path]:
    done = subprocess.run(
        [python.program, "-OO", "-S", "-s", "-B", bytecode.__file__],
        input=json.dumps(job),
        env={"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return {Path(source): Path(target) for source, target in json.loads(done.stdout)}
