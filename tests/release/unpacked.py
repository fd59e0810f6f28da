"""Archives laid out as krew does: each in a folder of a store, links to their executables in another one. On
PATH is the real kubectl, and no Python."""

import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from kubectl_ns_tools.main import COMMANDS

FAMILIES = ("ctx", "ns")


@dataclass(frozen=True)
class Unpacked:
    """folder: has store/ctx and store/ns, and in bin/ the links and kubectl."""

    folder: Path

    @classmethod
    def lay(cls, archives: Path, folder: Path, kubectl: Path) -> "Unpacked":
        found = cls(folder)
        found.bin.mkdir(parents=True)
        for family in FAMILIES:
            (archive,) = archives.glob(f"kubectl-{family}-tools_*.tar.gz")
            with tarfile.open(archive) as tar:
                tar.extractall(found.store(family), filter="fully_trusted")
            for launcher in found.store(family).glob("kubectl*"):
                (found.bin / launcher.name).symlink_to(launcher)
        script = found.bin / "kubectl"
        script.write_text(f'#!/bin/sh\nexec "{kubectl}" "$@"\n')
        script.chmod(0o755)
        assert not shutil.which("python3", path=str(found.bin))
        return found

    @property
    def bin(self) -> Path:
        return self.folder / "bin"

    def store(self, family: str) -> Path:
        return self.folder / "store" / family

    def python(self, family: str) -> Path:
        return self.store(family) / "lib" / "python" / "bin" / "python3"

    def environ(self, home: Path, **more: str) -> dict[str, str]:
        """All that is set for who runs a command; in `home` is also the kubeconfig."""
        return {"HOME": str(home), "PATH": str(self.bin), "KUBECONFIG": str(home / "config"), **more}

    def kubectl(
        self, home: Path, *arguments: str, code: int = 0, **more: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run the real kubectl, which finds the commands on PATH; another exit code fails the test."""
        done = subprocess.run(
            [self.bin / "kubectl", *arguments],
            cwd=home,
            env=self.environ(home, **more),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, f"kubectl {arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done


def family(command: str) -> str:
    """The family of a command of ours."""
    assert command in COMMANDS
    return command.partition("-")[0]
