"""Somebody who has kubectl, krew and git, and no Python; and the place from which krew downloads."""

import os
import platform
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

from tests.controlplane.loopback import LoopbackServer


@dataclass(frozen=True)
class User:
    """folder: holds their home, krew's root, temporary files, and the only programs on their PATH."""

    folder: Path
    extra: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def make(cls, folder: Path, kubectl: Path, krew: Path, **extra: str) -> "User":
        for name in ("home", "bin", "tmp"):
            (folder / name).mkdir(parents=True)
        # Scripts, no links: some builds of these programs look at where they lie.
        programs = {"kubectl": kubectl, "kubectl-krew": krew, "git": Path(shutil.which("git") or "")}
        for name, program in programs.items():
            script = folder / "bin" / name
            script.write_text(f'#!/bin/sh\nexec "{program}" "$@"\n')
            script.chmod(0o755)
        user = cls(folder, extra)
        assert not shutil.which("python3", path=user.path)
        assert not shutil.which("python", path=user.path)
        return user

    @property
    def root(self) -> Path:
        """KREW_ROOT."""
        return self.folder / "krew"

    @property
    def path(self) -> str:
        return os.pathsep.join([str(self.root / "bin"), str(self.folder / "bin")])

    @property
    def environ(self) -> dict[str, str]:
        own = {
            "HOME": str(self.folder / "home"),
            "PATH": self.path,
            "TMPDIR": str(self.folder / "tmp"),
            "KREW_ROOT": str(self.root),
            "KREW_NO_UPGRADE_CHECK": "1",  # which would ask GitHub
        }
        return own | self.extra

    def kubectl(self, *arguments: str | Path, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """The real kubectl, which finds krew and the plugins on PATH; a failure fails the test."""
        done = subprocess.run(
            [self.folder / "bin" / "kubectl", *arguments],
            env=self.environ,
            cwd=self.folder / "home",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not (check and done.returncode), f"kubectl {arguments}\n{done.stdout}{done.stderr}"
        return done

    def krew(self, *arguments: str | Path, check: bool = True) -> "subprocess.CompletedProcess[str]":
        return self.kubectl("krew", *arguments, check=check)

    def kept(self) -> list[str]:
        """What krew has of plugins: versions in the store, links, receipts; and what was left of its work."""
        found = [*self.root.glob("store/*/*"), *self.root.glob("bin/*"), *self.root.glob("receipts/*")]
        found += [*self.root.glob("store/*"), *(self.folder / "tmp").iterdir()]
        return sorted(str(path.relative_to(self.folder)) for path in found)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address under which the folder can be downloaded from while the block runs."""
    with LoopbackServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def here() -> tuple[str, str]:
    """This machine's platform as krew calls it, for example ("linux", "amd64")."""
    machines = {"x86_64": "amd64", "aarch64": "arm64"}
    return platform.system().lower(), machines.get(platform.machine(), platform.machine())
