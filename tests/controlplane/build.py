"""Finds the programs of the control plane, or builds them once per version, from the modules beside.

python -m tests.controlplane.build     # builds where needed, prints the folder (KUBERNETES=1.33: of that)
"""

import hashlib
import os
import platform
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.controlplane import tools, versions
from tests.controlplane.locks import locked
from tests.controlplane.processes import Program, end
from tests.controlplane.tools import Say, to_stderr

PACKAGES = {
    "etcd": "go.etcd.io/etcd/server/v3",
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
}
PROGRESS_EVERY = 15.0  # seconds


class BuildFailure(Exception):
    """The programs are not there and could not be built; the text says why."""


def assets(environ: Mapping[str, str] = os.environ, say: Say = to_stderr) -> Path:
    """The folder of the three programs, built if need be.

    Raises BuildFailure, versions.UnknownRelease or tools.ToolMissing.

    KUBEBUILDER_ASSETS (the convention of envtest) is taken as it is, if it is set and complete.
    """
    if given := environ.get("KUBEBUILDER_ASSETS"):
        return _complete(Path(given))
    folder = cached(environ)
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = folder.with_name(f"{folder.name}.lock")
        with locked(lock, on_wait=lambda: say("another process builds the control plane; waiting for it")):
            if not folder.exists():
                _build(folder, environ, say)
    return folder


def cached(environ: Mapping[str, str]) -> Path:
    """Where the built programs are kept: a folder for each version, platform and set of checksums.

    Raises versions.UnknownRelease.
    """
    home = environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME") or Path.home()) / ".cache"
    digest = hashlib.sha256((versions.module(environ) / "go.sum").read_bytes()).hexdigest()[:12]
    name = f"{versions.kubernetes(environ)}-{platform.system().lower()}-{platform.machine().lower()}-{digest}"
    return Path(home) / "kubectl-ns-tools" / "controlplane" / name


def _complete(folder: Path) -> Path:
    missing = [name for name in PACKAGES if not os.access(folder / name, os.X_OK)]
    if missing:
        raise BuildFailure(
            f"KUBEBUILDER_ASSETS={folder} has no {', no '.join(missing)}; complete it, or unset the variable "
            "to have all of them built"
        )
    return folder.absolute()


def _build(folder: Path, environ: Mapping[str, str], say: Say) -> None:
    """Builds beside the folder and renames at the end. The caller holds the lock."""
    go = tools.go(environ, say)
    for left_over in folder.parent.glob(f"{folder.name}.part-*"):  # of a build that was killed with SIGKILL
        shutil.rmtree(left_over)
    version = versions.kubernetes(environ)
    part = Path(tempfile.mkdtemp(prefix=f"{folder.name}.part-", dir=folder.parent))
    try:
        for number, name in enumerate(PACKAGES, 1):
            say(f"building {name} of Kubernetes {version}, {number} of {len(PACKAGES)}, once")
            _compile(go, name, part, environ, say)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _compile(go: Path, name: str, part: Path, environ: Mapping[str, str], say: Say) -> None:
    log = part / f"{name}.log"
    program = Program(
        _command(go, name, part, versions.kubernetes(environ)),
        log,
        _environment(environ),
        cwd=versions.module(environ),
    )
    started = time.monotonic()
    try:
        while program.wait(PROGRESS_EVERY) is None:
            say(f"still building {name}, {time.monotonic() - started:.0f} s so far")
    finally:
        end([program])
    if program.exit_code:
        raise BuildFailure(f"{go} could not build {PACKAGES[name]}:\n{program.tail()}")
    log.unlink()


def _command(go: Path, name: str, part: Path, version: str) -> list[str | Path]:
    return [
        go,
        "build",
        "-mod=readonly",
        "-buildvcs=false",
        "-trimpath",
        f"-ldflags=-s -w {_stamps(version)}",
        "-o",
        part / name,
        PACKAGES[name],
    ]


def _stamps(version: str) -> str:
    """What Kubernetes' own build sets, so that /version and `kubectl version` tell the truth."""
    package = "k8s.io/component-base/version"
    major, minor = versions.release(version)
    values = {"gitVersion": f"v{version}", "gitMajor": major, "gitMinor": minor, "gitTreeState": "archive"}
    return " ".join(f"-X {package}.{name}={value}" for name, value in values.items())


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The user's own Go settings, save those that would make another program of it."""
    foreign = ("GOOS", "GOARCH", "GOEXPERIMENT")
    own = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOWORK": "off", "GO111MODULE": "on"}
    return {name: value for name, value in environ.items() if name not in foreign} | own


def main() -> None:
    """Prints the folder; a SIGTERM cleans up as a Ctrl-C does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        print(assets())
    except (BuildFailure, tools.ToolMissing, versions.UnknownRelease) as failure:
        sys.exit(f"error: {failure}")
    except KeyboardInterrupt:
        sys.exit("interrupted; nothing half made was left")


if __name__ == "__main__":
    main()
