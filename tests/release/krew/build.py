"""Finds krew, or builds it once per version, from go.mod and go.sum beside; and its own check of manifests.

python -m tests.release.krew.build     # builds where needed, prints the folder
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.controlplane import tools
from tests.controlplane.locks import locked
from tests.controlplane.tools import Say, to_stderr

MODULE = Path(__file__).parent
PACKAGES = {
    "krew": "sigs.k8s.io/krew/cmd/krew",
    "validate-krew-manifest": "sigs.k8s.io/krew/cmd/validate-krew-manifest",
}


class BuildFailure(Exception):
    """krew could not be built; the text says why."""


def krew(environ: Mapping[str, str] = os.environ, say: Say = to_stderr) -> Path:
    """The krew on PATH, under either name that it goes by, else the one built here."""
    path = environ.get("PATH")
    found = shutil.which("krew", path=path) or shutil.which("kubectl-krew", path=path)
    return Path(found).absolute() if found else programs(environ, say) / "krew"


def validator(environ: Mapping[str, str] = os.environ, say: Say = to_stderr) -> Path:
    """The program with which krew's maintainers check a manifest that is proposed for their index."""
    return programs(environ, say) / "validate-krew-manifest"


def programs(environ: Mapping[str, str] = os.environ, say: Say = to_stderr) -> Path:
    """The folder of the built programs. Raises BuildFailure or tools.ToolMissing."""
    folder = cached(environ)
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with locked(folder.with_name(f"{folder.name}.lock"), on_wait=lambda: say("waiting for krew's build")):
            if not folder.exists():
                _build(folder, environ, say)
    return folder


def version() -> str:
    """The version that go.mod names, for example "v0.4.4"."""
    found = re.search(r"\bsigs\.k8s\.io/krew (v\S+)", (MODULE / "go.mod").read_text())
    assert found
    return found[1]


def cached(environ: Mapping[str, str]) -> Path:
    """Where the programs are kept: a folder for each version, platform and set of checksums."""
    home = environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME") or Path.home()) / ".cache"
    digest = hashlib.sha256((MODULE / "go.sum").read_bytes()).hexdigest()[:12]
    name = f"{version()}-{platform.system().lower()}-{platform.machine().lower()}-{digest}"
    return Path(home) / "kubectl-ns-tools" / "krew" / name


def _build(folder: Path, environ: Mapping[str, str], say: Say) -> None:
    """Builds beside the folder and renames at the end. The caller holds the lock."""
    go = tools.go(environ, say)
    say(f"building krew {version()}, once")
    with tempfile.TemporaryDirectory(prefix=f"{folder.name}.part-", dir=folder.parent) as scratch:
        made = Path(scratch) / "made"
        command, settings = _command(go, made), _environment(environ)
        done = subprocess.run(command, cwd=MODULE, env=settings, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BuildFailure(f"{go} could not build krew {version()}:\n{done.stdout}{done.stderr}")
        made.rename(folder)


def _command(go: Path, into: Path) -> list[str | Path]:
    stamp = f"-X sigs.k8s.io/krew/internal/version.gitTag={version()}"  # as krew's own release sets it
    flags = ["-mod=readonly", "-buildvcs=false", "-trimpath", f"-ldflags=-s -w {stamp}"]
    return [go, "build", *flags, "-o", f"{into}/", *PACKAGES.values()]


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The user's own Go settings, save those that would make another program of it."""
    foreign = ("GOOS", "GOARCH", "GOEXPERIMENT")
    own = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOWORK": "off", "GO111MODULE": "on"}
    return {name: value for name, value in environ.items() if name not in foreign} | own


if __name__ == "__main__":
    print(programs())
