"""A shell as a user has it: the installed executables and the real kubectl on PATH, a scratch home."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.tour import Command


@dataclass(frozen=True)
class Shell:
    """folder: where commands run and where HOME is; kubeconfig: what KUBECONFIG names."""

    folder: Path
    kubeconfig: Path
    kubectl: Path

    @classmethod
    def make(cls, folder: Path, kubeconfig: Path, kubectl: Path) -> "Shell":
        for name in ("work", "home", "bin"):
            (folder / name).mkdir(parents=True)
        script = folder / "bin" / "kubectl"  # no link, which some builds of kubectl resolve
        script.write_text(f'#!/bin/sh\nexec "{kubectl}" "$@"\n')
        script.chmod(0o755)
        return cls(folder, kubeconfig, kubectl)

    def run(self, line: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a line with bash; stderr comes with stdout, in the order of a terminal."""
        return subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            cwd=self.folder / "work",
            env=self.environ,
            input=stdin,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )

    def walk(self, command: Command) -> str:
        """Run a command of the tour and give its output; another exit code than its own fails the test."""
        done = self.run(command.line, command.stdin)
        assert done.returncode == command.exit_code, f"$ {command.line}\n{done.stdout}"
        return done.stdout

    def shown(self, line: str) -> str:
        """What a line prints, with scratch kubeconfig and home called as on the reader's machine."""
        return self.as_readers(self.run(line).stdout)

    def as_readers(self, text: str) -> str:
        """The text with scratch kubeconfig and home called as on the reader's machine."""
        return text.replace(str(self.kubeconfig), "~/.kube/config").replace(str(self.folder / "home"), "~")

    @property
    def environ(self) -> dict[str, str]:
        """Nothing of the user's own but the way to the programs."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "KUBE"))}
        path = [str(self.folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]
        home = {"HOME": str(self.folder / "home"), "KUBECONFIG": str(self.kubeconfig)}
        return kept | home | {"PATH": os.pathsep.join(path)}
