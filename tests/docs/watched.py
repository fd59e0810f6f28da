"""Commands as processes of their own, and what they do to the system: files, connections, programs."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.docs.markdown import ROOT

# Python's own audit events (https://docs.python.org/3/library/audit_events.html), written by the process.
_HOOK = """
import json, os, sys
out = os.open(os.environ.pop("WATCHED"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
made = ("os.mkdir", "os.rename", "os.link", "os.symlink")
run = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.system")
def hook(event, arguments):
    if event == "open" and (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        told = ["write", arguments[0]]
    elif event in made:
        told = ["write", arguments[1 if event in made[1:] else 0]]
    elif event in run:
        told = ["program", arguments[0]]
    elif event == "socket.connect":
        told = ["connect", arguments[1]]
    elif event == "socket.getaddrinfo":
        told = ["name", arguments[0]]
    else:
        return
    os.write(out, (json.dumps(told, default=os.fsdecode) + "\\n").encode())
sys.addaudithook(hook)
"""


@dataclass(frozen=True)
class Deeds:
    """What commands have done. written: paths of files and folders that were opened for writing or made."""

    written: frozenset[str]
    connected: frozenset[tuple[str, int]]
    asked: frozenset[str]
    programs: tuple[str, ...]


class Watched:
    """folder: for what the watching itself needs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._log = folder / "log"
        (folder / "sitecustomize.py").write_text(_HOOK)

    def run(self, name: str, *arguments: object, code: int = 0, **variables: str) -> str:
        """Run a command with the umask 0, which takes nothing from any mode; what it wrote on stdout."""
        watching = {
            "PYTHONPATH": str(self._folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            "WATCHED": str(self._log),
        }
        program = ROOT / "bin" / f"kubectl-{name.replace('-', '_')}"
        done = subprocess.run(
            [sys.executable, program, *map(str, arguments)], env={**os.environ, **variables, **watching},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=180, umask=0,
        )  # fmt: skip
        assert done.returncode == code, f"{name} {arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    @property
    def deeds(self) -> Deeds:
        """Of all commands so far."""
        told: list[tuple[str, Any]] = [json.loads(line) for line in self._log.read_text().splitlines()]
        of = {
            kind: [what for each, what in told if each == kind]
            for kind in ("write", "program", "connect", "name")
        }
        return Deeds(
            frozenset(os.path.abspath(path) for path in of["write"] if isinstance(path, str)),
            frozenset((host, port) for host, port, *_ in of["connect"]),
            frozenset(of["name"]),
            tuple(map(str, of["program"])),
        )
