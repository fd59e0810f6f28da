"""The libraries that an archive carries, at the versions and digests that requirements-*.txt pin."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_HERE = Path(__file__).parent

# In machine code where that is worth its size; what else is there has the same in Python beside it.
_COMPILED = ("yaml/_yaml.", "markupsafe/_speedups.")

# Of `kubernetes` the product uses the connection pool and the loader of the legacy `auth-provider`. These
# take the place of packages that import every typed model (20 MB, 0.8 s). ApiClient is the library's own;
# without models it still sends requests, which is all that the loader does with it (to renew a token).
_REDUCED = {
    "kubernetes/__init__.py": '"""Reduced to `config.kube_config` and to what it needs of `client`."""\n',
    "kubernetes/client/__init__.py": '''\
"""Reduced to what requests need."""


def __getattr__(name):
    if name == "ApiClient":
        from kubernetes.client.api_client import ApiClient as found
    elif name == "Configuration":
        from kubernetes.client.configuration import Configuration as found
    else:
        raise AttributeError(name)
    return found
''',
    "kubernetes/client/models/__init__.py": '"""None."""\n',
}


def install(python: Path, lists: Sequence[str], folder: Path) -> Path:
    """Install what requirements-NAME.txt lists (for each of `lists`) into the folder, which is returned."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--python", python),
            *("install", "--quiet", "--disable-pip-version-check", "--root-user-action=ignore"),
            *("--no-deps", "--no-compile", "--only-binary=:all:", "--require-hashes", "--ignore-installed"),
            *(f"--requirement={_HERE / f'requirements-{name}.txt'}" for name in lists),
            *("--target", folder),
        ],
        check=True,
    )
    for path in folder.rglob("*.so"):
        if not path.relative_to(folder).as_posix().startswith(_COMPILED):
            path.unlink()
    if (folder / "kubernetes").is_dir():
        _reduce(folder)
    return folder


def _reduce(folder: Path) -> None:
    shutil.rmtree(folder / "kubernetes" / "client" / "models")
    for name, text in _REDUCED.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def lay_descriptions(libraries: Path, app: Path) -> None:
    """What each library says of itself, as its installer lays it: name and version, and its licence."""
    for information in libraries.glob("*.dist-info"):
        for path in information.rglob("*"):
            if path.name.upper().startswith(("LICEN", "COPYING", "NOTICE")) and path.is_file():
                target = app / path.relative_to(libraries)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
        head, _, _ = (information / "METADATA").read_text().partition("\n\n")  # without its README
        (app / information.name).mkdir(exist_ok=True)
        (app / information.name / "METADATA").write_text(f"{head}\n")
