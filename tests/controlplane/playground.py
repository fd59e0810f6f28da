"""A scratch folder to play in: a cluster, a kubeconfig, a home and a PATH, none of them the user's own.

python -m tests.controlplane.playground stop    # ends the one that `make demo KEEP=1` left up
"""

import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.controlplane import tools
from tests.controlplane.keeper import Keeper
from tests.controlplane.tools import to_stderr

TOP = Path(__file__).parents[2]
KEPT = TOP / ".playground"


class Playground:
    """The folder, with a control plane that is up."""

    def __init__(self, folder: Path, keeper: Keeper, detached: bool) -> None:
        """Starts the control plane, building it first where need be, and lays the folder out."""
        self.folder = folder
        self.kubeconfig = folder / "kubeconfig"
        self.work = folder / "work"
        for name in ("work", "home", "bin"):
            (folder / name).mkdir(parents=True)
        with keeper.progress(to_stderr):
            cluster = keeper.cluster(detached)
        shutil.copy(cluster.kubeconfig, self.kubeconfig)
        self._write_kubectl(tools.kubectl())

    def _write_kubectl(self, kubectl: Path) -> None:
        # A script, as a link confuses the builds of kubectl that look for others beside themselves.
        script = self.folder / "bin" / "kubectl"
        script.write_text(f'#!/bin/sh\nexec {shlex.quote(str(kubectl))} "$@"\n')
        script.chmod(0o755)

    @property
    def path(self) -> str:
        """Our executables and the real kubectl, before the user's PATH."""
        return os.pathsep.join([str(self.folder / "bin"), str(Path(sys.executable).parent)])

    @property
    def environ(self) -> dict[str, str]:
        """The environment of a command that must not touch anything of the user's own."""
        home = {"HOME": str(self.folder / "home"), "KUBECONFIG": str(self.kubeconfig)}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "KUBE"))}
        return kept | home | {"PATH": os.pathsep.join([self.path, os.environ["PATH"]])}

    @property
    def exports(self) -> str:
        """Lines for the user's shell."""
        quoted = shlex.quote(str(self.kubeconfig)), shlex.quote(self.path)
        return "export KUBECONFIG={}\nexport PATH={}:$PATH".format(*quoted)


@contextmanager
def passing() -> Iterator[Playground]:
    """A playground that is gone when the context or the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="kubectl-ns-tools-"))
    keeper = Keeper(folder / "keeper")
    try:
        with keeper.owned():
            yield Playground(folder, keeper, detached=False)
    finally:
        shutil.rmtree(folder)


@contextmanager
def kept() -> Iterator[Playground]:
    """A playground that stays up until `stop`, unless it cannot be made or Ctrl-C is pressed."""
    keeper = Keeper(KEPT / "keeper")
    if keeper.is_running:
        sys.exit("error: a playground is up already; `make playground-stop` ends it")
    stop()
    try:
        yield Playground(KEPT, keeper, detached=True)
    except (Exception, KeyboardInterrupt):
        stop()
        raise


def stop() -> None:
    """Ends the kept playground, if there is one, and removes its folder."""
    Keeper(KEPT / "keeper").stop()
    shutil.rmtree(KEPT, ignore_errors=True)


if __name__ == "__main__":
    if sys.argv[1:] != ["stop"]:
        sys.exit(f"usage: {sys.executable} -m tests.controlplane.playground stop")
    stop()
