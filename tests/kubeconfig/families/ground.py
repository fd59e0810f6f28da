"""The invariants (a) to (e) of an edited file, checked on real files against the real kubectl.

(a) characters outside of the edited place are the same, (b) the result means what was intended, or the file
is untouched, (c) what changes nothing does not write, (d) mode and symlink stay, (e) kubectl sees the same
as after the same operation by kubectl.
"""

import copy
import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.goyaml import Mapping as MappingNode
from kubectl_ns_tools.goyaml import construct, parse_first
from kubectl_ns_tools.kubeconfig.editing.writer import Writer
from kubectl_ns_tools.kubeconfig.reading.document import read_file
from tests.kubeconfig.families.operations import Model, Operation, alone, together
from tests.kubeconfig.families.places import Places

MODE = 0o640  # none that a new file would get
_seen_by_kubectl: dict[tuple[str, tuple[tuple[str, ...], ...]], dict[str, Any]] = {}


@dataclass(frozen=True)
class Case:
    """A file. names: of its contexts, in their order; renamed, added: those that operations bring in.

    refused: the operations that we do not do on it; shared: aliases in it are written out by an edit, so that
    it changes more than one place; json: it is JSON, and stays it.
    """

    text: str | bytes
    names: tuple[str, ...] = ("a", "b", "c")
    renamed: str = "renamed"
    added: str = "new"
    refused: frozenset[str] = field(default=frozenset())
    shared: bool = False
    json: bool = False

    @property
    def data(self) -> bytes:
        return self.text if isinstance(self.text, bytes) else self.text.encode()


class Ground:
    """A folder with one file in it, which is reached through a symlink."""

    def __init__(self, folder: Path, kubectl: Path) -> None:
        self._kubectl = kubectl
        self._real = folder / "real"
        self.path = folder / "config"
        self.path.symlink_to("real")
        self._others = folder / "others"

    def lay(self, data: bytes) -> None:
        self._real.write_bytes(data)
        self._real.chmod(MODE)

    def check_alone(self, case: Case) -> None:
        """Every operation on a fresh copy: invariants (a) to (d)."""
        for operation in alone(case.names, case.renamed, case.added):
            self.lay(case.data)
            self.check(case, operation)

    def check_together(self, case: Case) -> None:
        """All operations on one file, and by kubectl on a copy of it: invariants (a) to (e)."""
        self.lay(case.data)
        before = self.view(self.path)
        operations = together(case.names, case.renamed, case.added)
        done = [operation for operation in operations if self.check(case, operation)]
        middle = self._by_kubectl(before, done[:1])  # after it many a case is like another
        assert self.view(self.path) == self._by_kubectl(middle, done[1:])

    def _by_kubectl(self, before: dict[str, Any], operations: list[Operation]) -> dict[str, Any]:
        """What kubectl sees after it did the operations. It works on what it sees, not on the text: where
        that is the same as in an earlier case, so is the outcome."""
        text = json.dumps(before, sort_keys=True, ensure_ascii=False)  # no surrogates for kubectl
        known = text, tuple(operation.kubectl for operation in operations)
        if operations and known not in _seen_by_kubectl:
            self._others.write_text(text)
            for operation in operations:
                self.run(*operation.kubectl, path=self._others)
            _seen_by_kubectl[known] = self.view(self._others)
        return _seen_by_kubectl.get(known, before)

    def check(self, case: Case, operation: Operation) -> bool:
        """Do it and check (a) to (d). False when it is one that we refuse; then the file is untouched."""
        before, untouched = self._text(), self._stamp()
        if operation.id in case.refused:
            with pytest.raises(Refused):
                self._apply(operation)
            assert self._stamp() == untouched, operation.id
            return False
        self._apply(operation)
        after, written = self._text(), self._stamp()
        if not case.shared:
            operation.place(Places(before)).check(before, after)
        assert _model(after) == meant(operation, before), operation.id
        if case.json:
            assert json.loads(after) == _model(after), operation.id
        if before == after:
            assert written == untouched, operation.id
        if operation.repeats:
            self._apply(operation)
            assert self._stamp() == written, operation.id
        assert self.path.is_symlink()
        assert self._real.stat().st_mode & 0o777 == MODE
        return True

    def run(self, *arguments: str, path: Path, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """`kubectl config` on the file."""
        return kubectl_config(self._kubectl, *arguments, path=path, check=check)

    def view(self, path: Path) -> dict[str, Any]:
        """What kubectl sees in the file."""
        return json.loads(self.run("view", "--raw", "-o", "json", path=path).stdout)

    def _apply(self, operation: Operation) -> None:
        path = str(self.path)
        Writer().apply(operation.id, {path: operation.edit}, {path: read_file(path)})

    def _text(self) -> str:
        return self._real.read_bytes().decode().removeprefix("\ufeff")

    def _stamp(self) -> tuple[int, int, bytes]:
        status = self._real.stat()
        return status.st_ino, status.st_mtime_ns, self._real.read_bytes()


def kubectl_config(
    kubectl: Path, *arguments: str, path: Path | str, check: bool = True
) -> "subprocess.CompletedProcess[str]":
    """Run `kubectl config` with KUBECONFIG set to the path (or the paths)."""
    done = subprocess.run(
        [kubectl, "config", *arguments],
        env={**os.environ, "KUBECONFIG": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not (check and done.returncode), f"kubectl config {arguments}: {done.stderr}"
    return done


def meant(operation: Operation, before: str) -> Model:
    """What the file should mean after the operation."""
    document = parse_first(before, "text")
    model = copy.deepcopy(_model(before))
    is_empty = document is None or not isinstance(document.root, MappingNode)
    if is_empty and operation.id in ("switch", "add"):
        model = {"apiVersion": "v1", "kind": "Config"}
    operation.mean(model)
    return model


def _model(text: str) -> Model:
    document = parse_first(text, "text")
    return (construct(document.root, "text") if document else None) or {}


def table(cases: Mapping[str, Case | str]) -> pytest.MarkDecorator:
    """Parametrizes `case` with a table of cases, or their texts, by id."""
    made = [Case(case) if isinstance(case, str) else case for case in cases.values()]
    return pytest.mark.parametrize("case", made, ids=list(cases))
