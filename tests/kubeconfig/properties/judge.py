"""The same files twice, one operation on both: by our room and by the real kubectl."""

import contextlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.kubeconfig.editing.writer import Writer
from kubectl_ns_tools.kubeconfig.locations import Locations
from kubectl_ns_tools.kubeconfig.reading.document import read_file
from kubectl_ns_tools.kubeconfig.undo.journal import Journal
from kubectl_ns_tools.kubeconfig.undo.undoing import last_write, undo
from kubectl_ns_tools.kubeconfig.view import View, load_view
from tests.kubeconfig.properties.operations import Operation


class Judge:
    """kubeconfigs: the content of each file, None for one that is missing."""

    def __init__(self, folder: Path, kubectl: Path, kubeconfigs: list[bytes | None]) -> None:
        self._kubectl = kubectl
        self._ours, self._theirs = folder / "ours", folder / "theirs"
        self._ours.mkdir()
        self._names = [str(number) for number in range(len(kubeconfigs))]
        for name, data in zip(self._names, kubeconfigs, strict=True):
            if data is not None:
                (self._ours / name).write_bytes(data)
        self._journal = Journal({"XDG_STATE_HOME": str(folder / "state")})

    @property
    def view(self) -> View:
        """What we see."""
        return load_view(self._locations)

    @property
    def _locations(self) -> Locations:
        return Locations(tuple(str(self._ours / name) for name in self._names))

    def check_views(self) -> None:
        """We see what kubectl sees."""
        view, said = self.view, self._said(self._ours)
        assert view.problems == ()
        assert view.current_context == said["current-context"]
        for kind, entries in (("context", view.contexts), ("cluster", view.clusters), ("user", view.users)):
            assert entries.keys() == {item["name"] for item in said[f"{kind}s"] or ()}
        for item in said["contexts"] or ():
            assert _filled(view.contexts[item["name"]].body) == _filled(item["context"])

    def check(self, operation: Operation) -> None:
        """Do it, compare, undo it, and do it again."""
        shutil.rmtree(self._theirs, ignore_errors=True)
        shutil.copytree(self._ours, self._theirs)
        before = self._content()
        is_done, theirs = self._do(operation), self._run(self._theirs, *operation.kubectl)
        assert is_done == (theirs.returncode == 0), theirs.stderr
        after = self._content()
        self._compare(operation, is_done)
        if after != before:
            undo(self._journal, last_write(self._journal, self._locations))
            assert self._content() == before
            self._do(operation)
        assert self._content() == after
        assert {path.name for path in self._ours.iterdir()} <= set(self._names)

    def _do(self, operation: Operation) -> bool:
        """Whether we did not refuse it. What has the bytes from before was not written."""
        stamps = self._stamps()
        try:
            operation.ours(self.view, Writer(self._journal))
        except NsToolsError:
            assert self._stamps() == stamps
            return False
        for name, stamp in self._stamps().items():
            assert stamp == stamps.get(name) or stamp[2] != stamps.get(name, (0, 0, b""))[2]
        return True

    def _compare(self, operation: Operation, is_done: bool) -> None:
        ours, theirs = self._said(self._ours), self._said(self._theirs)
        dangles = theirs["current-context"] not in {item["name"] for item in theirs["contexts"] or ()}
        if is_done and operation.is_deletion and theirs["current-context"] == operation.name and dangles:
            assert ours.pop("current-context") != theirs.pop("current-context")  # we do not let it dangle
        assert ours == theirs
        for name in self._names:
            assert _contexts(self._ours / name) == _contexts(self._theirs / name)

    def _said(self, folder: Path) -> dict[str, Any]:
        done = self._run(folder, "view", "--raw", "-o", "json")
        assert not done.returncode, done.stderr
        return json.loads(done.stdout)

    def _run(self, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
        environ = {**os.environ, "KUBECONFIG": os.pathsep.join(str(folder / name) for name in self._names)}
        command = [self._kubectl, "config", *arguments]
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    def _content(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self._ours.iterdir())}

    def _stamps(self) -> dict[str, tuple[int, int, bytes]]:
        stamps = {}
        for path in self._ours.iterdir():
            with contextlib.suppress(FileNotFoundError):
                stamps[path.name] = (path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes())
        return stamps


def _contexts(path: Path) -> dict[str, Any]:
    return {entry.name: _filled(entry.body) for entry in read_file(str(path)).entries("contexts")}


def _filled(body: dict[str, Any] | None) -> dict[str, Any]:
    """The fields with something in them: kubectl writes the empty ones, too, and extensions by name."""
    filled = {key: value for key, value in (body or {}).items() if value not in (None, "")}
    if "extensions" in filled:
        filled["extensions"] = sorted(filled["extensions"], key=lambda extension: extension["name"])
    return filled
