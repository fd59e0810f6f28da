"""What is wrong with a kubeconfig as a file: who may read it, and what kubectl refuses, or does not see."""

import contextlib
import os
import stat
from collections.abc import Iterator
from dataclasses import replace

from kubectl_ns_tools.errors import probably_meant
from kubectl_ns_tools.goyaml import Mapping, Node, Scalar, YamlError, parse_each, resolved, walk
from kubectl_ns_tools.goyaml.nodes import is_merge
from kubectl_ns_tools.kubeconfig.linting.findings import Finding
from kubectl_ns_tools.kubeconfig.linting.places import root_of
from kubectl_ns_tools.kubeconfig.linting.types import unknown_keys
from kubectl_ns_tools.kubeconfig.reading.document import KubeconfigFile
from kubectl_ns_tools.kubeconfig.reading.schema import CONFIG, SECTIONS, STRING, Struct

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_TOP = Struct(
    CONFIG.name,
    {"kind": STRING, "apiVersion": STRING}
    | {key: kind for key, kind in CONFIG.fields.items() if key not in SECTIONS}
    | dict.fromkeys(SECTIONS, STRING),  # the entries are looked at one by one
)
_REMEDIES = (  # by what is in kubectl's words, the first that fits
    ("duplicate name", "remove or rename one of the two"),
    ("of type string", "write the value in quotes"),
    ("illegal base64", "put the data in again: base64, on one line"),
    ("no kind", "this is the file of something else; take it out of $KUBECONFIG"),
    ("yaml: ", "mend the YAML here; kubectl reads nothing of this file"),
)


def mode_of(path: str) -> int | None:
    """The permissions of a regular file; None for what is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return stat.S_IMODE(status.st_mode) if stat.S_ISREG(status.st_mode) else None


def is_open(mode: int) -> bool:
    """Whether group or others can read what has these permissions."""
    return bool(mode & (stat.S_IRGRP | stat.S_IROTH))


def private_mode(mode: int) -> int:
    """The permissions without those of group and others."""
    return mode & ~_OTHERS


def file_findings(file: KubeconfigFile) -> Iterator[Finding]:
    """What there is to say of one file, but for its entries."""
    mode = mode_of(file.path)
    # Helm warns of a file that group or others can read; kubectl is silent.
    if mode is not None and is_open(mode):
        problem = f"other users may read the credentials in it (mode {mode:04o})"
        yield Finding("file-mode", file.path, 0, problem, fixable=True)
    for refusal in file.problems:
        hint = next((text for words, text in _REMEDIES if words in refusal.text), "")
        yield Finding("refused", file.path, refusal.line, refusal.text, hint=hint)
    root = root_of(file)
    if root is not None:
        yield from _duplicate_keys(file, root)
        for key, struct in unknown_keys(root, _TOP):
            yield unknown_field(Finding("unknown-field", file.path, key.span.start.line, ""), key, struct)
    if not file.scan:
        yield from _further_documents(file)


def unknown_field(finding: Finding, key: Scalar, struct: Struct) -> Finding:
    """The finding for a field that kubectl passes over; one that looks like a field that it knows was meant
    to be that."""
    problem = f'kubectl does not know the field "{key.value}"'
    if meant := probably_meant(key.value, struct.fields):
        return replace(finding, rule="misspelt-field", problem=problem, hint=meant)
    return replace(finding, problem=problem)


def _duplicate_keys(file: KubeconfigFile, root: Node) -> Iterator[Finding]:
    for mapping in (node for node in walk(root) if isinstance(node, Mapping)):
        first: dict[str, int] = {}
        for key, _ in mapping.pairs:
            name = resolved(key)
            if is_merge(key) or not isinstance(name, Scalar):
                continue
            line = key.span.start.line
            if name.value in first:
                problem = f'"{name.value}" is here again (first in line {first[name.value]}); this one counts'
                yield Finding("duplicate-key", file.path, line, problem)
            first.setdefault(name.value, line)


def _further_documents(file: KubeconfigFile) -> Iterator[Finding]:
    with contextlib.suppress(YamlError):  # where the first one ends is among the file's problems
        documents = parse_each(file.text, file.path)
        next(documents, None)
        for further in documents:
            problem = "a second YAML document; kubectl reads the first one only"
            yield Finding("second-document", file.path, further.start.line, problem)
            return
